//! A shipment. Stands side by side with the server's `pages/tracking.rs`. What stands in lists is made
//! `AnyView`, so that one kind of list is compiled instead of five (2 % of the widget).

use doorstep_model::id::TrackingId;
use doorstep_model::screen::{DayOfHistory, HistoryLine, Screen, StepLine, StepState};
use leptos::html::Div;
use leptos::prelude::*;

use crate::page::WORDS;
use crate::times;

/// What stands at one moment.
#[derive(Clone, PartialEq)]
pub(super) struct Told {
    /// The shipment's number.
    pub(super) id: TrackingId,
    /// What is said of it.
    pub(super) screen: Screen,
    /// How it is connected.
    pub(super) connection: String,
    /// Whether the viewer's zone is the delivery's.
    pub(super) own_zone: bool,
}

/// What is `told`, kept up to date, with a `place` for the recipient's panels, where there are any, between
/// the steps and the history.
/// Only what changes is written anew: what somebody types in stays.
pub(super) fn shipment(told: Memo<Option<Told>>, panels: Memo<bool>, place: NodeRef<Div>) -> AnyView {
    let part = move |part: fn(Told) -> AnyView| move || told.get().map(part);
    let tone = move || told.with(|told| told.as_ref().map(|told| told.screen.tone.as_str()));
    view! {
        <article class="shipment" data-tone=tone>
            {part(head)}
            {move || panels.get().then(|| view! { <div class="panels" node_ref=place></div> })}
            {part(foot)}
        </article>
    }
    .into_any()
}

fn head(told: Told) -> AnyView {
    let Told { id, screen, connection, .. } = told;
    view! {
        <header class="bar">
            <p class="number">
                <span class="label">{WORDS.page_id_label()}</span>
                <span class="value" translate="no">{id.as_str().to_owned()}</span>
            </p>
            <p class="live" role="status" data-part="live">{connection}</p>
        </header>
        <div class="standing" aria-live="polite">
            <h1 class="sentence" data-part="sentence">{screen.sentence}</h1>
            {screen.details.into_iter().map(|detail| view! { <p class="detail">{detail}</p> }.into_any()).collect_view()}
        </div>
        <ol class="steps" aria-label=WORDS.steps_label()>
            {screen.steps.into_iter().map(step).collect_view()}
        </ol>
    }
    .into_any()
}

fn foot(told: Told) -> AnyView {
    let Told { screen, own_zone, .. } = told;
    let empty = screen.days.is_empty().then(|| view! { <p class="empty">{WORDS.history_empty()}</p> });
    view! {
        <section class="history" aria-labelledby="history">
            <h2 id="history">{WORDS.history_title()}</h2>
            {screen.days.into_iter().map(day).collect_view()}
            {empty}
        </section>
        <footer class="age">
            <p data-part="heard">{screen.heard}</p>
            <p class=if own_zone { "zone own" } else { "zone" }>{screen.zone_note}</p>
        </footer>
    }
    .into_any()
}

fn step(line: StepLine) -> AnyView {
    view! {
        <li class="step" data-state=line.state.as_str() aria-current=(line.state == StepState::Current).then_some("step")>
            <span class="name">{line.label}</span>
            <span class="said">", "{line.spoken}</span>
        </li>
    }
    .into_any()
}

fn day(day: DayOfHistory) -> AnyView {
    view! {
        <section class="day">
            <h3>{day.heading}</h3>
            <ol class="events">{day.lines.into_iter().map(event).collect_view()}</ol>
        </section>
    }
    .into_any()
}

fn event(line: HistoryLine) -> AnyView {
    let at = line.at.map(times::iso);
    let more: Vec<String> = line.more().map(str::to_owned).collect();
    view! {
        <li class="event">
            <time datetime=at>{line.clock}</time>
            <p class="title">{line.title}</p>
            {more.into_iter().map(|more| view! { <p class="more">{more}</p> }.into_any()).collect_view()}
        </li>
    }
    .into_any()
}
