//! The delivery code's panel in words: where the code stands, who may ask for it, the two words of the
//! handshake, who has looked. The digits come only into [`grouped`] and [`spoken`], from whoever was
//! given them, and are kept nowhere here.

use crate::catalogue::Catalogue;
use crate::screen::{Times, when};
use crate::views::{CodeState, RecipientCode};

/// The panel, top to bottom, without the digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodePanel {
    /// Where it stands.
    pub state: CodeState,
    /// The same in a sentence.
    pub line: &'static str,
    /// Whether it may be shown now, after a step-up.
    pub showable: bool,
    /// Who may ask for it, and that nobody asks by phone; empty once its work is done.
    pub warnings: Vec<&'static str>,
    /// The two words of this visit, in a sentence, and what they are for.
    pub handshake: Option<(String, &'static str)>,
    /// How often it was shown.
    pub reveals: String,
    /// When, newest first.
    pub revealed: Vec<String>,
}

impl CodePanel {
    /// The panel for `code`.
    pub fn of(code: &RecipientCode, words: &Catalogue, times: &impl Times) -> Self {
        let at_work = matches!(code.state, CodeState::Waiting | CodeState::Ready | CodeState::Locked);
        let handshake = code
            .handshake
            .as_ref()
            .map(|two| (words.code_handshake(&two.join(" ")), words.code_handshake_help()));
        Self {
            state: code.state,
            line: line(code.state, words),
            showable: code.state == CodeState::Ready,
            warnings: if at_work { vec![words.code_who(), words.code_nobody()] } else { Vec::new() },
            handshake,
            reveals: match code.reveals {
                0 => words.code_reveals_none().to_owned(),
                1 => words.code_reveals_one().to_owned(),
                count => words.code_reveals_many(&count.to_string()),
            },
            revealed: code
                .revealed_at
                .iter()
                .rev()
                .map(|at| words.code_reveal(&when::at(*at, words, times)))
                .collect(),
        }
    }
}

fn line(state: CodeState, words: &Catalogue) -> &'static str {
    match state {
        CodeState::Waiting => words.code_waiting(),
        CodeState::Ready => words.code_ready(),
        CodeState::Locked => words.code_locked(),
        CodeState::Verified => words.code_verified(),
        CodeState::Released => words.code_released(),
        CodeState::Over => words.code_over(),
    }
}

/// A code in groups of two to four digits, as people read them out: "40 71", "407 152", "4071 5293".
pub fn grouped(code: &str) -> Vec<String> {
    let digits: Vec<char> = code.chars().collect();
    let size = match digits.len() {
        0..=4 => 2,
        5 | 6 => 3,
        _ => 4,
    };
    digits.chunks(size).map(|group| group.iter().collect()).collect()
}

/// A code as a screen reader is to say it, digit by digit: "Your code, digit by digit: 4, 0, 7, 1".
pub fn spoken(code: &str, words: &Catalogue) -> String {
    let digits: Vec<String> = code.chars().map(String::from).collect();
    words.code_spoken(&digits.join(", "))
}
