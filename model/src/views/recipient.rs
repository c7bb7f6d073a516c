//! What the recipient sees through their own link: the public view's matter with window, places, notes,
//! preferences, proof and first names. The delivery code and the full address are not here; they
//! need a step-up and a type of their own.

use crate::eta::{Confidence, Eta, Window};
use crate::event::Event;
use crate::flags::Flags;
use crate::id::TrackingId;
use crate::preferences::Preferences;
use crate::proof::Proof;
use crate::reason::Reason;
use crate::shipment::Shipment;
use crate::status::{Status, Step};
use crate::text::{Note, Place, SourceWord};
use crate::time::{Day, Timestamp, Zone};

/// The recipient's view of a shipment.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecipientView {
    /// The number on the label.
    pub tracking_id: TrackingId,
    /// Grows with every change of the shipment.
    pub sequence: u64,
    /// Where the delivery stands.
    pub status: Status,
    /// Since when, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// The step of the progress bar.
    pub step: Step,
    /// What is true beside the status.
    pub flags: Flags,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The zone of the delivery.
    pub zone: Zone,
    /// When it is expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eta: Option<RecipientEta>,
    /// The day promised to the buyer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised: Option<Day>,
    /// What happened, oldest first.
    pub history: Vec<RecipientMilestone>,
    /// When we last heard from a source.
    pub heard_at: Timestamp,
    /// The recipient's first name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient_first_name: Option<String>,
    /// The courier's first name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub courier_first_name: Option<String>,
    /// How the recipient wants it.
    pub preferences: Preferences,
    /// Proofs of its delivery.
    pub proofs: Vec<Proof>,
}

/// The time of arrival as the recipient sees it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecipientEta {
    /// When it is expected.
    pub window: Window,
    /// When the source knew that.
    pub as_of: Timestamp,
    /// How sure it is, where it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// Why it moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Note>,
}

/// One line of the recipient's history.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecipientMilestone {
    /// When it happened; absent where the source does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Timestamp>,
    /// What it means.
    pub status: Status,
    /// The source's own word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_word: Option<SourceWord>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// A remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

impl RecipientView {
    /// What the recipient of `shipment` may see.
    pub fn of(shipment: &Shipment) -> Self {
        let journey = shipment.journey();
        let details = shipment.details();
        Self {
            tracking_id: shipment.tracking_id().clone(),
            sequence: shipment.sequence(),
            status: journey.status,
            since: journey.since,
            step: journey.step,
            flags: journey.flags,
            reason: journey.reason,
            zone: details.zone.clone(),
            eta: journey.eta.as_ref().map(RecipientEta::of),
            promised: details.promise.map(|promise| promise.day),
            history: shipment.events().iter().filter_map(RecipientMilestone::of).collect(),
            heard_at: journey.heard_at.unwrap_or(shipment.created_at()),
            recipient_first_name: details.recipient.first_name().map(str::to_owned),
            courier_first_name: details.courier.first_name().map(str::to_owned),
            preferences: details.preferences.clone(),
            proofs: details.proofs.clone(),
        }
    }
}

impl RecipientEta {
    fn of(eta: &Eta) -> Self {
        Self { window: eta.window, as_of: eta.as_of, confidence: eta.confidence, cause: eta.cause.clone() }
    }
}

impl RecipientMilestone {
    fn of(event: &Event) -> Option<Self> {
        let status = event.status.filter(|_| event.is_milestone())?;
        Some(Self {
            time: event.occurred_at,
            status,
            source_word: event.source_word.clone(),
            reason: event.reason,
            place: event.place.clone(),
            note: event.note.clone(),
        })
    }
}
