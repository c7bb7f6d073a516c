//! Orders: what a client told in the words of a source system, kept as that system's dialect understands it
//! and linked to the shipment that everybody watches. The store knows who wrote which version and what lists
//! filter by; what stands in a document is its dialect's business alone.
//!
//! # Why a filing is one transaction
//!
//! A dialect's call changes several things at once: the order, the shipment, its events, a place in a
//! delivery window. [`Orders::file`] makes all of it durable or none, on the version that the dialect has
//! read, so that no order stands without its shipment and no place is sold twice, whoever is killed when.

mod list;

use std::sync::Arc;

use async_trait::async_trait;
use doorstep_model::event::Event;
use doorstep_model::handoff::{Amended, Amendment, Refusal};
use doorstep_model::id::TrackingId;
use doorstep_model::shipment::Shipment;
use doorstep_model::time::Timestamp;

use super::work::WorkChange;
use super::{NewShipment, StoreError};
use crate::identity::TenantId;

pub use list::{OrderFilter, OrderPage, OrderPageRequest, OrderPageStart, Span, Standing, Words};

/// What dialects need kept.
#[async_trait]
pub trait Orders: Send + Sync {
    /// Files an order with all that goes with it: all of it or nothing. The observer is told before the
    /// caller, as of every change.
    async fn file(&self, tenant: TenantId, filing: Filing) -> Result<Filed, StoreError>;

    /// The order of that key.
    async fn order(&self, tenant: TenantId, key: &OrderKey) -> Result<Option<Order>, StoreError>;

    /// The order whose external id is that of `key`, or else one whose id differs from it by nothing but the case
    /// of its (ASCII) letters.
    async fn order_named(&self, tenant: TenantId, key: &OrderKey) -> Result<Option<Order>, StoreError>;

    /// A page of a tenant's orders, newest first, with their shipments.
    async fn orders(
        &self,
        tenant: TenantId,
        dialect: DialectName,
        filter: &OrderFilter,
        page: OrderPageRequest,
    ) -> Result<OrderPage, StoreError>;

    /// The order of `dialect` that a shipment belongs to.
    async fn order_of(
        &self,
        tenant: TenantId,
        dialect: DialectName,
        id: &TrackingId,
    ) -> Result<Option<Order>, StoreError>;

    /// How many places of each of `pools` are taken at `at`, in their order.
    async fn places_taken(
        &self,
        tenant: TenantId,
        dialect: DialectName,
        pools: &[String],
        at: Timestamp,
    ) -> Result<Vec<u32>, StoreError>;

    /// Forgets orders of that status that became no shipment and ended before `before`, and places that were held
    /// until before then, a bounded number at once; says how many orders. For what was only offered.
    async fn forget_orders(
        &self,
        tenant: TenantId,
        dialect: DialectName,
        status: &'static str,
        before: Timestamp,
    ) -> Result<u64, StoreError>;

    /// What the tenant set up of a kind, by id.
    async fn entries(
        &self,
        tenant: TenantId,
        dialect: DialectName,
        kind: EntryKind,
    ) -> Result<Vec<Entry>, StoreError>;

    /// One of them.
    async fn entry(
        &self,
        tenant: TenantId,
        dialect: DialectName,
        kind: EntryKind,
        id: &str,
    ) -> Result<Option<Entry>, StoreError>;

    /// Sets something up, in the place of what had its id. Says `false`, and keeps nothing, where the tenant
    /// has [`MOST_ENTRIES`] of the kind.
    async fn put_entry(
        &self,
        tenant: TenantId,
        dialect: DialectName,
        kind: EntryKind,
        entry: Entry,
    ) -> Result<bool, StoreError>;

    /// Takes something down; says whether it was there.
    async fn delete_entry(
        &self,
        tenant: TenantId,
        dialect: DialectName,
        kind: EntryKind,
        id: &str,
    ) -> Result<bool, StoreError>;
}

/// The most that a tenant sets up of one kind.
pub const MOST_ENTRIES: u32 = 1_000;

/// Names a dialect within the store: a word of its own module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DialectName(pub &'static str);

/// Names what is set up: a word of its dialect's module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EntryKind(pub &'static str);

