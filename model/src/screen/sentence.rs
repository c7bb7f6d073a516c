//! The sentence that matters, and what else must be known: late is said as late, with what happens
//! next; where nothing is known it says so (design, promise 4).

use crate::catalogue::Catalogue;
use crate::eta::Window;
use crate::flags::Flag;
use crate::reason::Reason;
use crate::screen::facts::Facts;
use crate::screen::{Times, next, when};
use crate::status::Status;

/// The sentence and its company.
pub(super) struct Told {
    pub(super) sentence: String,
    pub(super) details: Vec<String>,
    /// Whether it comes, or came, later than promised or announced.
    pub(super) late: bool,
}

/// Says where the shipment stands.
pub(super) fn tell(facts: &Facts<'_>, words: &Catalogue, times: &impl Times) -> Told {
    let coming = !facts.status.is_final() && facts.status != Status::Returning;
    let expected = facts.window.filter(|window| coming && !when::passed(*window, times));
    let today = times.day(times.now());
    let overdue = coming && facts.promised.is_some_and(|promised| promised < today);
    let late = overdue || facts.flags.has(Flag::Delayed);
    let sentence = sentence(facts, expected.and_then(|w| when::window(w, words, times)), late, words, times);

    let mut details = Vec::new();
    if let Some(reason) = facts.reason.filter(|reason| *reason != Reason::Other) {
        details.push(words.reason_line(reason_text(reason, words)));
    }
    // A step that asks something of the recipient says better what is needed.
    let asked = facts.next.is_some_and(next::asks);
    if facts.flags.has(Flag::ActionRequired) && coming && !asked {
        details.push(words.detail_action_required().to_owned());
    }
    details.extend(about_time(facts, expected, overdue, words, times));
    details.extend(match facts.next {
        Some(step) => Some(next::step(step, words, times)),
        None => what_next(facts.status, words).map(str::to_owned),
    });
    Told { sentence, details, late: late && coming }
}

fn sentence(
    facts: &Facts<'_>,
    expected: Option<String>,
    late: bool,
    words: &Catalogue,
    times: &impl Times,
) -> String {
    let status = status_text(facts.status, words);
    match (facts.status, expected) {
        (Status::Delivered | Status::Returned | Status::Cancelled | Status::Undeliverable, _) => {
            match facts.since {
                Some(since) => words.sentence_done(status, &when::at(since, words, times)),
                None => status.to_owned(),
            }
        }
        (Status::AttemptFailed, Some(when)) => words.sentence_retry(status, &when),
        (Status::AttemptFailed | Status::Exception | Status::Arrived | Status::AvailableForPickup, _) => {
            status.to_owned()
        }
        (_, Some(when)) if late => words.sentence_delayed(status, &when),
        (_, Some(when)) => words.sentence_arriving(status, &when),
        (Status::Returning | Status::Failed, None) => status.to_owned(),
        (_, None) => match facts.promised {
            // What was promised is worth saying only until the carrier's own word, or the day, has passed it.
            Some(day) if facts.window.is_none() && !late => words.sentence_promised(status, &times.date(day)),
            _ => status.to_owned(),
        },
    }
}

/// What must be said of promise and expectation beside the sentence.
fn about_time(
    facts: &Facts<'_>,
    expected: Option<Window>,
    overdue: bool,
    words: &Catalogue,
    times: &impl Times,
) -> Option<String> {
    let promised = facts.promised.map(|day| times.date(day));
    if facts.status == Status::Delivered {
        // Collected late is not come late: the flag knows when it was there.
        let late = facts.flags.has(Flag::Delayed) && times.day(facts.since?) > facts.promised?;
        return late.then(|| words.detail_delivered_late(&promised.unwrap_or_default()));
    }
    let at_hand = matches!(facts.status, Status::Arrived | Status::AvailableForPickup | Status::Returning);
    if facts.status.is_final() || at_hand {
        return None;
    }
    if let Some(last) = expected.and_then(|window| when::last_day(window, times)) {
        // What may still come on the day it was promised for is not called late by the day.
        return facts.promised.filter(|day| *day < last).and(promised).map(|day| words.detail_late(&day));
    }
    if overdue {
        return promised.map(|day| words.detail_late_unknown(&day));
    }
    if let Some(passed) = facts.window.and_then(|window| when::window(window, words, times)) {
        return Some(words.detail_window_passed(&passed));
    }
    if facts.flags.has(Flag::Delayed) {
        return Some(words.detail_delayed().to_owned());
    }
    let silent = facts.promised.is_none() && facts.status.rank().is_some();
    silent.then(|| words.detail_no_time().to_owned())
}

