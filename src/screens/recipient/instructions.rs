//! The instructions: note and contactless choice, each with its form, until when it may be edited, how far
//! it has come, and what became of the last edit.

use doorstep_model::preferences::{Handover, Receipt};
use doorstep_model::screen::{
    Counter, Deadline, EditState, ReceiptStep, counter, edited, handovers, receipts,
};
use leptos::prelude::window;

use super::Sight;
use super::field::{self, Line};
use super::parts::{self, Loud, Part, button, lines, nothing, row, text, told};
use crate::hands::{Act, Choice, Progress, Refusal, What, Which};
use crate::page::{self, WORDS};

/// The panel.
pub(super) fn panel(sight: &Sight<'_>) -> Part {
    let deadline = Deadline::of(sight.view.editing, &WORDS, sight.times);
    let parts = vec![
        text("line", deadline.line),
        matter(sight, Which::Comment, deadline.open),
        matter(sight, Which::Contactless, deadline.open),
    ];
    parts::panel("instructions", WORDS.edit_title(), parts)
}

/// One preference.
fn matter(sight: &Sight<'_>, which: Which, open: bool) -> Part {
    let (standing, _) = Choice::standing(which, sight.preferences());
    let edits = sight.hands.field(which);
    let chosen = edits.shown(&standing);
    let changed = edits.draft.as_ref().is_some_and(|draft| draft.choice != standing);
    let mut fits = true;
    let form = match (open, which) {
        (false, _) => fixed(which, &standing),
        (true, Which::Comment) => {
            let count = counter(page::characters(chosen.text.trim()), &WORDS);
            fits = count.fits;
            comment(chosen, &count)
        }
        (true, Which::Contactless) => contactless(sight, chosen),
    };
    let save = if open {
        let label = WORDS.edit_save().to_owned();
        button(label, Act::Save(which), Loud::Yes, !changed || !fits)
    } else {
        nothing()
    };
    let parts = vec![
        form,
        row(vec![save, undo(sight, which, open)]),
        progress(sight, which),
        both(sight, which),
        receipt(sight, which),
    ];
    Part::of("div", "matter", parts)
        .with("data-matter", matter_name(which))
        .with("role", "group")
        .with("aria-label", matter_label(which))
}

const fn matter_name(which: Which) -> &'static str {
    match which {
        Which::Comment => "comment",
        Which::Contactless => "contactless",
    }
}

fn matter_label(which: Which) -> &'static str {
    match which {
        Which::Comment => WORDS.comment_label(),
        Which::Contactless => WORDS.contactless_label(),
    }
}

fn comment(chosen: &Choice, count: &Counter) -> Part {
    let class = if count.fits { "count" } else { "count wrong" };
    let over = if count.fits { "" } else { count.spoken.as_str() };
    let parts = vec![
        field::comment(&chosen.text, count.fits),
        text(class, count.shown.as_str()).with("aria-hidden", "true"),
        text("said", over).with("role", "status"),
    ];
    Part::of("div", "", parts)
}

fn contactless(sight: &Sight<'_>, chosen: &Choice) -> Part {
    let (allowed, code) = (sight.view.contactless_allowed, sight.view.code.is_some());
    let options = handovers(allowed, code, &WORDS)
        .iter()
        .map(|option| field::option(option, chosen.handover == Some(option.handover)))
        .collect::<Vec<_>>();
    let line = |id, label, what, value: &str, keys, most| {
        let value = value.to_owned();
        field::line(Line { id, label, help: "", what, value, keys, most, wrong: "", enter: None })
    };
    let met =
        chosen.handover.is_some_and(|handover| handover != Handover::InPerson) || !chosen.cash.is_empty();
    let mut parts = options;
    parts.insert(0, Part::of("legend", "", vec![Part::text(WORDS.contactless_label())]));
    let mut parts = vec![Part::of("fieldset", "options", parts)];
    if met {
        parts.push(line("cash", WORDS.contactless_cash_receiver(), What::Cash, &chosen.cash, "text", 120));
        parts.push(line("cash-phone", WORDS.contactless_phone(), What::Phone, &chosen.phone, "tel", 40));
    }
    Part::of("div", "", parts)
}

/// What can be changed no more.
fn fixed(which: Which, standing: &Choice) -> Part {
    Part::of("div", "", vec![text("label", matter_label(which)), spelled_out(which, standing)])
}

fn spelled_out(which: Which, choice: &Choice) -> Part {
    lines("fixed", spelled(which, choice).iter().map(String::as_str))
}

