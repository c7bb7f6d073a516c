//! What amendments do, rule by rule, and what no order of amendments may do.

mod code;
mod edits;
mod interleaved;
mod proofs;

use crate::code::{DeliveryCode, Digits, Drawn};
use crate::event::{Event, Movement};
use crate::flags::FlagChange;
use crate::handoff::{Amended, Amendment, Handoff, Refusal};
use crate::id::{EditId, EventId, TrackingId};
use crate::preferences::{Contactless, Edit, Editor, Handover};
use crate::rules::{CodeWithContactless, Rules};
use crate::shipment::{Details, Shipment};
use crate::status::Status;
use crate::text::{Comment, Source};
use crate::time::{Timestamp, Zone};

/// Noon of a day, plus `minutes`.
fn at(minutes: i64) -> Timestamp {
    Timestamp::from_millis(1_795_262_400_000 + minutes * 60_000)
}

fn event(id: &str, minutes: i64, status: Status) -> Event {
    Event {
        id: EventId::parse(id).unwrap_or_else(|e| panic!("{e}")),
        occurred_at: Some(at(minutes)),
        received_at: at(minutes),
        source: Source::parse("test").unwrap_or_else(|e| panic!("{e}")),
        source_word: None,
        language: None,
        status: Some(status),
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

fn drawn(salt: u8) -> Drawn {
    let digits = Digits::new(4).unwrap_or_else(|e| panic!("{e}"));
    Drawn { digits, sealed: format!("sealed-{salt}"), salt: [salt; 16] }
}

/// A shipment with a code that came to stand in `status` at minute 0.
fn shipment(status: Status) -> Shipment {
    with_rules(status, Rules::default())
}

fn with_rules(status: Status, rules: Rules) -> Shipment {
    let handoff = Handoff { code: Some(DeliveryCode::new(drawn(1))), ..Handoff::default() };
    let details = Details { rules, handoff, ..Details::in_zone(Zone::utc()) };
    let id = TrackingId::parse("HAND-1").unwrap_or_else(|e| panic!("{e}"));
    Shipment::new(id, details, at(-60), vec![event("first", 0, status)], 2)
}

/// The rules under which a code and a contactless choice go together.
fn confirming() -> Rules {
    Rules { code_with_contactless: CodeWithContactless::ConfirmPhoto, ..Rules::default() }
}

fn comment(text: &str, base: u32, id: &str, by: Editor) -> Amendment {
    let value = Some(text).filter(|text| !text.is_empty());
    Amendment::Comment(Edit {
        value: value.map(|text| Comment::parse(text).unwrap_or_else(|e| panic!("{e}"))),
        base,
        id: EditId::parse(id).unwrap_or_else(|e| panic!("{e}")),
        by,
    })
}

fn contactless(handover: Handover) -> Amendment {
    Amendment::Contactless(Edit {
        value: Some(Contactless { handover, cash_receiver: None, phone: None }),
        base: 0,
        id: EditId::parse("choice").unwrap_or_else(|e| panic!("{e}")),
        by: Editor::Recipient,
    })
}

fn tried(right: bool) -> Amendment {
    let completes = Box::new(event("by-code", 30, Status::Delivered));
    Amendment::CodeTried { version: 1, right, completes }
}

fn does(shipment: &mut Shipment, amendment: Amendment) -> Amended {
    shipment.amend(amendment, at(10)).0
}

const fn refused(why: Refusal) -> Amended {
    Amended::Refused(why)
}
