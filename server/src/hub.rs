//! The hub: who watches which shipment, and what they are to see. It keeps one topic a shipment that is
//! watched or was asked for lately; a topic holds the public view and, while a recipient watches, theirs,
//! serialised once per change and audience however many watch, as the very bytes that go over the wire. It knows the store's use cases and the bus,
//! nothing of HTTP.
//!
//! # Why nothing is missed
//!
//! A viewer subscribes to the topic *before* the topic's view is read from the store, and a topic takes
//! a view only when its sequence is higher than the one it has. So a change that is committed while the
//! view is being read reaches the topic in one of the two ways, and the order in which they come does
//! not matter. A viewer always gets the latest view; those in between may be skipped, since each is
//! whole.
//!
//! # Why a slow viewer costs nobody else
//!
//! Viewers share one `watch` channel a topic: a change swaps an `Arc` and wakes them. No lock is held
//! while anything is serialised for somebody or written to a socket.

mod frame;
mod topic;

use std::sync::{Arc, OnceLock, Weak};
use std::time::{Duration, Instant};

use dashmap::DashMap;
use doorstep_model::id::TrackingId;
use doorstep_model::shipment::Shipment;
use doorstep_model::views::PublicView;

pub use frame::Frame;
pub use topic::Viewer;
use topic::{Audience, Topic};

use crate::bus::{Bus, Change, Heard, Message};
use crate::store::{Observer, Store, StoreError};

/// The most topics kept that nobody watches. A public view has about 1 KB.
const MOST_IDLE_TOPICS: usize = 20_000;

/// How long a topic that nobody watches is kept after it was asked for.
const IDLE_FOR: Duration = Duration::from_secs(120);

/// How often topics that nobody watches are looked through.
const SWEEP_EVERY: Duration = Duration::from_secs(30);

/// Who watches what.
pub struct Hub {
    topics: DashMap<TrackingId, Arc<Topic>>,
    bus: Arc<dyn Bus>,
    /// Set once, after the store that reports to this hub was opened.
    store: OnceLock<Arc<dyn Store>>,
}

impl Hub {
    /// A hub without a store yet; [`Hub::attach`] must follow before anybody watches.
    pub fn new(bus: Arc<dyn Bus>) -> Arc<Self> {
        Arc::new(Self { topics: DashMap::new(), bus, store: OnceLock::new() })
    }

    /// Gives the hub the store that reports to it, and starts listening to the other nodes and clearing
    /// away what nobody watches. Both end when the hub is dropped.
    pub fn attach(self: &Arc<Self>, store: Arc<dyn Store>) {
        if self.store.set(store).is_ok() {
            tokio::spawn(listen(Arc::downgrade(self), self.bus.subscribe()));
            tokio::spawn(sweep(Arc::downgrade(self)));
        }
    }

    /// What is told from now on of changes, on this node and others.
    pub fn hear(&self) -> Heard {
        self.bus.subscribe()
    }

    /// The current public view of a shipment; `None` for an id nobody has.
    ///
    /// # Errors
    /// [`StoreError`] when the view had to be read and could not.
    pub async fn current(&self, id: &TrackingId) -> Result<Option<Arc<Frame>>, StoreError> {
        if let Some(topic) = self.topics.get(id)
            && let Some(frame) = topic.current()
        {
            topic.touch();
            return Ok(Some(frame));
        }
        Ok(self.watch(id).await?.map(|viewer| viewer.current()))
    }

    /// The current public view of a shipment, to be written as a page; `None` for an id nobody has.
    ///
    /// # Errors
    /// [`StoreError`] when the view had to be read and could not.
    pub async fn page_view(&self, id: &TrackingId) -> Result<Option<PublicView>, StoreError> {
        let Some(frame) = self.current(id).await? else { return Ok(None) };
        frame.view().map(Some).map_err(|error| StoreError::Corrupt(format!("the view of {id}: {error}")))
    }

    /// Watches a shipment as everybody may; `None` for an id nobody has.
    ///
    /// # Errors
    /// [`StoreError`] when the view had to be read and could not.
    pub async fn watch(&self, id: &TrackingId) -> Result<Option<Viewer>, StoreError> {
        self.watch_as(Audience::Public, id).await
    }

    /// Watches a shipment as its recipient, which the caller has made sure of; `None` for an id nobody has.
    ///
    /// # Errors
    /// [`StoreError`] when the view had to be read and could not.
    pub async fn watch_as_recipient(&self, id: &TrackingId) -> Result<Option<Viewer>, StoreError> {
        self.watch_as(Audience::Recipient, id).await
    }

