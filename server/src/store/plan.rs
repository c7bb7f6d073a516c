//! Decides what a group of changes does: which events are new, which ids are taken, which requests are
//! repeats. Pure, between an engine's read and its write, so that every engine decides alike; it knows
//! no SQL, no clock and no waiting caller.
//!
//! The changes of a group take effect one after the other. Each shipment is folded once for the whole
//! group: an answer may show it with what later changes of the group added, all of it durable together.

mod draft;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use doorstep_model::event::Event;
use doorstep_model::handoff::{Amended, Amendment};
use doorstep_model::id::{EventId, TrackingId};
use doorstep_model::shipment::Shipment;
use doorstep_model::time::Timestamp;

use super::{AmendedShipment, Creation, NewShipment, Once, Recorded, Recording, Report, StoreError};
use crate::identity::{ClientId, TenantId};
use crate::webhooks::Topic;
use draft::Drafts;

/// How long a request may be repeated under its key, in milliseconds: 24 hours.
pub(super) const ONCE_LASTS_MS: i64 = 24 * 60 * 60 * 1000;

/// One waiting change.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// See [`super::Store::create_shipment`].
    Create(TenantId, Box<NewShipment>),
    /// See [`super::Store::record`].
    Record(TenantId, Vec<Report>),
    /// See [`super::Store::amend`].
    Amend(TenantId, Box<Amend>),
    /// Changes nothing; answered once the group it went with is durable.
    Check,
}

impl Change {
    /// What it costs to hold and to write, in events and a little more.
    pub(super) fn weight(&self) -> usize {
        1 + match self {
            Self::Create(_, new) => new.events.len(),
            Self::Record(_, reports) => reports.iter().map(|report| 1 + report.events.len()).sum(),
            // What is written is the whole handoff.
            Self::Amend(..) => 2,
            Self::Check => 0,
        }
    }
}

/// An amendment on its way.
#[derive(Clone, Debug)]
pub(super) struct Amend {
    /// Of which shipment.
    pub(super) id: TrackingId,
    /// Itself.
    pub(super) amendment: Amendment,
    /// When it was asked for.
    pub(super) at: Timestamp,
}

/// What became of one change.
#[derive(Debug)]
pub(super) enum Answer {
    /// Of [`Change::Create`].
    Created(Creation),
    /// Of [`Change::Record`].
    Recorded(Recording),
    /// Of [`Change::Amend`]; `None` where the tenant has no such shipment.
    Amended(Option<AmendedShipment>),
    /// Of [`Change::Check`].
    Checked,
}

/// A shipment as the engine holds it.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    /// The engine's own id; grows in the order of creation.
    pub(super) row: i64,
    /// Whose it is.
    pub(super) tenant: TenantId,
    /// Itself.
    pub(super) shipment: Arc<Shipment>,
}

/// An earlier request under the same key.
#[derive(Clone, Debug)]
pub(super) struct Earlier {
    /// Hash of what was asked.
    pub(super) fingerprint: [u8; 32],
    /// When it was made.
    pub(super) made_at: Timestamp,
    /// The shipment as it was created.
    pub(super) shipment: Arc<Shipment>,
}

/// What the engine read for a group.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// By [`doorstep_model::id::TrackingId::key`]: the shipments that reports name, or why one does not
    /// read back.
    pub(super) shipments: HashMap<String, Result<Kept, String>>,
    /// Which of the keys that creations ask for are taken.
    pub(super) taken: HashSet<String>,
    /// Earlier requests under the keys that creations bring.
    pub(super) earlier: HashMap<(ClientId, String), Result<Earlier, String>>,
    /// The first free row.
    pub(super) next_row: i64,
    /// The tenants that want to be told of news.
    pub(super) watched: Arc<HashSet<TenantId>>,
}

/// Something that happened to a shipment, for those who want to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PlannedNews {
    /// Whose shipment.
    pub(super) tenant: TenantId,
    /// Its tracking key.
    pub(super) key: String,
    /// Its row.
    pub(super) row: i64,
    /// Its sequence right after.
    pub(super) sequence: u64,
    /// What it is about.
    pub(super) topic: Topic,
    /// The event, where it was one.
    pub(super) event: Option<EventId>,
    /// When we heard.
    pub(super) at: Timestamp,
}

/// What is to be written, and answered once it is durable.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Shipments that are new, with all their events.
    pub(super) created: Vec<Kept>,
    /// Shipments that took events or amendments, with all their events.
    pub(super) changed: Vec<Kept>,
    /// Shipments that were named and took nothing.
    pub(super) unchanged: Vec<Kept>,
    /// Events that are new: row and sequence of the shipment, and the event.
    pub(super) events: Vec<(i64, u64, Event)>,
    /// Shipments whose handoff is to be written, by row; each is in `created` or `changed` too.
    pub(super) amended: Vec<(i64, Arc<Shipment>)>,
    /// Shipments whose details are to be written anew, by row; each is in `created` or `changed` too.
    pub(super) retold: Vec<(i64, Arc<Shipment>)>,
    /// What there is to tell, in the order in which it happened; of watched tenants alone.
    pub(super) news: Vec<PlannedNews>,
    /// Requests that may be repeated from now on.
    pub(super) once: Vec<(Once, Timestamp, i64, u64)>,
    /// One answer a change, in their order.
    pub(super) answers: Vec<Result<Answer, StoreError>>,
}

