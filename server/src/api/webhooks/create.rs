//! `POST /webhooks`: a new one.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::body::{Webhook, WebhookBody};
use crate::api::docs::WebhookCreateProblems;
use crate::api::extract::{AcceptsJson, ApiJson, Caller, Managers};
use crate::api::{ApiState, ROOT};
use crate::problem::{Problem, ProblemKind};
use crate::webhooks::{Disabled, MOST_ENDPOINTS, MOST_SCOPED};

/// Make a webhook
///
/// From then on the URL is told what happens to your shipments, each piece of news at least once and those of a
/// shipment in order. The answer shows the signing key, this once. At most 50 for all shipments, and 5 for one.
/// Takes the role manager.
#[utoipa::path(
    post,
    path = "/webhooks",
    tag = "webhooks",
    operation_id = "createWebhook",
    security(("apiKey" = [])),
    request_body(content = WebhookBody, content_type = "application/json"),
    responses(
        (status = 201, description = "The webhook", body = Webhook, headers(("Location" = String))),
        WebhookCreateProblems,
    ),
)]
pub(super) async fn create(
    _: AcceptsJson,
    caller: Caller<Managers>,
    State(ApiState { app, .. }): State<ApiState>,
    ApiJson(body): ApiJson<WebhookBody>,
) -> Result<impl IntoResponse, Problem> {
    let (tenant, now) = (caller.client.tenant, app.clock.now());
    let heard = body.hear(&app, tenant, None)?;
    let most = if heard.plan.scope.is_some() { MOST_SCOPED } else { MOST_ENDPOINTS };
    let made = app.store.add_endpoint(tenant, heard.plan, now, most).await?;
    let Some(mut made) = made else {
        let problem = Problem::new(ProblemKind::TooManyWebhooks);
        return Err(problem.detail(format!("there may be {most}")));
    };
    if heard.disabled {
        let disabled = Some((now, Disabled::ByOwner));
        let changed = app.store.change_endpoint(&made, made.plan.clone(), disabled).await?;
        made = changed.ok_or_else(super::not_found)?;
    }
    let mut headers = HeaderMap::new();
    if let Ok(location) = HeaderValue::try_from(format!("{ROOT}/webhooks/{}", made.id.0)) {
        headers.insert(header::LOCATION, location);
    }
    Ok((StatusCode::CREATED, headers, Json(Webhook::of(made, heard.shown.as_ref()))))
}