    async fn watch_as(&self, audience: Audience, id: &TrackingId) -> Result<Option<Viewer>, StoreError> {
        // Subscribing happens under the map's lock, so that a sweep cannot take the topic away between.
        let (topic, receiver) = {
            let entry = self.topics.entry(id.clone()).or_insert_with(|| Arc::new(Topic::new()));
            (Arc::clone(entry.value()), entry.subscribe(audience))
        };
        topic.touch();
        match self.load(&topic, id, || receiver.borrow().is_some()).await {
            Ok(true) => Ok(Viewer::new(receiver)),
            outcome => {
                drop(receiver);
                self.topics.remove_if(id, |_, topic| topic.is_idle() && topic.current().is_none());
                outcome.map(|_| None)
            }
        }
    }

    /// How many topics there are, and how many viewers.
    pub fn size(&self) -> (usize, usize) {
        (self.topics.len(), self.topics.iter().map(|topic| topic.viewers()).sum())
    }

    /// Fills a topic from the store unless `is_filled`; says whether it has a view now. One reads, the
    /// others wait.
    async fn load(
        &self,
        topic: &Topic,
        id: &TrackingId,
        is_filled: impl Fn() -> bool,
    ) -> Result<bool, StoreError> {
        if is_filled() {
            return Ok(true);
        }
        let _reading = topic.reading().await;
        if is_filled() {
            return Ok(true);
        }
        match self.store()?.shipment(id).await? {
            Some(shipment) => {
                topic.offer(&shipment);
                Ok(true)
            }
            None => Ok(false),
        }
    }

    /// Reads a watched shipment anew, because another node or process changed it.
    async fn refresh(&self, id: &TrackingId) {
        let Some(topic) = self.topics.get(id).map(|topic| Arc::clone(&topic)) else { return };
        let read = match self.store() {
            Ok(store) => store.shipment(id).await,
            Err(error) => Err(error),
        };
        match read {
            Ok(Some(shipment)) => topic.offer(&shipment),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "a watched shipment could not be read anew"),
        }
    }

    fn store(&self) -> Result<&Arc<dyn Store>, StoreError> {
        self.store.get().ok_or(StoreError::Closed)
    }

    /// Drops what nobody watches and nobody asked for lately, or all that nobody watches when there is
    /// too much of it.
    fn clear_idle(&self, now: Instant) {
        let crowded = self.topics.len() > MOST_IDLE_TOPICS;
        self.topics.retain(|_, topic| !topic.is_idle() || (!crowded && topic.used_within(IDLE_FOR, now)));
    }
}

impl Observer for Hub {
    fn changed(&self, shipments: &[Arc<Shipment>]) {
        for shipment in shipments {
            let id = shipment.tracking_id();
            // What nobody watches is not serialised; the next who asks reads it.
            if self.topics.remove_if(id, |_, topic| topic.is_idle()).is_some() {
                continue;
            }
            if let Some(topic) = self.topics.get(id).map(|topic| Arc::clone(&topic)) {
                topic.offer(shipment);
            }
        }
        let change = |shipment: &Arc<Shipment>| Change {
            tracking_id: shipment.tracking_id().clone(),
            sequence: shipment.sequence(),
        };
        self.bus.announce(shipments.iter().map(change).collect());
    }

    fn all_may_have_changed(&self) {
        self.bus.announce_unknown();
    }
}

/// Follows what other nodes say. What this node itself said comes back too and costs a look-up: its
/// topic has that sequence already.
async fn listen(hub: Weak<Hub>, mut heard: Heard) {
    while let Some(message) = heard.next().await {
        let Some(hub) = hub.upgrade() else { return };
        match message {
            Message::Changed(changes) => {
                for change in changes.iter() {
                    let behind =
                        hub.topics.get(&change.tracking_id).is_some_and(|t| t.is_behind(change.sequence));
                    if behind {
                        hub.refresh(&change.tracking_id).await;
                    }
                }
            }
            Message::Missed => {
                hub.topics.retain(|_, topic| !topic.is_idle());
                let watched: Vec<TrackingId> = hub.topics.iter().map(|topic| topic.key().clone()).collect();
                for id in watched {
                    hub.refresh(&id).await;
                }
            }
        }
    }
}

async fn sweep(hub: Weak<Hub>) {
    let mut ticks = tokio::time::interval(SWEEP_EVERY);
    loop {
        ticks.tick().await;
        let Some(hub) = hub.upgrade() else { return };
        hub.clear_idle(Instant::now());
        let (topics, viewers) = hub.size();
        metrics::gauge!("doorstep_hub_topics").set(topics as f64);
        metrics::gauge!("doorstep_hub_viewers").set(viewers as f64);
    }
}

#[cfg(test)]
mod tests;