impl Plan {
    /// Whether nothing is to be written.
    pub(super) fn is_empty(&self) -> bool {
        self.created.is_empty() && self.changed.is_empty() && self.once.is_empty()
    }
}

/// Decides what `changes` do to what is known.
pub(super) fn plan(mut known: Known, changes: Vec<Change>) -> Plan {
    let mut drafts = Drafts::watching(Arc::clone(&known.watched));
    let mut once = Vec::new();
    let outcomes: Vec<Outcome> = changes
        .into_iter()
        .map(|change| match change {
            Change::Create(tenant, new) => create(&mut known, &mut drafts, &mut once, tenant, *new),
            Change::Record(tenant, reports) => record(&mut known, &mut drafts, tenant, reports),
            Change::Amend(tenant, amend) => self::amend(&mut known, &mut drafts, tenant, *amend),
            Change::Check => Outcome::Decided(Ok(Answer::Checked)),
        })
        .collect();
    let mut plan = Plan { once, ..Plan::default() };
    let shipments = drafts.finish(&mut plan);
    plan.answers = outcomes
        .into_iter()
        .map(|outcome| match outcome {
            Outcome::Decided(answer) => answer,
            Outcome::Amended(draft, amended) => {
                let shipment = Arc::clone(&shipments[draft]);
                Ok(Answer::Amended(Some(AmendedShipment { shipment, amended })))
            }
            Outcome::Taken(parts) => {
                let recorded = |(draft, taken): (usize, _)| {
                    let shipment = Arc::clone(&shipments[draft]);
                    Recorded { shipment, taken }
                };
                Ok(Answer::Recorded(Recording::Recorded(parts.into_iter().map(recorded).collect())))
            }
        })
        .collect();
    plan
}

/// What became of a change; the shipments of an answer are folded when the whole group is known.
enum Outcome {
    Decided(Result<Answer, StoreError>),
    /// One entry a report: of which draft it took which events.
    Taken(Vec<(usize, Vec<EventId>)>),
    /// What became of an amendment of which draft.
    Amended(usize, Amended),
}

fn create(
    known: &mut Known,
    drafts: &mut Drafts,
    once: &mut Vec<(Once, Timestamp, i64, u64)>,
    tenant: TenantId,
    new: NewShipment,
) -> Outcome {
    let answer = |creation| Outcome::Decided(Ok(Answer::Created(creation)));
    let slot = new.once.as_ref().map(|once| (once.client, once.key.clone()));
    if let (Some(slot), Some(asked)) = (&slot, &new.once) {
        match known.earlier.get(slot) {
            Some(Err(why)) => return Outcome::Decided(Err(StoreError::Corrupt(why.clone()))),
            Some(Ok(earlier)) if !has_expired(earlier, new.created_at) => {
                return answer(if earlier.fingerprint == asked.fingerprint {
                    Creation::Repeated(Arc::clone(&earlier.shipment))
                } else {
                    Creation::KeyReused
                });
            }
            _ => {}
        }
    }
    if !known.taken.insert(new.tracking_id.key()) {
        return answer(Creation::Taken);
    }
    let row = known.next_row;
    known.next_row += 1;
    let (asked, made_at) = (new.once.clone(), new.created_at);
    let shipment = drafts.create(row, tenant, new);
    if let (Some(slot), Some(asked)) = (slot, asked) {
        let earlier = Earlier { fingerprint: asked.fingerprint, made_at, shipment: Arc::clone(&shipment) };
        known.earlier.insert(slot, Ok(earlier));
        once.push((asked, made_at, row, shipment.sequence()));
    }
    answer(Creation::Created(shipment))
}

fn has_expired(earlier: &Earlier, now: Timestamp) -> bool {
    now.millis() - earlier.made_at.millis() >= ONCE_LASTS_MS
}

fn record(known: &mut Known, drafts: &mut Drafts, tenant: TenantId, reports: Vec<Report>) -> Outcome {
    let mut unknown = Vec::new();
    let mut found = Vec::with_capacity(reports.len());
    for (index, report) in reports.iter().enumerate() {
        match drafts.open(known, tenant, &report.tracking_id.key()) {
            Ok(Some(draft)) => found.push(draft),
            Ok(None) => unknown.push(index),
            Err(why) => return Outcome::Decided(Err(StoreError::Corrupt(why))),
        }
    }
    if !unknown.is_empty() {
        return Outcome::Decided(Ok(Answer::Recorded(Recording::Unknown(unknown))));
    }
    let events = reports.into_iter().map(|report| report.events);
    match drafts.take(found.into_iter().zip(events)) {
        Ok(parts) => Outcome::Taken(parts),
        Err(full) => Outcome::Decided(Ok(Answer::Recorded(Recording::Full(full)))),
    }
}

fn amend(known: &mut Known, drafts: &mut Drafts, tenant: TenantId, amend: Amend) -> Outcome {
    let Amend { id, amendment, at } = amend;
    match drafts.open(known, tenant, &id.key()) {
        Ok(Some(draft)) => Outcome::Amended(draft, drafts.amend(draft, amendment, at)),
        Ok(None) => Outcome::Decided(Ok(Answer::Amended(None))),
        Err(why) => Outcome::Decided(Err(StoreError::Corrupt(why))),
    }
}
