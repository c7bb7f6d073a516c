//! What is kept of news on its way out: who wants to be told, what there is to tell them and how far it got.
//! News is written by the changes themselves, in their own transaction; what stands here is for those who
//! deliver it and those who look after endpoints.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use doorstep_model::event::Event;
use doorstep_model::id::TrackingId;
use doorstep_model::shipment::Shipment;
use doorstep_model::text::UnknownWord;
use doorstep_model::time::Timestamp;

use super::StoreError;
use crate::identity::TenantId;
use crate::webhooks::{Auth, Disabled, Endpoint, EndpointId, EndpointPlan, Receiver, Topic};

/// Where news waits until it was told.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Makes an endpoint, unless there would be more than `most` of the same scope.
    async fn add_endpoint(
        &self,
        tenant: TenantId,
        plan: EndpointPlan,
        at: Timestamp,
        most: u32,
    ) -> Result<Option<Endpoint>, StoreError>;

    /// The endpoint of that name; `None` where the tenant has none.
    async fn endpoint(&self, tenant: TenantId, id: EndpointId) -> Result<Option<Endpoint>, StoreError>;

    /// The tenant's endpoints that are about that shipment alone, or about all of them; oldest first.
    async fn endpoints(
        &self,
        tenant: TenantId,
        scope: Option<&TrackingId>,
    ) -> Result<Vec<Endpoint>, StoreError>;

    /// Changes an endpoint's plan and whether it is told anything. What waits for one that is disabled goes on
    /// waiting; what happens meanwhile is not told to it. `None` where it is gone, or shows who we are in another
    /// way than when it was read: a key that was made meanwhile must not be lost.
    async fn change_endpoint(
        &self,
        before: &Endpoint,
        plan: EndpointPlan,
        disabled: Option<(Timestamp, Disabled)>,
    ) -> Result<Option<Endpoint>, StoreError>;

    /// Has an endpoint show in another way who we are, and nothing else of it changed; says whether it did. Not where
    /// [`Self::change_endpoint`] would not.
    async fn rotate_endpoint(&self, before: &Endpoint, auth: Auth) -> Result<bool, StoreError>;

    /// Removes an endpoint and what was told or is to be told to it; says whether there was one.
    async fn remove_endpoint(&self, tenant: TenantId, id: EndpointId) -> Result<bool, StoreError>;

    /// Tells a test to one endpoint; names the message. `None` where the tenant has no such endpoint, or it is
    /// disabled.
    async fn tell_test(
        &self,
        tenant: TenantId,
        id: EndpointId,
        at: Timestamp,
    ) -> Result<Option<String>, StoreError>;

    /// Messages for an endpoint of the tenant, newest first; `None` where it has no such endpoint.
    async fn messages(
        &self,
        tenant: TenantId,
        endpoint: EndpointId,
        state: Option<DeliveryState>,
        page: MessagePageRequest,
    ) -> Result<Option<MessagePage>, StoreError>;

    /// One message with its attempts, the oldest first.
    async fn message(
        &self,
        tenant: TenantId,
        endpoint: EndpointId,
        message: &str,
    ) -> Result<Option<(Message, Vec<Attempt>)>, StoreError>;

    /// Has messages told again as if they were new, with the same names and bytes; says how many. `None` where
    /// the tenant has no such endpoint or message.
    async fn replay(
        &self,
        tenant: TenantId,
        endpoint: EndpointId,
        which: Replay,
    ) -> Result<Option<u64>, StoreError>;

    /// When the next message is to be tried.
    async fn next_try(&self) -> Result<Option<Timestamp>, StoreError>;

    /// Takes messages that are to be tried now, for whoever asks alone, until `claim.until`. Looks through a
    /// bounded number of endpoints.
    async fn claim(&self, claim: Claim) -> Result<Taken, StoreError>;

    /// What a claimed message is about.
    async fn subject(&self, delivery: DeliveryId) -> Result<Subject, StoreError>;

    /// Keeps what is sent, so that every try sends the same; says whether the claim still holds.
    async fn keep_rendering(
        &self,
        delivery: DeliveryId,
        claimed_by: i64,
        rendering: String,
    ) -> Result<bool, StoreError>;

    /// Notes how a try ended, and lets what waits behind it go on.
    async fn settle(&self, settled: Settled) -> Result<(), StoreError>;

    /// Forgets messages that were done before `before`, and endpoints of single shipments for which nothing is
    /// kept any more: 60 days later, where nothing is known of the shipment or its journey ended as long ago.
    /// Some thousands at most; says how many.
    async fn tidy_outbox(&self, before: Timestamp) -> Result<u64, StoreError>;

    /// Returns once this process wrote news, or did so since the last time.
    async fn news_written(&self);
}

/// Names a message for one endpoint; grows in the order in which they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeliveryId(pub i64);

/// How far a message got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It is to be tried, for the first time or again.
    Waiting,
    /// The receiver took it.
    Delivered,
    /// It was tried as often as it is.
    GivenUp,
    /// The endpoint's shape has no word for it.
    Skipped,
}

impl DeliveryState {
    /// The word it is kept by.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::GivenUp => "given_up",
            Self::Skipped => "skipped",
        }
    }
}

