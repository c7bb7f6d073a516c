//! What a caller is told about the events it told: which were new, and where its shipment is now.

use std::collections::HashSet;

use doorstep_model::id::{EventId, TrackingId};
use utoipa::ToSchema;

use crate::store::Recorded;

/// What became of the events of one shipment. All of it is durable.
#[derive(Debug, serde::Serialize, ToSchema)]
pub(in crate::api) struct Told {
    /// The shipment's sequence with these events.
    sequence: u64,
    /// The ids of the events that were new, in the order told.
    taken: Vec<EventId>,
    /// The ids of those that were known already, or stood in the request before.
    repeated: Vec<EventId>,
}

/// The same with the shipment's name.
#[derive(Debug, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ToldOf {
    /// The number on the label.
    tracking_id: TrackingId,
    #[serde(flatten)]
    told: Told,
}

impl Told {
    /// What became of the events with the ids `told`.
    pub(super) fn of(recorded: Recorded, told: Vec<EventId>) -> Self {
        let sequence = recorded.shipment.sequence();
        let mut new: HashSet<&EventId> = recorded.taken.iter().collect();
        let repeated: Vec<EventId> = told.into_iter().filter(|id| !new.remove(id)).collect();
        metrics::counter!("doorstep_events_taken_total").increment(recorded.taken.len() as u64);
        metrics::counter!("doorstep_events_repeated_total").increment(repeated.len() as u64);
        Self { sequence, taken: recorded.taken, repeated }
    }
}

impl ToldOf {
    /// What became of the events with the ids `told`.
    pub(super) fn of(recorded: Recorded, told: Vec<EventId>) -> Self {
        let tracking_id = recorded.shipment.tracking_id().clone();
        Self { tracking_id, told: Told::of(recorded, told) }
    }
}
