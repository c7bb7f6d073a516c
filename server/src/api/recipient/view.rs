//! `GET /track/{trackingId}/recipient`: the delivery as its recipient sees it. Conditional, as the public
//! view is.

use axum::response::Response;
use doorstep_model::id::TrackingId;
use doorstep_model::views::RecipientView;
use http::HeaderMap;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::docs::RecipientProblems;
use crate::api::extract::{AcceptsJson, Recipient};
use crate::api::track;
use crate::hub::Frame;
use crate::state::AppState;

/// The route.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(view))
}

/// See a delivery as its recipient
///
/// What the recipient may see: window, places, notes, preferences, proofs and first names; neither code nor
/// address. `ETag` and `If-None-Match` make polling cheap. Needs a session.
#[utoipa::path(
    get,
    path = "/track/{trackingId}/recipient",
    tag = "recipient",
    operation_id = "showToRecipient",
    security(("session" = []), ("sessionToken" = [])),
    params(
        ("trackingId" = TrackingId, Path, description = "The number on the label"),
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` that was seen last"),
    ),
    responses(
        (status = 200, description = "The recipient's view", body = RecipientView, headers(("ETag" = String))),
        (status = 304, description = "Nothing has changed"),
        RecipientProblems,
    ),
)]
async fn view(_: AcceptsJson, recipient: Recipient, headers: HeaderMap) -> Response {
    track::conditional(&Frame::for_recipient(&recipient.shipment), &headers)
}
