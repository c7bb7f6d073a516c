//! The shipments that a group of changes touches, with the events each takes, before they are folded. An
//! amendment is decided on what is folded up to there; without one, a shipment is folded once. Knows the limit of a shipment and what is a repeat; nothing of idempotency keys or taken ids.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use doorstep_model::event::Event;
use doorstep_model::handoff::{Amended, Amendment};
use doorstep_model::id::EventId;
use doorstep_model::shipment::Shipment;
use doorstep_model::time::Timestamp;

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
    /// With `folded` of the events that the group adds.
    kept: Kept,
    is_new: bool,
    is_amended: bool,
    is_retold: bool,
    /// The shipment's sequence once all of `fresh` is folded.
    sequence: u64,
    /// The events that the group adds, in the order told, each with the shipment's sequence once it was
    /// taken.
    fresh: Vec<(u64, Event)>,
    /// The ids of `fresh`.
    fresh_ids: HashSet<EventId>,
    /// How many of `fresh` stand in the shipment already.
    folded: usize,
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
        let fresh: Vec<(u64, Event)> = (2..).zip(first).collect();
        self.drafts.push(Draft {
            is_new: true,
            folded: fresh.len(),
            fresh,
            fresh_ids: ids,
            ..Draft::of(kept)
        });
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
                    self.drafts.push(Draft::of(kept));
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
            self.drafts[at].give_back(taken);
        }
        Err(full)
    }

    /// Carries out an amendment on a draft as it stands now.
    pub(super) fn amend(&mut self, at: usize, amendment: Amendment, now: Timestamp) -> Amended {
        self.drafts[at].amend(amendment, now)
    }

    /// Folds what changed and writes it into the plan; gives every draft's shipment as it is now.
    pub(super) fn finish(self, plan: &mut Plan) -> Vec<Arc<Shipment>> {
        let finish = |mut draft: Draft| {
            draft.fold();
            let Draft { kept, is_new, is_amended, is_retold, fresh, .. } = draft;
            let shipment = Arc::clone(&kept.shipment);
            let row = kept.row;
            if is_amended {
                plan.amended.push((row, Arc::clone(&shipment)));
            }
            if is_retold && !is_new {
                plan.retold.push((row, Arc::clone(&shipment)));
            }
            let changed = is_amended || is_retold || !fresh.is_empty();
            plan.events.extend(fresh.into_iter().map(|(sequence, event)| (row, sequence, event)));
            match (is_new, changed) {
                (true, _) => plan.created.push(kept),
                (false, true) => plan.changed.push(kept),
                (false, false) => plan.unchanged.push(kept),
            }
            shipment
        };
        self.drafts.into_iter().map(finish).collect()
    }
}

impl Draft {
    /// Of a shipment to which nothing is added yet.
    fn of(kept: Kept) -> Self {
        let sequence = kept.shipment.sequence();
        let (fresh, fresh_ids) = (Vec::new(), HashSet::new());
        let (is_amended, is_retold) = (false, false);
        Self { kept, is_new: false, is_amended, is_retold, sequence, fresh, fresh_ids, folded: 0 }
    }

    /// Takes what is new, and says which ids those were.
    fn take(&mut self, events: Vec<Event>) -> Vec<EventId> {
        let before = self.kept.shipment.events();
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
                self.sequence += 1;
                self.fresh.push((self.sequence, event));
            }
        }
        taken
    }

    /// Gives back what it took last.
    fn give_back(&mut self, taken: Vec<EventId>) {
        self.fresh.truncate(self.fresh.len() - taken.len());
        self.sequence -= taken.len() as u64;
        for id in taken {
            self.fresh_ids.remove(&id);
        }
    }

    /// Carries out an amendment. The event that it tells is taken even by a full shipment: there are a few
    /// of them at most, and each ends a journey.
    fn amend(&mut self, amendment: Amendment, now: Timestamp) -> Amended {
        self.fold();
        let shipment = Arc::make_mut(&mut self.kept.shipment);
        let is_retold = matches!(amendment, Amendment::Retold(_));
        let (amended, told) = shipment.amend(amendment, now);
        self.is_retold |= is_retold && amended == Amended::Taken;
        self.is_amended |= !is_retold && amended == Amended::Taken;
        self.sequence = shipment.sequence();
        if let Some(event) = told {
            self.fresh_ids.insert(event.id.clone());
            self.fresh.push((self.sequence, event));
            self.folded = self.fresh.len();
        }
        amended
    }

    /// Brings the shipment up to what was told.
    fn fold(&mut self) {
        if self.folded < self.fresh.len() {
            let told = self.fresh.iter().skip(self.folded).map(|(_, event)| event.clone());
            // In place where the engine held the only one: a long history is not copied.
            Arc::make_mut(&mut self.kept.shipment).record(told);
            self.folded = self.fresh.len();
        }
    }

    /// How many events it has.
    fn len(&self) -> usize {
        self.kept.shipment.events().len() + self.fresh.len() - self.folded
    }
}
