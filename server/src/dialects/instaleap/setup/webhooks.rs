//! `/setup/webhooks`: up to three addresses that hear of every job, as Instaleap's webhook 1. Each is an endpoint of the
//! outbox like any other: signed, tried again, and seen attempt by attempt at `/api/v1/webhooks`.

use axum::Json;
use axum::extract::State;
use doorstep_model::time::Timestamp;
use http::{HeaderValue, StatusCode};
use utoipa::ToSchema;

use super::fleets::check_url;
use crate::dialects::DialectState;
use crate::dialects::instaleap::docs::{ManageFaults, SetUpFaults};
use crate::dialects::instaleap::fault::{Code, Fault};
use crate::dialects::instaleap::hook::SHAPE;
use crate::dialects::instaleap::wire::{Body, Names, Retailer, Wrong};
use crate::identity::TenantId;
use crate::outbound::Target;
use crate::webhooks::{
    Auth, Endpoint, EndpointId, EndpointPlan, MOST_ENDPOINTS, SigningKey, Topics, is_header_allowed,
};

/// The most webhooks of a client (`systems.md` 2.6).
const MOST: usize = 3;

/// A webhook to be set up.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WebhookBody {
    /// Where.
    #[schema(max_length = 2048, example = "https://shop.example.com/instaleap")]
    url: String,
    /// Whether the delivery code stands in what is sent here: whoever hears it can finish the delivery.
    #[serde(default)]
    includes_delivery_code: bool,
    /// A static token in a header of your choice, in place of the signature.
    #[serde(default, deserialize_with = "crate::api::wire::optional_object")]
    header: Option<HeaderBody>,
}

/// A header that shows who sends.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HeaderBody {
    /// Its name.
    #[schema(min_length = 1, max_length = 64, example = "Authorization")]
    name: String,
    /// Its value.
    #[schema(min_length = 1, max_length = 1000)]
    value: String,
}

/// A webhook.
#[derive(Debug, serde::Serialize, ToSchema)]
#[schema(as = Webhook)]
pub(super) struct WebhookShown {
    /// Its id, which the native API knows as the endpoint's.
    id: i64,
    /// Where.
    url: String,
    /// Whether the delivery code stands in what is sent there.
    includes_delivery_code: bool,
    /// When it was set up.
    created_at: Timestamp,
    /// The secret of its signature (Standard Webhooks 1.0.0); shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

impl WebhookShown {
    fn of(endpoint: &Endpoint, secret: Option<String>) -> Self {
        Self {
            id: endpoint.id.0,
            url: endpoint.plan.target.as_str().to_owned(),
            includes_delivery_code: endpoint.plan.includes_code,
            created_at: endpoint.created_at,
            secret,
        }
    }
}

/// Set up a webhook
///
/// At most three. Signed by Standard Webhooks 1.0.0, or with a static token in a header. Takes the role manager.
#[utoipa::path(
    post,
    path = "/setup/webhooks",
    tag = "setup",
    operation_id = "addWebhook",
    security(("apiKey" = [])),
    request_body(content = WebhookBody, content_type = "application/json"),
    responses((status = 201, description = "It hears of every job", body = WebhookShown), SetUpFaults),
)]
pub(super) async fn add(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
    body: Body<WebhookBody>,
) -> Result<(StatusCode, Json<WebhookShown>), Fault> {
    let tenant = known.client.tenant;
    let WebhookBody { url, includes_delivery_code, header } = body.read;
    let mut wrong = Wrong::default();
    check_url(&state, &url, "/url", &mut wrong);
    if let Some(HeaderBody { name, value }) = &header {
        let allowed = is_header_allowed(name);
        wrong.unless(allowed, "/header/name", "is no header that may be set");
        let fits = (1..=1_000).contains(&value.len()) && HeaderValue::from_str(value).is_ok();
        wrong.unless(fits, "/header/value", "must fit into a header");
    }
    wrong.or(())?;
    if webhooks(&state, tenant).await?.len() >= MOST {
        return Err(too_many());
    }
    let failed = |error: anyhow::Error| {
        tracing::error!(error = format!("{error:#}"), "a webhook could not be set up");
        Fault::from(Code::Internal)
    };
    let target: Target = url.parse().map_err(|_| Fault::from(Code::Invalid))?;
    let vault = &state.app.vault;
    let (auth, secret) = match header {
        Some(HeaderBody { name, value }) => {
            (Auth::header(vault, tenant, &name, value.as_bytes()).map_err(failed)?, None)
        }
        None => {
            let key = SigningKey::random().map_err(failed)?;
            (Auth::signature(vault, tenant, &key).map_err(failed)?, Some(key.reveal()))
        }
    };
    let plan = EndpointPlan {
        scope: None,
        target,
        shape: SHAPE.to_owned(),
        auth,
        topics: Topics::ALL,
        includes_code: includes_delivery_code,
        note: "Instaleap webhook 1".to_owned(),
    };
    let made = state.app.store.add_endpoint(tenant, plan, state.app.clock.now(), MOST_ENDPOINTS).await?;
    let made = made.ok_or(Code::TooMany)?;
    // Of those who were let in at once, the first stay.
    let beyond = webhooks(&state, tenant).await?.into_iter().skip(MOST).any(|webhook| webhook.id == made.id);
    if beyond {
        state.app.store.remove_endpoint(tenant, made.id).await?;
        return Err(too_many());
    }
    Ok((StatusCode::CREATED, Json(WebhookShown::of(&made, secret))))
}

/// List the webhooks
///
/// Oldest first, without their secrets. Takes the role manager.
#[utoipa::path(
    get,
    path = "/setup/webhooks",
    tag = "setup",
    operation_id = "listWebhooks",
    security(("apiKey" = [])),
    responses((status = 200, description = "The webhooks", body = Vec<WebhookShown>), ManageFaults),
)]
pub(super) async fn list(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
) -> Result<Json<Vec<WebhookShown>>, Fault> {
    let webhooks = webhooks(&state, known.client.tenant).await?;
    Ok(Json(webhooks.iter().map(|webhook| WebhookShown::of(webhook, None)).collect()))
}

/// Take a webhook down
///
/// With what waits for it. Takes the role manager.
#[utoipa::path(
    delete,
    path = "/setup/webhooks/{webhookId}",
    tag = "setup",
    operation_id = "deleteWebhook",
    security(("apiKey" = [])),
    params(("webhookId" = i64, Path, description = "Its id")),
    responses((status = 204, description = "It is gone"), ManageFaults),
)]
pub(super) async fn delete(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
    Names([id]): Names<1>,
) -> Result<StatusCode, Fault> {
    let tenant = known.client.tenant;
    let id = id.parse().map(EndpointId).map_err(|_| Fault::from(Code::NotFound))?;
    let ours = webhooks(&state, tenant).await?.iter().any(|webhook| webhook.id == id);
    if ours && state.app.store.remove_endpoint(tenant, id).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Code::NotFound.into())
}

fn too_many() -> Fault {
    Fault::new(Code::TooMany).because("there are three webhooks already")
}

async fn webhooks(state: &DialectState, tenant: TenantId) -> Result<Vec<Endpoint>, Fault> {
    let endpoints = state.app.store.endpoints(tenant, None).await?;
    Ok(endpoints
        .into_iter()
        .filter(|endpoint| endpoint.plan.shape == SHAPE && endpoint.plan.scope.is_none())
        .collect())
}
