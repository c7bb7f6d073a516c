//! What leaves the building, audience by audience: canary strings in every personal and free-text field
//! show up where they may and nowhere else, and a golden JSON pins each wire form.

mod canaries;
mod golden;

use crate::eta::{Confidence, Eta, Promise, Window};
use crate::event::{Event, Movement};
use crate::flags::{Flag, FlagChange, Flags};
use crate::id::{EventId, TrackingId};
use crate::person::{Courier, Recipient};
use crate::preferences::{Handover, Preference, Preferences, Receipt};
use crate::proof::{Proof, ProofKind};
use crate::reason::Reason;
use crate::shipment::{Details, Shipment};
use crate::status::Status;
use crate::text::{Address, Comment, Email, Note, PersonName, Phone, Place, Reference, Source, SourceWord};
use crate::time::{Day, Timestamp, Zone};
use crate::views::Days;

/// Everywhere is UTC, but for one zone that is a day ahead.
struct FixedDays;

impl Days for FixedDays {
    fn day(&self, at: Timestamp, zone: &Zone) -> Day {
        let ahead = if zone.as_str() == "Pacific/Auckland" { 13 } else { 0 };
        (at.utc() + chrono::TimeDelta::hours(ahead)).date_naive()
    }
}

fn at(clock: &str) -> Timestamp {
    Timestamp::parse(&format!("2026-11-21T{clock}:00Z")).unwrap_or_else(|e| panic!("{e}"))
}

/// Parses a text that the test knows to be valid.
macro_rules! text {
    ($kind:ident, $text:expr) => {
        $kind::parse($text).unwrap_or_else(|e| panic!("{e}"))
    };
}

fn preference<T>(value: T) -> Preference<T> {
    Preference { value, version: 2, edited_at: at("08:00"), receipt: Receipt::Passed }
}

/// A shipment with every field filled and a canary in each that people or sources write.
fn shipment() -> Shipment {
    let details = Details {
        zone: Zone::parse("Pacific/Auckland").unwrap_or_else(|e| panic!("{e}")),
        promise: Some(Promise {
            day: Day::from_ymd_opt(2026, 11, 22).unwrap_or_default(),
            until: Timestamp::parse("2026-11-22T10:59:59.999Z").unwrap_or_else(|e| panic!("{e}")),
        }),
        reference: Some(text!(Reference, "canary-reference")),
        recipient: Recipient {
            name: Some(text!(PersonName, "Canaryfirst Canarylast")),
            phone: Some(text!(Phone, "canary-phone")),
            email: Some(text!(Email, "canary-email@example.org")),
            address: Some(text!(Address, "canary-address 1")),
        },
        courier: Courier {
            name: Some(text!(PersonName, "Courierfirst Courierlast")),
            phone: Some(text!(Phone, "courier-phone")),
        },
        origin: Some(text!(Place, "canary-origin")),
        preferences: Preferences {
            comment: Some(preference(text!(Comment, "canary-comment"))),
            handover: Some(preference(Handover::AtDoor)),
            editable_until: Some(at("13:00")),
        },
        proofs: vec![Proof {
            kind: ProofKind::Photo,
            reference: text!(Reference, "canary-proof"),
            taken_at: at("12:00"),
            place: Some(text!(Place, "canary-proofplace")),
        }],
    };
    let id = TrackingId::parse("GOLD-1").unwrap_or_else(|e| panic!("{e}"));
    Shipment::new(id, details, at("07:00"), events(), 4)
}

fn events() -> Vec<Event> {
    let event = |id: &str, clock: &str| Event {
        id: EventId::parse(id).unwrap_or_else(|e| panic!("{e}")),
        occurred_at: Some(at(clock)),
        received_at: at(clock),
        source: text!(Source, "canary-source"),
        source_word: None,
        status: None,
        movement: Movement::Forward,
        reason: None,
        flags: FlagChange::default(),
        eta: None,
        place: Some(text!(Place, "canary-place")),
        note: Some(text!(Note, "canary-note")),
    };
    let eta = Eta {
        window: Window::Between { from: at("14:10"), until: at("14:40") },
        as_of: at("10:00"),
        confidence: Some(Confidence::High),
        source: text!(Source, "canary-source"),
        cause: Some(text!(Note, "canary-cause")),
    };
    let set: Flags = [Flag::Contactless].into_iter().collect();
    vec![
        Event {
            status: Some(Status::AttemptFailed),
            source_word: Some(text!(SourceWord, "WORD_SHOWN")),
            reason: Some(Reason::RecipientAbsent),
            ..event("canary-id-1", "09:00")
        },
        Event {
            status: Some(Status::OutForDelivery),
            occurred_at: None,
            eta: Some(eta),
            flags: FlagChange { set, clear: Flags::NONE },
            ..event("canary-id-2", "10:00")
        },
        Event {
            status: Some(Status::Unknown),
            source_word: Some(text!(SourceWord, "canary-unmapped")),
            ..event("canary-id-3", "11:00")
        },
    ]
}

fn json(view: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(view).unwrap_or_else(|e| panic!("{e}"))
}
