//! One shipment's channel: its latest view and those who wait for the next. Only ever moves forward.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, MutexGuard, watch};

use crate::hub::Frame;

/// The latest view of a shipment, empty until it was first read.
type Latest = Option<Arc<Frame>>;

/// One shipment's channel.
pub(super) struct Topic {
    latest: watch::Sender<Latest>,
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
            reading: Mutex::new(()),
            born: Instant::now(),
            used: AtomicU64::new(0),
        }
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<Latest> {
        self.latest.subscribe()
    }

    pub(super) fn current(&self) -> Latest {
        self.latest.borrow().clone()
    }

    /// Takes `frame` if it is newer than what is there.
    pub(super) fn offer(&self, frame: Frame) {
        let frame = Arc::new(frame);
        self.latest.send_if_modified(|latest| {
            let newer = latest.as_ref().is_none_or(|latest| latest.sequence() < frame.sequence());
            if newer {
                *latest = Some(frame);
            }
            newer
        });
    }

    pub(super) fn is_behind(&self, sequence: u64) -> bool {
        self.latest.borrow().as_ref().is_none_or(|latest| latest.sequence() < sequence)
    }

    pub(super) async fn reading(&self) -> MutexGuard<'_, ()> {
        self.reading.lock().await
    }

    pub(super) fn viewers(&self) -> usize {
        self.latest.receiver_count()
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
