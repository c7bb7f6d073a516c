//! Shipments and events to test with: one with every field set, and plain ones by name.

use std::sync::Arc;

use doorstep_model::code::{DeliveryCode, Digits, Drawn, Settlement};
use doorstep_model::eta::{Confidence, Eta, Promise, Window};
use doorstep_model::event::{Event, Movement};
use doorstep_model::flags::{Flag, FlagChange, Flags};
use doorstep_model::handoff::{Amended, Amendment, Handoff, PhotoAnswer};
use doorstep_model::id::{EditId, EventId, TrackingId};
use doorstep_model::next::{NextAction, NextStep};
use doorstep_model::person::{Courier, Recipient};
use doorstep_model::preferences::{Contactless, Edit, Editor, Handover, Preference, Preferences, Receipt};
use doorstep_model::proof::{Proof, ProofKind};
use doorstep_model::reason::Reason;
use doorstep_model::rules::{CodeWithContactless, CutOff, Rules};
use doorstep_model::shipment::{Details, Shipment};
use doorstep_model::status::Status;
use doorstep_model::text::{
    Address, Comment, Email, Note, PersonName, Phone, Place, Reference, Source, SourceWord,
};
use doorstep_model::time::{Timestamp, Zone};

use super::House;
use crate::identity::TenantId;
use crate::store::{AmendedShipment, Creation, NewShipment, Once, Recorded, Recording, Report};

/// Some instant, and seconds after it.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_795_270_200_000 + seconds * 1_000)
}

pub(crate) fn id(text: &str) -> TrackingId {
    TrackingId::parse(text).unwrap()
}

