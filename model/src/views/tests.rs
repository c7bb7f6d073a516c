//! What leaves the building, audience by audience: canary strings in every personal and free-text field
//! show up where they may and nowhere else, and a golden JSON pins each wire form.

#[cfg(feature = "openapi")]
mod audiences;
mod canaries;
mod golden;

use crate::code::{DeliveryCode, Digits, Drawn};
use crate::eta::{Confidence, Eta, Promise, Window};
use crate::event::{Event, Movement};
use crate::flags::{Flag, FlagChange, Flags};
use crate::handoff::{Handoff, PhotoAnswer};
use crate::id::{EditId, EventId, TrackingId};
use crate::language::LanguageTag;
use crate::next::{NextAction, NextStep};
use crate::person::{Courier, Recipient};
use crate::preferences::{Contactless, Editor, Handover, Preference, Preferences, Receipt};
use crate::proof::{Proof, ProofKind};
use crate::reason::Reason;
use crate::rules::{CodeWithContactless, Rules};
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

fn courier(name: &str, phone: &str) -> Courier {
    Courier { name: Some(text!(PersonName, name)), phone: Some(text!(Phone, phone)) }
}

fn preference<T>(value: T) -> Preference<T> {
    Preference {
        value: Some(value),
        version: 2,
        edited_at: at("08:00"),
        edited_by: Editor::Recipient,
        edit: text!(EditId, "edit-2"),
        receipt: Receipt::Passed,
    }
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
        courier: courier("Firstcourier Firstfamily", "first-phone"),
        origin: Some(text!(Place, "canary-origin")),
        rules: Rules { code_with_contactless: CodeWithContactless::ConfirmPhoto, ..Rules::default() },
        handoff: handoff(),
    };
    let id = TrackingId::parse("GOLD-1").unwrap_or_else(|e| panic!("{e}"));
    Shipment::new(id, details, at("07:00"), events(), 4)
}

/// What was done about handing it over, with the code ready to be shown.
fn handoff() -> Handoff {
    let drawn = Drawn {
        digits: Digits::new(6).unwrap_or_else(|e| panic!("{e}")),
        sealed: "canary-sealed".to_owned(),
        salt: [7, 9, 11, 13, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    };
    let code = DeliveryCode {
        version: 2,
        wrong_tries: 1,
        reveals: 1,
        revealed_at: vec![at("10:30")],
        ..DeliveryCode::new(drawn)
    };
    let proof = |reference, picture| Proof {
        kind: ProofKind::Photo,
        reference: text!(Reference, reference),
        taken_at: at("12:00"),
        told_at: at("12:01"),
        picture,
        place: Some(text!(Place, "canary-proofplace")),
    };
    let contactless = Contactless {
        handover: Handover::AtDoor,
        cash_receiver: Some(text!(PersonName, "canary-cash")),
        phone: Some(text!(Phone, "canary-receiverphone")),
    };
    Handoff {
        preferences: Preferences {
            comment: Some(preference(text!(Comment, "canary-comment"))),
            contactless: Some(preference(contactless)),
        },
        code: Some(code),
        identity_tries: 2,
        proofs: vec![proof("canary-scan", false), proof("canary-photo", true)],
        photo: Some(PhotoAnswer { proof: 1, mine: false, at: at("12:05") }),
    }
}

fn events() -> Vec<Event> {
    let event = |id: &str, clock: &str| Event {
        id: EventId::parse(id).unwrap_or_else(|e| panic!("{e}")),
        occurred_at: Some(at(clock)),
        received_at: at(clock),
        source: text!(Source, "canary-source"),
        source_word: None,
        language: None,
        status: None,
        movement: Movement::Forward,
        reason: None,
        flags: FlagChange::default(),
        eta: None,
        place: Some(text!(Place, "canary-place")),
        note: Some(text!(Note, "canary-note")),
        courier: None,
        next: None,
    };
    let eta = |from, until| Eta {
        window: Window::Between { from: at(from), until: at(until) },
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
            language: LanguageTag::parse("es-MX").ok(),
            reason: Some(Reason::RecipientAbsent),
            courier: Some(courier("Firstcourier Firstfamily", "first-phone")),
            ..event("canary-id-1", "09:00")
        },
        Event {
            status: Some(Status::OutForDelivery),
            occurred_at: None,
            eta: Some(eta("13:55", "14:25")),
            flags: FlagChange { set, clear: Flags::NONE },
            ..event("canary-id-2", "10:00")
        },
        Event {
            status: Some(Status::Unknown),
            source_word: Some(text!(SourceWord, "canary-unmapped")),
            ..event("canary-id-3", "11:00")
        },
        Event {
            eta: Some(eta("14:10", "14:40")),
            courier: Some(courier("Newcourierfirst Newcourierlast", "newcourier-phone")),
            next: Some(NextStep { action: NextAction::Arrange, until: Some(at("15:30")) }),
            ..event("canary-id-4", "11:30")
        },
    ]
}

fn json(view: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(view).unwrap_or_else(|e| panic!("{e}"))
}
