//! What the recipient tells the courier, in words: until when it may be edited, how far an edit has come,
//! what may be chosen, and what became of an edit that was sent. Who sends it and when is the widget's
//! business; the words for its counts and fields are plain messages of the catalogue (`comment.*`,
//! `contactless.*`, `edit.*`).

use crate::catalogue::Catalogue;
use crate::preferences::{Editor, Handover, Preference, Receipt};
use crate::screen::arrival::span;
use crate::screen::sentence::status_text;
use crate::screen::steps::StepState;
use crate::screen::{Times, when};
use crate::shipment::Editing;
use crate::status::Status;
use crate::text::Comment;

const MINUTE: i64 = 60_000;

/// Until when instructions may be edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// Whether they may be edited now.
    pub open: bool,
    /// The same in a sentence: the deadline with what is left of it, or since when it is fixed.
    pub line: String,
}

impl Deadline {
    /// The deadline that `editing` sets.
    pub fn of(editing: Editing, words: &Catalogue, times: &impl Times) -> Self {
        let open = editing.is_open(times.now());
        let line = match editing.until {
            Some(until) if open => open_until(until, words, times),
            Some(until) if until < times.now() => words.edit_fixed_since(&when::point(until, words, times)),
            None if open => open_before(editing.closes, words),
            _ => words.edit_fixed().to_owned(),
        };
        Self { open, line }
    }
}

fn open_until(until: crate::time::Timestamp, words: &Catalogue, times: &impl Times) -> String {
    let when = when::point(until, words, times);
    let minutes = (until.millis() - times.now().millis()) / MINUTE;
    match minutes {
        ..1 => words.edit_until(&when, words.edit_last_minute()),
        1..720 => words.edit_until(&when, &span(minutes, words)),
        // Whoever has half a day counts no minutes.
        _ => words.edit_until_far(&when),
    }
}

fn open_before(closes: Status, words: &Catalogue) -> String {
    match closes {
        Status::PickedUp => words.edit_until_collected().to_owned(),
        Status::OutForDelivery => words.edit_until_out().to_owned(),
        Status::Arrived => words.edit_until_arrived().to_owned(),
        Status::Delivered => words.edit_until_delivered().to_owned(),
        other => words.edit_until_status(status_text(other, words)),
    }
}

/// One stage of an edit's way to the courier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceiptStep {
    /// Which.
    pub receipt: Receipt,
    /// Its name.
    pub label: &'static str,
    /// Where it stands.
    pub state: StepState,
    /// The same in words, for those who do not see it.
    pub spoken: &'static str,
}

/// The four stages of an edit that has come as far as `reached`. What a source never reports stays ahead.
pub fn receipts(reached: Receipt, words: &Catalogue) -> [ReceiptStep; 4] {
    [Receipt::Saved, Receipt::Passed, Receipt::OnDevice, Receipt::Read].map(|receipt| {
        let (state, spoken) = match receipt.cmp(&reached) {
            std::cmp::Ordering::Less => (StepState::Done, words.step_done()),
            std::cmp::Ordering::Equal => (StepState::Current, words.step_current()),
            std::cmp::Ordering::Greater => (StepState::Ahead, words.step_ahead()),
        };
        ReceiptStep { receipt, label: receipt_text(receipt, words), state, spoken }
    })
}

fn receipt_text(receipt: Receipt, words: &Catalogue) -> &'static str {
    match receipt {
        Receipt::Saved => words.receipt_saved(),
        Receipt::Passed => words.receipt_passed(),
        Receipt::OnDevice => words.receipt_on_device(),
        Receipt::Read => words.receipt_read(),
    }
}

/// One way to hand it over that may be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandoverOption {
    /// Which.
    pub handover: Handover,
    /// Its name.
    pub label: &'static str,
    /// What it means, or why it cannot be chosen.
    pub help: &'static str,
    /// Whether it can be chosen.
    pub allowed: bool,
}

