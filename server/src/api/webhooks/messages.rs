//! `GET /webhooks/{webhookId}/messages`: what was told or waits to be told, newest first, a page at a time.

use axum::Json;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorstep_model::id::TrackingId;
use doorstep_model::time::Timestamp;
use utoipa::{IntoParams, ToSchema};

use super::not_found;
use crate::api::ApiState;
use crate::api::docs::ManageProblems;
use crate::api::extract::{AcceptsJson, ApiPath, ApiQuery, Caller, Managers, Parameters, Query};
use crate::problem::Problem;
use crate::store::outbox::{DeliveryId, DeliveryState, Message, MessagePageRequest};
use crate::webhooks::{EndpointId, Topic};

const USUAL_LIMIT: u32 = 50;
const HIGHEST_LIMIT: u32 = 200;

/// Which messages.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query, which is read by hand")]
struct MessageParameters {
    /// Only those that got so far.
    #[param(required = false)]
    state: DeliveryState,
    /// How many at most; 50 where it does not say.
    #[param(required = false, minimum = 1, maximum = 200)]
    limit: u32,
    /// Where the page begins: `older` of another page.
    #[param(required = false, pattern = "^[A-Za-z0-9_-]{10}[AEIMQUYcgkosw048]$")]
    cursor: String,
}

/// A message for a webhook.
#[derive(Debug, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListedMessage {
    /// Names it: `webhook-id`.
    id: String,
    /// What it is about.
    r#type: Topic,
    /// Of which shipment; none for a test.
    #[serde(skip_serializing_if = "Option::is_none")]
    tracking_id: Option<TrackingId>,
    /// When we heard.
    at: Timestamp,
    /// How far it got.
    state: DeliveryState,
    /// How often it was tried, since it was told or last replayed.
    tries: u32,
    /// When it is tried next; absent while it waits behind another of its shipment.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_try: Option<Timestamp>,
    /// When it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    done_at: Option<Timestamp>,
}

impl From<Message> for ListedMessage {
    fn from(kept: Message) -> Self {
        let Message { message, topic, tracking_id, at, state, tries, next_try, done_at, .. } = kept;
        // What is due at once has no time of its own.
        let next_try = next_try.map(|next| next.max(at));
        Self { id: message, r#type: topic, tracking_id, at, state, tries, next_try, done_at }
    }
}

/// One page of a webhook's messages.
#[derive(Debug, serde::Serialize, ToSchema)]
pub(super) struct MessagesPage {
    /// Newest first.
    messages: Vec<ListedMessage>,
    /// The cursor of the next page, when there are older messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    older: Option<String>,
}

/// Which page of which messages.
pub(super) struct Wanted {
    state: Option<DeliveryState>,
    page: MessagePageRequest,
}

impl Query for Wanted {
    fn from_query(parameters: &mut Parameters) -> Self {
        let limit = |text: &str| match text.parse() {
            Ok(limit @ 1..=HIGHEST_LIMIT) => Ok(limit),
            _ => Err(format!("must be a whole number from 1 to {HIGHEST_LIMIT}")),
        };
        let page = MessagePageRequest {
            older_than: parameters.one("cursor", read),
            limit: parameters.one("limit", limit).unwrap_or(USUAL_LIMIT),
        };
        Self { state: parameters.one("state", str::parse), page }
    }
}

fn read(cursor: &str) -> Result<DeliveryId, &'static str> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.map(|bytes| DeliveryId(i64::from_be_bytes(bytes))).ok_or("is no cursor from a list")
}

fn write(DeliveryId(place): DeliveryId) -> String {
    URL_SAFE_NO_PAD.encode(place.to_be_bytes())
}

/// List the messages for a webhook
///
/// Newest first; those that were done are kept for 30 days. Takes the role manager.
#[utoipa::path(
    get,
    path = "/webhooks/{webhookId}/messages",
    tag = "webhooks",
    operation_id = "listWebhookMessages",
    security(("apiKey" = [])),
    params(("webhookId" = i64, Path, minimum = 0, description = "The webhook's number"), MessageParameters),
    responses((status = 200, description = "One page", body = MessagesPage), ManageProblems),
)]
pub(super) async fn messages(
    _: AcceptsJson,
    caller: Caller<Managers>,
    ApiPath(id): ApiPath<EndpointId>,
    ApiQuery(wanted): ApiQuery<Wanted>,
    State(ApiState { app, .. }): State<ApiState>,
) -> Result<Json<MessagesPage>, Problem> {
    let page = app.store.messages(caller.client.tenant, id, wanted.state, wanted.page).await?;
    let page = page.ok_or_else(not_found)?;
    let messages = page.messages.into_iter().map(ListedMessage::from).collect();
    Ok(Json(MessagesPage { messages, older: page.older.map(write) }))
}
