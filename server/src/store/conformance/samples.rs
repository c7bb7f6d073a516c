//! Shipments and events to test with: one with every field set, and plain ones by name.

use std::sync::Arc;

use doorstep_model::eta::{Confidence, Eta, Promise, Window};
use doorstep_model::event::{Event, Movement};
use doorstep_model::flags::{Flag, FlagChange, Flags};
use doorstep_model::id::{EventId, TrackingId};
use doorstep_model::person::{Courier, Recipient};
use doorstep_model::preferences::{Handover, Preference, Preferences, Receipt};
use doorstep_model::proof::{Proof, ProofKind};
use doorstep_model::reason::Reason;
use doorstep_model::shipment::{Details, Shipment};
use doorstep_model::status::Status;
use doorstep_model::text::{Note, Place, Reference, Source, SourceWord};
use doorstep_model::time::{Timestamp, Zone};

use super::House;
use crate::identity::TenantId;
use crate::store::{Creation, NewShipment, Once, Recorded, Recording, Report};

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
        status: Some(status),
        movement: Movement::Forward,
        reason: None,
        flags: FlagChange::default(),
        eta: None,
        place: None,
        note: None,
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
            name: doorstep_model::text::PersonName::parse("Inés O'Hara").ok(),
            phone: doorstep_model::text::Phone::parse("+34 600 000 000").ok(),
            email: doorstep_model::text::Email::parse("ines@example.org").ok(),
            address: doorstep_model::text::Address::parse("Calle Mayor 1, Madrid").ok(),
        },
        courier: Courier { name: doorstep_model::text::PersonName::parse("Bo").ok(), phone: None },
        origin: Some(Place::parse("Getafe").unwrap()),
        preferences: Preferences {
            comment: None,
            handover: Some(Preference {
                value: Handover::AtDoor,
                version: 2,
                edited_at: at(5),
                receipt: Receipt::Passed,
            }),
            editable_until: Some(at(3_000)),
        },
        proofs: vec![Proof {
            kind: ProofKind::Photo,
            reference: Reference::parse("p-1").unwrap(),
            taken_at: at(50),
            place: None,
        }],
    }
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

    /// A shipment of a tenant, as the store reads it.
    pub(crate) async fn read(&self, tenant: TenantId, tracking_id: &str) -> Option<Arc<Shipment>> {
        self.store.shipment_of(tenant, &id(tracking_id)).await.unwrap()
    }

    /// A key of our client, with a body told apart by `print`.
    pub(crate) fn once(&self, key: &str, print: u8) -> Option<Once> {
        Some(Once { client: self.client.id, key: key.to_owned(), fingerprint: [print; 32] })
    }
}
