//! What is kept of an order: what its client told, the location as it was then, who brings it, and what no
//! event of ours has room for. Where it stands is not here alone: its shipment's events say so, and
//! [`Document::word`] is the order's own last word beside them.

use std::collections::BTreeMap;

use rand::TryRngCore as _;
use rand::rngs::OsRng;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::location::Location;
use super::providers::Dispatch;
use super::status::Word;
use super::wire::answer::EventReason;
use super::wire::number::Amount;
use super::wire::parts::{Estimate, Provider, ShipmentBody};
use crate::store::StoreError;
use crate::store::orders::Facets;
use doorstep_model::id::EventId;
use doorstep_model::time::Timestamp;

/// An order as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Document {
    /// Ours: 24 hexadecimal digits, the first eight the seconds since 1970, as in the original.
    pub(crate) id: String,
    /// The tenant's name.
    pub(crate) tenant: String,
    /// What the client told, as it stands after its last edit.
    pub(crate) told: ShipmentBody,
    /// Where it is collected, as that was set up when the order last named it.
    pub(crate) location: Location,
    /// The order's own last word for where it stands.
    pub(crate) word: Word,
    /// Who brings it; none while nobody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) assignment: Option<Assignment>,
    /// What was told with an event beyond what events of ours hold.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) heard: BTreeMap<EventId, Heard>,
    /// How far placing it has come; the providers module's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) dispatch: Option<Box<Dispatch>>,
    /// Set for an order that we know from webhooks only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) received: Option<Received>,
}

/// Who brings an order, and on which terms.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Assignment {
    /// As it is answered.
    pub(crate) provider: Provider,
    /// The provider's number for it.
    pub(crate) tracking_id: Option<String>,
    /// What the provider takes.
    pub(crate) amount: Option<Amount>,
    /// What is charged.
    pub(crate) fee: Option<Amount>,
    /// ISO 4217.
    pub(crate) currency_code: Option<String>,
    /// When it means to collect it.
    pub(crate) pickup: Estimate,
    /// When it means to be there.
    pub(crate) delivery: Estimate,
    /// What the courier drives, where the provider says.
    pub(crate) vehicle: Option<Value>,
}

/// What was told with an event beyond what events of ours hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Heard {
    /// Why, in the source's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<EventReason>,
    /// The finer word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sub_status: Option<String>,
    /// A remark for the tenant alone: the recipient sees the notes of events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
}

/// Of an order that we know from a webhook only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Received {
    /// The source, as the tenant set it up.
    pub(crate) source: String,
    /// For each field, the webhook that told it: when that was made, and its event's id, which decides between two
    /// of one instant.
    pub(crate) fields: BTreeMap<String, (i64, EventId)>,
    /// The tracking page of the system that it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tracking_url: Option<String>,
}

impl Received {
    /// From that source, with nothing told yet.
    pub(crate) fn from_source(source: &str) -> Self {
        Self { source: source.to_owned(), fields: BTreeMap::new(), tracking_url: None }
    }

    /// Whether a webhook of that age may tell `field`.
    pub(crate) fn takes(&self, field: &str, age: &(i64, EventId)) -> bool {
        self.fields.get(field).is_none_or(|told| told < age)
    }

    /// Notes that it did.
    pub(crate) fn took(&mut self, field: &str, age: &(i64, EventId)) {
        self.fields.insert(field.to_owned(), age.clone());
    }
}

impl Document {
    /// A new order that nobody brings yet.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub(crate) fn new(
        tenant: &str,
        told: ShipmentBody,
        location: Location,
        now: Timestamp,
    ) -> Result<Self, rand::rand_core::OsError> {
        Ok(Self {
            id: object_id(now)?,
            tenant: tenant.to_owned(),
            told,
            location,
            word: Word::RequestReceived,
            assignment: None,
            heard: BTreeMap::new(),
            dispatch: None,
            received: None,
        })
    }

    /// Reads what [`Document::write`] wrote.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for anything else.
    pub(crate) fn read(text: &str) -> Result<Self, StoreError> {
        serde_json::from_str(text).map_err(|error| StoreError::Corrupt(format!("a shipping order: {error}")))
    }

    /// As the store keeps it.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where it cannot be written, which no value of ours brings about.
    pub(crate) fn write(&self) -> Result<String, StoreError> {
        serde_json::to_string(self).map_err(|error| StoreError::Corrupt(format!("a shipping order: {error}")))
    }

    /// What lists filter by.
    pub(crate) fn facets(&self) -> Facets {
        Facets {
            status: self.word.as_str().to_owned(),
            location: Some(self.told.location_external_id.as_str().to_owned()),
            group: self.told.group_id.as_ref().map(|group| group.as_str().to_owned()),
            starts_at: self.told.pickup_time.and_then(|window| window.starts_at).map(|at| at.at()),
            ends_at: self.told.delivery_time.and_then(|window| window.ends_at).map(|at| at.at()),
        }
    }
}

fn object_id(now: Timestamp) -> Result<String, rand::rand_core::OsError> {
    let mut random = [0; 8];
    OsRng.try_fill_bytes(&mut random)?;
    let seconds = u32::try_from(now.millis() / 1_000).unwrap_or(u32::MAX);
    Ok(format!("{seconds:08x}{:016x}", u64::from_be_bytes(random)))
}
