//! What the server needs kept, named after its use cases. Nothing outside this module knows SQL, and
//! this trait knows nothing of HTTP: a second engine (PostgreSQL) stands beside SQLite under the same
//! test-suite (`store::conformance`).
//!
//! Two promises hold for every engine:
//!
//! - an answer from [`Store::create_shipment`] or [`Store::record`] means that what it tells survives
//!   SIGKILL and power loss;
//! - every change is told to the [`Observer`] after it is durable and before it is answered, whether or
//!   not the caller still waits for the answer.

#[cfg(test)]
mod conformance;
pub mod entrances;
pub mod logos;
pub mod orders;
pub mod outbox;
mod plan;
pub mod pushes;
mod row;
pub mod sqlite;
pub mod work;

use std::sync::Arc;

use async_trait::async_trait;
use doorstep_model::event::Event;
use doorstep_model::handoff::{Amended, Amendment};
use doorstep_model::id::{EventId, TrackingId};
use doorstep_model::shipment::{Details, Shipment};
use doorstep_model::status::Status;
use doorstep_model::time::Timestamp;

use crate::access::TenantSettings;
use crate::identity::{Client, ClientId, KeyHash, Role, TenantId, TenantName};

/// Where shipments, events and clients are kept; with them, each in a trait of its own, how recipients get in,
/// what dialects need, what is on its way out and who is told by push.
#[async_trait]
pub trait Store:
    entrances::Entrances
    + logos::Logos
    + orders::Orders
    + work::Works
    + outbox::Outbox
    + pushes::Pushes
    + Send
    + Sync
    + 'static
{
    /// Makes a client of `tenant`, and the tenant where it is new.
    async fn create_client(
        &self,
        tenant: &TenantName,
        name: &str,
        role: Role,
        key: KeyHash,
    ) -> Result<Client, StoreError>;

    /// The client that holds the key with this hash.
    async fn client_by_key(&self, key: &KeyHash) -> Result<Option<Client>, StoreError>;

    /// The tenant of that name, for commands that run beside the server.
    async fn tenant_by_name(&self, name: &TenantName) -> Result<Option<TenantId>, StoreError>;

    /// Makes a shipment known, with its first events, all or nothing.
    async fn create_shipment(&self, tenant: TenantId, new: NewShipment) -> Result<Creation, StoreError>;

    /// Begins a shipment anew under its number: as if it were made known just now, with these first
    /// events, and everything told before forgotten. Its sequence goes on from where it was, so that
    /// open pages follow. Where there is none, it is created. For samples that are played again and
    /// again; a real shipment's history is never taken back.
    async fn begin_anew(&self, tenant: TenantId, new: NewShipment) -> Result<Creation, StoreError>;

    /// Records events of one or many shipments of `tenant`: all of them or none.
    async fn record(&self, tenant: TenantId, reports: Vec<Report>) -> Result<Recording, StoreError>;

    /// Carries out an amendment of a shipment of `tenant`; `None` where the tenant has none of that id. An
    /// amendment is decided on the shipment as it stands when it is its turn ([`Shipment::amend`]), so that
    /// of two edits on the same version one is refused, and no try goes uncounted.
    async fn amend(
        &self,
        tenant: TenantId,
        id: &TrackingId,
        amendment: Amendment,
        at: Timestamp,
    ) -> Result<Option<AmendedShipment>, StoreError>;

    /// What a tenant decided; the defaults where it decided nothing.
    async fn settings(&self, tenant: TenantId) -> Result<TenantSettings, StoreError>;

    /// Keeps what a tenant decided.
    async fn save_settings(&self, tenant: TenantId, settings: TenantSettings) -> Result<(), StoreError>;

    /// Keeps the picture of a proof (its place in the list, from 1); once it is kept it does not change.
    async fn keep_picture(
        &self,
        tenant: TenantId,
        id: &TrackingId,
        proof: u32,
        picture: Picture,
    ) -> Result<(), StoreError>;

    /// The picture of a proof.
    async fn picture(
        &self,
        tenant: TenantId,
        id: &TrackingId,
        proof: u32,
    ) -> Result<Option<Picture>, StoreError>;

    /// A shipment of `tenant`.
    async fn shipment_of(
        &self,
        tenant: TenantId,
        id: &TrackingId,
    ) -> Result<Option<Arc<Shipment>>, StoreError>;

    /// Shipments of `tenant`, newest first.
    async fn shipments_of(
        &self,
        tenant: TenantId,
        filter: Filter,
        page: PageRequest,
    ) -> Result<Page, StoreError>;

    /// Any tenant's shipment, for the public view of whoever has its tracking id.
    async fn shipment(&self, id: &TrackingId) -> Result<Option<Arc<Shipment>>, StoreError>;

    /// Whose shipment it is, to know whose keys sign tokens for it.
    async fn tenant_of(&self, id: &TrackingId) -> Result<Option<TenantId>, StoreError>;

    /// Whether reading and writing work.
    async fn check(&self) -> Result<(), StoreError>;

    /// Finishes the writes that wait, then closes.
    async fn close(&self);
}

/// What became of an amendment, and the shipment as it is now.
#[derive(Clone, Debug)]
pub struct AmendedShipment {
    /// With the amendment, where it was taken, and with what else became durable together with it.
    pub shipment: Arc<Shipment>,
    /// What became of it.
    pub amended: Amended,
}

