//! A job as it is kept: what its client told, the slot with what goes where, and what its fleet does. Where it stands
//! is its shipment's business.

use doorstep_model::time::Timestamp;
use serde_json::{Map, Value};

use crate::dialects::fleet::FleetStatus;
use crate::dialects::instaleap::availability::Offered;
use crate::dialects::instaleap::fault::{Code, Fault};
use crate::dialects::instaleap::place::Place;
use crate::dialects::instaleap::{DIALECT, words};
use crate::store::orders::{Facets, Order, OrderKey};

/// How a job's order is marked among the orders.
const JOB: &str = "job";

/// A job.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub(in crate::dialects::instaleap) struct Job {
    /// Its name, and the number on its label.
    pub(in crate::dialects::instaleap) id: String,
    /// The body that created it, with what was changed since.
    pub(in crate::dialects::instaleap) told: Map<String, Value>,
    /// Hash of that body as it was, so that a repeat is known.
    pub(in crate::dialects::instaleap) fingerprint: String,
    /// The slot, as it was booked.
    pub(in crate::dialects::instaleap) slot_id: String,
    /// What it says.
    pub(in crate::dialects::instaleap) slot: Offered,
    /// Where it is sent from.
    pub(in crate::dialects::instaleap) origin: Place,
    /// Where it goes.
    pub(in crate::dialects::instaleap) destination: Place,
    /// What it is, as it was asked for, with what became of each.
    pub(in crate::dialects::instaleap) job_items: Vec<Value>,
    /// The car of whoever collects it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::dialects::instaleap) curbside_details: Option<Value>,
    /// The third-party fleet that brings it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::dialects::instaleap) fleet: Option<FleetTask>,
    /// When it was created.
    pub(in crate::dialects::instaleap) created_at: Timestamp,
}

/// The task of a fleet.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(in crate::dialects::instaleap) struct FleetTask {
    /// Which fleet.
    pub(in crate::dialects::instaleap) fleet_id: String,
    /// Counts the tasks of the job, from 1: a reset ends one and begins another.
    pub(in crate::dialects::instaleap) number: u32,
    /// What it told last; `None` at the start.
    pub(in crate::dialects::instaleap) status: Option<FleetStatus>,
}

impl FleetTask {
    /// The first task of a job.
    pub(in crate::dialects::instaleap) fn first(fleet_id: String) -> Self {
        Self { fleet_id, number: 1, status: None }
    }

    /// Its name: `{jobId}.{number}`.
    pub(in crate::dialects::instaleap) fn id(&self, job: &str) -> String {
        format!("{job}.{}", self.number)
    }
}

/// The policies, as the wire has them (`systems.md` 2.7).
pub(in crate::dialects::instaleap) const POLICIES: [&str; 3] = ["CHECKOUT", "EXIT_STORE", "UNBLOCKED"];

impl Job {
    /// The name of a job among the orders.
    pub(in crate::dialects::instaleap) fn key(id: &str) -> OrderKey {
        OrderKey { dialect: DIALECT, external_id: id.to_owned() }
    }

    /// What lists filter by.
    pub(in crate::dialects::instaleap) fn facets(&self) -> Facets {
        Facets {
            status: JOB.to_owned(),
            location: Some(self.slot.store_id.clone()),
            group: self.told.get("client_reference").and_then(Value::as_str).map(str::to_owned),
            starts_at: Some(self.slot.from),
            ends_at: Some(self.slot.to),
        }
    }

    /// As it is kept.
    pub(in crate::dialects::instaleap) fn document(&self) -> Result<String, Fault> {
        serde_json::to_string(self).map_err(|_| Code::Internal.into())
    }

    /// Reads what was kept; `None` for an order that is no job.
    pub(in crate::dialects::instaleap) fn read(order: &Order) -> Result<Option<Self>, Fault> {
        if order.facets.status != JOB {
            return Ok(None);
        }
        serde_json::from_str(&order.document).map(Some).map_err(|error| {
            tracing::error!(%error, "a kept job does not read back");
            Code::Internal.into()
        })
    }

    /// Whether its recipient collects it.
    pub(in crate::dialects::instaleap) fn is_collected(&self) -> bool {
        words::is_collected(&self.slot.operational_model)
    }

    /// Whether the blocking policy of its payment holds `word` back now.
    pub(in crate::dialects::instaleap) fn holds_back(&self, word: &str) -> bool {
        let pointer = |value: &Value| value.pointer("/payment/blocking_policy")?.as_str().map(str::to_owned);
        let leaves = matches!(
            word,
            "GOING_TO_DESTINATION_STARTED"
                | "GOING_TO_DESTINATION"
                | "ARRIVED_TO_DESTINATION"
                | "DELIVERING_STARTED"
                | "CLIENT_RECEIVED"
                | "DELIVERED"
        );
        let checks_out = matches!(
            word,
            "CHECKING_OUT_STARTED"
                | "CHECKED_OUT"
                | "TRANSFERRING_STARTED"
                | "TRANSFERRED"
                | "STORING_STARTED"
                | "STORING_UPDATED"
                | "STORING_FINISHED"
        );
        match self.told.get("payment_info").and_then(pointer).as_deref() {
            // What may not be checked out cannot leave the store either.
            Some("CHECKOUT") => leaves || checks_out,
            Some("EXIT_STORE") => leaves,
            _ => false,
        }
    }
}

impl Job {
    /// Begins another task of the job's fleet, where it has one: what was told of the one before counts no more.
    pub(in crate::dialects::instaleap) fn begin_task(&mut self) {
        if let Some(task) = &mut self.fleet {
            task.number += 1;
            task.status = None;
        }
    }
}
