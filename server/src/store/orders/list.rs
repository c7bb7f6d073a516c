//! Which orders a list shows, and which page of them. In the order of their making, in key-set fashion, so that
//! pages stay stable while new ones arrive.

use std::sync::Arc;

use doorstep_model::shipment::Shipment;
use doorstep_model::status::Status;
use doorstep_model::time::Timestamp;

use super::{Order, OrderId};

/// Which orders; all of the dialect where nothing is said.
#[derive(Clone, Debug, Default)]
pub struct OrderFilter {
    /// Only those of one of these external ids; any when empty.
    pub external_ids: Vec<String>,
    /// Only those from one of these locations; any when empty.
    pub locations: Vec<String>,
    /// Only those of that group.
    pub group: Option<String>,
    /// Only those that stand at one of these; anywhere when `None`.
    pub standing: Option<Vec<Standing>>,
    /// Only those made in it.
    pub created: Span,
    /// Only those that changed last in it: the order, or what happened to its shipment.
    pub updated: Span,
    /// Only those that may be collected from then on or later.
    pub starts_from: Option<Timestamp>,
    /// Only those that are to be there by then or earlier.
    pub ends_until: Option<Timestamp>,
}

/// From when until when, both included; open where an end is not said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The first instant.
    pub from: Option<Timestamp>,
    /// The last instant.
    pub until: Option<Timestamp>,
}

/// Where an order stands: its shipment's status together with its own word ([`super::Facets::status`]). An order
/// without a shipment stands at [`Status::Unknown`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The shipment's, one of these.
    pub statuses: Vec<Status>,
    /// The order's own.
    pub words: Words,
}

/// Which of an order's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Words {
    /// One of these.
    In(Vec<&'static str>),
    /// None of these.
    NotIn(Vec<&'static str>),
}

/// Which page.
#[derive(Clone, Copy, Debug)]
pub struct OrderPageRequest {
    /// Where it begins.
    pub start: OrderPageStart,
    /// How many at most.
    pub limit: u32,
}

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderPageStart {
    /// At the newest.
    Newest,
    /// With what is older than this one.
    OlderThan(OrderId),
    /// With what is newer than this one (the page nearest to it, still newest first).
    NewerThan(OrderId),
}

/// One page.
#[derive(Clone, Debug, Default)]
pub struct OrderPage {
    /// Newest first, each with its shipment if it has one.
    pub orders: Vec<(Order, Option<Arc<Shipment>>)>,
    /// The first, when there are newer ones.
    pub newer: Option<OrderId>,
    /// The last, when there are older ones.
    pub older: Option<OrderId>,
}