/// The picture of a proof.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// `image/jpeg`, `image/png` or `image/webp`; checked at the edge.
    pub media_type: String,
    /// Itself; at most [`MOST_PICTURE_BYTES`].
    pub bytes: bytes::Bytes,
}

/// The most bytes of a picture.
pub const MOST_PICTURE_BYTES: usize = 3 * 1024 * 1024;

/// Told of every durable change; see the second promise above. Must not block.
pub trait Observer: Send + Sync + 'static {
    /// These shipments are now as given.
    fn changed(&self, shipments: &[Arc<Shipment>]);

    /// Another process wrote to the store: anything may have changed.
    fn all_may_have_changed(&self);
}

/// A shipment to be made known.
#[derive(Clone, Debug)]
pub struct NewShipment {
    /// The number on its label; unique over all tenants, without regard to case.
    pub tracking_id: TrackingId,
    /// What the caller told.
    pub details: Details,
    /// When it was made known.
    pub created_at: Timestamp,
    /// What has happened already; at most [`MAX_EVENTS`], checked at the edge.
    pub events: Vec<Event>,
    /// Set when the caller wants a repeat of its request to be one.
    pub once: Option<Once>,
}

/// A request that its caller may repeat (`Idempotency-Key`).
#[derive(Clone, Debug)]
pub struct Once {
    /// Who asks.
    pub client: ClientId,
    /// The caller's key for it: 1 to 255 visible ASCII characters, checked at the edge.
    pub key: String,
    /// Hash of what was asked, so that another body under the same key is noticed.
    pub fingerprint: [u8; 32],
}

/// How a creation ended.
#[derive(Clone, Debug)]
pub enum Creation {
    /// It is known and durable now.
    Created(Arc<Shipment>),
    /// The same request was answered before: the shipment as it was created then, with the events it
    /// was created with, whatever has happened since.
    Repeated(Arc<Shipment>),
    /// The key was used for another body.
    KeyReused,
    /// The tracking id is taken, by this tenant or another.
    Taken,
}

/// Events of one shipment.
#[derive(Clone, Debug)]
pub struct Report {
    /// Of which shipment.
    pub tracking_id: TrackingId,
    /// In the order in which the caller told them; their ids may repeat, here or in the store.
    pub events: Vec<Event>,
}

/// How a recording ended.
#[derive(Clone, Debug)]
pub enum Recording {
    /// All is durable; one entry a report, in the order of the reports.
    Recorded(Vec<Recorded>),
    /// Nothing was written: these reports (by index) name shipments the tenant has not.
    Unknown(Vec<usize>),
    /// Nothing was written: these reports (by index) would give a shipment more than
    /// [`MAX_EVENTS`] events.
    Full(Vec<usize>),
}

/// The most events that one shipment takes. A journey has tens; the limit keeps a broken client from
/// making every later change of that shipment slow.
pub const MAX_EVENTS: usize = 5_000;

/// What became of one report.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The shipment with the events of this report, and with what else became durable together with them.
    pub shipment: Arc<Shipment>,
    /// Which events were new, in the order told. The others were repeats.
    pub taken: Vec<EventId>,
}

/// Which shipments of a tenant.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only those that stand at one of these; all when empty.
    pub statuses: Vec<Status>,
    /// Only those that changed at or after this: were created, or told of an event, as those who told us
    /// dated it (`created_at`, `received_at`).
    pub updated_since: Option<Timestamp>,
}

/// Which page of a list, in key-set fashion: pages stay stable while new shipments arrive.
#[derive(Clone, Copy, Debug)]
pub struct PageRequest {
    /// Where it begins.
    pub start: PageStart,
    /// How many at most.
    pub limit: u32,
}

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageStart {
    /// At the newest.
    Newest,
    /// With what is older than this position.
    OlderThan(Position),
    /// With what is newer than this position (the page nearest to it, still newest first).
    NewerThan(Position),
}

/// A place in a tenant's list of shipments; opaque outside the store but for being written in a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(pub i64);

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// Newest first.
    pub shipments: Vec<Arc<Shipment>>,
    /// Position of the first, when there are newer ones.
    pub newer: Option<Position>,
    /// Position of the last, when there are older ones.
    pub older: Option<Position>,
}

/// Why the store could not answer. The cause is for the log, never for the client.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The engine failed or refused.
    #[error("the database failed")]
    Engine(#[source] anyhow::Error),
    /// More writes wait than the store is willing to hold; try again soon.
    #[error("too many writes wait")]
    Busy,
    /// The store is closing or closed.
    #[error("the store is closed")]
    Closed,
    /// A kept row does not read back; tells which.
    #[error("a kept row does not read back: {0}")]
    Corrupt(String),
}

impl StoreError {
    /// The same once more: every request of a group that failed is told why.
    fn again(&self) -> Self {
        match self {
            Self::Engine(cause) => Self::Engine(anyhow::anyhow!("{cause:#}")),
            Self::Busy => Self::Busy,
            Self::Closed => Self::Closed,
            Self::Corrupt(which) => Self::Corrupt(which.clone()),
        }
    }
}
