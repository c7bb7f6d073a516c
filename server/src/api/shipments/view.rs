//! A shipment with its events, as its tenant sees it.

use doorstep_model::shipment::Shipment;
use doorstep_model::views::{ClientEvent, ClientView};
use utoipa::ToSchema;

/// A shipment and what happened to it.
#[derive(Debug, serde::Serialize, ToSchema)]
pub(super) struct ShipmentWithEvents {
    #[serde(flatten)]
    shipment: ClientView,
    /// What happened, in the order in which it happened.
    events: Vec<ClientEvent>,
}

impl ShipmentWithEvents {
    /// All that its tenant may see of `shipment`.
    pub(super) fn of(shipment: &Shipment) -> Self {
        Self {
            shipment: ClientView::of(shipment),
            events: shipment.events().iter().map(ClientEvent::of).collect(),
        }
    }
}
