//! What a tracking id alone shows: status, step, the history without names, places or notes, and the
//! time of arrival as a day. A tracking id stands on the label, so nothing personal may enter here.

use crate::eta::{Confidence, Window};
use crate::event::Event;
use crate::flags::Flags;
use crate::id::TrackingId;
use crate::language::LanguageTag;
use crate::reason::Reason;
use crate::shipment::Shipment;
use crate::status::{Status, Step};
use crate::text::SourceWord;
use crate::time::{Day, Timestamp, Zone};
use crate::views::Days;

/// The public view of a shipment.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PublicView {
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
    pub eta: Option<PublicEta>,
    /// The day promised to the buyer.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::time::read_optional_day"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub promised: Option<Day>,
    /// What happened, oldest first.
    pub history: Vec<PublicMilestone>,
    /// When we last heard from a source; of the creation, before the first event.
    pub heard_at: Timestamp,
}

/// The time of arrival, no finer than a day.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PublicEta {
    /// The day, in the zone of the delivery.
    #[serde(deserialize_with = "crate::time::read_day")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub day: Day,
    /// When the source knew that.
    pub as_of: Timestamp,
    /// How sure it is, where it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
}

/// One line of the public history.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PublicMilestone {
    /// When it happened; absent where the source does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Timestamp>,
    /// What it means.
    pub status: Status,
    /// The source's own word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_word: Option<SourceWord>,
    /// In which language that is, where the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageTag>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

impl PublicView {
    /// What everybody may see of `shipment`.
    pub fn of(shipment: &Shipment, days: &impl Days) -> Self {
        let journey = shipment.journey();
        let zone = &shipment.details().zone;
        let eta = journey.eta.as_ref().and_then(|eta| {
            let day = match eta.window {
                Window::Between { until, .. } => days.day(until, zone),
                Window::OnDay { day } => day,
                Window::Unknown => return None,
            };
            Some(PublicEta { day, as_of: eta.as_of, confidence: eta.confidence })
        });
        Self {
            tracking_id: shipment.tracking_id().clone(),
            sequence: shipment.sequence(),
            status: journey.status,
            since: journey.since,
            step: journey.step,
            flags: journey.flags,
            reason: journey.reason,
            zone: zone.clone(),
            eta,
            promised: shipment.details().promise.map(|promise| promise.day),
            history: shipment.events().iter().filter_map(PublicMilestone::of).collect(),
            heard_at: journey.heard_at.unwrap_or(shipment.created_at()),
        }
    }
}

impl PublicMilestone {
    fn of(event: &Event) -> Option<Self> {
        let status = event.status.filter(|_| event.is_milestone())?;
        Some(Self {
            time: event.occurred_at,
            status,
            source_word: event.source_word.clone(),
            // Of nothing but the word: that there is a note is not everybody's business.
            language: event.source_word.as_ref().and(event.language.clone()),
            reason: event.reason,
        })
    }
}
