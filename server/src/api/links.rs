//! Links as the tenant's own clients hand them out: a secret is told once, to whoever makes the link;
//! afterwards a link is a number that can be listed and revoked.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use doorstep_model::id::TrackingId;
use doorstep_model::time::Timestamp;
use http::StatusCode;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ApiState;
use super::docs::ManageProblems;
use super::extract::{AcceptsJson, ApiPath, ApiPaths, Caller, FromPath, Managers};
use crate::access::{Link, LinkId, LinkMaker, NewLink, Secret};
use crate::door::DoorError;
use crate::problem::{Problem, ProblemKind};

/// The routes.
pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(make, list, revoke_all)).routes(routes!(revoke))
}

/// A link that was made just now.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MadeLink {
    /// By what it is listed and revoked.
    id: i64,
    /// The link with its secret, which is not shown again. It works once.
    url: String,
    /// When it was made.
    made_at: Timestamp,
}

/// A link, without its secret.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ListedLink {
    /// By what it is revoked.
    id: i64,
    /// When it was made.
    made_at: Timestamp,
    /// By whom: `client` or `recipient`.
    made_by: &'static str,
    /// When it was opened; it opens nothing since.
    #[serde(skip_serializing_if = "Option::is_none")]
    used_at: Option<Timestamp>,
    /// When it was revoked; what it opened is over since.
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<Timestamp>,
}

/// The links of a shipment.
#[derive(serde::Serialize, ToSchema)]
struct Links {
    /// Newest first, at most 100.
    links: Vec<ListedLink>,
}

impl From<Link> for ListedLink {
    fn from(link: Link) -> Self {
        let Link { id, made_at, made_by, used_at, revoked_at } = link;
        Self { id: id.0, made_at, made_by: made_by.as_str(), used_at, revoked_at }
    }
}

impl FromPath for LinkId {
    fn from_path(raw: &str) -> Result<Self, impl std::fmt::Display> {
        let plain = raw.bytes().all(|byte| byte.is_ascii_digit());
        raw.parse().ok().filter(|_| plain).map(Self).ok_or("must be the number of a link")
    }
}

/// Make a link for the recipient
///
/// To be sent to the recipient, and to nobody else. The secret stands behind the `#`, so that no server and
/// no log between sees it. It works once; links that were made before go on. Takes the role manager.
#[utoipa::path(
    post,
    path = "/shipments/{trackingId}/links",
    tag = "links",
    operation_id = "makeLink",
    security(("apiKey" = [])),
    params(("trackingId" = TrackingId, Path, description = "The number on the label")),
    responses((status = 201, description = "The link", body = MadeLink), ManageProblems),
)]
async fn make(
    _: AcceptsJson,
    caller: Caller<Managers>,
    ApiPath(id): ApiPath<TrackingId>,
    State(ApiState { app, .. }): State<ApiState>,
) -> Result<impl IntoResponse, Problem> {
    let secret = Secret::random().map_err(DoorError::Secret)?;
    let new = NewLink { hash: secret.hash(), made_at: app.clock.now(), made_by: LinkMaker::Client };
    let link = app.store.add_link(caller.client.tenant, &id, new).await?.ok_or_else(not_found)?;
    let url = app.public_url.link(&id, &secret);
    Ok((StatusCode::CREATED, Json(MadeLink { id: link.id.0, url, made_at: link.made_at })))
}

/// List the links of a shipment
///
/// Without their secrets. Takes the role manager.
#[utoipa::path(
    get,
    path = "/shipments/{trackingId}/links",
    tag = "links",
    operation_id = "listLinks",
    security(("apiKey" = [])),
    params(("trackingId" = TrackingId, Path, description = "The number on the label")),
    responses((status = 200, description = "The links", body = Links), ManageProblems),
)]
async fn list(
    _: AcceptsJson,
    caller: Caller<Managers>,
    ApiPath(id): ApiPath<TrackingId>,
    State(ApiState { app, .. }): State<ApiState>,
) -> Result<Json<Links>, Problem> {
    let tenant = caller.client.tenant;
    app.store.shipment_of(tenant, &id).await?.ok_or_else(not_found)?;
    let links = app.store.links(tenant, &id).await?.into_iter().map(ListedLink::from).collect();
    Ok(Json(Links { links }))
}

/// Revoke all links of a shipment
///
/// And with them every session, whatever it came from. Takes the role manager.
#[utoipa::path(
    delete,
    path = "/shipments/{trackingId}/links",
    tag = "links",
    operation_id = "revokeLinks",
    security(("apiKey" = [])),
    params(("trackingId" = TrackingId, Path, description = "The number on the label")),
    responses((status = 204, description = "Nothing opens it any more"), ManageProblems),
)]
async fn revoke_all(
    caller: Caller<Managers>,
    ApiPath(id): ApiPath<TrackingId>,
    State(ApiState { app, .. }): State<ApiState>,
) -> Result<StatusCode, Problem> {
    let tenant = caller.client.tenant;
    app.store.shipment_of(tenant, &id).await?.ok_or_else(not_found)?;
    app.store.revoke_links(tenant, &id, None, app.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Revoke a link
///
/// And with it the session it was exchanged for. Takes the role manager.
#[utoipa::path(
    delete,
    path = "/shipments/{trackingId}/links/{linkId}",
    tag = "links",
    operation_id = "revokeLink",
    security(("apiKey" = [])),
    params(
        ("trackingId" = TrackingId, Path, description = "The number on the label"),
        ("linkId" = i64, Path, minimum = 0, description = "The link's number"),
    ),
    responses((status = 204, description = "It opens nothing any more"), ManageProblems),
)]
async fn revoke(
    caller: Caller<Managers>,
    ApiPaths(id, link): ApiPaths<TrackingId, LinkId>,
    State(ApiState { app, .. }): State<ApiState>,
) -> Result<StatusCode, Problem> {
    let tenant = caller.client.tenant;
    let revoked = app.store.revoke_links(tenant, &id, Some(link), app.clock.now()).await?;
    let known = revoked > 0 || app.store.links(tenant, &id).await?.iter().any(|known| known.id == link);
    if known { Ok(StatusCode::NO_CONTENT) } else { Err(not_found()) }
}

fn not_found() -> Problem {
    Problem::new(ProblemKind::NotFound)
}
