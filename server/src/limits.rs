//! How much anybody may ask: requests and events a second, connections and streams at once, bytes and
//! seconds a request. Every limit's memory is bounded by construction, whoever knocks. Knows addresses,
//! client ids and tracking ids as mere names, and nothing of what is asked.

mod address;
mod gate;
mod rate;
mod shield;

use std::time::Duration;

use doorstep_model::id::TrackingId;

use crate::identity::{ClientId, TenantId};
use crate::problem::{Problem, ProblemKind};

pub use address::{Address, Networks};
pub use gate::{Gate, Permit};
pub use rate::{Rate, Throttle};
pub use shield::shield;

/// How long a request may take from its head to the head of its answer.
pub const REQUEST_WITHIN: Duration = Duration::from_secs(30);
/// How long a request's body may take to arrive whole.
pub const BODY_WITHIN: Duration = Duration::from_secs(15);
/// How long a request's head may take to arrive, and a kept connection may be silent.
pub const HEAD_WITHIN: Duration = Duration::from_secs(20);
/// How many header fields a request may have.
pub const HEADER_FIELDS: usize = 64;
/// How many bytes a request's head may have.
pub const HEAD_BYTES: usize = 16 * 1024;

/// A place among the live streams; given back when dropped.
pub type StreamPermit = Permit;

/// What the limits are; see the settings of `serve` for their meaning.
#[derive(Clone, Debug)]
pub struct Allowances {
    /// Requests of one API client.
    pub client_requests: Option<Rate>,
    /// Events told by one API client, or by the sources of one tenant.
    pub client_events: Option<Rate>,
    /// Public calls and refused keys from one address.
    pub address_requests: Option<Rate>,
    /// Public calls about one tracking id.
    pub shipment_requests: Option<Rate>,
    /// Devices that one address has told of changes.
    pub subscriptions: Option<Rate>,
    /// Live streams at once, over all.
    pub streams: usize,
    /// Live streams at once from one address; `None` for no limit.
    pub streams_per_address: Option<usize>,
    /// Bytes of a request's body.
    pub body_bytes: usize,
    /// Proxies whose word about the caller's address is taken.
    pub trusted_proxies: Networks,
}

impl Default for Allowances {
    /// No rates, and everything else as generous as the settings' defaults.
    fn default() -> Self {
        Self {
            client_requests: None,
            client_events: None,
            address_requests: None,
            shipment_requests: None,
            subscriptions: None,
            streams: 100_000,
            streams_per_address: None,
            body_bytes: 1024 * 1024,
            trusted_proxies: Networks::default(),
        }
    }
}

/// Counts what is asked against what is allowed.
pub struct Limits {
    client_requests: Throttle<ClientId>,
    client_events: Throttle<ClientId>,
    received: Throttle<TenantId>,
    address_requests: Throttle<Address>,
    shipment_requests: Throttle<TrackingId>,
    subscriptions: Throttle<Address>,
    streams: Gate,
    body_bytes: usize,
    trusted_proxies: Networks,
}

impl Limits {
    /// Nothing counted yet.
    pub fn new(allowances: Allowances) -> Self {
        Self {
            client_requests: Throttle::new(allowances.client_requests),
            client_events: Throttle::new(allowances.client_events),
            received: Throttle::new(allowances.client_events),
            address_requests: Throttle::new(allowances.address_requests),
            shipment_requests: Throttle::new(allowances.shipment_requests),
            subscriptions: Throttle::new(allowances.subscriptions),
            streams: Gate::new(allowances.streams, allowances.streams_per_address),
            body_bytes: allowances.body_bytes,
            trusted_proxies: allowances.trusted_proxies,
        }
    }

    /// One public call about a shipment.
    ///
    /// # Errors
    /// [`TooMany`] when the address or the tracking id was asked about too often.
    pub fn public_call(&self, from: Address, id: &TrackingId) -> Result<(), TooMany> {
        self.address_requests.take(&from, 1)?;
        self.shipment_requests.take(id, 1)
    }

    /// One device that an address has told of changes.
    ///
    /// # Errors
    /// [`TooMany`] when it has many told.
    pub fn subscribing(&self, from: Address) -> Result<(), TooMany> {
        self.subscriptions.take(&from, 1)
    }

    /// One request of an API client.
    ///
    /// # Errors
    /// [`TooMany`] when it asks too often.
    pub fn client_call(&self, client: ClientId) -> Result<(), TooMany> {
        self.client_requests.take(&client, 1)
    }

    /// Events told by an API client; more than the burst allows at once is counted as the whole burst.
    ///
    /// # Errors
    /// [`TooMany`] when it tells too many.
    pub fn client_events(&self, client: ClientId, count: usize) -> Result<(), TooMany> {
        self.client_events.take(&client, u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// One webhook that another system sends a tenant: all of them together as many as one of its clients may tell
    /// events.
    ///
    /// # Errors
    /// [`TooMany`] when it is sent too many.
    pub fn received(&self, tenant: TenantId) -> Result<(), TooMany> {
        self.received.take(&tenant, 1)
    }

    /// One request with a key that nobody holds: guessing is as limited as asking.
    ///
    /// # Errors
    /// [`TooMany`] when the address tries too often.
    pub fn refused_key(&self, from: Address) -> Result<(), TooMany> {
        self.address_requests.take(&from, 1)
    }

    /// A place for one more live stream.
    ///
    /// # Errors
    /// [`TooMany`] when there are too many, over all or from that address.
    pub fn stream(&self, from: Address) -> Result<StreamPermit, TooMany> {
        self.streams.enter(from).ok_or(TooMany { retry_after_seconds: 5 })
    }

    /// The most bytes of a request's body.
    pub fn body_bytes(&self) -> usize {
        self.body_bytes
    }

    /// Proxies whose word about the caller's address is taken.
    pub fn trusted_proxies(&self) -> &Networks {
        &self.trusted_proxies
    }

    /// Forgets whoever has not asked for a while. Memory is bounded without it; a call every minute or so
    /// gives back what a crowd took.
    pub fn tidy(&self) {
        self.client_requests.tidy();
        self.received.tidy();
        self.client_events.tidy();
        self.address_requests.tidy();
        self.shipment_requests.tidy();
        self.subscriptions.tidy();
    }
}

/// Too much was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany {
    /// After how many seconds it may be asked again; at least 1.
    pub retry_after_seconds: u64,
}

impl From<TooMany> for Problem {
    fn from(too_many: TooMany) -> Self {
        Self::new(ProblemKind::RateLimited).retry_after(too_many.retry_after_seconds)
    }
}
