//! Messages told again: one, or all that were given up since a time.

use axum::Json;
use axum::extract::State;
use doorstep_model::time::Timestamp;
use http::StatusCode;
use serde_json::Value;
use utoipa::ToSchema;

use super::{MessageName, not_found};
use crate::api::ApiState;
use crate::api::docs::{ManageProblems, ReplayProblems};
use crate::api::extract::{
    AcceptsJson, ApiJson, ApiPath, ApiPaths, Caller, Faults, Form, Managers, read_object,
};
use crate::problem::Problem;
use crate::store::outbox::Replay;
use crate::webhooks::EndpointId;

/// Since when.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReplayBody {
    /// What was given up at that time or later is told again.
    since: Timestamp,
}

impl Form for ReplayBody {
    fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        read_object(bytes)
    }

    fn faults(body: Value, faults: &mut Faults) {
        faults.of_object::<Self>(body, "");
    }
}

/// What is told again.
#[derive(Debug, serde::Serialize, ToSchema)]
pub(super) struct Replayed {
    /// How many messages.
    replayed: u64,
}

/// Tell a message again
///
/// However far it got, under the same id and with the same bytes. What waits of the same shipment waits for it.
/// Takes the role manager.
#[utoipa::path(
    post,
    path = "/webhooks/{webhookId}/messages/{messageId}/replay",
    tag = "webhooks",
    operation_id = "replayWebhookMessage",
    security(("apiKey" = [])),
    params(
        ("webhookId" = i64, Path, minimum = 0, description = "The webhook's number"),
        ("messageId" = String, Path, pattern = "^msg_[0-9a-f]{32}$", description = "The message's `webhook-id`"),
    ),
    responses((status = 202, description = "It will be told again", body = Replayed), ManageProblems),
)]
pub(super) async fn one(
    _: AcceptsJson,
    caller: Caller<Managers>,
    ApiPaths(id, MessageName(name)): ApiPaths<EndpointId, MessageName>,
    State(ApiState { app, .. }): State<ApiState>,
) -> Result<(StatusCode, Json<Replayed>), Problem> {
    let replayed = app.store.replay(caller.client.tenant, id, Replay::One(name)).await?;
    let replayed = replayed.ok_or_else(not_found)?;
    Ok((StatusCode::ACCEPTED, Json(Replayed { replayed })))
}

/// Tell again what was given up
///
/// All messages that were given up since a time, those of a shipment in their order. Takes the role manager.
#[utoipa::path(
    post,
    path = "/webhooks/{webhookId}/replay",
    tag = "webhooks",
    operation_id = "replayWebhook",
    security(("apiKey" = [])),
    params(("webhookId" = i64, Path, minimum = 0, description = "The webhook's number")),
    request_body(content = ReplayBody, content_type = "application/json"),
    responses((status = 202, description = "They will be told again", body = Replayed), ReplayProblems),
)]
pub(super) async fn given_up(
    _: AcceptsJson,
    caller: Caller<Managers>,
    ApiPath(id): ApiPath<EndpointId>,
    State(ApiState { app, .. }): State<ApiState>,
    ApiJson(body): ApiJson<ReplayBody>,
) -> Result<(StatusCode, Json<Replayed>), Problem> {
    let which = Replay::GivenUpSince(body.since);
    let replayed = app.store.replay(caller.client.tenant, id, which).await?.ok_or_else(not_found)?;
    Ok((StatusCode::ACCEPTED, Json(Replayed { replayed })))
}