/// The ways to hand it over. `allowed` is whether meeting nobody may be chosen, `code` whether there is a
/// delivery code.
pub fn handovers(allowed: bool, code: bool, words: &Catalogue) -> [HandoverOption; 3] {
    [Handover::InPerson, Handover::AtDoor, Handover::AtReception].map(|handover| {
        let (label, help) = handover_text(handover, words);
        let (allowed, help) = match (handover.is_contactless(), allowed) {
            (true, false) => (false, words.contactless_excluded()),
            (true, true) if code => (true, words.contactless_confirm()),
            _ => (true, help),
        };
        HandoverOption { handover, label, help, allowed }
    })
}

fn handover_text(handover: Handover, words: &Catalogue) -> (&'static str, &'static str) {
    match handover {
        Handover::InPerson => (words.contactless_in_person(), words.contactless_in_person_help()),
        Handover::AtDoor => (words.contactless_at_door(), words.contactless_at_door_help()),
        Handover::AtReception => (words.contactless_at_reception(), words.contactless_at_reception_help()),
    }
}

/// Who made the edit that stands, and when.
pub fn edited<T>(preference: &Preference<T>, words: &Catalogue, times: &impl Times) -> String {
    let when = when::at(preference.edited_at, words, times);
    match preference.edited_by {
        Editor::Recipient => words.edit_by_recipient(&when),
        Editor::Client => words.edit_by_client(&when),
    }
}

/// What stands under the comment while it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter {
    /// Whether it fits.
    pub fits: bool,
    /// What is seen: "12 of 500", or how many are too many.
    pub shown: String,
    /// The same in whole words, for those who do not see it.
    pub spoken: String,
}

/// The counter for `count` characters as people count them (the browser counts, by `Intl.Segmenter`).
pub fn counter(count: usize, words: &Catalogue) -> Counter {
    let most = Comment::MAX.to_string();
    match count.checked_sub(Comment::MAX) {
        None | Some(0) => {
            let count = count.to_string();
            Counter {
                fits: true,
                shown: words.comment_count(&count, &most),
                spoken: words.comment_count_spoken(&count, &most),
            }
        }
        Some(over) => {
            let shown = words.comment_too_long(&over.to_string(), &most);
            Counter { fits: false, spoken: shown.clone(), shown }
        }
    }
}

/// What has become of an edit that the recipient made on this page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditState {
    /// It is on its way to us.
    Saving,
    /// We hold it. It can be undone for so many seconds more; 0 when no more.
    Saved(u32),
    /// It was taken back.
    Undone,
    /// It equals what stands.
    Same,
    /// There is no connection: it waits on this device.
    Waiting,
    /// We did not answer as we should: it is sent again.
    Retrying,
    /// Somebody else edited meanwhile: the recipient chooses.
    Conflict,
    /// It came after the deadline.
    TooLate,
    /// The code excludes it.
    Excluded,
    /// What was written cannot be taken.
    Refused,
    /// The session is over.
    SignedOut,
}

impl EditState {
    /// The same in a sentence. The undo button's own words are the catalogue's `edit.undo`.
    pub fn line(self, words: &Catalogue) -> &'static str {
        match self {
            Self::Saving => words.edit_saving(),
            Self::Saved(_) => words.edit_saved(),
            Self::Undone => words.edit_undone(),
            Self::Same => words.edit_same(),
            Self::Waiting => words.edit_waiting(),
            Self::Retrying => words.edit_retrying(),
            Self::Conflict => words.edit_conflict(),
            Self::TooLate => words.edit_too_late(),
            Self::Excluded => words.edit_excluded(),
            Self::Refused => words.edit_refused(),
            Self::SignedOut => words.edit_signed_out(),
        }
    }

    /// What the undo button says while it can be pressed.
    pub fn undo(self, words: &Catalogue) -> Option<String> {
        match self {
            Self::Saved(seconds @ 1..) => Some(words.edit_undo(&seconds.to_string())),
            _ => None,
        }
    }
}