/// What the viewer may expect or do next.
fn what_next(status: Status, words: &Catalogue) -> Option<&'static str> {
    Some(match status {
        Status::Unknown => words.detail_unknown(),
        Status::AvailableForPickup => words.detail_pickup(),
        Status::AttemptFailed => words.detail_attempt_failed(),
        Status::Exception => words.detail_exception(),
        Status::Undeliverable => words.detail_undeliverable(),
        Status::Returning => words.detail_returning(),
        Status::Returned => words.detail_returned(),
        Status::Cancelled => words.detail_cancelled(),
        Status::Failed => words.detail_failed(),
        _ => return None,
    })
}

/// A status in words.
pub(super) fn status_text(status: Status, words: &Catalogue) -> &'static str {
    match status {
        Status::Unknown => words.status_unknown(),
        Status::Created => words.status_created(),
        Status::Scheduled => words.status_scheduled(),
        Status::Confirmed => words.status_confirmed(),
        Status::Preparing => words.status_preparing(),
        Status::Ready => words.status_ready(),
        Status::CourierAssigned => words.status_courier_assigned(),
        Status::AtPickup => words.status_at_pickup(),
        Status::PickedUp => words.status_picked_up(),
        Status::InTransit => words.status_in_transit(),
        Status::OutForDelivery => words.status_out_for_delivery(),
        Status::Arrived => words.status_arrived(),
        Status::AvailableForPickup => words.status_available_for_pickup(),
        Status::Delivered => words.status_delivered(),
        Status::AttemptFailed => words.status_attempt_failed(),
        Status::Exception => words.status_exception(),
        Status::Undeliverable => words.status_undeliverable(),
        Status::Returning => words.status_returning(),
        Status::Returned => words.status_returned(),
        Status::Cancelled => words.status_cancelled(),
        Status::Failed => words.status_failed(),
    }
}

/// A reason in words, as the end of a sentence.
pub(super) fn reason_text(reason: Reason, words: &Catalogue) -> &'static str {
    match reason {
        Reason::RecipientRefused => words.reason_recipient_refused(),
        Reason::RecipientAbsent => words.reason_recipient_absent(),
        Reason::RecipientMoved => words.reason_recipient_moved(),
        Reason::AddressWrong => words.reason_address_wrong(),
        Reason::AccessBlocked => words.reason_access_blocked(),
        Reason::CodeMismatch => words.reason_code_mismatch(),
        Reason::PaymentMissing => words.reason_payment_missing(),
        Reason::PickupMissed => words.reason_pickup_missed(),
        Reason::Damaged => words.reason_damaged(),
        Reason::Lost => words.reason_lost(),
        Reason::Customs => words.reason_customs(),
        Reason::Weather => words.reason_weather(),
        Reason::External => words.reason_external(),
        Reason::CarrierCapacity => words.reason_carrier_capacity(),
        Reason::Vehicle => words.reason_vehicle(),
        Reason::NoProvider => words.reason_no_provider(),
        Reason::NoCoverage => words.reason_no_coverage(),
        Reason::SenderCancelled => words.reason_sender_cancelled(),
        Reason::RecipientCancelled => words.reason_recipient_cancelled(),
        Reason::CarrierCancelled => words.reason_carrier_cancelled(),
        Reason::SlotExpired => words.reason_slot_expired(),
        Reason::Other => words.reason_other(),
    }
}
