//! `GET /track/{trackingId}/recipient/live`: the live channel with the recipient's view. It ends when the
//! session does.

use axum::extract::{Query, State};
use axum::response::Response;
use doorstep_model::id::TrackingId;
use http::HeaderMap;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::docs::RecipientProblems;
use crate::api::extract::{Peer, Recipient};
use crate::api::live::{LiveQuery, LiveStream, place, respond};
use crate::door::Stay;
use crate::problem::{Problem, ProblemKind};
use crate::state::AppState;

/// The route.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(live))
}

/// Follow a delivery as its recipient
///
/// Server-sent events like those of `GET /track/{trackingId}/live`, with the recipient's whole view as data.
/// `event: bye` also comes when the session is over or its token was replaced; come back with the one that
/// holds, or see the public view. Needs a session.
#[utoipa::path(
    get,
    path = "/track/{trackingId}/recipient/live",
    tag = "recipient",
    operation_id = "followAsRecipient",
    security(("session" = []), ("sessionToken" = [])),
    params(
        ("trackingId" = TrackingId, Path, description = "The number on the label"),
        ("Last-Event-ID" = Option<String>, Header, description = "The sequence that was seen last"),
        LiveQuery,
    ),
    responses(
        (status = 200, description = "The stream", content_type = "text/event-stream", body = String),
        RecipientProblems,
    ),
)]
async fn live(
    State(state): State<AppState>,
    peer: Peer,
    Recipient { session, shipment }: Recipient,
    Query(query): Query<LiveQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let permit = place(&state, peer)?;
    let over = || Problem::new(ProblemKind::SessionNeeded);
    let viewer = state.hub.watch_as_recipient(shipment.tracking_id()).await?.ok_or_else(over)?;
    let stream = LiveStream::new(viewer, query.last_seen(&headers), state.stopping.clone(), permit);
    Ok(respond(stream.while_holds(Stay::of(&state, &session))))
}
