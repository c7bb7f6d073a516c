//! The recipient's link: until when it opens, one for another device, and the way out for whoever is not meant.

use leptos::prelude::*;

use super::Sight;
use super::parts::{self, Loud, button, more, nothing, row, text, told};
use crate::hands::{Act, Place};
use crate::page::WORDS;

/// The panel.
pub(super) fn panel(sight: &Sight<'_>) -> AnyView {
    let (desk, hands) = (sight.desk, sight.hands);
    let failed = hands.trouble == Some(Place::Link);
    let new = button(desk, WORDS.link_new().to_owned(), Act::NewLink, Loud::No, hands.busy);
    let leave = if hands.leaving {
        vec![
            button(desk, WORDS.link_not_me_confirm().to_owned(), Act::Leave, Loud::Yes, hands.busy),
            button(desk, WORDS.link_cancel().to_owned(), Act::Leaving(false), Loud::No, false),
        ]
    } else {
        vec![button(desk, WORDS.link_not_me().to_owned(), Act::Leaving(true), Loud::No, false), nothing()]
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
    more(WORDS.link_title().to_owned(), vec![parts::group(parts)])
}

/// The new link, this once.
fn made(sight: &Sight<'_>) -> AnyView {
    let Some(link) = sight.hands.link.clone() else { return nothing() };
    let label = if sight.hands.copied { WORDS.link_copied() } else { WORDS.link_copy() };
    let select = |event: leptos::ev::FocusEvent| event_target::<web_sys::HtmlInputElement>(&event).select();
    view! {
        <div class="entry">
            <label for="new-link">{WORDS.link_new_once()}</label>
            <div class="row">
                <input class="field" id="new-link" type="text" readonly prop:value=link
                    on:focus=select />
                {button(sight.desk, label.to_owned(), Act::Copy, Loud::Yes, false)}
            </div>
        </div>
    }
    .into_any()
}
