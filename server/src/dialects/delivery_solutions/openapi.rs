//! The document of this dialect's API: what goes for all calls, and the errors that each may answer with, from the
//! one table of errors. The calls document themselves.

use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi};
use utoipa::{IntoParams, IntoResponses, PartialSchema as _, ToSchema as _};

use super::caller::{KEY, TENANT};
use super::failure::{Call, ErrorBody, Kind, ProviderError, Severity};
use super::view::ROOT;
use crate::faults::{self, Responses};

const ABOUT: &str = "\
Delivery Solutions' Shipping Order API, as Doorstep serves it. A client that was written for the original sets this \
base URL and works; what differs is named in `docs/DIALECTS.md`.

Every call takes two headers: `x-api-key`, a client's key, and `tenantId`, the name of its tenant. Errors have a \
`type` to program against, a `message` for people, and a `severity`: `transient` ones may pass by themselves.";

/// An order, by the client's own id.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[allow(dead_code, reason = "documents the path, which is read by hand")]
pub(crate) struct ShipmentPath {
    /// The client's own id.
    #[param(rename = "orderExternalId", min_length = 1, max_length = 100)]
    order_external_id: String,
}

macro_rules! failure_sets {
    ($( $(#[$doc:meta])* $name:ident: $call:expr; )+) => { $(
        $(#[$doc])*
        pub(crate) struct $name;

        impl IntoResponses for $name {
            fn responses() -> Responses {
                responses($call)
            }
        }
    )+ };
}

failure_sets! {
    /// Of `POST /shipments`.
    CreateFailures: Some(Call::Create);
    /// Of `POST /shipments/list`.
    ListFailures: Some(Call::List);
    /// Of `GET /shipments/{id}`.
    ShowFailures: Some(Call::Show);
    /// Of `DELETE /shipments/{id}`.
    CancelFailures: Some(Call::Cancel);
    /// Of `PUT /shipments/{id}`.
    EditFailures: Some(Call::Edit);
    /// Of `GET /shipments/{id}/status-history`.
    HistoryFailures: Some(Call::History);
    /// Of `POST /shipments/{id}/retry`.
    RetryFailures: Some(Call::Retry);
    /// Of calls that are ours: setting up, labels, webhooks.
    OwnFailures: None;
}

/// What any call may answer with beside what its table lists.
const EVERYWHERE: [Kind; 4] = [Kind::Unauthorized, Kind::Forbidden, Kind::TooManyRequests, Kind::Internal];

/// What calls of ours may answer with.
const OWN: [Kind; 5] =
    [Kind::Validation, Kind::InvalidData, Kind::NotFound, Kind::NoProviderAssigned, Kind::InvalidOperation];

fn responses(call: Option<Call>) -> Responses {
    let listed = |kind: &&Kind| match call {
        Some(call) => kind.calls().contains(&call),
        None => OWN.contains(kind),
    };
    let kinds = Kind::ALL.iter().filter(|kind| listed(kind) || EVERYWHERE.contains(kind));
    faults::responses(kinds.map(|kind| (kind.status(), kind.word().to_owned())), "Error", "application/json")
}

/// Puts what goes for all calls around those that `calls` documents.
pub(crate) fn complete(calls: OpenApi) -> OpenApi {
    let info = InfoBuilder::new()
        .title("Doorstep: Delivery Solutions' Shipping Order API")
        .description(Some(ABOUT))
        .version(env!("CARGO_PKG_VERSION"));
    let header = |name: &str, about: &str| {
        SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(name, about)))
    };
    let components = ComponentsBuilder::new()
        .security_scheme("key", header(KEY, "A client's key"))
        .security_scheme("tenant", header(TENANT, "The name of the key's tenant"))
        .schema("Error", ErrorBody::schema())
        .schema("ErrorType", Kind::schema())
        .schema("Severity", Severity::schema())
        .schema(ProviderError::name(), ProviderError::schema());
    let root = utoipa::openapi::OpenApiBuilder::new().info(info).components(Some(components.build())).build();
    root.nest(ROOT, calls)
}
