//! What the tenant's staff see: the events with their sources and unmapped words, to explain what the
//! recipient sees. Contact data is reduced to what identifies a caller; the code is not here.

use crate::id::TrackingId;
use crate::shipment::Shipment;
use crate::status::Status;
use crate::time::{Timestamp, Zone};
use crate::views::client::ClientEvent;

/// The staff's view of a shipment.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
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
    pub events: Vec<ClientEvent>,
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
            events: shipment.events().iter().map(ClientEvent::of).collect(),
        }
    }
}
