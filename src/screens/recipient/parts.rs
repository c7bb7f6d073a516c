//! The few parts that every panel is made of, each compiled once.

use leptos::prelude::*;

use crate::hands::{Act, Desk};

/// How loud a button is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loud {
    /// What the panel is there for.
    Yes,
    /// Beside it.
    No,
}

/// Nothing, in the place of something.
pub(super) fn nothing() -> AnyView {
    ().into_any()
}

/// A panel with its heading.
pub(super) fn panel(id: &'static str, title: &'static str, parts: Vec<AnyView>) -> AnyView {
    view! {
        <section class="panel" data-panel=id aria-labelledby=id>
            <h2 id=id>{title}</h2>
            {parts}
        </section>
    }
    .into_any()
}

/// A paragraph.
pub(super) fn text(class: &'static str, text: String) -> AnyView {
    view! { <p class=class>{text}</p> }.into_any()
}

/// A paragraph that a screen reader reads out when it changes; its place stays when it is empty.
pub(super) fn told(text: String, wrong: bool) -> AnyView {
    view! { <p class=if wrong { "told wrong" } else { "told" } role="status">{text}</p> }.into_any()
}

/// Paragraphs.
pub(super) fn lines<'a>(class: &'static str, lines: impl Iterator<Item = &'a str>) -> AnyView {
    lines.map(|line| text(class, line.to_owned())).collect::<Vec<_>>().into_any()
}

/// Parts in one row.
pub(super) fn row(parts: Vec<AnyView>) -> AnyView {
    view! { <div class="row">{parts}</div> }.into_any()
}

/// A button.
pub(super) fn button(desk: Desk, label: String, act: Act, loud: Loud, off: bool) -> AnyView {
    let class = if loud == Loud::Yes { "button" } else { "button quiet" };
    view! {
        <button class=class type="button" aria-disabled=off.then_some("true")
            on:click=move |_| if !off { desk.act(act) }>{label}</button>
    }
    .into_any()
}

/// What opens by a press, closed at first.
pub(super) fn more(summary: String, parts: Vec<AnyView>) -> AnyView {
    view! { <details class="more"><summary>{summary}</summary>{parts}</details> }.into_any()
}

/// Parts as one.
pub(super) fn group(parts: Vec<AnyView>) -> AnyView {
    view! { <div class="group">{parts}</div> }.into_any()
}
