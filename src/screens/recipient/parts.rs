//! The few parts that every panel is made of.

use crate::hands::{Act, What};

/// A part of the recipient's panels.
pub(in crate::screens) type Part = crate::tree::Part<Deed>;

/// What doing something to a part does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::screens) enum Deed {
    /// A press does that.
    Press(Act),
    /// What is typed goes there; the return key does that.
    Typing(What, Option<Act>),
    /// Whoever comes to it has all of it selected.
    Select,
    /// A press asks for the view again.
    Retry,
}

/// How loud a button is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::screens) enum Loud {
    /// What the panel is there for.
    Yes,
    /// Beside it.
    No,
}

/// Nothing, in the place of something.
pub(in crate::screens) fn nothing() -> Part {
    Part::text("")
}

/// A panel with its heading.
pub(in crate::screens) fn panel(id: &'static str, title: &'static str, mut parts: Vec<Part>) -> Part {
    parts.insert(0, Part::of("h2", "", vec![Part::text(title)]).with("id", id));
    Part::of("section", "panel", parts).with("data-panel", id).with("aria-labelledby", id)
}

/// A paragraph.
pub(in crate::screens) fn text(class: &'static str, text: impl Into<String>) -> Part {
    Part::of("p", class, vec![Part::text(text)])
}

/// A paragraph that a screen reader reads out when it changes; its place stays when it is empty.
pub(in crate::screens) fn told(line: impl Into<String>, wrong: bool) -> Part {
    text(if wrong { "told wrong" } else { "told" }, line).with("role", "status")
}

/// Paragraphs.
pub(in crate::screens) fn lines<'a>(class: &'static str, lines: impl Iterator<Item = &'a str>) -> Part {
    Part::of("div", "lines", lines.map(|line| text(class, line)).collect())
}

/// Parts in one row.
pub(in crate::screens) fn row(parts: Vec<Part>) -> Part {
    Part::of("div", "row", parts)
}

/// A button; one that is off says so, and does nothing.
pub(in crate::screens) fn button(label: impl Into<String>, act: Act, loud: Loud, off: bool) -> Part {
    let class = if loud == Loud::Yes { "button" } else { "button quiet" };
    let button = Part::of("button", class, vec![Part::text(label)]).with("type", "button");
    if off { button.with("aria-disabled", "true") } else { button.deed(Deed::Press(act)) }
}

/// What opens by a press, closed at first.
pub(in crate::screens) fn more(summary: impl Into<String>, mut parts: Vec<Part>) -> Part {
    parts.insert(0, Part::of("summary", "", vec![Part::text(summary)]));
    Part::of("details", "opens", parts)
}
