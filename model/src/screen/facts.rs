//! The part of each audience's view that the screen's words are made of, borrowed. What an audience
//! may not see is simply absent here; nothing is hidden later.

use crate::eta::Window;
use crate::flags::Flags;
use crate::language::LanguageTag;
use crate::next::NextStep;
use crate::reason::Reason;
use crate::status::{Status, Step};
use crate::text::{Note, Place, SourceWord};
use crate::time::{Day, Timestamp, Zone};
use crate::views::{PublicView, RecipientView};

/// What a view says of where the shipment stands.
pub(super) struct Facts<'a> {
    pub(super) status: Status,
    pub(super) since: Option<Timestamp>,
    pub(super) step: Step,
    pub(super) flags: Flags,
    pub(super) reason: Option<Reason>,
    /// Told to the recipient only; the public page says what is usual for the status.
    pub(super) next: Option<NextStep>,
    pub(super) window: Option<Window>,
    pub(super) promised: Option<Day>,
    pub(super) zone: &'a Zone,
    pub(super) heard_at: Timestamp,
    pub(super) history: Vec<Milestone<'a>>,
}

/// One line of a history.
pub(super) struct Milestone<'a> {
    pub(super) time: Option<Timestamp>,
    pub(super) status: Status,
    pub(super) source_word: Option<&'a SourceWord>,
    pub(super) reason: Option<Reason>,
    pub(super) place: Option<&'a Place>,
    pub(super) note: Option<&'a Note>,
    pub(super) language: Option<&'a LanguageTag>,
}

impl<'a> Facts<'a> {
    pub(super) fn public(view: &'a PublicView) -> Self {
        let milestone = |line: &'a crate::views::PublicMilestone| Milestone {
            time: line.time,
            status: line.status,
            source_word: line.source_word.as_ref(),
            reason: line.reason,
            place: None,
            note: None,
            language: line.language.as_ref(),
        };
        Self {
            status: view.status,
            since: view.since,
            step: view.step,
            flags: view.flags,
            reason: view.reason,
            next: None,
            window: view.eta.as_ref().map(|eta| Window::OnDay { day: eta.day }),
            promised: view.promised,
            zone: &view.zone,
            heard_at: view.heard_at,
            history: view.history.iter().map(milestone).collect(),
        }
    }

    pub(super) fn recipient(view: &'a RecipientView) -> Self {
        let milestone = |line: &'a crate::views::RecipientMilestone| Milestone {
            time: line.time,
            status: line.status,
            source_word: line.source_word.as_ref(),
            reason: line.reason,
            place: line.place.as_ref(),
            note: line.note.as_ref(),
            language: line.language.as_ref(),
        };
        Self {
            status: view.status,
            since: view.since,
            step: view.step,
            flags: view.flags,
            reason: view.reason,
            next: view.next,
            window: view
                .eta
                .as_ref()
                .map(|eta| eta.window.into())
                .filter(|window| *window != Window::Unknown),
            promised: view.promised,
            zone: &view.zone,
            heard_at: view.heard_at,
            history: view.history.iter().map(milestone).collect(),
        }
    }
}
