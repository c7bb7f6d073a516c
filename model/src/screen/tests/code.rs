//! What the recipient reads about the delivery code, and what a screen reader says of it.

use std::fmt::Write as _;

use super::WORDS;
use super::sample::{Noon, at};
use crate::screen::{CodePanel, StepUpState, grouped, spoken};
use crate::views::{CodeState, RecipientCode};

fn code(state: CodeState) -> RecipientCode {
    RecipientCode {
        state,
        version: 1,
        digits: 4,
        handshake: (state == CodeState::Ready).then(|| vec!["amber".to_owned(), "river".to_owned()]),
        reveals: 2,
        revealed_at: vec![at("2026-11-20T18:00:00Z"), at("2026-11-21T11:30:00Z")],
    }
}

#[test]
fn each_state_of_the_code() {
    let mut table = String::new();
    for &state in CodeState::ALL {
        let panel = CodePanel::of(&code(state), &WORDS, &Noon);
        let _ = writeln!(
            table,
            "{state}{}\n  {}",
            if panel.showable { " (can be shown)" } else { "" },
            panel.line
        );
        let handshake = panel.handshake.iter().flat_map(|(line, help)| [line.as_str(), help]);
        for line in panel.warnings.iter().copied().chain(handshake) {
            let _ = writeln!(table, "  {line}");
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn each_reveal_is_listed_newest_first() {
    let panel = CodePanel::of(&code(CodeState::Ready), &WORDS, &Noon);
    assert_eq!(panel.reveals, "Shown 2 times");
    assert_eq!(panel.revealed, ["Shown today at 12:30", "Shown yesterday at 19:00"]);
    let count = |reveals| {
        let code = RecipientCode { reveals, revealed_at: Vec::new(), ..code(CodeState::Ready) };
        CodePanel::of(&code, &WORDS, &Noon).reveals
    };
    assert_eq!([count(0), count(1)], ["Nobody has looked at it yet.", "Shown once"]);
}

#[test]
fn digits_are_grouped_for_the_eye_and_spelt_for_the_ear() {
    for (code, groups) in [
        ("4071", vec!["40", "71"]),
        ("40715", vec!["407", "15"]),
        ("407152", vec!["407", "152"]),
        ("4071529", vec!["4071", "529"]),
        ("40715293", vec!["4071", "5293"]),
    ] {
        assert_eq!(grouped(code), groups);
    }
    assert_eq!(spoken("4071", &WORDS), "Your code, digit by digit: 4, 0, 7, 1");
}

#[test]
fn a_wrong_proof_says_how_many_tries_are_left() {
    let line = |state: StepUpState| state.line(&WORDS, &Noon);
    assert_eq!(line(StepUpState::Wrong(Some(3))), "That is not right. 3 tries left.");
    assert_eq!(line(StepUpState::Wrong(Some(1))), "That is not right. One try left.");
    assert_eq!(line(StepUpState::Wrong(Some(0))), line(StepUpState::Locked));
    assert!(!StepUpState::Wrong(Some(0)).may_try() && StepUpState::Wrong(Some(1)).may_try());
    let until = StepUpState::Done(at("2026-11-21T12:15:00Z"));
    assert_eq!(line(until), "It is you. Code and address can be shown until 13:15.");
}
