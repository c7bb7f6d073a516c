//! The progress bar in words: five steps, each done, current or still to come, so that nobody needs
//! to see the bar to know.

use std::borrow::Cow;

use crate::catalogue::Catalogue;
use crate::screen::facts::Facts;
use crate::status::{Status, Step};

/// Where one step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Behind.
    Done,
    /// Here.
    Current,
    /// Still to come.
    Ahead,
}

impl StepState {
    /// The word that style sheets know it by.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Current => "current",
            Self::Ahead => "ahead",
        }
    }
}

/// One step of the bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepLine {
    /// Which.
    pub step: Step,
    /// Its name.
    pub label: Cow<'static, str>,
    /// Where it stands.
    pub state: StepState,
    /// The same in words, for those who do not see the bar.
    pub spoken: &'static str,
}

/// The five steps as they stand.
pub(super) fn steps(facts: &Facts<'_>, words: &Catalogue) -> [StepLine; 5] {
    let line = |step, label: &'static str| {
        let state = state(step, facts);
        let spoken = match state {
            StepState::Done => words.step_done(),
            StepState::Current => words.step_current(),
            StepState::Ahead => words.step_ahead(),
        };
        StepLine { step, label: label.into(), state, spoken }
    };
    [
        line(Step::Placed, words.step_placed()),
        line(Step::Preparing, words.step_preparing()),
        line(Step::OnTheWay, words.step_on_the_way()),
        line(Step::Arriving, words.step_arriving()),
        line(Step::Delivered, words.step_delivered()),
    ]
}

fn state(step: Step, facts: &Facts<'_>) -> StepState {
    if step < facts.step || (step == facts.step && facts.status == Status::Delivered) {
        StepState::Done
    } else if step == facts.step {
        StepState::Current
    } else {
        StepState::Ahead
    }
}
