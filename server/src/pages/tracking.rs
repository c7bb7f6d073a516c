//! A shipment as HTML. Stands side by side with the widget's `src/screens/shipment.rs`: element for
//! element and class for class the same, so that nothing moves when the widget takes over.

use doorstep_model::catalogue::Catalogue;
use doorstep_model::id::TrackingId;
use doorstep_model::screen::{DayOfHistory, HistoryLine, More, Screen, StepLine, StepState};
use maud::{Markup, html};

/// What stands inside `#doorstep`.
pub(super) fn shipment(id: &TrackingId, screen: &Screen, words: &Catalogue) -> Markup {
    html! {
        article.shipment data-tone=(screen.tone.as_str()) {
            header.bar {
                p.number {
                    span.label { (words.page_id_label()) }
                    span.value translate="no" { (id) }
                }
                p.live role="status" data-part="live" { (words.live_connecting()) }
            }
            div.standing aria-live="polite" {
                h1.sentence data-part="sentence" { (screen.sentence) }
                @for detail in &screen.details {
                    p.detail { (detail) }
                }
            }
            ol.steps aria-label=(words.steps_label()) {
                @for line in &screen.steps { (step(line)) }
            }
            section.history aria-labelledby="history" {
                h2 #history { (words.history_title()) }
                @for line in &screen.days { (day(line)) }
                @if screen.days.is_empty() {
                    p.empty { (words.history_empty()) }
                }
            }
            footer.age {
                p data-part="heard" { (screen.heard) }
                p.zone { (screen.zone_note) }
            }
        }
    }
}

fn step(line: &StepLine) -> Markup {
    html! {
        li.step data-state=(line.state.as_str()) aria-current=[(line.state == StepState::Current).then_some("step")] {
            span.name { (line.label) }
            span.said { ", " (line.spoken) }
        }
    }
}

fn day(day: &DayOfHistory) -> Markup {
    html! {
        section.day {
            h3 { (day.heading) }
            ol.events {
                @for line in &day.lines { (event(line)) }
            }
        }
    }
}

fn event(line: &HistoryLine) -> Markup {
    html! {
        li.event {
            time datetime=[line.at.map(|at| at.to_string())] { (line.clock) }
            p.title { (line.title) }
            @for more in line.more() { (below(&more)) }
        }
    }
}

/// What others wrote stands apart, so that its direction turns nothing around it.
fn below(more: &More<'_>) -> Markup {
    html! {
        p.more {
            @if let Some(label) = more.label { (label) " " }
            @if more.theirs {
                bdi lang=[more.language] translate="no" { (more.text) }
            } @else {
                (more.text)
            }
        }
    }
}
