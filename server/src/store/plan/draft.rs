//! The shipments that a group of changes touches, with the events each takes, before they are folded.
//! Knows the limit of a shipment and what is a repeat; nothing of idempotency keys or taken ids.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use doorstep_model::event::Event;
use doorstep_model::id::EventId;
use doorstep_model::shipment::Shipment;

use super::{Kept, Known, Plan};
use crate::identity::TenantId;
use crate::store::{MAX_EVENTS, NewShipment};

/// The shipments of a group, by the order in which it first named them.
#[derive(Default)]
pub(super) struct Drafts {
    by_key: HashMap<String, usize>,
    drafts: Vec<Draft>,
}

struct Draft {
    /// As it was before the group, or as it was created by it.
    kept: Kept,
    is_new: bool,
    /// The events that the group adds, in the order told.
    fresh: Vec<Event>,
    /// The ids of `fresh`.
    fresh_ids: HashSet<EventId>,
}

/// From how many comparisons on a set of ids costs less than looking through the events.
const WORTH_A_SET: usize = 2_000;

impl Drafts {
    /// Begins a shipment with its first events; gives it as created.
    pub(super) fn create(&mut self, row: i64, tenant: TenantId, new: NewShipment) -> Arc<Shipment> {
        let key = new.tracking_id.key();
        let mut shipment = Shipment::new(new.tracking_id, new.details, new.created_at, Vec::new(), 1);
        let mut ids = HashSet::new();
        let first = new.events.into_iter().filter(|event| ids.insert(event.id.clone()));
        let first: Vec<Event> = first.collect();
        shipment.record(first.iter().cloned());
        let shipment = Arc::new(shipment);
        let kept = Kept { row, tenant, shipment: Arc::clone(&shipment) };
        self.by_key.insert(key, self.drafts.len());
        self.drafts.push(Draft { kept, is_new: true, fresh: first, fresh_ids: ids });
        shipment
    }

    /// The draft of a shipment of `tenant`; `None` when the tenant has none of that key.
    ///
    /// # Errors
    /// Why the kept shipment does not read back.
    pub(super) fn open(
        &mut self,
        known: &mut Known,
        tenant: TenantId,
        key: &str,
    ) -> Result<Option<usize>, String> {
        let index = match self.by_key.get(key) {
            Some(index) => *index,
            None => match known.shipments.get(key) {
                None => return Ok(None),
                Some(Err(why)) => return Err(why.clone()),
                Some(Ok(_)) => {
                    let Some(Ok(kept)) = known.shipments.remove(key) else { return Ok(None) };
                    self.by_key.insert(key.to_owned(), self.drafts.len());
                    let (fresh, fresh_ids) = (Vec::new(), HashSet::new());
                    self.drafts.push(Draft { kept, is_new: false, fresh, fresh_ids });
                    self.drafts.len() - 1
                }
            },
        };
        Ok((self.drafts[index].kept.tenant == tenant).then_some(index))
    }

    /// Takes what is new of the events of each report, all reports or none; gives for each its draft
    /// and the ids it took.
    ///
    /// # Errors
    /// The reports, by index, after which a shipment would hold more than [`MAX_EVENTS`].
    pub(super) fn take(
        &mut self,
        reports: impl Iterator<Item = (usize, Vec<Event>)>,
    ) -> Result<Vec<(usize, Vec<EventId>)>, Vec<usize>> {
        let mut parts = Vec::new();
        let mut full = Vec::new();
        for (index, (at, events)) in reports.enumerate() {
            let draft = &mut self.drafts[at];
            let taken = draft.take(events);
            if draft.len() > MAX_EVENTS && !taken.is_empty() {
                full.push(index);
            }
            parts.push((at, taken));
        }
        if full.is_empty() {
            return Ok(parts);
        }
        for (at, taken) in parts {
            let draft = &mut self.drafts[at];
            draft.fresh.truncate(draft.fresh.len() - taken.len());
            for id in taken {
                draft.fresh_ids.remove(&id);
            }
        }
        Err(full)
    }

    /// Folds what changed and writes it into the plan; gives every draft's shipment as it is now.
    pub(super) fn finish(self, plan: &mut Plan) -> Vec<Arc<Shipment>> {
        let finish = |draft: Draft| {
            let Draft { mut kept, is_new, fresh, .. } = draft;
            if fresh.is_empty() && !is_new {
                let shipment = Arc::clone(&kept.shipment);
                plan.unchanged.push(kept);
                return shipment;
            }
            let first = if is_new { 1 } else { kept.shipment.sequence() };
            if first + fresh.len() as u64 != kept.shipment.sequence() {
                // In place where the engine held the only one: a long history is not copied.
                Arc::make_mut(&mut kept.shipment).record(fresh.iter().cloned());
            }
            let shipment = Arc::clone(&kept.shipment);
            let row = kept.row;
            plan.events.extend(fresh.into_iter().zip(first + 1..).map(|(event, n)| (row, n, event)));
            if is_new {
                plan.created.push(kept)
            } else {
                plan.changed.push(kept)
            }
            shipment
        };
        self.drafts.into_iter().map(finish).collect()
    }
}

impl Draft {
    /// Takes what is new, and says which ids those were.
    fn take(&mut self, events: Vec<Event>) -> Vec<EventId> {
        // What it was created with stands in `fresh` as well.
        let before = if self.is_new { &[] } else { self.kept.shipment.events() };
        let set: Option<HashSet<&EventId>> = (before.len() * events.len() >= WORTH_A_SET)
            .then(|| before.iter().map(|event| &event.id).collect());
        let mut taken = Vec::new();
        for event in events {
            let known = match &set {
                Some(set) => set.contains(&event.id),
                None => before.iter().any(|known| known.id == event.id),
            };
            if !known && self.fresh_ids.insert(event.id.clone()) {
                taken.push(event.id.clone());
                self.fresh.push(event);
            }
        }
        taken
    }

    /// How many events it has.
    fn len(&self) -> usize {
        let before = if self.is_new { 0 } else { self.kept.shipment.events().len() };
        before + self.fresh.len()
    }
}
