//! The public view: `GET /track/{trackingId}`, for whoever has the number on the label. Conditional, so
//! that a viewer that polls costs a few bytes while nothing changes.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use doorstep_model::id::TrackingId;
use doorstep_model::views::PublicView;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::across;
use crate::api::extract::{ApiPath, Peer};
use crate::hub::Frame;
use crate::problem::{Problem, ProblemBody, ProblemKind};
use crate::state::AppState;

/// The public view's route.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(track))
}

/// See where a delivery stands.
///
/// What everybody who has the tracking id may see: status, step, history without names, places or
/// notes, the time of arrival as a day. `ETag` and `If-None-Match` make polling cheap. A page of another
/// origin may read it where it may frame it: with `origins` in the settings, only those.
#[utoipa::path(
    get,
    path = "/track/{trackingId}",
    tag = "tracking",
    params(
        ("trackingId" = TrackingId, Path, description = "The number on the label"),
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` that was seen last"),
    ),
    responses(
        (status = 200, description = "The public view", body = PublicView, headers(("ETag" = String))),
        (status = 304, description = "Nothing has changed"),
        (status = 400, description = "A parameter is not valid", content_type = "application/problem+json", body = ProblemBody),
        (status = 404, description = "Nobody has this tracking id", content_type = "application/problem+json", body = ProblemBody),
        (status = 429, description = "Too many requests", content_type = "application/problem+json", body = ProblemBody),
        (status = 503, description = "Not available just now", content_type = "application/problem+json", body = ProblemBody),
    ),
)]
async fn track(
    State(state): State<AppState>,
    peer: Peer,
    ApiPath(id): ApiPath<TrackingId>,
    headers: HeaderMap,
) -> Response {
    let answer = seen(&state, peer, &id, &headers).await.into_response();
    across::mark(&state, &id, &headers, answer).await
}

async fn seen(
    state: &AppState,
    peer: Peer,
    id: &TrackingId,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    state.limits.public_call(peer.address, id)?;
    let frame = state.hub.current(id).await?.ok_or_else(|| Problem::new(ProblemKind::NotFound))?;
    Ok(conditional(&frame, headers))
}

/// The view of `frame` as an answer, or that it is the one that was seen last.
pub(super) fn conditional(frame: &Frame, headers: &HeaderMap) -> Response {
    let etag = frame.etag();
    let unchanged = headers.get_all(header::IF_NONE_MATCH).iter().any(|given| matches(given, &etag));
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let json = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        ([json], frame.json()).into_response()
    };
    let headers = response.headers_mut();
    // A browser may keep it but must ask each time; shared caches must not keep it at all.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Ok(etag) = HeaderValue::try_from(etag) {
        headers.insert(header::ETAG, etag);
    }
    response
}

/// Whether an `If-None-Match` names `etag`, by the weak comparison of RFC 9110, 13.1.2.
fn matches(given: &HeaderValue, etag: &str) -> bool {
    given.to_str().is_ok_and(|list| {
        list.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == etag)
    })
}
