//! The full name and address, for whoever has proved that they are the person. They stand in no view; this
//! answer is all there is of them.

use axum::Json;
use axum::response::IntoResponse;
use doorstep_model::id::TrackingId;
use doorstep_model::text::{Address, PersonName};
use http::header;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::docs::AddressProblems;
use crate::api::extract::{AcceptsJson, SteppedUp};
use crate::state::AppState;

/// The routes.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(address))
}

/// Where a shipment goes, in full.
#[derive(serde::Serialize, ToSchema)]
struct AddressBody {
    /// Who receives it, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<PersonName>,
    /// Where it goes, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<Address>,
}

/// See the full address
///
/// For a recipient who has proved that they are the person.
#[utoipa::path(
    get,
    path = "/track/{trackingId}/recipient/address",
    tag = "recipient",
    operation_id = "showAddress",
    security(("session" = []), ("sessionToken" = [])),
    params(("trackingId" = TrackingId, Path, description = "The number on the label")),
    responses((status = 200, description = "What is on file", body = AddressBody), AddressProblems),
)]
async fn address(_: AcceptsJson, SteppedUp(recipient): SteppedUp) -> impl IntoResponse {
    let person = &recipient.shipment.details().recipient;
    let body = AddressBody { name: person.name.clone(), address: person.address.clone() };
    ([(header::CACHE_CONTROL, "no-store")], Json(body))
}
