//! Where the recipient's calendar feed is: an address that a calendar program can ask without a session.

use axum::Json;
use axum::extract::State;
use doorstep_model::id::TrackingId;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::docs::RecipientReadProblems;
use crate::api::extract::{AcceptsJson, Recipient};
use crate::calendar::FeedAddress;
use crate::problem::{Problem, ProblemKind};
use crate::state::AppState;

/// The routes.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(feed))
}

/// Where the feed is.
#[derive(Debug, serde::Serialize, ToSchema)]
struct Feed {
    /// To be given to a calendar program. Whoever has it sees the window, and nothing personal.
    url: String,
}

/// Get the address of the calendar feed
///
/// A feed (RFC 5545) of one entry that moves with the window. It needs no session and dies with the link
/// that the session came from: when it is revoked, and when access ends. A session that came from a
/// retailer's token gets the feed of the newest link; where there is none, there is no feed.
#[utoipa::path(
    get,
    path = "/track/{trackingId}/recipient/calendar",
    tag = "recipient",
    operation_id = "calendarFeed",
    security(("session" = []), ("sessionToken" = [])),
    params(("trackingId" = TrackingId, Path, description = "The number on the label")),
    responses((status = 200, description = "Where it is", body = Feed), RecipientReadProblems),
)]
async fn feed(
    _: AcceptsJson,
    recipient: Recipient,
    State(state): State<AppState>,
) -> Result<Json<Feed>, Problem> {
    let session = &recipient.session;
    let links = state.store.links(session.tenant, &session.tracking_id).await?;
    let standing = || links.iter().filter(|link| link.revoked_at.is_none());
    let own = standing().find(|link| Some(link.id) == session.link);
    let link = own.or_else(|| standing().next()).ok_or_else(|| Problem::new(ProblemKind::NotFound))?;
    let address =
        FeedAddress { tenant: session.tenant, link: link.id, shipment: session.tracking_id.clone() };
    let url = address.url(&state.vault, &state.public_url).map_err(|error| {
        tracing::error!(error = format!("{error:#}"), "the address of a feed could not be made");
        Problem::new(ProblemKind::Internal)
    })?;
    Ok(Json(Feed { url }))
}
