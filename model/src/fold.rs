//! The fold: from the events of a shipment to where it stands (design section 3). A pure function of
//! the set of events; any order of arrival gives the same journey. It knows no clock, no store, no
//! audience.
//!
//! The rules, in the order in which they are asked:
//!
//! 1. A marked correction holds, whatever stood before.
//! 2. A word that no table maps (`unknown`) moves nothing.
//! 3. An ended journey stays ended, but for what the table in [`leaves`] lets follow.
//! 4. An explicit step back holds, and sets how far the journey has come.
//! 5. A ranked status moves forward or stays; a lower one joins the history only.
//! 6. A side status holds and keeps how far the journey has come, except that a try in vain (a failed
//!    attempt, given up) sends the goods back to "picked up" (the next try is a redelivery and no step
//!    back) and `failed` to the start (the retry is a new beginning).
//! 7. What was announced for a try that came to nothing is void; the next try needs its own word.
//! 8. Who brings it is the last who was named. The next step is that of the event which made the status,
//!    or of an update since.
//! 9. The reason is that of the status. Where it has none, and the journey goes on, it is that of the
//!    flags set since the last side status.

use crate::eta::{Eta, Promise, Window};
use crate::event::{Event, Movement};
use crate::flags::{Flag, Flags};
use crate::next::NextStep;
use crate::person::Courier;
use crate::reason::Reason;
use crate::status::{Status, Step};
use crate::time::Timestamp;

/// Where a shipment stands: what its events fold into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journey {
    /// Where the delivery stands.
    pub status: Status,
    /// When it came to stand there; `None` before the first status or where the source does not know.
    pub since: Option<Timestamp>,
    /// The step of the progress bar.
    pub step: Step,
    /// What is true beside the status.
    pub flags: Flags,
    /// Why it stands there, or why it is delayed.
    pub reason: Option<Reason>,
    /// The last word on the time of arrival; `None` when nothing is known or nothing is to come.
    pub eta: Option<Eta>,
    /// The window that held before the last move of the time of arrival; `None` where it never moved.
    pub window_before: Option<Window>,
    /// Who brings it, where an event named somebody.
    pub courier: Option<Courier>,
    /// What happens or is to be done next; `None` where all goes its way.
    pub next: Option<NextStep>,
    /// How many tries to deliver it came to nothing: the number of this visit, from 0.
    pub visit: u32,
    /// When we last heard anything; `None` before the first event.
    pub heard_at: Option<Timestamp>,
}

/// Folds `events`, which need not be in order, against what was promised.
pub fn fold<'a>(promise: Option<Promise>, events: impl IntoIterator<Item = &'a Event>) -> Journey {
    let mut ordered: Vec<&Event> = events.into_iter().collect();
    ordered.sort_by(|a, b| a.order().cmp(&b.order()));
    fold_ordered(promise, ordered)
}

/// The same for events that are in the order of [`Event::order`] already.
pub(crate) fn fold_ordered<'a>(
    promise: Option<Promise>,
    events: impl IntoIterator<Item = &'a Event>,
) -> Journey {
    let mut fold = Fold::default();
    for event in events {
        fold.apply(event);
    }
    fold.finish(promise)
}

/// The journey while it is being folded.
struct Fold {
    status: Status,
    since: Option<Timestamp>,
    /// How far along the forward journey it has come; see [`Status::rank`].
    reached: u8,
    step: Step,
    flags: Flags,
    reason: Option<Reason>,
    /// Why a flag was set: a delay or a question explains itself beside whatever status.
    flagged_for: Option<Reason>,
    eta: Option<Eta>,
    window_before: Option<Window>,
    courier: Option<Courier>,
    next: Option<NextStep>,
    visit: u32,
    heard_at: Option<Timestamp>,
    /// The last thing that happened to a delivery in vain, so that the next try is a redelivery.
    attempted: bool,
    /// Since when it waits, or waited until it was collected, at a pickup point: that keeps the promise,
    /// whenever it is collected.
    waiting_since: Option<Timestamp>,
}

impl Default for Fold {
    fn default() -> Self {
        Self {
            status: Status::Unknown,
            since: None,
            reached: 0,
            step: Step::Placed,
            flags: Flags::NONE,
            reason: None,
            flagged_for: None,
            eta: None,
            window_before: None,
            courier: None,
            next: None,
            visit: 0,
            heard_at: None,
            attempted: false,
            waiting_since: None,
        }
    }
}

impl Fold {
    fn apply(&mut self, event: &Event) {
        self.heard_at = self.heard_at.max(Some(event.received_at));
        if let Some(eta) = &event.eta {
            let before = self.eta.as_ref().map(|eta| eta.window).filter(|window| *window != Window::Unknown);
            if before.is_some_and(|before| before != eta.window) {
                self.window_before = before;
            }
            // Who says the same window again, and no more, does not take back why it moved.
            let same = self.eta.take().filter(|known| known.window == eta.window);
            let cause = eta.cause.clone().or(same.and_then(|known| known.cause));
            self.eta = Some(Eta { cause, ..eta.clone() });
        }
        if event.courier.is_some() {
            self.courier.clone_from(&event.courier);
        }
        if let Some(status) = event.status
            && self.takes(status, event)
        {
            self.stand(status, event);
        }
        if event.status.is_none() && event.next.is_some() {
            self.next = event.next;
        }
        self.flags = self.flags.changed(event.flags);
        if event.reason.is_some() && !event.flags.set.is_none() {
            self.flagged_for = event.reason;
        }
    }

