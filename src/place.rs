//! Where one widget stands: its element, its words, and whom it tells of what it learns. On the server's own
//! page there is one; in somebody else's there may be several, in several languages, all from one module.
//! Knows nothing of what is shown there.

use std::cell::{Cell, OnceCell, RefCell};
use std::ops::Deref;

use doorstep_model::catalogue::Catalogue;
use doorstep_model::screen::{NoticeKind, Titles};
use js_sys::Function;
use leptos::wasm_bindgen::JsValue;
use web_sys::Element;

use crate::live::Link;

thread_local! {
    static SPEAKS: Cell<&'static Catalogue> = const { Cell::new(&Catalogue::BLANK) };
    static LANGUAGES: RefCell<Vec<(String, &'static Catalogue)>> = const { RefCell::new(Vec::new()) };
    static SERVER: OnceCell<&'static str> = const { OnceCell::new() };
}

/// The words of the widget that speaks now: see [`Place::speak`].
pub static WORDS: Words = Words(());

/// Gives the words of whichever widget speaks.
pub struct Words(());

impl Deref for Words {
    type Target = Catalogue;

    fn deref(&self) -> &Catalogue {
        SPEAKS.get()
    }
}

/// Where one widget stands.
#[derive(Clone, Debug)]
pub struct Place {
    root: Element,
    words: &'static Catalogue,
    /// Hears what the widget learns: a view as JSON, or why there is none.
    told: Option<Function>,
}

impl Place {
    /// In `root`, speaking `words`. `told`, where somebody else's page is to hear of it.
    pub(crate) fn new(root: Element, words: &'static Catalogue, told: Option<Function>) -> Self {
        Self { root, words, told }
    }

    /// Its element.
    pub(crate) fn root(&self) -> &Element {
        &self.root
    }

    /// Its words; whoever draws speaks them first, because another widget may have spoken since.
    pub(crate) fn words(&self) -> &'static Catalogue {
        self.words
    }

    /// Says on its element how it is connected and what it shows; style sheets and tests read it.
    pub(crate) fn mark(&self, link: Link, sequence: Option<u64>) {
        let _ = self.root.set_attribute("data-live", link.as_str());
        match sequence {
            Some(sequence) => {
                let _ = self.root.set_attribute("data-sequence", &sequence.to_string());
            }
            None => {
                let _ = self.root.remove_attribute("data-sequence");
            }
        }
    }

    /// Other names for the steps, where the page's link brought them.
    pub(crate) fn titles(&self) -> Option<Titles> {
        self.root.get_attribute("data-titles").map(|lines| Titles::parse(&lines))
    }

    /// Tells of a view, as the server wrote it.
    pub(crate) fn tell(&self, json: &str) {
        if let Some(told) = &self.told {
            let _ = told.call1(&JsValue::UNDEFINED, &JsValue::from_str(json));
        }
    }

    /// Tells why there is no view.
    pub(crate) fn tell_notice(&self, kind: NoticeKind) {
        if let Some(told) = &self.told {
            let kind = JsValue::from_str(kind.as_str());
            let _ = told.call2(&JsValue::UNDEFINED, &JsValue::UNDEFINED, &kind);
        }
    }
}

/// From now on, [`WORDS`] are these.
pub(crate) fn speak(words: &'static Catalogue) {
    SPEAKS.set(words);
}

/// The words that `lines` are; read once for each `language`, since what was read is kept for ever.
pub(crate) fn language(language: &str, lines: &str) -> Option<&'static Catalogue> {
    LANGUAGES.with_borrow_mut(|known| {
        if let Some((_, words)) = known.iter().find(|(tag, _)| tag == language) {
            return Some(*words);
        }
        let words: &'static Catalogue = Box::leak(Box::new(Catalogue::read(lines)?));
        known.push((language.to_owned(), words));
        Some(words)
    })
}

/// Says that the pages of this module are somebody else's, and where the server is. Counts once.
#[cfg(not(any(feature = "page", feature = "recipient")))]
pub(crate) fn stand_as_guest(server: &str) {
    SERVER.with(|known| {
        known.get_or_init(|| Box::leak(Box::from(server)));
    });
}

/// What stands before each path on the server: its origin in somebody else's page, nothing on its own.
pub(crate) fn server() -> &'static str {
    SERVER.with(|known| known.get().copied().unwrap_or_default())
}

/// Whether this is somebody else's page, of which nothing is touched but the widget's own elements.
pub(crate) fn is_guest() -> bool {
    // A guest shows what everybody may see: no other build has what it needs.
    cfg!(not(any(feature = "page", feature = "recipient"))) && !server().is_empty()
}
