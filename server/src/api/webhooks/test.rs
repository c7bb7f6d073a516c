//! `POST /webhooks/{webhookId}/test`: a message about nothing.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use utoipa::ToSchema;

use super::not_found;
use crate::api::ApiState;
use crate::api::docs::WebhookTestProblems;
use crate::api::extract::{AcceptsJson, ApiPath, Caller, Managers};
use crate::problem::{Problem, ProblemKind};
use crate::webhooks::EndpointId;

/// A message that will be told.
#[derive(serde::Serialize, ToSchema)]
pub(super) struct TestMessage {
    /// Names it: `webhook-id`.
    id: String,
}

/// Send a test
///
/// Tells `endpoint.test` to the webhook, with empty `data`; a dialect's shape may have no word for it. What came of
/// it stands in its messages. Takes the role manager.
#[utoipa::path(
    post,
    path = "/webhooks/{webhookId}/test",
    tag = "webhooks",
    operation_id = "testWebhook",
    security(("apiKey" = [])),
    params(("webhookId" = i64, Path, minimum = 0, description = "The webhook's number")),
    responses((status = 202, description = "It will be told", body = TestMessage), WebhookTestProblems),
)]
pub(super) async fn test(
    _: AcceptsJson,
    caller: Caller<Managers>,
    ApiPath(id): ApiPath<EndpointId>,
    State(ApiState { app, .. }): State<ApiState>,
) -> Result<(StatusCode, Json<TestMessage>), Problem> {
    let tenant = caller.client.tenant;
    app.store.endpoint(tenant, id).await?.ok_or_else(not_found)?;
    let told = app.store.tell_test(tenant, id, app.clock.now()).await?;
    let id = told.ok_or_else(|| Problem::new(ProblemKind::WebhookDisabled))?;
    Ok((StatusCode::ACCEPTED, Json(TestMessage { id })))
}
