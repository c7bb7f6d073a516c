//! What handlers take from a request. Each extractor refuses with a located problem, so that no handler
//! ever sees what is malformed and no refusal of axum's own ever leaves the building.

mod accepts_json;
mod caller;
mod faults;
mod idempotency;
mod json;
mod path;
mod peer;
mod query;
mod recipient;
mod seen_version;

pub(crate) use accepts_json::AcceptsJson;
pub(super) use caller::{Anyone, Caller, Managers, Readers, Reporters};
pub(crate) use faults::Faults;
pub(super) use faults::Refusals;
pub(super) use idempotency::IdempotencyKey;
pub(super) use json::read_object;
pub(crate) use json::{ApiJson, Form};
pub(super) use path::{ApiPath, ApiPaths, FromPath};
pub(crate) use peer::Peer;
pub(super) use query::{ApiQuery, Parameters, Query};
pub(super) use recipient::{Recipient, SteppedUp};
pub(super) use seen_version::SeenVersion;
