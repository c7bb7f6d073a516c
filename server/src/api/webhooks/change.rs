//! `PUT /webhooks/{webhookId}`: another plan for it.

use axum::Json;
use axum::extract::State;

use super::body::{Webhook, WebhookBody};
use super::not_found;
use crate::api::ApiState;
use crate::api::docs::WebhookChangeProblems;
use crate::api::extract::{AcceptsJson, ApiJson, ApiPath, Caller, Managers};
use crate::problem::Problem;
use crate::webhooks::{Disabled, EndpointId};

/// Change a webhook
///
/// All of it: what is not named gets its default, but for secrets, which are kept where the kind of `auth`
/// stays. What waits for a webhook that is disabled goes on waiting; what happens meanwhile is not told to it. One
/// that answered 410 is enabled again by this. Takes the role manager.
#[utoipa::path(
    put,
    path = "/webhooks/{webhookId}",
    tag = "webhooks",
    operation_id = "changeWebhook",
    security(("apiKey" = [])),
    params(("webhookId" = i64, Path, minimum = 0, description = "The webhook's number")),
    request_body(content = WebhookBody, content_type = "application/json"),
    responses((status = 200, description = "The webhook now", body = Webhook), WebhookChangeProblems),
)]
pub(super) async fn change(
    _: AcceptsJson,
    caller: Caller<Managers>,
    ApiPath(id): ApiPath<EndpointId>,
    State(ApiState { app, .. }): State<ApiState>,
    ApiJson(body): ApiJson<WebhookBody>,
) -> Result<Json<Webhook>, Problem> {
    let tenant = caller.client.tenant;
    // Again where a key was rotated meanwhile: it must not be lost with one that was read before.
    loop {
        let before = app.store.endpoint(tenant, id).await?.ok_or_else(not_found)?;
        let heard = body.clone().hear(&app, tenant, Some(&before.plan))?;
        let disabled =
            heard.disabled.then(|| before.disabled.unwrap_or((app.clock.now(), Disabled::ByOwner)));
        if let Some(changed) = app.store.change_endpoint(&before, heard.plan, disabled).await? {
            return Ok(Json(Webhook::of(changed, heard.shown.as_ref())));
        }
    }
}
