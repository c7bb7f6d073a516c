//! An event as a row: plain columns for what every event has and for what is erased one day, JSON for
//! the seldom parts. Shared by the engines; knows no SQL. Rows travel as JSON arrays in column order.

use std::fmt::Display;

use doorstep_model::eta::Eta;
use doorstep_model::event::{Event, Movement};
use doorstep_model::flags::FlagChange;
use doorstep_model::id::EventId;
use doorstep_model::language::LanguageTag;
use doorstep_model::next::NextStep;
use doorstep_model::person::Courier;
use doorstep_model::text::{Note, Place, Source, SourceWord};
use doorstep_model::time::Timestamp;
use serde::ser::SerializeTuple as _;

use super::StoreError;

/// The columns of an event, in the order in which they travel. `Deserialize` reads the same order.
#[derive(Debug, PartialEq, Eq, serde::Deserialize)]
pub(super) struct EventRow {
    /// The engine's own id of the shipment.
    pub(super) shipment: i64,
    event_id: String,
    /// The shipment's sequence once this event was taken.
    pub(super) sequence: u64,
    occurred_at: Option<i64>,
    received_at: i64,
    source: String,
    source_word: Option<String>,
    status: Option<String>,
    reason: Option<String>,
    place: Option<String>,
    note: Option<String>,
    more: Option<String>,
}

/// What few events have.
#[derive(Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
struct More {
    #[serde(skip_serializing_if = "is_forward")]
    movement: Movement,
    #[serde(skip_serializing_if = "FlagChange::is_none")]
    flags: FlagChange,
    #[serde(skip_serializing_if = "Option::is_none")]
    eta: Option<Eta>,
    #[serde(skip_serializing_if = "Option::is_none")]
    courier: Option<Courier>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<NextStep>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<LanguageTag>,
}

fn is_forward(movement: &Movement) -> bool {
    *movement == Movement::Forward
}

/// An event on its way into a row.
pub(super) struct NewRow<'a> {
    /// The engine's own id of the shipment.
    pub(super) shipment: i64,
    /// The shipment's sequence once this event is taken.
    pub(super) sequence: u64,
    /// The event.
    pub(super) event: &'a Event,
}

impl serde::Serialize for NewRow<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let event = self.event;
        let more = More {
            movement: event.movement,
            flags: event.flags,
            eta: event.eta.clone(),
            courier: event.courier.clone(),
            next: event.next,
            language: event.language.clone(),
        };
        let more = (more != More::default())
            .then(|| serde_json::to_string(&more))
            .transpose()
            .map_err(serde::ser::Error::custom)?;
        let mut row = serializer.serialize_tuple(12)?;
        row.serialize_element(&self.shipment)?;
        row.serialize_element(&event.id)?;
        row.serialize_element(&self.sequence)?;
        row.serialize_element(&event.occurred_at.map(Timestamp::millis))?;
        row.serialize_element(&event.received_at.millis())?;
        row.serialize_element(&event.source)?;
        row.serialize_element(&event.source_word)?;
        row.serialize_element(&event.status)?;
        row.serialize_element(&event.reason)?;
        row.serialize_element(&event.place)?;
        row.serialize_element(&event.note)?;
        row.serialize_element(&more)?;
        row.end()
    }
}

impl EventRow {
    /// The event that was kept.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] naming the row and the column that does not read back.
    pub(super) fn into_event(self) -> Result<Event, StoreError> {
        let corrupt = |column: &str, why: &dyn Display| {
            StoreError::Corrupt(format!(
                "event {:?} of shipment row {}: {column} {why}",
                self.event_id, self.shipment
            ))
        };
        let more = match &self.more {
            None => More::default(),
            Some(json) => serde_json::from_str(json).map_err(|why| corrupt("more", &why))?,
        };
        Ok(Event {
            id: EventId::parse(&self.event_id).map_err(|why| corrupt("event_id", &why))?,
            occurred_at: self.occurred_at.map(Timestamp::from_millis),
            received_at: Timestamp::from_millis(self.received_at),
            source: Source::parse(&self.source).map_err(|why| corrupt("source", &why))?,
            source_word: optional(&self.source_word, SourceWord::parse)
                .map_err(|why| corrupt("source_word", &why))?,
            status: optional(&self.status, str::parse).map_err(|why| corrupt("status", &why))?,
            movement: more.movement,
            reason: optional(&self.reason, str::parse).map_err(|why| corrupt("reason", &why))?,
            flags: more.flags,
            eta: more.eta,
            place: optional(&self.place, Place::parse).map_err(|why| corrupt("place", &why))?,
            note: optional(&self.note, Note::parse).map_err(|why| corrupt("note", &why))?,
            courier: more.courier,
            next: more.next,
            language: more.language,
        })
    }
}

fn optional<T, E>(text: &Option<String>, parse: impl FnOnce(&str) -> Result<T, E>) -> Result<Option<T>, E> {
    text.as_deref().map(parse).transpose()
}