/// A choice in lines.
fn spelled(which: Which, choice: &Choice) -> Vec<String> {
    let handover = choice.handover.and_then(|chosen| {
        handovers(true, false, &WORDS).into_iter().find(|option| option.handover == chosen)
    });
    match (which, handover) {
        (Which::Comment, _) if !choice.text.is_empty() => vec![choice.text.clone()],
        (Which::Contactless, Some(option)) => {
            let mut lines = vec![option.label.to_owned()];
            let filled = |text: &String| !text.is_empty();
            lines.extend(
                Some(&choice.cash).filter(|text| filled(text)).map(|name| WORDS.contactless_cash_line(name)),
            );
            lines.extend(
                Some(&choice.phone)
                    .filter(|text| filled(text))
                    .map(|phone| WORDS.contactless_phone_line(phone)),
            );
            lines
        }
        _ => vec![WORDS.edit_empty().to_owned()],
    }
}

/// A way back: of what was saved as long as it may be edited, of what waits or was refused at any time.
fn undo(sight: &Sight<'_>, which: Which, open: bool) -> Part {
    match &sight.hands.field(which).progress {
        Progress::Saved { left, .. } if open => match EditState::Saved(*left).undo(&WORDS) {
            Some(label) => button(label, Act::Undo(which), Loud::No, false),
            None => nothing(),
        },
        Progress::Waiting(_) | Progress::Refused(..) => {
            button(WORDS.edit_drop().to_owned(), Act::Drop(which), Loud::No, false)
        }
        _ => nothing(),
    }
}

/// What became of the last edit.
fn progress(sight: &Sight<'_>, which: Which) -> Part {
    let (state, wrong) = match &sight.hands.field(which).progress {
        Progress::Rest => return told(String::new(), false),
        Progress::Sending(_) => (EditState::Saving, false),
        Progress::Waiting(_) if !window().navigator().on_line() => (EditState::Waiting, true),
        Progress::Waiting(_) => (EditState::Retrying, true),
        Progress::Saved { left, .. } => (EditState::Saved(*left), false),
        Progress::Both(..) => (EditState::Conflict, true),
        Progress::Refused(_, Refusal::CutOff) => (EditState::TooLate, true),
        Progress::Refused(_, Refusal::Excluded) => (EditState::Excluded, true),
        Progress::Refused(_, Refusal::Invalid) => (EditState::Refused, true),
    };
    told(state.line(&WORDS).to_owned(), wrong)
}

/// Both versions, where somebody else edited meanwhile; or what was refused, so that it is not lost.
fn both(sight: &Sight<'_>, which: Which) -> Part {
    let version = |label: &'static str, choice: &Choice, act: Option<(&'static str, Act)>| {
        let keep = act.map_or_else(nothing, |(label, act)| button(label, act, Loud::No, false));
        Part::of("div", "version", vec![text("label", label), spelled_out(which, choice), keep])
    };
    match &sight.hands.field(which).progress {
        Progress::Both(mine, theirs) => row(vec![
            version(
                WORDS.edit_mine(),
                &mine.choice,
                Some((WORDS.edit_keep_mine(), Act::Choose(which, true))),
            ),
            version(
                WORDS.edit_theirs(),
                &theirs.choice,
                Some((WORDS.edit_keep_theirs(), Act::Choose(which, false))),
            ),
        ]),
        Progress::Refused(mine, Refusal::CutOff) => row(vec![version(WORDS.edit_mine(), &mine.choice, None)]),
        _ => nothing(),
    }
}

/// How far what stands has come, and who wrote it.
fn receipt(sight: &Sight<'_>, which: Which) -> Part {
    let preferences = sight.preferences();
    let stands = match which {
        Which::Comment => {
            preferences.comment.as_ref().map(|of| (of.receipt, edited(of, &WORDS, sight.times)))
        }
        Which::Contactless => {
            preferences.contactless.as_ref().map(|of| (of.receipt, edited(of, &WORDS, sight.times)))
        }
    };
    stands.map_or_else(nothing, |(receipt, by)| {
        let way = Part::of("ol", "receipts", stages(receipt)).with("aria-label", WORDS.receipt_label());
        Part::of("div", "", vec![text("hint", by), way])
    })
}

fn stages(reached: Receipt) -> Vec<Part> {
    let stage = |stage: ReceiptStep| {
        let spoken = Part::of("span", "said", vec![Part::text([", ", stage.spoken].concat())]);
        Part::of("li", "", vec![Part::text(stage.label), spoken]).with("data-state", stage.state.as_str())
    };
    receipts(reached, &WORDS).into_iter().map(stage).collect()
}