/// Names an order within its tenant. The client's own id is told apart by case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OrderKey {
    /// Whose words it is kept in.
    pub dialect: DialectName,
    /// The client's own id, or the dialect's where clients bring none.
    pub external_id: String,
}

/// The order's place in the tenant's list; grows in the order of making.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderId(pub i64);

/// An order as it was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Its place in the list.
    pub id: OrderId,
    /// Its name.
    pub key: OrderKey,
    /// The shipment that it became, if any yet.
    pub tracking_id: Option<TrackingId>,
    /// Counts its writings, from 1.
    pub version: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last written; what happened to its shipment does not count.
    pub updated_at: Timestamp,
    /// What lists filter by.
    pub facets: Facets,
    /// JSON of its dialect.
    pub document: String,
}

/// What lists filter by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// The dialect's own word for where it stands.
    pub status: String,
    /// Where it is sent from.
    pub location: Option<String>,
    /// What the client groups it under; told apart by case.
    pub group: Option<String>,
    /// When it may be collected.
    pub starts_at: Option<Timestamp>,
    /// Until when it is to be there.
    pub ends_at: Option<Timestamp>,
}

/// An order to be filed, and all that is to become durable together with it.
#[derive(Clone, Debug)]
pub struct Filing {
    /// Which order.
    pub key: OrderKey,
    /// What happens to its document.
    pub step: OrderStep,
    /// When.
    pub at: Timestamp,
    /// The shipment that it becomes; only for an order that has none.
    pub shipment: Option<Box<NewShipment>>,
    /// What happened to its shipment, the new one or the one it has; repeats change nothing.
    pub events: Vec<Event>,
    /// What is done about handing it over, after the events. One that is refused refuses the filing.
    pub amendments: Vec<Amendment>,
    /// Places taken and left, in this order.
    pub places: Vec<PlaceChange>,
    /// What is due because of it, or no longer.
    pub work: Vec<WorkChange>,
}

impl Filing {
    /// An order alone: nothing happens to a shipment, a place or work.
    pub fn of(key: OrderKey, step: OrderStep, at: Timestamp) -> Self {
        let (events, amendments, places, work) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { key, step, at, shipment: None, events, amendments, places, work }
    }
}

/// What happens to an order's document.
#[derive(Clone, Debug)]
pub enum OrderStep {
    /// It is made: there is none of that key.
    Make(Facets, String),
    /// It is written anew, by somebody who has read that version.
    Change(u64, Facets, String),
    /// It stays as it is, whichever version stands.
    Keep,
}

/// A place in a pool that has a limited number of them. Pools are named by the dialect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceChange {
    /// `holder` takes a place, unless `most` others hold one at the time of the filing. Who holds one
    /// already keeps it, until the time that is said now.
    Take {
        /// Where.
        pool: String,
        /// How many there are.
        most: u32,
        /// Who.
        holder: String,
        /// Until when; for good where it is not said.
        until: Option<Timestamp>,
    },
    /// `holder` gives its place back, if it has one.
    Leave {
        /// Where.
        pool: String,
        /// Who.
        holder: String,
    },
}

/// How a filing ended. All but [`Filed::Done`] wrote nothing.
#[derive(Clone, Debug)]
pub enum Filed {
    /// All of it is durable.
    Done(Box<FiledOrder>),
    /// There is one of that key.
    Exists(Box<Order>),
    /// Another version stands, or none.
    Stale(Option<Box<Order>>),
    /// The new shipment's tracking id is taken, by this tenant or another.
    TrackingIdTaken,
    /// The shipment would have more events than it takes.
    Full,
    /// An amendment (by index) does not hold.
    Refused(usize, Refusal),
    /// No place is left in that pool.
    NoPlace(String),
}

/// An order that was filed.
#[derive(Clone, Debug)]
pub struct FiledOrder {
    /// As it stands now.
    pub order: Order,
    /// Its shipment, if it has one.
    pub shipment: Option<Arc<Shipment>>,
    /// How many of the events were new.
    pub taken: usize,
    /// What became of the amendments: taken, or held already.
    pub amended: Vec<Amended>,
}

/// Something that a tenant set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The tenant's name for it; told apart by case.
    pub id: String,
    /// JSON of its dialect.
    pub document: String,
}
