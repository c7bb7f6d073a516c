//! Devices that are told when a shipment changes. Each remembers up to which sequence it was told, so that
//! whatever happens between a change and its telling, what is behind is found again. The store knows nothing
//! of how a device is told.

use std::collections::HashMap;

use async_trait::async_trait;
use doorstep_model::id::TrackingId;
use doorstep_model::time::Timestamp;

use super::StoreError;

/// The most devices that are told of one shipment.
pub const MOST_PUSHES: u32 = 20;

/// Who is told of changes.
#[async_trait]
pub trait Pushes: Send + Sync {
    /// Has a device told from now on. One that is told already stays as it is.
    async fn subscribe(&self, id: &TrackingId, new: NewPush) -> Result<Subscribed, StoreError>;

    /// Has the device of that name told no longer; says whether it was.
    async fn unsubscribe(&self, id: &TrackingId, name: PushName) -> Result<bool, StoreError>;

    /// Takes devices that are behind their shipment, so that nobody else takes them until `claim.until`:
    /// whoever took one and ended before saying what became of it leaves it to the next.
    async fn claim_pushes(&self, claim: Claim) -> Result<Vec<Push>, StoreError>;

    /// Says what became of telling a device.
    async fn settle_push(&self, push: PushId, became: Became) -> Result<(), StoreError>;

    /// Forgets devices that asked before `before`, some thousands at most, whatever became of their journeys; says
    /// how many.
    async fn tidy_pushes(&self, before: Timestamp) -> Result<u64, StoreError>;
}

/// A device's subscription to one shipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PushId(pub i64);

/// What names an endpoint without telling it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PushName(pub [u8; 16]);

/// A device to be told.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPush {
    /// The name of its endpoint.
    pub name: PushName,
    /// Where it is told.
    pub endpoint: String,
    /// When it asked.
    pub at: Timestamp,
    /// The sequence that it has seen.
    pub sequence: u64,
    /// What it has seen there.
    pub told: String,
}

/// What became of asking to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subscribed {
    /// It is told.
    Kept,
    /// [`MOST_PUSHES`] are told already.
    Full,
    /// Nobody has that tracking id.
    Unknown,
}

/// Which devices are taken.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Of these shipments; of all where none are named.
    pub of: Option<Vec<TrackingId>>,
    /// The present.
    pub now: Timestamp,
    /// Until when nobody else takes them.
    pub until: Timestamp,
    /// How many at most.
    pub most: u32,
    /// How many at most of one push service, and how many of each are being told.
    pub per_service: u32,
    /// By the service's host and port.
    pub being_told: HashMap<String, u32>,
}

/// A device that is behind.
#[derive(Clone, PartialEq, Eq)]
pub struct Push {
    /// Its subscription.
    pub id: PushId,
    /// To what.
    pub tracking_id: TrackingId,
    /// Where it is told.
    pub endpoint: String,
    /// What it was told last.
    pub told: String,
    /// How often that was tried in vain since.
    pub tries: u32,
}

/// What became of telling a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Became {
    /// It was told all up to that sequence, and this last.
    Told {
        /// The sequence.
        sequence: u64,
        /// What it was told.
        told: String,
    },
    /// There was nothing to tell up to that sequence.
    Nothing {
        /// The sequence.
        sequence: u64,
    },
    /// It is to be tried again.
    Later {
        /// Not before then.
        at: Timestamp,
    },
    /// It is told nothing any more, and forgotten.
    Over,
}

/// An endpoint lets whoever knows it tell the device something.
impl std::fmt::Debug for NewPush {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewPush(…)")
    }
}

impl std::fmt::Debug for Push {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Push({})", self.id.0)
    }
}
