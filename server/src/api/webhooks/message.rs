//! `GET /webhooks/{webhookId}/messages/{messageId}`: one message with every try and its answer.

use axum::Json;
use axum::extract::State;
use doorstep_model::time::Timestamp;
use utoipa::ToSchema;

use super::messages::ListedMessage;
use super::{MessageName, not_found};
use crate::api::ApiState;
use crate::api::docs::ManageProblems;
use crate::api::extract::{AcceptsJson, ApiPaths, Caller, Managers};
use crate::problem::Problem;
use crate::store::outbox::Attempt;
use crate::vault::{Purpose, Vault};
use crate::webhooks::EndpointId;

/// One try of a message.
#[derive(Debug, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WebhookTry)]
pub(super) struct Try {
    /// When it began.
    at: Timestamp,
    /// How many milliseconds it took.
    took_ms: u32,
    /// The receiver's HTTP status, where it answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// Why there was no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
    /// How the answer's body begins, at most 1,000 characters; not of one that took the message, nor where the
    /// delivery code may have been told.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
}

impl Try {
    /// A try of `message`, its answer unsealed.
    fn of(kept: Attempt, message: &str, vault: &Vault) -> Self {
        let Attempt { at, took_ms, status, failure, answer } = kept;
        let answer = answer.and_then(|sealed| vault.unseal(Purpose::Webhook, message, &sealed));
        let answer = answer.and_then(|answer| String::from_utf8(answer).ok());
        Self { at, took_ms, status, failure, answer }
    }
}

/// A message with its tries.
#[derive(Debug, serde::Serialize, ToSchema)]
pub(super) struct WebhookMessage {
    /// Itself.
    #[serde(flatten)]
    message: ListedMessage,
    /// The last 100, the oldest first.
    attempts: Vec<Try>,
}

/// See a message
///
/// With every try and how it was answered. Takes the role manager.
#[utoipa::path(
    get,
    path = "/webhooks/{webhookId}/messages/{messageId}",
    tag = "webhooks",
    operation_id = "showWebhookMessage",
    security(("apiKey" = [])),
    params(
        ("webhookId" = i64, Path, minimum = 0, description = "The webhook's number"),
        ("messageId" = String, Path, pattern = "^msg_[0-9a-f]{32}$", description = "The message's `webhook-id`"),
    ),
    responses((status = 200, description = "The message", body = WebhookMessage), ManageProblems),
)]
pub(super) async fn message(
    _: AcceptsJson,
    caller: Caller<Managers>,
    ApiPaths(id, MessageName(name)): ApiPaths<EndpointId, MessageName>,
    State(ApiState { app, .. }): State<ApiState>,
) -> Result<Json<WebhookMessage>, Problem> {
    let found = app.store.message(caller.client.tenant, id, &name).await?;
    let (message, attempts) = found.ok_or_else(not_found)?;
    let attempts = attempts.into_iter().map(|kept| Try::of(kept, &name, &app.vault)).collect();
    Ok(Json(WebhookMessage { message: message.into(), attempts }))
}
