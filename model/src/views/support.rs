//! What the tenant's staff see: the events with their sources and unmapped words, to explain what the
//! recipient sees. Contact data is reduced to what identifies a caller; the code is not here.

use crate::event::{Event, Movement};
use crate::flags::FlagChange;
use crate::id::{EventId, TrackingId};
use crate::language::LanguageTag;
use crate::next::NextStep;
use crate::reason::Reason;
use crate::shipment::Shipment;
use crate::status::Status;
use crate::text::{Note, Place, Source, SourceWord};
use crate::time::{Timestamp, Zone};
use crate::views::client::ClientEta;

/// The staff's view of a shipment.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SupportView {
    /// The number on the label.
    pub tracking_id: TrackingId,
    /// Grows with every change of the shipment.
    pub sequence: u64,
    /// When it was made known to us.
    pub created_at: Timestamp,
    /// Where the delivery stands.
    pub status: Status,
    /// The zone of the delivery.
    pub zone: Zone,
    /// The recipient's first name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient_first_name: Option<String>,
    /// Every event with its source, oldest first; unmapped words among them.
    pub events: Vec<SupportEvent>,
}

/// An event as staff see it: the tenant's own view of it without the courier's contact data.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SupportEvent {
    /// The caller's own id.
    pub id: EventId,
    /// When it happened; absent where the source does not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<Timestamp>,
    /// When we heard.
    pub received_at: Timestamp,
    /// Who said so.
    pub source: Source,
    /// The source's own word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_word: Option<SourceWord>,
    /// What it means for the status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// How it may move the status.
    pub movement: Movement,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// What it does to the flags.
    #[serde(skip_serializing_if = "FlagChange::is_none")]
    pub flags: FlagChange,
    /// What it says about the time of arrival.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eta: Option<ClientEta>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
    /// In which language word, place and note are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageTag>,
    /// The first name of who brings it from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub courier_first_name: Option<String>,
    /// What happens or is to be done next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<NextStep>,
}

impl SupportView {
    /// What the staff of the tenant that owns `shipment` may see.
    pub fn of(shipment: &Shipment) -> Self {
        Self {
            tracking_id: shipment.tracking_id().clone(),
            sequence: shipment.sequence(),
            created_at: shipment.created_at(),
            status: shipment.journey().status,
            zone: shipment.details().zone.clone(),
            recipient_first_name: shipment.details().recipient.first_name().map(str::to_owned),
            events: shipment.events().iter().map(SupportEvent::of).collect(),
        }
    }
}

impl SupportEvent {
    fn of(event: &Event) -> Self {
        let courier = event.courier.as_ref();
        Self {
            id: event.id.clone(),
            time: event.occurred_at,
            received_at: event.received_at,
            source: event.source.clone(),
            source_word: event.source_word.clone(),
            status: event.status,
            movement: event.movement,
            reason: event.reason,
            flags: event.flags,
            eta: event.eta.as_ref().map(ClientEta::of),
            place: event.place.clone(),
            note: event.note.clone(),
            language: event.language.clone(),
            courier_first_name: courier.and_then(|courier| courier.first_name()).map(str::to_owned),
            next: event.next,
        }
    }
}
