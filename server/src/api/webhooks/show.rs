//! `GET /webhooks/{webhookId}`: how it stands.

use axum::Json;
use axum::extract::State;

use super::body::Webhook;
use super::not_found;
use crate::api::ApiState;
use crate::api::docs::ManageProblems;
use crate::api::extract::{AcceptsJson, ApiPath, Caller, Managers};
use crate::problem::Problem;
use crate::webhooks::EndpointId;

/// See a webhook
///
/// With how it stands, without its secrets. Takes the role manager.
#[utoipa::path(
    get,
    path = "/webhooks/{webhookId}",
    tag = "webhooks",
    operation_id = "showWebhook",
    security(("apiKey" = [])),
    params(("webhookId" = i64, Path, minimum = 0, description = "The webhook's number")),
    responses((status = 200, description = "The webhook", body = Webhook), ManageProblems),
)]
pub(super) async fn show(
    _: AcceptsJson,
    caller: Caller<Managers>,
    ApiPath(id): ApiPath<EndpointId>,
    State(ApiState { app, .. }): State<ApiState>,
) -> Result<Json<Webhook>, Problem> {
    let endpoint = app.store.endpoint(caller.client.tenant, id).await?.ok_or_else(not_found)?;
    Ok(Json(Webhook::of(endpoint, None)))
}
