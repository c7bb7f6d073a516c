//! Webhook 1 as it comes in. Its source documents three fields; what else a job may hold is read where it is there and of
//! the type that is expected, and passed over where it is not: a field that changed must not lose a status.

use doorstep_model::time::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::wire::object;
use crate::dialects::instaleap::jobs::ContactLess;
use crate::dialects::instaleap::place::Place;

/// A webhook.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = Webhook1)]
pub(super) struct Webhook {
    /// What happened.
    #[schema(min_length = 1, max_length = 80, example = "PICKING_STARTED")]
    pub(super) r#type: String,
    /// Names the webhook: the same again, with the same type and time, is the same event.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) id: String,
    /// When it happened; when it came in, where it is left out.
    #[serde(default, deserialize_with = "lenient")]
    #[schema(value_type = Option<Timestamp>)]
    pub(super) created_at: Option<Timestamp>,
    /// The task that it is about.
    #[serde(default, deserialize_with = "lenient")]
    pub(super) task: Option<Task>,
    /// The job.
    #[serde(deserialize_with = "object")]
    pub(super) job: JobHeard,
}

/// A task.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Task {
    /// Its kind.
    #[serde(default, alias = "type", deserialize_with = "lenient")]
    pub(super) kind: Option<String>,
}

/// A job, as far as its webhooks say.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct JobHeard {
    /// Its id.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) id: String,
    /// The retailer's own order number.
    #[serde(default, deserialize_with = "lenient")]
    pub(super) client_reference: Option<String>,
    /// Who receives it.
    #[serde(default, deserialize_with = "lenient")]
    pub(super) recipient: Option<Person>,
    /// When it is to be there.
    #[serde(default, deserialize_with = "lenient")]
    pub(super) slot: Option<SlotHeard>,
    /// Where it goes.
    #[serde(default, deserialize_with = "lenient")]
    pub(super) destination: Option<Place>,
    /// For the courier to read.
    #[serde(default, deserialize_with = "lenient")]
    pub(super) job_comment: Option<String>,
    /// How it is to be left.
    #[serde(default, deserialize_with = "lenient")]
    pub(super) contact_less: Option<ContactLess>,
    /// What the recipient tells at the door.
    #[serde(default, deserialize_with = "lenient")]
    pub(super) delivery_code: Option<String>,
    /// How it is fulfilled.
    #[serde(default, deserialize_with = "lenient")]
    pub(super) operational_model: Option<String>,
}

/// A person.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Person {
    /// Full name.
    #[serde(default, deserialize_with = "lenient")]
    pub(super) name: Option<String>,
    /// E-mail.
    #[serde(default, deserialize_with = "lenient")]
    pub(super) email: Option<String>,
    /// Telephone.
    #[serde(default, deserialize_with = "lenient")]
    pub(super) phone_number: Option<String>,
}

/// A slot.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct SlotHeard {
    /// From when.
    pub(super) from: Timestamp,
    /// Until when.
    pub(super) to: Timestamp,
}

/// A field that is passed over where it is of another type.
fn lenient<'de, T: DeserializeOwned, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).ok())
}
