//! The delivery code: where it stands, who may ask for it, the words of the handshake, and the digits once
//! they were asked for, large, spoken one by one, and as a QR code.

use doorstep_model::screen::{CodePanel, grouped, spoken};
use doorstep_model::views::CodeState;
use leptos::prelude::window;

use super::Sight;
use super::parts::{self, Loud, Part, button, lines, more, nothing, row, text, told};
use crate::hands::{Act, Code, Place};
use crate::page::{self, WORDS};

/// The panel, where there is a code.
pub(super) fn panel(sight: &Sight<'_>) -> Part {
    let Some(code) = &sight.view.code else { return nothing() };
    let words = CodePanel::of(code, &WORDS, sight.times);
    let seen = sight.hands.code.as_ref().filter(|code| words.showable && code.seen);
    let parts = vec![
        text("line", words.line.to_owned()),
        words.handshake.map_or_else(nothing, |(line, help)| handshake(line, help)),
        lines("warning", words.warnings.into_iter()),
        seen.map_or_else(nothing, digits),
        if words.showable { press(sight, seen.is_some()) } else { nothing() },
        told(trouble(sight).to_owned(), sight.hands.code_replaced),
        if sight.hands.code.is_some() && page::keeps() { text("hint", WORDS.code_kept()) } else { nothing() },
        if code.state == CodeState::Waiting {
            nothing()
        } else {
            let mut revealed = vec![lines("line", words.revealed.iter().map(String::as_str))];
            revealed.push(text("hint", WORDS.code_reveals_help().to_owned()));
            if code.reveals == 0 { text("hint", words.reveals) } else { more(words.reveals, revealed) }
        },
    ];
    parts::panel("code", WORDS.code_title(), parts)
}

fn handshake(line: String, help: &'static str) -> Part {
    Part::of("div", "handshake", vec![text("line", line), text("hint", help)])
}

fn press(sight: &Sight<'_>, seen: bool) -> Part {
    // What was revealed already stays readable, whatever the session may do now.
    if !sight.is_proved() && sight.hands.code.is_none() {
        return text("hint", WORDS.code_prove().to_owned());
    }
    let label = if seen { WORDS.code_hide() } else { WORDS.code_show() };
    let press = button(label.to_owned(), Act::Show(!seen), Loud::Yes, sight.hands.busy);
    let hint = if seen { text("hint", WORDS.code_hides().to_owned()) } else { nothing() };
    row(vec![press, hint])
}

fn trouble(sight: &Sight<'_>) -> &'static str {
    match &sight.hands.code {
        _ if sight.hands.code_replaced => WORDS.code_replaced(),
        Some(_) if !window().navigator().on_line() => WORDS.code_offline(),
        Some(code) if !code.seen => WORDS.code_hidden(),
        _ if sight.hands.trouble == Some(Place::Code) => WORDS.code_failed(),
        _ => "",
    }
}

fn digits(code: &Code) -> Part {
    let group = |group| Part::of("span", "group", vec![Part::text(group)]);
    let groups = grouped(&code.code).into_iter().map(group).collect();
    let size = code.qr.size.to_string();
    let qr = Part::of("svg", "qr", vec![Part::of("path", "", Vec::new()).with("d", code.qr.path.clone())])
        .with("role", "img")
        .with("aria-label", WORDS.code_qr())
        .with("viewBox", ["0 0 ", &size, " ", &size].concat())
        .with("shape-rendering", "crispEdges");
    let parts = vec![
        text("said", spoken(&code.code, &WORDS)),
        Part::of("p", "digits", groups).with("aria-hidden", "true"),
        qr,
    ];
    Part::of("div", "code", parts).with("role", "status").with("translate", "no")
}
