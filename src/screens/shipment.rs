//! A shipment. Stands side by side with the server's `pages/tracking.rs`, as parts of a tree: what only the
//! recipient sees stands in it too, and only what changes is written anew.

use doorstep_model::id::TrackingId;
use doorstep_model::screen::{DayOfHistory, HistoryLine, More, Screen, StepLine, StepState};

use super::recipient::{Part, nothing, text};
use crate::page::WORDS;
use crate::times;

/// What stands at one moment.
pub(super) struct Told<'a> {
    /// The shipment's number.
    pub(super) id: &'a TrackingId,
    /// What is said of it.
    pub(super) screen: Screen,
    /// How it is connected.
    pub(super) connection: String,
    /// Whether the viewer's zone is the delivery's.
    pub(super) own_zone: bool,
}

/// What is `told`, inside of the article, with the recipient's `panels` between the steps and the history.
pub(super) fn shipment(told: Told<'_>, panels: Option<Vec<Part>>) -> Vec<Part> {
    let Told { id, screen, connection, own_zone } = told;
    let number =
        vec![span("label", WORDS.page_id_label()), span("value", id.as_str()).with("translate", "no")];
    let live = text("live", connection).with("role", "status").with("data-part", "live");
    let mut standing =
        vec![Part::of("h1", "sentence", vec![Part::text(screen.sentence)]).with("data-part", "sentence")];
    standing.extend(screen.details.into_iter().map(|detail| text("detail", detail)));
    let mut history = vec![Part::of("h2", "", vec![Part::text(WORDS.history_title())]).with("id", "history")];
    if screen.days.is_empty() {
        history.push(text("empty", WORDS.history_empty()));
    }
    history.extend(screen.days.into_iter().map(day));
    let age = vec![
        text("", screen.heard).with("data-part", "heard"),
        text(if own_zone { "zone own" } else { "zone" }, screen.zone_note),
    ];
    vec![
        Part::of("header", "bar", vec![Part::of("p", "number", number), live]),
        Part::of("div", "standing", standing).with("aria-live", "polite"),
        Part::of("ol", "steps", screen.steps.into_iter().map(step).collect())
            .with("aria-label", WORDS.steps_label()),
        panels.map_or_else(nothing, |panels| Part::of("div", "panels", panels)),
        Part::of("section", "history", history).with("aria-labelledby", "history"),
        Part::of("footer", "age", age),
    ]
}

fn span(class: &'static str, text: impl Into<String>) -> Part {
    Part::of("span", class, vec![Part::text(text)])
}

fn step(line: StepLine) -> Part {
    let spoken = span("said", [", ", line.spoken].concat());
    Part::of("li", "step", vec![span("name", line.label), spoken])
        .with("data-state", line.state.as_str())
        .when(line.state == StepState::Current, "aria-current", "step")
}

fn day(day: DayOfHistory) -> Part {
    let events = day.lines.into_iter().map(event).collect();
    let heading = Part::of("h3", "", vec![Part::text(day.heading)]);
    Part::of("section", "day", vec![heading, Part::of("ol", "events", events)])
}

fn event(line: HistoryLine) -> Part {
    let more: Vec<Part> = line.more().map(below).collect();
    let mut clock = Part::of("time", "", vec![Part::text(line.clock)]);
    if let Some(at) = line.at {
        clock = clock.with("datetime", times::iso(at));
    }
    let mut parts = vec![clock, text("title", line.title)];
    parts.extend(more);
    Part::of("li", "event", parts)
}

/// What others wrote stands apart, so that its direction turns nothing around it.
fn below(more: More<'_>) -> Part {
    let mut inside: Vec<Part> =
        more.label.map(|label| Part::text([label, " "].concat())).into_iter().collect();
    inside.push(if more.theirs {
        let theirs = Part::of("bdi", "", vec![Part::text(more.text)]).with("translate", "no");
        match more.language {
            Some(language) => theirs.with("lang", language),
            None => theirs,
        }
    } else {
        Part::text(more.text)
    });
    Part::of("p", "more", inside)
}
