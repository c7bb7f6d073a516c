//! Instaleap's third-party fleet protocol (`systems.md` 2.5), which works between whoever has a job and a fleet
//! that brings it: *Creation* and *Update* go out to the fleet's addresses, its statuses come back. Only the wire
//! and its order; which shipment a task is belongs to the dialect that speaks it.

mod client;
mod news;
mod task;

pub(crate) use client::{Fleet, FleetError};
pub(crate) use news::{FleetStatus, Hearing, StatusReport, hear};
pub(crate) use task::{Creation, Endpoint, FleetInfo, Receiver, Update, UpdateKind};
