//! The HTML document around every page. The style sheet stands in it, so that the first answer is all
//! that the first paint needs; the view stands in it as JSON, so that the widget needs no second.

use std::collections::BTreeMap;

use doorstep_model::catalogue::Catalogue;
use doorstep_model::screen::{Notice, NoticeKind, Screen, Titles};
use doorstep_model::views::{PublicView, RecipientView};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::framing::Framing;
use super::looks::Looks;
use super::{home, notice, tracking};
use crate::language::{Chosen, Language};

/// What the document's head names.
pub(super) struct Assets {
    /// What makes the hosted page live; `None` for pages without scripts.
    pub(super) hosted: Option<Widget>,
    /// The same for a page in a frame.
    pub(super) framed: Option<Widget>,
    /// And for one that is to become the recipient's.
    pub(super) personal: Option<Widget>,
    /// The widget's words by language; it does not start without them.
    pub(super) words: BTreeMap<String, String>,
    /// The style sheet's text.
    pub(super) style: String,
}

/// The script that starts a widget, and its WebAssembly.
pub(super) struct Widget {
    pub(super) script: String,
    pub(super) wasm: String,
}

impl Assets {
    /// What makes this page live.
    pub(super) fn widget(&self, framing: Option<&Framing>) -> Option<&Widget> {
        let widget = match framing {
            None => &self.hosted,
            Some(Framing { personal: false, .. }) => &self.framed,
            Some(Framing { personal: true, .. }) => &self.personal,
        };
        widget.as_ref()
    }

    /// Where the widget's words in that language are.
    pub(super) fn words(&self, language: Language) -> Option<&str> {
        self.words.get(language.file()).map(String::as_str)
    }
}

/// What a page shows.
pub(super) enum Body<'a> {
    /// A shipment.
    Shipment(&'a PublicView, &'a Screen),
    /// The same to its recipient.
    Recipient(&'a RecipientView, &'a Screen),
    /// What a program that shows links gets: that this is a page about a delivery.
    Card,
    /// The form, with what was typed and what is wrong with it.
    Home { typed: &'a str, wrong: Option<&'a str> },
    /// Why there is nothing else.
    Notice(NoticeKind),
}

/// The document.
pub(super) fn page(
    title: &str,
    chosen: Chosen,
    body: &Body<'_>,
    assets: &Assets,
    framing: Option<&Framing>,
    looks: Option<&Looks>,
) -> Markup {
    let Chosen { language, .. } = chosen;
    let words = language.catalogue();
    let titles = framing.and_then(|framing| framing.titles.as_ref()).map(Titles::lines);
    html! {
        (DOCTYPE)
        html lang=(language.tag()) dir=(words.language_direction()) data-framed=[framing.map(|_| "true")] data-theme=[framing.and_then(|framing| framing.theme)] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(&assets.style)) }
                @if let Some(style) = looks.and_then(Looks::style) {
                    style { (PreEscaped(style)) }
                }
                @if let Some(Widget { script, wasm }) = assets.widget(framing).filter(|_| !matches!(body, Body::Card)) {
                    link rel="preload" as="fetch" type="application/wasm" crossorigin href=(wasm);
                    @if let Some(words) = assets.words(language) {
                        link rel="preload" as="fetch" crossorigin href=(words);
                    }
                    script #doorstep-boot type="module" src=(script) data-words=[assets.words(language)] {}
                }
                meta name="description" content=(words.page_description());
                meta name="robots" content="noindex";
                meta name="color-scheme" content="light dark";
                meta name="theme-color" content="#f4f6f8" media="(prefers-color-scheme: light)";
                meta name="theme-color" content="#0f1418" media="(prefers-color-scheme: dark)";
                link rel="icon" type="image/svg+xml" href="/favicon.svg";
                link rel="apple-touch-icon" href="/icons/apple-touch-180.png";
                link rel="manifest" href="/manifest.webmanifest";
            }
            body {
                @if let Some(looks) = looks { (looks.above()) }
                main #doorstep data-sequence=[body.sequence()] data-live="connecting" data-titles=[titles] {
                    (body.markup(&words, chosen, framing.is_some()))
                }
                @if let Some(looks) = looks { (looks.below(&words)) }
                @if let Some(json) = body.view() {
                    script #doorstep-view type="application/json" data-audience=[body.audience()] {
                        (PreEscaped(json))
                    }
                }
                @if let Body::Shipment(..) | Body::Recipient(..) = body {
                    noscript { p.noscript { (words.page_noscript()) } }
                }
            }
        }
    }
}

impl Body<'_> {
    fn markup(&self, words: &Catalogue, chosen: Chosen, framed: bool) -> Markup {
        match self {
            Self::Shipment(view, screen) => tracking::shipment(&view.tracking_id, screen, words),
            Self::Recipient(view, screen) => tracking::shipment(&view.tracking_id, screen, words),
            Self::Card => html! {
                h1.sentence { (words.page_name()) }
                p.detail { (words.page_description()) }
            },
            Self::Home { typed, wrong } => home::home(typed, *wrong, words, chosen),
            Self::Notice(kind) => notice::notice(&Notice::of(*kind, words), chosen, framed),
        }
    }

    fn sequence(&self) -> Option<u64> {
        match self {
            Self::Shipment(view, _) => Some(view.sequence),
            Self::Recipient(view, _) => Some(view.sequence),
            _ => None,
        }
    }

    /// Whose view it is, where it is not everybody's.
    fn audience(&self) -> Option<&'static str> {
        matches!(self, Self::Recipient(..)).then_some("recipient")
    }

    /// What the widget finds in the page: the view, or that there is none; nothing where it is to ask.
    fn view(&self) -> Option<String> {
        match self {
            Self::Shipment(view, _) => embedded(view),
            Self::Recipient(view, _) => embedded(view),
            Self::Notice(NoticeKind::NotFound) => Some("null".to_owned()),
            _ => None,
        }
    }
}

/// A string of JSON may hold "</script>"; as an escape, "<" ends nothing.
fn embedded(view: &impl serde::Serialize) -> Option<String> {
    Some(serde_json::to_string(view).ok()?.replace('<', "\\u003c"))
}
