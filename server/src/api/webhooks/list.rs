//! `GET /webhooks`: those there are.

use axum::Json;
use axum::extract::State;
use doorstep_model::id::TrackingId;
use utoipa::{IntoParams, ToSchema};

use super::body::Webhook;
use crate::api::docs::ListProblems;
use crate::api::extract::{AcceptsJson, ApiQuery, Caller, Managers, Parameters, Query};
use crate::api::{ApiState, wire};
use crate::problem::Problem;

/// Which webhooks.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query, which is read by hand")]
struct WebhookListParameters {
    /// Those about that shipment alone; those about all shipments where it is left out.
    #[param(required = false, rename = "trackingId")]
    tracking_id: TrackingId,
}

/// A tenant's webhooks.
#[derive(Debug, serde::Serialize, ToSchema)]
pub(super) struct Webhooks {
    /// Oldest first.
    webhooks: Vec<Webhook>,
}

/// Of which shipment.
pub(super) struct Wanted(Option<TrackingId>);

impl Query for Wanted {
    fn from_query(parameters: &mut Parameters) -> Self {
        Self(parameters.one("trackingId", wire::exact_tracking_id))
    }
}

/// List webhooks
///
/// Without their secrets. Takes the role manager.
#[utoipa::path(
    get,
    path = "/webhooks",
    tag = "webhooks",
    operation_id = "listWebhooks",
    security(("apiKey" = [])),
    params(WebhookListParameters),
    responses((status = 200, description = "The webhooks", body = Webhooks), ListProblems),
)]
pub(super) async fn list(
    _: AcceptsJson,
    caller: Caller<Managers>,
    ApiQuery(Wanted(scope)): ApiQuery<Wanted>,
    State(ApiState { app, .. }): State<ApiState>,
) -> Result<Json<Webhooks>, Problem> {
    let endpoints = app.store.endpoints(caller.client.tenant, scope.as_ref()).await?;
    let webhooks = endpoints.into_iter().map(|endpoint| Webhook::of(endpoint, None)).collect();
    Ok(Json(Webhooks { webhooks }))
}
