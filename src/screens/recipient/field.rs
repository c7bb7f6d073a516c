//! The fields that a recipient types in: a line, a text, one of a few.

use doorstep_model::screen::HandoverOption;

use super::parts::{Deed, Part, text};
use crate::hands::{Act, What};
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
pub(super) fn line(line: Line) -> Part {
    let Line { id, label, help, what, value, keys, most, wrong, enter } = line;
    let (help_id, wrong_id) = ([id, "-help"].concat(), [id, "-wrong"].concat());
    let field = Part::of("input", "field", Vec::new())
        .with("id", id)
        .with("type", "text")
        .with("inputmode", keys)
        .with("autocomplete", "off")
        .with("spellcheck", "false")
        .with("maxlength", most.to_string())
        .with("aria-describedby", [help_id.as_str(), " ", &wrong_id].concat())
        .when(!wrong.is_empty(), "aria-invalid", "true")
        .property("value", value)
        .deed(Deed::Typing(what, enter));
    let help = text("hint", help).with("id", help_id);
    let wrong = text("wrong", wrong).with("id", wrong_id).with("role", "alert");
    Part::of("div", "entry", vec![named(id, label), field, help, wrong])
}

/// The name of the field `id`.
pub(super) fn named(id: impl Into<String>, label: &'static str) -> Part {
    Part::of("label", "", vec![Part::text(label)]).with("for", id)
}

/// The comment's field.
pub(super) fn comment(value: &str, fits: bool) -> Part {
    let field = Part::of("textarea", "field", Vec::new())
        .with("id", "comment-text")
        .with("rows", "3")
        .with("autocomplete", "off")
        .with("dir", "auto")
        .with("aria-describedby", "comment-help")
        .when(!fits, "aria-invalid", "true")
        .property("value", value)
        .deed(Deed::Typing(What::Comment, None));
    let help = text("hint", WORDS.comment_help()).with("id", "comment-help");
    Part::of("div", "entry", vec![named("comment-text", WORDS.comment_label()), field, help])
}

/// One of the ways to hand it over.
pub(super) fn option(option: &HandoverOption, chosen: bool) -> Part {
    let HandoverOption { handover, label, help, allowed } = *option;
    let id = ["handover-", handover.as_str()].concat();
    let help_id = [&id, "-help"].concat();
    let field = Part::of("input", "", Vec::new())
        .with("type", "radio")
        .with("name", "handover")
        .with("id", id.clone())
        .with("aria-describedby", help_id.clone())
        .when(!allowed, "disabled", "")
        .property("checked", chosen)
        .deed(Deed::Typing(What::Handover(handover), None));
    Part::of("div", "option", vec![field, named(id, label), text("hint", help).with("id", help_id)])
}
