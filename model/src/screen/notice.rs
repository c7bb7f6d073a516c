//! What a page says when it has no shipment to show: why, and what can be done about it. When each is
//! shown is decided by whoever asked for the shipment.

use crate::catalogue::Catalogue;

/// Why there is no shipment to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// It has been asked for and the answer is awaited.
    Loading,
    /// No such shipment, or not one for this viewer.
    NotFound,
    /// The address leads to no page at all.
    Missing,
    /// Something failed on our side.
    Error,
    /// The viewer has no network.
    Offline,
    /// The viewer has asked too often.
    Busy,
}

/// What the viewer can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Go to the page where a number is typed.
    Home,
    /// Ask again.
    Retry,
}

/// A page without a shipment, top to bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Why.
    pub kind: NoticeKind,
    /// The same in a few words.
    pub title: &'static str,
    /// In more words.
    pub text: &'static str,
    /// What can be done, and what it is called.
    pub remedy: Option<(Remedy, &'static str)>,
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Loading, Self::NotFound, Self::Missing, Self::Error, Self::Offline, Self::Busy];

    /// The word that style sheets know it by.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::NotFound => "not-found",
            Self::Missing => "missing",
            Self::Error => "error",
            Self::Offline => "offline",
            Self::Busy => "busy",
        }
    }
}

impl Notice {
    /// The words for `kind`.
    pub fn of(kind: NoticeKind, words: &Catalogue) -> Self {
        let (title, text, remedy) = match kind {
            NoticeKind::Loading => (words.page_loading_title(), words.page_loading_text(), None),
            NoticeKind::NotFound => {
                (words.page_not_found_title(), words.page_not_found_text(), Some(Remedy::Home))
            }
            NoticeKind::Missing => {
                (words.page_missing_title(), words.page_missing_text(), Some(Remedy::Home))
            }
            NoticeKind::Error => (words.page_error_title(), words.page_error_text(), Some(Remedy::Retry)),
            NoticeKind::Offline => (words.page_offline_title(), words.page_offline_text(), None),
            NoticeKind::Busy => (words.page_busy_title(), words.page_busy_text(), Some(Remedy::Retry)),
        };
        let called = |remedy| match remedy {
            Remedy::Home => words.page_home(),
            Remedy::Retry => words.page_retry(),
        };
        Self { kind, title, text, remedy: remedy.map(|remedy| (remedy, called(remedy))) }
    }
}
