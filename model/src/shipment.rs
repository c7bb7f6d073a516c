//! A shipment: what is known about it, the events that happened to it and where they leave it. The
//! ledger of events is the truth; the journey is always its fold.

use crate::eta::Promise;
use std::collections::{BTreeMap, BTreeSet};

use crate::event::Event;
use crate::fold::{Journey, fold_ordered};
use crate::id::{EventId, TrackingId};
use crate::person::{Courier, Recipient};
use crate::preferences::Preferences;
use crate::proof::Proof;
use crate::text::{Place, Reference};
use crate::time::{Timestamp, Zone};

/// What the caller told about a shipment; nothing here follows from events.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Details {
    /// The zone of the delivery: times are shown in it.
    pub zone: Zone,
    /// What was promised to the buyer.
    pub promise: Option<Promise>,
    /// The caller's own order number.
    pub reference: Option<Reference>,
    /// Who receives it.
    pub recipient: Recipient,
    /// Who brings it.
    pub courier: Courier,
    /// Where it comes from, as the caller says.
    pub origin: Option<Place>,
    /// How the recipient wants it.
    pub preferences: Preferences,
    /// Proofs of its delivery.
    pub proofs: Vec<Proof>,
}

impl Details {
    /// A shipment about which nothing but the zone is known.
    pub fn in_zone(zone: Zone) -> Self {
        Self {
            zone,
            promise: None,
            reference: None,
            recipient: Recipient::default(),
            courier: Courier::default(),
            origin: None,
            preferences: Preferences::default(),
            proofs: Vec::new(),
        }
    }
}

/// A shipment with its events, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shipment {
    tracking_id: TrackingId,
    details: Details,
    created_at: Timestamp,
    events: Vec<Event>,
    journey: Journey,
    sequence: u64,
}

impl Shipment {
    /// From what the store kept. `events` may be in any order and without repeats; `sequence` counts
    /// the changes that made it what it is, its creation included.
    pub fn new(
        tracking_id: TrackingId,
        details: Details,
        created_at: Timestamp,
        mut events: Vec<Event>,
        sequence: u64,
    ) -> Self {
        events.sort_by(|a, b| a.order().cmp(&b.order()));
        let journey = fold_ordered(details.promise, &events);
        Self { tracking_id, details, created_at, events, journey, sequence }
    }

    /// Takes what of `events` is new, and says which ids those were. The sequence counts one for each;
    /// the fold runs once.
    pub fn record(&mut self, events: impl IntoIterator<Item = Event>) -> Vec<EventId> {
        let told: Vec<Event> = events.into_iter().collect();
        // By the few that are told, not by the many that are known: most calls tell one.
        let mut new = BTreeMap::new();
        for (index, event) in told.iter().enumerate() {
            new.entry(&event.id).or_insert(index);
        }
        for known in &self.events {
            new.remove(&known.id);
        }
        let new: BTreeSet<usize> = new.into_values().collect();
        let before = self.events.len();
        let fresh = told.into_iter().enumerate().filter(|(index, _)| new.contains(index));
        self.events.extend(fresh.map(|(_, event)| event));
        let taken: Vec<EventId> = self.events.iter().skip(before).map(|event| event.id.clone()).collect();
        if !taken.is_empty() {
            self.events.sort_by(|a, b| a.order().cmp(&b.order()));
            self.journey = fold_ordered(self.details.promise, &self.events);
            self.sequence += taken.len() as u64;
        }
        taken
    }

    /// The number on the label.
    pub fn tracking_id(&self) -> &TrackingId {
        &self.tracking_id
    }

    /// What the caller told about it.
    pub fn details(&self) -> &Details {
        &self.details
    }

    /// When it was made known to us.
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// What happened, in the order in which it happened.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Where it stands.
    pub fn journey(&self) -> &Journey {
        &self.journey
    }

    /// Grows with every change; the live channel's id.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }
}
