//! What the carrier's client needs to bring a shipment: address, name, how it is wanted. Never the
//! delivery code, which only the recipient may tell.

use crate::code::{DeliveryCode, MOST_TRIES};
use crate::eta::Window;
use crate::handoff::PhotoAnswer;
use crate::id::TrackingId;
use crate::person::Recipient;
use crate::preferences::Preferences;
use crate::shipment::Shipment;
use crate::status::Status;
use crate::time::Zone;
use crate::views::recipient::CodeState;

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
    /// Where the delivery code stands, where there is one; never its digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<CourierCode>,
    /// What the recipient said of the courier's photo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<PhotoAnswer>,
}

/// The delivery code as the carrier may know it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CourierCode {
    /// Where it stands.
    pub state: CodeState,
    /// How many digits the recipient will tell.
    pub digits: u8,
    /// How many wrong codes may still be tried.
    pub tries_left: u8,
    /// The two words to show the recipient, while the courier is on the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handshake: Option<Vec<String>>,
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
            preferences: shipment.handoff().preferences.clone(),
            code: shipment.handoff().code.as_ref().map(|code| CourierCode::of(code, shipment)),
            photo: shipment.handoff().photo,
        }
    }
}

impl CourierCode {
    fn of(code: &DeliveryCode, shipment: &Shipment) -> Self {
        let state = CodeState::of(code, shipment);
        let words = || code.handshake(shipment.journey().visit).map(str::to_owned).to_vec();
        Self {
            state,
            digits: code.drawn.digits.count(),
            tries_left: MOST_TRIES.saturating_sub(code.wrong_tries),
            handshake: (state == CodeState::Ready).then(words),
        }
    }
}
