//! The recipient's link: until when it opens, one for another device, and the way out for whoever is not meant.

use super::Sight;
use super::field;
use super::parts::{Deed, Loud, Part, button, more, nothing, row, text, told};
use crate::hands::{Act, Place};
use crate::page::WORDS;

/// The panel.
pub(super) fn panel(sight: &Sight<'_>) -> Part {
    let hands = sight.hands;
    let failed = hands.trouble == Some(Place::Link);
    let new = button(WORDS.link_new().to_owned(), Act::NewLink, Loud::No, hands.busy);
    let leave = if hands.leaving {
        vec![
            button(WORDS.link_not_me_confirm().to_owned(), Act::Leave, Loud::Yes, hands.busy),
            button(WORDS.link_cancel().to_owned(), Act::Leaving(false), Loud::No, false),
        ]
    } else {
        vec![button(WORDS.link_not_me().to_owned(), Act::Leaving(true), Loud::No, false), nothing()]
    };
    let parts = vec![
        text("line", sight.access.line(&WORDS, sight.times).unwrap_or_default()),
        row(vec![new]),
        text("hint", WORDS.link_new_help().to_owned()),
        made(sight),
        row(leave),
        text("hint", WORDS.link_not_me_help().to_owned()),
        told(if failed { WORDS.link_failed().to_owned() } else { String::new() }, true),
    ];
    more(WORDS.link_title().to_owned(), vec![Part::of("div", "group", parts)])
}

/// The new link, this once.
fn made(sight: &Sight<'_>) -> Part {
    let Some(link) = sight.hands.link.clone() else { return nothing() };
    let label = if sight.hands.copied { WORDS.link_copied() } else { WORDS.link_copy() };
    let field = Part::of("input", "field", Vec::new())
        .with("id", "new-link")
        .with("type", "text")
        .with("readonly", "")
        .with("dir", "ltr")
        .property("value", link)
        .deed(Deed::Select);
    let copy = button(label, Act::Copy, Loud::Yes, false);
    Part::of("div", "entry", vec![field::named("new-link", WORDS.link_new_once()), row(vec![field, copy])])
}
