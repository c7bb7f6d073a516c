//! The shipments that a group of changes touches, with the events each takes, before they are folded. An
//! amendment is decided on what is folded up to there; without one, a shipment is folded once, but one of a
//! tenant that wants to be told of news event by event. Knows the limit of a shipment and what is a repeat;
//! nothing of idempotency keys or taken ids.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use doorstep_model::event::Event;
use doorstep_model::fold::Journey;
use doorstep_model::handoff::{Amended, Amendment};
use doorstep_model::id::EventId;
use doorstep_model::shipment::Shipment;
use doorstep_model::time::Timestamp;

use super::{Kept, Known, Plan, PlannedNews};
use crate::identity::TenantId;
use crate::store::{MAX_EVENTS, NewShipment};
use crate::webhooks::Topic;

/// The shipments of a group, by the order in which it first named them.
#[derive(Default)]
pub(super) struct Drafts {
    by_key: HashMap<String, usize>,
    drafts: Vec<Draft>,
    /// The tenants that want to be told of news.
    watched: Arc<HashSet<TenantId>>,
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
    /// What there is to tell; `None` where nobody wants to be told.
    news: Option<Vec<PlannedNews>>,
}

/// From how many comparisons on a set of ids costs less than looking through the events.
const WORTH_A_SET: usize = 2_000;

impl Drafts {
    /// None yet; of `watched` tenants it is noted what there is to tell.
    pub(super) fn watching(watched: Arc<HashSet<TenantId>>) -> Self {
        Self { watched, ..Self::default() }
    }

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
        let mut draft = self.draft(kept);
        draft.tell(shipment.sequence(), Topic::Created, None, shipment.created_at());
        self.drafts.push(Draft { is_new: true, folded: fresh.len(), fresh, fresh_ids: ids, ..draft });
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
                    let draft = self.draft(kept);
                    self.drafts.push(draft);
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

    /// Of a shipment to which nothing is added yet.
    fn draft(&self, kept: Kept) -> Draft {
        let sequence = kept.shipment.sequence();
        let news = self.watched.contains(&kept.tenant).then(Vec::new);
        Draft {
            kept,
            is_new: false,
            is_amended: false,
            is_retold: false,
            sequence,
            fresh: Vec::new(),
            fresh_ids: HashSet::new(),
            folded: 0,
            news,
        }
    }

    /// Folds what changed and writes it into the plan; gives every draft's shipment as it is now.
    pub(super) fn finish(self, plan: &mut Plan) -> Vec<Arc<Shipment>> {
        let finish = |mut draft: Draft| {
            draft.fold();
            let Draft { kept, is_new, is_amended, is_retold, fresh, news, .. } = draft;
            plan.news.extend(news.into_iter().flatten());
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
        let before = self.news.is_some().then(|| self.kept.shipment.journey().clone());
        let topic = Topic::of_amendment(&amendment);
        let shipment = Arc::make_mut(&mut self.kept.shipment);
        let is_retold = matches!(amendment, Amendment::Retold(_) | Amendment::Referenced(_));
        let (amended, told) = shipment.amend(amendment, now);
        self.is_retold |= is_retold && amended == Amended::Taken;
        self.is_amended |= !is_retold && amended == Amended::Taken;
        self.sequence = shipment.sequence();
        match (&told, before) {
            (Some(event), Some(before)) => self.tell_event(self.sequence, event, &before),
            (None, Some(_)) if amended == Amended::Taken => self.tell(self.sequence, topic, None, now),
            _ => {}
        }
        if let Some(event) = told {
            self.fresh_ids.insert(event.id.clone());
            self.fresh.push((self.sequence, event));
            self.folded = self.fresh.len();
        }
        amended
    }

    /// Brings the shipment up to what was told.
    fn fold(&mut self) {
        let told: Vec<(u64, Event)> = self.fresh.iter().skip(self.folded).cloned().collect();
        if told.is_empty() {
            return;
        }
        self.folded = self.fresh.len();
        if self.news.is_none() {
            // In place where the engine held the only one: a long history is not copied.
            Arc::make_mut(&mut self.kept.shipment).record(told.into_iter().map(|(_, event)| event));
            return;
        }
        for (sequence, event) in told {
            let shipment = Arc::make_mut(&mut self.kept.shipment);
            let before = shipment.journey().clone();
            shipment.record([event.clone()]);
            self.tell_event(sequence, &event, &before);
        }
    }

    /// Notes that there is an event to tell, which is folded already.
    fn tell_event(&mut self, sequence: u64, event: &Event, before: &Journey) {
        let topic = Topic::of_event(event, before, self.kept.shipment.journey());
        self.tell(sequence, topic, Some(event.id.clone()), event.received_at);
    }

    /// Notes that there is something to tell, where somebody wants to be told.
    fn tell(&mut self, sequence: u64, topic: Topic, event: Option<EventId>, at: Timestamp) {
        if let Some(news) = &mut self.news {
            let Kept { row, tenant, shipment } = &self.kept;
            let key = shipment.tracking_id().key();
            news.push(PlannedNews { tenant: *tenant, key, row: *row, sequence, topic, event, at });
        }
    }

    /// How many events it has.
    fn len(&self) -> usize {
        self.kept.shipment.events().len() + self.fresh.len() - self.folded
    }
}
