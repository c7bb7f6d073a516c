//! The time of arrival: who said so, how old that is, why it moved; and a calendar entry that moves with it.

use doorstep_model::screen::Arrival;
use leptos::prelude::*;

use super::Sight;
use super::parts::{self, lines, nothing, text};
use crate::page::WORDS;

/// The panel, where something is still to arrive.
pub(super) fn panel(sight: &Sight<'_>) -> AnyView {
    let Some(arrival) = Arrival::of(sight.view, &WORDS, sight.times) else { return nothing() };
    let parts = vec![lines("line", arrival.lines()), calendar(sight.hands.calendar.as_deref())];
    parts::panel("arrival", WORDS.eta_title(), parts)
}

/// The feed under the scheme that calendar programs listen to.
fn calendar(url: Option<&str>) -> AnyView {
    let Some((_, place)) = url.and_then(|url| url.split_once("://")) else { return nothing() };
    let address = ["webcal://", place].concat();
    view! {
        <p class="row"><a class="button quiet" href=address>{WORDS.calendar_add()}</a></p>
        {text("hint", WORDS.calendar_help().to_owned())}
    }
    .into_any()
}
