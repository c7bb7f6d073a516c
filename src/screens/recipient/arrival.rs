//! The time of arrival: who said so, how old that is, why it moved; and a calendar entry that moves with it.

use super::Sight;
use super::parts::{self, Part, lines, nothing, row, text};
use crate::page::WORDS;
use doorstep_model::screen::Arrival;

/// The panel, where something is still to arrive.
pub(super) fn panel(sight: &Sight<'_>) -> Part {
    let Some(arrival) = Arrival::of(sight.view, &WORDS, sight.times) else { return nothing() };
    let parts = vec![lines("line", arrival.lines()), calendar(sight.hands.calendar.as_deref())];
    parts::panel("arrival", WORDS.eta_title(), parts)
}

/// The feed under the scheme that calendar programs listen to.
fn calendar(url: Option<&str>) -> Part {
    let Some((_, place)) = url.and_then(|url| url.split_once("://")) else { return nothing() };
    let address = ["webcal://", place].concat();
    let link = Part::of("a", "button quiet", vec![Part::text(WORDS.calendar_add())]).with("href", address);
    // A frame that goes to another scheme is refused by its host's policy.
    let link = link.when(cfg!(not(feature = "page")), "target", "_blank");
    Part::of("div", "", vec![row(vec![link]), text("hint", WORDS.calendar_help())])
}
