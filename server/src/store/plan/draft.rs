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
    /// The ids of all its events, those of `fresh` included.
    ids: HashSet<EventId>,
}

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
        self.drafts.push(Draft { kept, is_new: true, fresh: first, ids });
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
                Some(Ok(kept)) => {
                    let ids = kept.shipment.events().iter().map(|event| event.id.clone()).collect();
                    self.by_key.insert(key.to_owned(), self.drafts.len());
                    self.drafts.push(Draft { kept: kept.clone(), is_new: false, fresh: Vec::new(), ids });
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
            let mut taken = Vec::new();
            for event in events {
                if draft.ids.insert(event.id.clone()) {
                    taken.push(event.id.clone());
                    draft.fresh.push(event);
                }
            }
            if draft.ids.len() > MAX_EVENTS && !taken.is_empty() {
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
                draft.ids.remove(&id);
            }
        }
        Err(full)
    }

    /// Folds what changed and writes it into the plan; gives every draft's shipment as it is now.
    pub(super) fn finish(self, plan: &mut Plan) -> Vec<Arc<Shipment>> {
        let finish = |draft: Draft| {
            let Draft { mut kept, is_new, fresh, .. } = draft;
            if fresh.is_empty() && !is_new {
                return kept.shipment;
            }
            let first = if is_new { 1 } else { kept.shipment.sequence() };
            if first + fresh.len() as u64 != kept.shipment.sequence() {
                let mut shipment = Shipment::clone(&kept.shipment);
                shipment.record(fresh.iter().cloned());
                kept.shipment = Arc::new(shipment);
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