/// An event that happened and was heard of `seconds` after the start.
pub(crate) fn event(name: &str, seconds: i64, status: Status) -> Event {
    Event {
        id: EventId::parse(name).unwrap(),
        occurred_at: Some(at(seconds)),
        received_at: at(seconds),
        source: Source::parse("till").unwrap(),
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

/// An event with every field set, and characters that a careless quoting would lose.
pub(crate) fn full_event(name: &str) -> Event {
    let eta = Eta {
        window: Window::Between { from: at(4_000), until: at(5_800) },
        as_of: at(100),
        confidence: Some(Confidence::High),
        source: Source::parse("route").unwrap(),
        cause: Some(Note::parse("two \"stops\" added, it's late").unwrap()),
    };
    Event {
        occurred_at: None,
        source_word: Some(SourceWord::parse("ORDER\\_DISPATCHED \u{1F69A}").unwrap()),
        movement: Movement::Correction,
        reason: Some(Reason::Weather),
        flags: FlagChange {
            set: Flags::NONE.with(Flag::Delayed).with(Flag::CodeRequired),
            clear: Flags::NONE.with(Flag::Contactless),
        },
        eta: Some(eta),
        place: Some(Place::parse("Almacén 'Getafe'; --").unwrap()),
        note: Some(Note::parse("{\"left\": [\"by the door\"]}").unwrap()),
        courier: Some(Courier {
            name: PersonName::parse("Łukasz \"L\"").ok(),
            phone: Phone::parse("600").ok(),
        }),
        next: Some(NextStep { action: NextAction::Redelivery, until: Some(at(86_400)) }),
        ..event(name, 100, Status::OutForDelivery)
    }
}

/// Details with every field set.
pub(crate) fn full_details() -> Details {
    Details {
        zone: Zone::parse("Europe/Madrid").unwrap(),
        promise: Some(Promise { day: at(0).utc().date_naive(), until: at(9_000) }),
        reference: Some(Reference::parse("PO-77 \"b\"").unwrap()),
        recipient: Recipient {
            name: PersonName::parse("Inés O'Hara").ok(),
            phone: Phone::parse("+34 600 000 000").ok(),
            email: Email::parse("ines@example.org").ok(),
            address: Address::parse("Calle Mayor 1, Madrid").ok(),
        },
        courier: Courier { name: PersonName::parse("Bo").ok(), phone: None },
        origin: Some(Place::parse("Getafe").unwrap()),
        rules: Rules {
            cut_off: CutOff { status: Status::OutForDelivery, minutes_before_window: Some(30) },
            code_with_contactless: CodeWithContactless::ConfirmPhoto,
            confirm_photo_minutes: 5,
            link_hours_after_end: 1,
        },
        handoff: full_handoff(),
    }
}

/// A handoff with every field set.
pub(crate) fn full_handoff() -> Handoff {
    let contactless = Contactless {
        handover: Handover::AtDoor,
        cash_receiver: PersonName::parse("Zoë \"Z\" O'Neill").ok(),
        phone: Phone::parse("+34 600 000 001").ok(),
    };
    Handoff {
        preferences: Preferences {
            comment: Some(preference(Comment::parse("Ring \"twice\", it's\nthe \\ left").unwrap(), 1)),
            contactless: Some(preference(contactless, 2)),
        },
        code: Some(DeliveryCode {
            version: 2,
            wrong_tries: 1,
            settled: Some((Settlement::Verified, at(60))),
            reveals: 3,
            revealed_at: vec![at(40), at(41)],
            ..code()
        }),
        identity_tries: 2,
        proofs: vec![proof("p-1")],
        photo: Some(PhotoAnswer { proof: 1, mine: false, at: at(70) }),
    }
}

fn preference<T>(value: T, version: u32) -> Preference<T> {
    Preference {
        value: Some(value),
        version,
        edited_at: at(5),
        edited_by: Editor::Client,
        edit: EditId::parse("e-1").unwrap(),
        receipt: Receipt::Passed,
    }
}

/// A code that was drawn; what is sealed in it is nothing.
pub(crate) fn code() -> DeliveryCode {
    DeliveryCode::new(Drawn { digits: Digits::new(6).unwrap(), sealed: "c2VhbGVk".to_owned(), salt: [7; 16] })
}

pub(crate) fn proof(reference: &str) -> Proof {
    Proof {
        kind: ProofKind::Photo,
        reference: Reference::parse(reference).unwrap(),
        taken_at: at(50),
        told_at: at(51),
        picture: true,
        place: Place::parse("Calle Mayor").ok(),
    }
}

/// An edit of the comment by the recipient.
pub(crate) fn comment(text: &str, base: u32) -> Amendment {
    let plain = text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(40);
    Amendment::Comment(Edit {
        value: Some(Comment::parse(text).unwrap()),
        base,
        id: EditId::parse(&format!("{base}-{}", plain.collect::<String>())).unwrap(),
        by: Editor::Recipient,
    })
}

/// A try at the first code, by the courier.
pub(crate) fn code_tried(right: bool) -> Amendment {
    let completes = Box::new(event("code-verified", 100, Status::Delivered));
    Amendment::CodeTried { version: 1, right, completes }
}

/// A shipment that is out for delivery and asks for a code.
pub(crate) fn with_code(tracking_id: &str) -> NewShipment {
    let events = vec![event("e0", 0, Status::OutForDelivery)];
    let mut new = new(tracking_id, events);
    new.details.handoff.code = Some(code());
    new
}

/// A shipment about which little is known, with these first events.
pub(crate) fn new(tracking_id: &str, events: Vec<Event>) -> NewShipment {
    NewShipment {
        tracking_id: id(tracking_id),
        details: Details::in_zone(Zone::utc()),
        created_at: at(0),
        events,
        once: None,
    }
}

pub(crate) fn report(tracking_id: &str, events: Vec<Event>) -> Report {
    Report { tracking_id: id(tracking_id), events }
}

impl House {
    /// Creates a shipment of ours, which must work.
    pub(crate) async fn create(&self, new: NewShipment) -> Arc<Shipment> {
        match self.store.create_shipment(self.ours, new).await.unwrap() {
            Creation::Created(shipment) => shipment,
            other => panic!("{other:?}"),
        }
    }

    /// Records events of one shipment of ours, which must work.
    pub(crate) async fn record(&self, tracking_id: &str, events: Vec<Event>) -> Recorded {
        self.record_all(vec![report(tracking_id, events)]).await.remove(0)
    }

    /// Records events of shipments of ours, which must work.
    pub(crate) async fn record_all(&self, reports: Vec<Report>) -> Vec<Recorded> {
        match self.store.record(self.ours, reports).await.unwrap() {
            Recording::Recorded(recorded) => recorded,
            other => panic!("{other:?}"),
        }
    }

    /// Carries out an amendment of a shipment of ours, which must be there.
    pub(crate) async fn amend(&self, tracking_id: &str, amendment: Amendment) -> (Amended, Arc<Shipment>) {
        let answer = self.store.amend(self.ours, &id(tracking_id), amendment, at(200)).await.unwrap();
        let AmendedShipment { amended, shipment } = answer.unwrap();
        (amended, shipment)
    }

    /// A shipment of a tenant, as the store reads it.
    pub(crate) async fn read(&self, tenant: TenantId, tracking_id: &str) -> Option<Arc<Shipment>> {
        self.store.shipment_of(tenant, &id(tracking_id)).await.unwrap()
    }

    /// A key of our client, with a body told apart by `print`.
    pub(crate) fn once(&self, key: &str, print: u8) -> Option<Once> {
        Some(Once { client: self.client.id, key: key.to_owned(), fingerprint: [print; 32] })
    }
}
