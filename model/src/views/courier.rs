//! What the carrier's client needs to bring a shipment: address, name, how it is wanted. Never the
//! delivery code, which only the recipient may tell.

use crate::eta::Window;
use crate::id::TrackingId;
use crate::person::Recipient;
use crate::preferences::Preferences;
use crate::shipment::Shipment;
use crate::status::Status;
use crate::time::Zone;

/// The carrier's view of a shipment.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CourierView {
    /// The number on the label.
    pub tracking_id: TrackingId,
    /// Grows with every change of the shipment.
    pub sequence: u64,
    /// Where the delivery stands.
    pub status: Status,
    /// The zone of the delivery.
    pub zone: Zone,
    /// When it is announced to the recipient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// Who receives it, and where.
    pub recipient: Recipient,
    /// How the recipient wants it.
    pub preferences: Preferences,
}

impl CourierView {
    /// What the carrier of `shipment` may see.
    pub fn of(shipment: &Shipment) -> Self {
        let details = shipment.details();
        Self {
            tracking_id: shipment.tracking_id().clone(),
            sequence: shipment.sequence(),
            status: shipment.journey().status,
            zone: details.zone.clone(),
            window: shipment.journey().eta.as_ref().map(|eta| eta.window),
            recipient: details.recipient.clone(),
            preferences: details.preferences.clone(),
        }
    }
}
