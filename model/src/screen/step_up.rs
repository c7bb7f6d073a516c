//! What the panel says that asks for a proof of who one is: how a try ended and what can be done next.
//! The labels of its fields are plain messages of the catalogue (`step_up.*`).

use crate::catalogue::Catalogue;
use crate::screen::Times;
use crate::time::Timestamp;

/// How a try to prove who one is ended, or what stands in its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepUpState {
    /// Nothing was tried.
    Asked,
    /// It was wrong; so many tries are left, where that is known.
    Wrong(Option<u8>),
    /// Only staff can go on.
    Locked,
    /// An e-mail with a code was sent.
    Sent,
    /// Too many e-mails were asked for.
    TooMany,
    /// There is no connection.
    Offline,
    /// It was right; it holds until then.
    Done(Timestamp),
}

impl StepUpState {
    /// The same in a sentence.
    pub fn line(self, words: &Catalogue, times: &impl Times) -> String {
        match self {
            Self::Asked => words.step_up_why().to_owned(),
            Self::Wrong(None) => words.step_up_wrong().to_owned(),
            Self::Wrong(Some(0)) | Self::Locked => words.step_up_locked().to_owned(),
            Self::Wrong(Some(1)) => words.step_up_wrong_last().to_owned(),
            Self::Wrong(Some(left)) => words.step_up_wrong_left(&left.to_string()),
            Self::Sent => words.step_up_email_sent().to_owned(),
            Self::TooMany => words.step_up_email_many().to_owned(),
            Self::Offline => words.step_up_offline().to_owned(),
            Self::Done(until) => words.step_up_done(&times.clock(until)),
        }
    }

    /// Whether a proof can be typed.
    pub fn may_try(self) -> bool {
        !matches!(self, Self::Locked | Self::Wrong(Some(0)) | Self::Done(_))
    }
}
