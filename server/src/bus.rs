//! What nodes tell each other: that a shipment changed, by name and sequence only. The truth is in the
//! store; whoever misses a message reads it there. Nothing of a shipment's content passes here.

mod local;

use std::sync::Arc;

use async_trait::async_trait;
use doorstep_model::id::TrackingId;

pub use local::LocalBus;

/// That a shipment has come to a sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which.
    pub tracking_id: TrackingId,
    /// Its sequence now.
    pub sequence: u64,
}

/// One message between nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// These shipments changed.
    Changed(Arc<[Change]>),
    /// Messages were lost, or nobody knows what changed: anything may have.
    Missed,
}

/// Carries changes between nodes. Messages may be lost, repeated or late, as long as the loss is told.
pub trait Bus: Send + Sync + 'static {
    /// Tells all nodes, this one included, of changes. Must not block.
    fn announce(&self, changes: Vec<Change>);

    /// Tells all nodes that anything may have changed.
    fn announce_unknown(&self);

    /// What is told from now on.
    fn subscribe(&self) -> Heard;
}

/// What a node hears.
pub struct Heard(Box<dyn Ear>);

impl Heard {
    /// Wraps an engine's own subscription.
    pub fn new(ear: impl Ear + 'static) -> Self {
        Self(Box::new(ear))
    }

    /// The next message; `None` when the bus has ended.
    pub async fn next(&mut self) -> Option<Message> {
        self.0.next().await
    }
}

/// An engine's subscription; see [`Heard::next`].
#[async_trait]
pub trait Ear: Send {
    /// See [`Heard::next`].
    async fn next(&mut self) -> Option<Message>;
}
