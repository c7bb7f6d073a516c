//! What a fleet is told of a task: *Creation* when it is to bring something, *Update* when something about that
//! changed (`systems.md` 2.5). The names are the protocol's; how items, payment and round trip look inside is left
//! to who sends them, because the sources say nothing of it.

use doorstep_model::time::Timestamp;
use serde_json::Value;

/// A task for a fleet.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Creation {
    /// Names the task; the same again is the same task.
    pub(crate) task_id: String,
    /// The number that people know the order by.
    pub(crate) job_number: String,
    /// Which fleet it is for.
    pub(crate) fleet_info: FleetInfo,
    /// Who sends it.
    pub(crate) client_id: String,
    /// When it was made.
    pub(crate) created_at: Timestamp,
    /// Where whoever drives can work by hand; empty where there is no such page.
    pub(crate) shopper_web_url: String,
    /// What the recipient wants known.
    pub(crate) job_comment: Option<String>,
    /// Who it is for.
    pub(crate) recipient: Receiver,
    /// Where it is collected.
    pub(crate) origin: Endpoint,
    /// Where it is brought.
    pub(crate) destination: Endpoint,
    /// What it is.
    pub(crate) job_items: Value,
    /// What is to be paid, and how.
    pub(crate) payment_info: Value,
    /// Whether something comes back.
    pub(crate) round_trip_info: Value,
}

/// Which fleet.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct FleetInfo {
    /// Its id with the sender.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
}

/// Who receives it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Receiver {
    /// Full name.
    pub(crate) name: Option<String>,
    /// E-mail.
    pub(crate) email: Option<String>,
    /// Telephone.
    pub(crate) phone_number: Option<String>,
}

/// One end of the way.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Endpoint {
    /// What it is called.
    pub(crate) name: Option<String>,
    /// Street and number.
    pub(crate) address: Option<String>,
    /// Flat, floor and what else.
    pub(crate) address_two: Option<String>,
    /// City.
    pub(crate) city: Option<String>,
    /// State or province.
    pub(crate) state: Option<String>,
    /// Country (ISO 3166-1).
    pub(crate) country: Option<String>,
    /// Postal code.
    pub(crate) zip_code: Option<String>,
    /// Degrees north.
    pub(crate) latitude: Option<f64>,
    /// Degrees east.
    pub(crate) longitude: Option<f64>,
    /// What whoever drives should know there.
    pub(crate) description: Option<String>,
}

/// What changed about a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum UpdateKind {
    /// It is not to be brought; final.
    Cancelled,
    /// It was taken back; to be treated as a cancellation.
    TaskReset,
    /// Other prices hold.
    PricesUpdated,
    /// Something was paid, or is to be paid otherwise.
    PaymentUpdated,
}

/// An update of a task.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Update {
    /// What changed.
    pub(crate) event_type: UpdateKind,
    /// The task as it is now, as in its creation.
    pub(crate) task: Creation,
    /// The window, where there is one: `{from, to, reason}`.
    pub(crate) slot_info: Option<Value>,
    /// How many packages there are, where that is known.
    pub(crate) packages_quantity: Option<u32>,
}
