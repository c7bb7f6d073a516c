//! `DELETE /webhooks/{webhookId}`: it is told nothing any more, and forgotten.

use axum::extract::State;
use http::StatusCode;

use super::not_found;
use crate::api::ApiState;
use crate::api::docs::ManageProblems;
use crate::api::extract::{ApiPath, Caller, Managers};
use crate::problem::Problem;
use crate::webhooks::EndpointId;

/// Remove a webhook
///
/// With what was told or waits to be told to it. Takes the role manager.
#[utoipa::path(
    delete,
    path = "/webhooks/{webhookId}",
    tag = "webhooks",
    operation_id = "removeWebhook",
    security(("apiKey" = [])),
    params(("webhookId" = i64, Path, minimum = 0, description = "The webhook's number")),
    responses((status = 204, description = "It is gone"), ManageProblems),
)]
pub(super) async fn remove(
    caller: Caller<Managers>,
    ApiPath(id): ApiPath<EndpointId>,
    State(ApiState { app, .. }): State<ApiState>,
) -> Result<StatusCode, Problem> {
    let removed = app.store.remove_endpoint(caller.client.tenant, id).await?;
    if removed { Ok(StatusCode::NO_CONTENT) } else { Err(not_found()) }
}