    /// Whether `event` may move the journey to `status`.
    fn takes(&self, status: Status, event: &Event) -> bool {
        match event.movement {
            Movement::Correction => return status != Status::Unknown,
            _ if status == Status::Unknown => return false,
            _ => {}
        }
        if !leaves(self.status, status, event) {
            return false;
        }
        match (event.movement, status.rank()) {
            (Movement::Forward, Some(rank)) => rank >= self.reached,
            _ => true,
        }
    }

    fn stand(&mut self, status: Status, event: &Event) {
        if status != self.status || event.movement != Movement::Forward {
            self.since = event.occurred_at;
        }
        self.status = status;
        self.reason = event.reason;
        self.next = event.next;
        self.step = status.step().unwrap_or(self.step);
        if status.rank().is_none() {
            self.flagged_for = None;
        }
        match status {
            Status::AttemptFailed | Status::Undeliverable => {
                self.attempted = true;
                self.visit += 1;
                self.reached = self.reached.min(rank_of(Status::PickedUp));
            }
            Status::Failed => self.reached = 0,
            _ => {
                if let Some(rank) = status.rank() {
                    self.reached = rank;
                }
            }
        }
        match status {
            Status::AvailableForPickup => self.waiting_since = self.waiting_since.or(event.occurred_at),
            Status::Delivered => {}
            _ => self.waiting_since = None,
        }
        if self.attempted && status == Status::OutForDelivery {
            self.flags = self.flags.with(Flag::Redelivery);
        }
        if status == Status::Delivered {
            self.flags = self.flags.without(Flag::ActionRequired);
        }
        let came_to_nothing = matches!(
            status,
            Status::AttemptFailed | Status::Undeliverable | Status::Failed | Status::Returning
        );
        if came_to_nothing
            && event.eta.is_none()
            && self.eta.as_ref().is_some_and(|eta| eta.as_of < event.at())
        {
            self.eta = None;
            self.window_before = None;
        }
    }

    fn finish(mut self, promise: Option<Promise>) -> Journey {
        let nothing_to_come = self.status.is_final() || self.status == Status::Returning;
        let withdrawn = self.eta.as_ref().is_some_and(|eta| eta.window == Window::Unknown);
        if nothing_to_come || withdrawn {
            self.eta = None;
        }
        if promise.is_some_and(|promise| self.misses(promise)) {
            self.flags = self.flags.with(Flag::Delayed);
        }
        let flagged = self.flags.has(Flag::Delayed) || self.flags.has(Flag::ActionRequired);
        if self.reason.is_none() && flagged && !nothing_to_come {
            self.reason = self.flagged_for;
        }
        let next = self.next.or(NextStep::usual(self.status, self.reason));
        let window = self.eta.as_ref().map(|eta| eta.window);
        Journey {
            status: self.status,
            since: self.since,
            step: self.step,
            flags: self.flags,
            reason: self.reason,
            window_before: self.window_before.filter(|before| window.is_some_and(|window| window != *before)),
            eta: self.eta,
            courier: self.courier,
            next,
            visit: self.visit,
            heard_at: self.heard_at,
        }
    }

    /// Whether it came, or surely comes, later than promised. The promise's day and that of a window are
    /// both days in the zone of the delivery.
    fn misses(&self, promise: Promise) -> bool {
        if matches!(self.status, Status::Delivered | Status::AvailableForPickup) {
            return self.waiting_since.or(self.since).is_some_and(|since| since > promise.until);
        }
        match self.eta.as_ref().map(|eta| eta.window) {
            Some(Window::Between { from, .. }) => from > promise.until,
            Some(Window::OnDay { day }) => day > promise.day,
            Some(Window::Unknown) | None => false,
        }
    }
}

/// Whether the journey may go from `from` to `to` at all: what may follow an end, and an end of hope.
fn leaves(from: Status, to: Status, event: &Event) -> bool {
    use Status::{Cancelled, Delivered, OutForDelivery, Returned, Returning, Undeliverable};
    match from {
        Delivered | Cancelled => matches!(to, Returning | Returned),
        Returned => false,
        Returning => to == Returned || event.movement == Movement::StepBack,
        Undeliverable => {
            let again = event.movement == Movement::StepBack || event.flags.set.has(Flag::Redelivery);
            matches!(to, Returning | Returned) || (to == OutForDelivery && again)
        }
        _ => true,
    }
}

const fn rank_of(status: Status) -> u8 {
    match status.rank() {
        Some(rank) => rank,
        None => 0,
    }
}

#[cfg(test)]
mod tests;
