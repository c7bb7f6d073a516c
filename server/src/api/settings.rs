//! `/settings`: what the tenant decides: the rules that new shipments get, which proofs of identity hold,
//! the keys by which it signs tokens, and its shop's logo.

mod body;
mod keys;
mod logo;

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ApiState;
use super::docs::{DecideProblems, SettingsProblems};
use super::extract::{AcceptsJson, ApiJson, Caller, Managers};
use crate::problem::Problem;
use body::SettingsBody;

/// The routes.
pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(show, decide)).merge(logo::router())
}

/// See the settings
///
/// What the tenant decided, or the defaults. A shared secret is not shown again. Takes the role manager.
#[utoipa::path(
    get,
    path = "/settings",
    tag = "settings",
    operation_id = "showSettings",
    security(("apiKey" = [])),
    responses((status = 200, description = "The settings", body = SettingsBody), SettingsProblems),
)]
async fn show(
    _: AcceptsJson,
    caller: Caller<Managers>,
    State(ApiState { app, .. }): State<ApiState>,
) -> Result<Json<SettingsBody>, Problem> {
    Ok(Json(app.store.settings(caller.client.tenant).await?.into()))
}

/// Decide the settings
///
/// All of them: what is not named gets its default. Rules hold for shipments that are created from then on;
/// what was announced to a recipient stays. An HS256 key without its secret keeps the one that is there.
/// Takes the role manager.
#[utoipa::path(
    put,
    path = "/settings",
    tag = "settings",
    operation_id = "decideSettings",
    security(("apiKey" = [])),
    request_body(content = SettingsBody, content_type = "application/json"),
    responses((status = 200, description = "The settings now", body = SettingsBody), DecideProblems),
)]
async fn decide(
    _: AcceptsJson,
    caller: Caller<Managers>,
    State(ApiState { app, .. }): State<ApiState>,
    ApiJson(body): ApiJson<SettingsBody>,
) -> Result<Json<SettingsBody>, Problem> {
    let tenant = caller.client.tenant;
    let before = app.store.settings(tenant).await?;
    let settings = body.hear(tenant, &before, &app.vault)?;
    app.store.save_settings(tenant, settings.clone()).await?;
    Ok(Json(settings.into()))
}
