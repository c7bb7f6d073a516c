//! The folding rules one by one, and that any order of arrival of the same events gives the same
//! journey.

mod arrival;
mod eta;
mod handing;
mod rules;

use crate::event::{Event, Movement};
use crate::flags::{Flag, FlagChange, Flags};
use crate::fold::{Journey, fold};
use crate::id::EventId;
use crate::reason::Reason;
use crate::status::Status;
use crate::text::Source;
use crate::time::Timestamp;

/// Noon of a day, plus `minutes`.
fn at(minutes: i64) -> Timestamp {
    Timestamp::from_millis(1_795_262_400_000 + minutes * 60_000)
}

/// An update at minute `minutes` that says nothing yet.
fn update(minutes: i64) -> Event {
    Event {
        id: EventId::parse(&format!("at-{minutes}")).unwrap_or_else(|e| panic!("{e}")),
        occurred_at: Some(at(minutes)),
        received_at: at(minutes + 1),
        source: Source::parse("test").unwrap_or_else(|e| panic!("{e}")),
        source_word: None,
        language: None,
        status: None,
        movement: Movement::Forward,
        reason: None,
        flags: FlagChange::default(),
        eta: None,
        place: None,
        note: None,
        courier: None,
        next: None,
    }
}

fn event(minutes: i64, status: Status) -> Event {
    Event { status: Some(status), ..update(minutes) }
}

fn step_back(minutes: i64, status: Status) -> Event {
    Event { movement: Movement::StepBack, ..event(minutes, status) }
}

fn correction(minutes: i64, status: Status) -> Event {
    Event { movement: Movement::Correction, ..event(minutes, status) }
}

fn because(reason: Reason, event: Event) -> Event {
    Event { reason: Some(reason), ..event }
}

fn setting(flags: &[Flag], event: Event) -> Event {
    let set: Flags = flags.iter().copied().collect();
    Event { flags: FlagChange { set, ..event.flags }, ..event }
}

fn clearing(flags: &[Flag], event: Event) -> Event {
    let clear: Flags = flags.iter().copied().collect();
    Event { flags: FlagChange { clear, ..event.flags }, ..event }
}

fn journey(events: &[Event]) -> Journey {
    fold(None, events)
}

/// The journey through `statuses`, ten minutes apart.
fn through(statuses: &[Status]) -> Vec<Event> {
    statuses.iter().zip(0..).map(|(status, index)| event(index * 10, *status)).collect()
}

/// Where `statuses`, ten minutes apart and all forward, lead.
fn status_after(statuses: &[Status]) -> Status {
    journey(&through(statuses)).status
}
