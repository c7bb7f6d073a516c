//! What a page says: a view turned into finished words, in the order in which they are read. Server and
//! widget render the same [`Screen`], so that what is seen before WebAssembly arrives is what stays.
//! Knows no HTML and no DOM; what depends on language, zone or clock comes through [`Times`].

mod arrival;
mod code;
mod facts;
mod heard;
mod history;
mod instructions;
mod link;
mod next;
mod notice;
mod proof;
mod sentence;
mod step_up;
mod steps;
mod titles;
mod when;

pub use arrival::Arrival;
pub use code::{CodePanel, grouped, spoken};
pub use heard::as_of;
pub use history::{DayOfHistory, HistoryLine, More};
pub use instructions::{
    Counter, Deadline, EditState, HandoverOption, ReceiptStep, counter, edited, handovers, receipts,
};
pub use link::Access;
pub use notice::{Notice, NoticeKind, Remedy};
pub use proof::{PhotoQuestion, ProofLine, proofs};
pub use step_up::StepUpState;
pub use steps::{StepLine, StepState};
pub use titles::Titles;

use crate::catalogue::Catalogue;
use crate::status::Status;
use crate::time::{Day, Timestamp, Zone};
use crate::views::{PublicView, RecipientView};
use facts::Facts;

/// Times as one viewer reads them: in the zone of one delivery and the viewer's language.
pub trait Times {
    /// The present.
    fn now(&self) -> Timestamp;
    /// The day on which `at` falls in the delivery's zone.
    fn day(&self, at: Timestamp) -> Day;
    /// Hour and minute of `at` in the delivery's zone ("14:10").
    fn clock(&self, at: Timestamp) -> String;
    /// A day with its weekday ("Tuesday 24 November"), with the year where it is not this year's.
    fn date(&self, day: Day) -> String;
    /// Whether days close to the present are told by their nearness ("today"); not where the words are
    /// kept and read later, as in a calendar.
    fn says_near(&self) -> bool {
        true
    }
}

/// The mood of a screen: which colour and sign stand beside the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// All goes its way.
    Moving,
    /// It is there.
    Good,
    /// It will go on, but not as it should.
    Attention,
    /// It has ended otherwise than by delivery.
    Stopped,
}

impl Tone {
    /// The word that style sheets know it by.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Moving => "moving",
            Self::Good => "good",
            Self::Attention => "attention",
            Self::Stopped => "stopped",
        }
    }

    fn of(status: Status, delayed: bool) -> Self {
        match status {
            Status::Delivered | Status::AvailableForPickup => Self::Good,
            Status::AttemptFailed | Status::Exception => Self::Attention,
            Status::Undeliverable
            | Status::Returning
            | Status::Returned
            | Status::Cancelled
            | Status::Failed => Self::Stopped,
            _ if delayed => Self::Attention,
            _ => Self::Moving,
        }
    }
}

/// Everything a page says about a shipment, top to bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screen {
    /// The mood.
    pub tone: Tone,
    /// The sentence that matters.
    pub sentence: String,
    /// What else must be known: why, what was promised, what happens next.
    pub details: Vec<String>,
    /// The five steps.
    pub steps: [StepLine; 5],
    /// What happened, newest day first.
    pub days: Vec<DayOfHistory>,
    /// How old the data is.
    pub heard: String,
    /// In which zone the times are.
    pub zone_note: String,
}

impl Screen {
    /// What everybody reads.
    pub fn public(view: &PublicView, words: &Catalogue, times: &impl Times) -> Self {
        Self::of(&Facts::public(view), words, times)
    }

    /// What the recipient reads.
    pub fn recipient(view: &RecipientView, words: &Catalogue, times: &impl Times) -> Self {
        Self::of(&Facts::recipient(view), words, times)
    }

    fn of(facts: &Facts<'_>, words: &Catalogue, times: &impl Times) -> Self {
        let told = sentence::tell(facts, words, times);
        Self {
            tone: Tone::of(facts.status, told.late),
            sentence: told.sentence,
            details: told.details,
            steps: steps::steps(facts, words),
            days: history::days(facts, words, times),
            heard: heard::heard(facts.heard_at, words, times),
            zone_note: zone_note(facts.zone, words),
        }
    }
}

/// A zone that is no place ("UTC") is only named.
fn zone_note(zone: &Zone, words: &Catalogue) -> String {
    match zone.as_str().split_once('/') {
        None | Some(("Etc", _)) => words.zone_plain(zone.as_str()),
        Some(_) => words.zone_note(&zone.city(), zone.as_str()),
    }
}

#[cfg(test)]
mod tests;
