//! The fields that a recipient types in: a line, a text, one of a few.

use doorstep_model::screen::HandoverOption;
use leptos::prelude::*;

use crate::hands::{Act, Desk, What};
use crate::page::WORDS;

/// A field of one line.
pub(super) struct Line {
    /// Names it in the page.
    pub(super) id: &'static str,
    pub(super) label: &'static str,
    pub(super) help: &'static str,
    pub(super) what: What,
    pub(super) value: String,
    /// Which keys a phone offers.
    pub(super) keys: &'static str,
    pub(super) most: u32,
    /// What is wrong with it; empty where nothing is.
    pub(super) wrong: &'static str,
    /// What the return key does.
    pub(super) enter: Option<Act>,
}

/// A field of one line.
pub(super) fn line(desk: Desk, line: Line) -> AnyView {
    let Line { id, label, help, what, value, keys, most, wrong, enter } = line;
    let (help_id, wrong_id) = ([id, "-help"].concat(), [id, "-wrong"].concat());
    let said_by = [help_id.as_str(), " ", &wrong_id].concat();
    let pressed = move |event: leptos::ev::KeyboardEvent| {
        if let Some(act) = enter.filter(|_| event.key() == "Enter") {
            desk.act(act);
        }
    };
    view! {
        <div class="entry">
            <label for=id>{label}</label>
            <input class="field" id=id type="text" inputmode=keys autocomplete="off" spellcheck="false"
                maxlength=most.to_string() aria-describedby=said_by
                aria-invalid=(!wrong.is_empty()).then_some("true") prop:value=value
                on:input=move |event| desk.type_in(what, event_target_value(&event)) on:keydown=pressed />
            <p class="hint" id=help_id>{help}</p>
            <p class="wrong" id=wrong_id role="alert">{wrong}</p>
        </div>
    }
    .into_any()
}

/// The comment's field.
pub(super) fn comment(desk: Desk, value: String, fits: bool) -> AnyView {
    view! {
        <div class="entry">
            <label for="comment-text">{WORDS.comment_label()}</label>
            <textarea class="field" id="comment-text" rows="3" autocomplete="off" dir="auto"
                aria-describedby="comment-help" aria-invalid=(!fits).then_some("true") prop:value=value
                on:input=move |event| desk.type_in(What::Comment, event_target_value(&event))></textarea>
            <p class="hint" id="comment-help">{WORDS.comment_help()}</p>
        </div>
    }
    .into_any()
}

/// One of the ways to hand it over.
pub(super) fn option(desk: Desk, option: &HandoverOption, chosen: bool) -> AnyView {
    let HandoverOption { handover, label, help, allowed } = *option;
    let id = ["handover-", handover.as_str()].concat();
    let help_id = [&id, "-help"].concat();
    view! {
        <div class="option">
            <input type="radio" name="handover" id=id.clone() prop:checked=chosen disabled=!allowed
                aria-describedby=help_id.clone()
                on:change=move |_| desk.type_in(What::Handover(handover), String::new()) />
            <label for=id>{label}</label>
            <p class="hint" id=help_id>{help}</p>
        </div>
    }
    .into_any()
}