impl std::str::FromStr for DeliveryState {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        match word {
            "waiting" => Ok(Self::Waiting),
            "delivered" => Ok(Self::Delivered),
            "given_up" => Ok(Self::GivenUp),
            "skipped" => Ok(Self::Skipped),
            _ => Err(UnknownWord),
        }
    }
}

/// A message for one endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its place in the endpoint's list.
    pub delivery: DeliveryId,
    /// Names it on the wire.
    pub message: String,
    /// What it is about.
    pub topic: Topic,
    /// Of which shipment; none for a test.
    pub tracking_id: Option<TrackingId>,
    /// When we heard.
    pub at: Timestamp,
    /// How far it got.
    pub state: DeliveryState,
    /// How often it was tried, since it was told or last replayed.
    pub tries: u32,
    /// When it is tried next; `None` while it waits behind another, or its endpoint is disabled.
    pub next_try: Option<Timestamp>,
    /// When it was done.
    pub done_at: Option<Timestamp>,
}

/// One try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When it began.
    pub at: Timestamp,
    /// How long it took.
    pub took_ms: u32,
    /// The receiver's status, where it answered.
    pub status: Option<u16>,
    /// Why there was no answer, or none that counts.
    pub failure: Option<String>,
    /// How the answer's body begins, sealed: it may repeat a secret of ours.
    pub answer: Option<String>,
}

/// Which page of an endpoint's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessagePageRequest {
    /// With what is older than this; from the newest where there is none.
    pub older_than: Option<DeliveryId>,
    /// How many at most.
    pub limit: u32,
}

/// One page of an endpoint's messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessagePage {
    /// Newest first.
    pub messages: Vec<Message>,
    /// The last one's place, where there are older ones.
    pub older: Option<DeliveryId>,
}

/// Which messages are told again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replay {
    /// The one of that name, however far it got.
    One(String),
    /// Those that were given up at that time or later.
    GivenUpSince(Timestamp),
}

/// What is claimed.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Names the claim: a number that no other has.
    pub claimed_by: i64,
    /// The present.
    pub now: Timestamp,
    /// How long the claim holds.
    pub until: Timestamp,
    /// Behind which endpoint it begins to look.
    pub after: EndpointId,
    /// How many messages there is room for.
    pub room: Room,
}

/// How many messages more may go on their way.
#[derive(Clone, Debug, Default)]
pub struct Room {
    /// Over all.
    pub most: u32,
    /// For one tenant.
    pub per_tenant: u32,
    /// For one receiver.
    pub per_receiver: u32,
    /// For tenants that have less room than that.
    pub tenants: HashMap<TenantId, u32>,
    /// For receivers that have less room than that.
    pub receivers: HashMap<Receiver, u32>,
}

impl Room {
    /// Takes room for as many as `wanted` to a receiver; says for how many there was.
    pub fn take(&mut self, receiver: &Receiver, wanted: u32) -> u32 {
        let of_tenant = self.tenants.get(&receiver.tenant).copied().unwrap_or(self.per_tenant);
        let of_receiver = self.receivers.get(receiver).copied().unwrap_or(self.per_receiver);
        let taken = wanted.min(self.most).min(of_tenant).min(of_receiver);
        if taken > 0 {
            self.most -= taken;
            self.tenants.insert(receiver.tenant, of_tenant - taken);
            self.receivers.insert(receiver.clone(), of_receiver - taken);
        }
        taken
    }
}

/// What a claim took.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The messages.
    pub claimed: Vec<Claimed>,
    /// Behind which endpoint the next claim goes on; `None` when this one came to the last.
    pub next: Option<EndpointId>,
}

/// A message that was claimed.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// By what it is settled.
    pub delivery: DeliveryId,
    /// By which claim.
    pub claimed_by: i64,
    /// For whom.
    pub endpoint: Endpoint,
    /// Names it on the wire.
    pub message: String,
    /// How often it was tried before.
    pub tries: u32,
    /// What is sent, where it was tried before.
    pub rendering: Option<String>,
}

/// What a message is about.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What happened.
    pub topic: Topic,
    /// When we heard.
    pub at: Timestamp,
    /// The shipment as its events left it right after, with what was done about handing it over since; none
    /// for a test.
    pub shipment: Option<Arc<Shipment>>,
    /// The event that it is about.
    pub event: Option<Event>,
}

/// How a try of a claimed message ended.
#[derive(Clone, Debug)]
pub struct Settled {
    /// Which.
    pub delivery: DeliveryId,
    /// By which claim; when another has taken it over since, only the attempt is noted.
    pub claimed_by: i64,
    /// The try; `None` where nothing was sent.
    pub attempt: Option<Attempt>,
    /// When it was over.
    pub at: Timestamp,
    /// What becomes of the message.
    pub next: Next,
    /// What becomes of its endpoint.
    pub endpoint: Effect,
}

/// What becomes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is done, in that state.
    Done(DeliveryState),
    /// It is tried again then.
    Again(Timestamp),
}

/// What becomes of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    None,
    /// It is well.
    Reached,
    /// It did not take a message.
    Failed,
    /// The same, and it is left alone until then.
    Paused(Timestamp),
    /// The same, and it is gone.
    Gone,
}
