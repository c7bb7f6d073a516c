//! One shipment's channels, one an audience: the latest view and those who wait for the next. Only ever
//! moves forward. The recipient's channel is there only while one watches, so that what nobody may look at
//! is neither kept nor made.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use doorstep_model::shipment::Shipment;
use tokio::sync::{Mutex, MutexGuard, watch};

use crate::hub::Frame;

/// The latest view of a shipment, empty until it was first read.
type Latest = Option<Arc<Frame>>;

/// Whose view it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    /// Everybody's.
    Public,
    /// The recipient's.
    Recipient,
}

/// One shipment's channels.
pub(super) struct Topic {
    latest: watch::Sender<Latest>,
    /// `None` while no recipient watches.
    recipients: std::sync::Mutex<Option<watch::Sender<Latest>>>,
    /// Held by whoever reads the view from the store for the first time.
    reading: Mutex<()>,
    born: Instant,
    /// Milliseconds after `born` at which it was last asked for.
    used: AtomicU64,
}

impl Topic {
    pub(super) fn new() -> Self {
        Self {
            latest: watch::Sender::new(None),
            recipients: std::sync::Mutex::default(),
            reading: Mutex::new(()),
            born: Instant::now(),
            used: AtomicU64::new(0),
        }
    }

    pub(super) fn subscribe(&self, audience: Audience) -> watch::Receiver<Latest> {
        match audience {
            Audience::Public => self.latest.subscribe(),
            Audience::Recipient => {
                self.recipients().get_or_insert_with(|| watch::Sender::new(None)).subscribe()
            }
        }
    }

    /// The latest public view.
    pub(super) fn current(&self) -> Latest {
        self.latest.borrow().clone()
    }

    /// Takes the views of `shipment` if they are newer than what is there.
    pub(super) fn offer(&self, shipment: &Shipment) {
        replace(&self.latest, Frame::of(shipment));
        if let Some(recipients) = self.watching_recipients() {
            replace(&recipients, Frame::for_recipient(shipment));
        }
    }

    /// The recipient's channel, while one watches. When the last has gone it is taken away with its view:
    /// whoever comes next reads it from the store, and finds none that was not kept up.
    fn watching_recipients(&self) -> Option<watch::Sender<Latest>> {
        let mut recipients = self.recipients();
        if recipients.as_ref().is_some_and(|sender| sender.receiver_count() == 0) {
            *recipients = None;
        }
        recipients.clone()
    }

    fn recipients(&self) -> std::sync::MutexGuard<'_, Option<watch::Sender<Latest>>> {
        self.recipients.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_behind(&self, sequence: u64) -> bool {
        self.latest.borrow().as_ref().is_none_or(|latest| latest.sequence() < sequence)
    }

    pub(super) async fn reading(&self) -> MutexGuard<'_, ()> {
        self.reading.lock().await
    }

    pub(super) fn viewers(&self) -> usize {
        let recipients = self.recipients().as_ref().map_or(0, watch::Sender::receiver_count);
        self.latest.receiver_count() + recipients
    }

    pub(super) fn is_idle(&self) -> bool {
        self.viewers() == 0
    }

    pub(super) fn touch(&self) {
        let age = u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.used.store(age, Ordering::Relaxed);
    }

    pub(super) fn used_within(&self, span: Duration, now: Instant) -> bool {
        now.saturating_duration_since(self.born + Duration::from_millis(self.used.load(Ordering::Relaxed)))
            < span
    }
}

fn replace(latest: &watch::Sender<Latest>, frame: Frame) {
    let frame = Arc::new(frame);
    latest.send_if_modified(|latest| {
        let newer = latest.as_ref().is_none_or(|latest| latest.sequence() < frame.sequence());
        if newer {
            *latest = Some(frame);
        }
        newer
    });
}

/// Somebody who watches a shipment.
pub struct Viewer {
    latest: watch::Receiver<Latest>,
    shown: Arc<Frame>,
}

impl Viewer {
    /// A viewer of a topic that has a view.
    pub(super) fn new(mut latest: watch::Receiver<Latest>) -> Option<Self> {
        let shown = latest.borrow_and_update().clone()?;
        Some(Self { latest, shown })
    }

    /// The view that was told last.
    pub fn current(&self) -> Arc<Frame> {
        Arc::clone(&self.shown)
    }

    /// Waits for a newer view. May be dropped and called again: nothing is missed.
    pub async fn changed(&mut self) -> Arc<Frame> {
        loop {
            if self.latest.changed().await.is_err() {
                // The hub is gone: the server is ending, which the stream learns elsewhere.
                std::future::pending::<()>().await;
            }
            if let Some(frame) = self.latest.borrow_and_update().clone() {
                self.shown = Arc::clone(&frame);
                return frame;
            }
        }
    }
}
