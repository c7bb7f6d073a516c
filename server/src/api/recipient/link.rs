//! `/track/{trackingId}/recipient/link`: the recipient takes a new link for another device, or says that
//! the one they were sent is not theirs. Both take all that was handed out before back.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use doorstep_model::id::TrackingId;
use http::{HeaderMap, StatusCode};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::session::take_back;
use crate::access::{LinkMaker, NewLink, NewSession, Secret};
use crate::api::docs::RecipientWriteProblems;
use crate::api::extract::{AcceptsJson, Recipient};
use crate::door::{DoorError, Pass};
use crate::problem::{Problem, ProblemKind};
use crate::state::AppState;

/// The routes.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(renew, disown))
}

/// A link for another device.
#[derive(serde::Serialize, ToSchema)]
struct LinkBody {
    /// The link with its secret, which is not shown again. It works once.
    url: String,
}

/// Take a new link
///
/// For another device. All links and sessions from before are over, but for this session, which goes on
/// with another token.
#[utoipa::path(
    post,
    path = "/track/{trackingId}/recipient/link",
    tag = "recipient",
    operation_id = "renewLink",
    security(("session" = []), ("sessionToken" = [])),
    params(
        ("trackingId" = TrackingId, Path, description = "The number on the label"),
    ),
    responses((status = 201, description = "The link", body = LinkBody), RecipientWriteProblems),
)]
async fn renew(
    _: AcceptsJson,
    State(state): State<AppState>,
    Recipient { session, .. }: Recipient,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (store, id, now) = (&state.store, &session.tracking_id, state.clock.now());
    let over = || Problem::new(ProblemKind::SessionNeeded);
    let (link, token) = (secret()?, secret()?);
    store.revoke_links(session.tenant, id, None, now).await?;
    let new = NewSession { token: token.hash(), at: now, stepped_up_until: session.stepped_up_until };
    store.open_session(session.tenant, id, new).await?.ok_or_else(over)?;
    let new = NewLink { hash: link.hash(), made_at: now, made_by: LinkMaker::Recipient };
    store.add_link(session.tenant, id, new).await?.ok_or_else(over)?;
    let url = state.public_url.link(id, &link);
    let mut response = (StatusCode::CREATED, Json(LinkBody { url })).into_response();
    if let Some(pass) = Pass::presented(&headers, id, &state.public_url) {
        pass.with(&token).give(response.headers_mut());
    }
    Ok(response)
}

/// Disown the delivery
///
/// "This is not me": all links and sessions are over, this one too. The tenant can make another link.
#[utoipa::path(
    delete,
    path = "/track/{trackingId}/recipient/link",
    tag = "recipient",
    operation_id = "disownLink",
    security(("session" = []), ("sessionToken" = [])),
    params(
        ("trackingId" = TrackingId, Path, description = "The number on the label"),
    ),
    responses((status = 204, description = "Nothing opens it any more"), RecipientWriteProblems),
)]
async fn disown(
    State(state): State<AppState>,
    Recipient { session, .. }: Recipient,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    state.store.revoke_links(session.tenant, &session.tracking_id, None, state.clock.now()).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    take_back(&state, &session.tracking_id, &headers, &mut response);
    Ok(response)
}

fn secret() -> Result<Secret, Problem> {
    Ok(Secret::random().map_err(DoorError::Secret)?)
}
