//! A shipment: what is known about it, the events that happened to it and where they leave it. The
//! ledger of events is the truth; the journey is always its fold.

use std::collections::{BTreeMap, BTreeSet};

use crate::eta::{Promise, Window};
use crate::event::Event;
use crate::fold::{Journey, fold_ordered};
use crate::handoff::{Amended, Amendment, Handoff, amend};
use crate::id::{EventId, TrackingId};
use crate::person::{Courier, Recipient};
use crate::proof::ProofKind;
use crate::rules::{CodeWithContactless, Rules};
use crate::status::Status;
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
    /// The tenant's rules at that time.
    #[serde(default)]
    pub rules: Rules,
    /// What was known of handing it over when it was made known; what became of it is
    /// [`Shipment::handoff`].
    #[serde(default)]
    pub handoff: Handoff,
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
            rules: Rules::default(),
            handoff: Handoff::default(),
        }
    }
}

/// What its caller may tell anew of a shipment: an order that is edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What is promised to the buyer now.
    pub promise: Option<Promise>,
    /// Who receives it now.
    pub recipient: Recipient,
}

/// A shipment with its events, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shipment {
    tracking_id: TrackingId,
    details: Details,
    created_at: Timestamp,
    events: Vec<Event>,
    journey: Journey,
    /// `None` as long as it is as it was created.
    handoff: Option<Box<Handoff>>,
    sequence: u64,
}

/// Until when the recipient may edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Editing {
    /// Whether the journey has come so far that nothing may be edited any more.
    pub closed: bool,
    /// The status that closes it.
    pub closes: Status,
    /// The last instant, where the rules and the window give one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Editing {
    /// Whether an edit at `now` is in time.
    pub fn is_open(self, now: Timestamp) -> bool {
        !self.closed && self.until.is_none_or(|until| now <= until)
    }
}

/// A photo that the recipient is asked to confirm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PhotoToConfirm {
    /// Which proof, from 1.
    pub proof: u32,
    /// Until when.
    pub until: Timestamp,
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
        Self { tracking_id, details, created_at, events, journey, handoff: None, sequence }
    }

    /// The same with what became of its handoff, where that differs from how it was created.
    #[must_use]
    pub fn with_handoff(mut self, handoff: Option<Handoff>) -> Self {
        self.handoff = handoff.map(Box::new);
        self
    }

    /// Carries out `amendment`. When it is taken the sequence counts one for it, and one more where it
    /// tells an event that is new; that event is given back, to be kept.
    pub fn amend(&mut self, amendment: Amendment, now: Timestamp) -> (Amended, Option<Event>) {
        let amendment = match amendment {
            Amendment::Retold(told) => return (self.tell(*told), None),
            Amendment::Referenced(reference) => return (self.refer(reference), None),
            amendment => amendment,
        };
        let mut handoff = self.handoff().clone();
        let decision = amend(self, &mut handoff, amendment, now);
        if decision.amended != Amended::Taken {
            return (decision.amended, None);
        }
        self.handoff = Some(Box::new(handoff));
        self.sequence += 1;
        let event = decision.event.filter(|event| !self.record([event.clone()]).is_empty());
        (Amended::Taken, event)
    }

    /// Takes what its caller tells anew. What the recipient has proved stays proved.
    fn tell(&mut self, Told { promise, recipient }: Told) -> Amended {
        if self.details.promise == promise && self.details.recipient == recipient {
            return Amended::Unchanged;
        }
        self.details.promise = promise;
        self.details.recipient = recipient;
        self.journey = fold_ordered(promise, &self.events);
        self.sequence += 1;
        Amended::Taken
    }

    /// Takes the order number that its caller tells anew.
    fn refer(&mut self, reference: Reference) -> Amended {
        if self.details.reference.as_ref() == Some(&reference) {
            return Amended::Unchanged;
        }
        self.details.reference = Some(reference);
        self.sequence += 1;
        Amended::Taken
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

    /// What was done about handing it over.
    pub fn handoff(&self) -> &Handoff {
        self.handoff.as_deref().unwrap_or(&self.details.handoff)
    }

    /// Whether that has changed since it was created.
    pub fn is_amended(&self) -> bool {
        self.handoff.is_some()
    }

    /// Who brings it: the last that was told.
    pub fn courier(&self) -> &Courier {
        self.journey.courier.as_ref().unwrap_or(&self.details.courier)
    }

    /// Whether the courier is on the way to the door, or there: when the code may be shown and tried.
    pub fn is_out_for_delivery(&self) -> bool {
        matches!(self.journey.status, Status::OutForDelivery | Status::Arrived | Status::AvailableForPickup)
    }

    /// Whether nothing more is to come for the recipient.
    pub fn has_ended(&self) -> bool {
        self.journey.status.is_final() || self.journey.status == Status::Returning
    }

    /// Until when the recipient may edit.
    pub fn editing(&self) -> Editing {
        let cut_off = self.details.rules.cut_off;
        let reached =
            self.journey.status.rank() >= cut_off.status.rank() && self.journey.status.rank().is_some();
        let from = match self.journey.eta.as_ref().map(|eta| eta.window) {
            Some(Window::Between { from, .. }) => Some(from),
            _ => None,
        };
        let before = |(from, minutes): (Timestamp, u16)| {
            Timestamp::from_millis(from.millis() - i64::from(minutes) * 60_000)
        };
        let until = from.zip(cut_off.minutes_before_window).map(before);
        Editing { closed: reached || self.has_ended(), closes: cut_off.status, until }
    }

    /// The photo that the recipient is asked to confirm, so that the code is released: the last that was
    /// taken, while there is a contactless choice and a code whose work is not done.
    pub fn photo_to_confirm(&self) -> Option<PhotoToConfirm> {
        let handoff = self.handoff();
        let rules = &self.details.rules;
        let contactless = handoff.preferences.contactless.as_ref()?.value.as_ref()?;
        let code = handoff.code.as_ref()?;
        let asked = rules.code_with_contactless == CodeWithContactless::ConfirmPhoto
            && contactless.handover.is_contactless()
            && code.settled.is_none()
            && self.is_out_for_delivery();
        if !asked {
            return None;
        }
        let photo =
            handoff.proofs.iter().rposition(|proof| proof.kind == ProofKind::Photo && proof.picture)?;
        let minutes = i64::from(rules.confirm_photo_minutes);
        let until = Timestamp::from_millis(handoff.proofs.get(photo)?.told_at.millis() + minutes * 60_000);
        let proof = u32::try_from(photo).ok()?.saturating_add(1);
        // Another photo, taken after a no, is asked about anew.
        let answered = handoff.photo.is_some_and(|given| given.proof == proof);
        (!answered).then_some(PhotoToConfirm { proof, until })
    }

    /// When links and sessions stop opening it; `None` while the journey goes on.
    pub fn access_ends(&self) -> Option<Timestamp> {
        let status = Some(self.journey.status).filter(|status| status.is_final())?;
        // Where its time is not known, when it was first heard: what is told later must not prolong it.
        let told = self.events.iter().rev().filter(|event| event.status.is_some());
        let run = told.take_while(|event| event.status == Some(status));
        let ended = self.journey.since.or(run.map(|event| event.received_at).min())?;
        let hours = i64::from(self.details.rules.link_hours_after_end);
        Some(Timestamp::from_millis(ended.millis() + hours * 3_600_000))
    }

    /// Grows with every change; the live channel's id.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }
}
