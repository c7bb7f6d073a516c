//! `/setup/sources`: systems that speak Instaleap's webhook 1 and are pointed here. Each has a token that we make: it says
//! whose the source is, and is kept as a hash only.

use axum::Json;
use axum::extract::State;
use doorstep_model::time::Zone;
use http::StatusCode;
use subtle::ConstantTimeEq as _;
use utoipa::ToSchema;

use super::{SOURCES, check_id, forget, keep, kept, kept_one};
use crate::access::Secret;
use crate::dialects::DialectState;
use crate::dialects::instaleap::ROOT;
use crate::dialects::instaleap::docs::{ManageFaults, SetUpFaults};
use crate::dialects::instaleap::fault::{Code, Fault};
use crate::dialects::instaleap::wire::{Body, Names, Retailer, Wrong};
use crate::identity::{KeyHash, TenantId};
use crate::zones;

/// How every token begins.
const PREFIX: &str = "ilw_";

/// A source, as it is kept.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(in crate::dialects::instaleap) struct Source {
    /// SHA-256 of its token, in hexadecimal digits.
    token: String,
    /// The zone of its deliveries.
    pub(in crate::dialects::instaleap) zone: Zone,
}

/// A source, as it is set up.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceBody {
    /// The zone of its deliveries: webhooks name none.
    zone: Zone,
}

/// A source, as it is shown.
#[derive(Debug, serde::Serialize, ToSchema)]
#[schema(as = Source)]
pub(super) struct SourceShown {
    /// Its id.
    id: String,
    /// Where its webhooks are to be sent.
    url: String,
    /// The zone of its deliveries.
    zone: Zone,
    /// To be sent with each, as `Authorization: Bearer …` or `x-api-key`; shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

impl SourceShown {
    fn of(state: &DialectState, id: String, zone: Zone, token: Option<String>) -> Self {
        let url = format!("{}{ROOT}/webhooks/{id}", state.app.public_url.as_str());
        Self { id, url, zone, token }
    }
}

/// List the sources
///
/// By id, without their tokens. Takes the role manager.
#[utoipa::path(
    get,
    path = "/setup/sources",
    tag = "setup",
    operation_id = "listSources",
    security(("apiKey" = [])),
    responses((status = 200, description = "The sources", body = Vec<SourceShown>), ManageFaults),
)]
pub(super) async fn list(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
) -> Result<Json<Vec<SourceShown>>, Fault> {
    let sources: Vec<(String, Source)> = kept(&state, known.client.tenant, SOURCES).await?;
    let shown = sources.into_iter().map(|(id, source)| SourceShown::of(&state, id, source.zone, None));
    Ok(Json(shown.collect()))
}

/// Set up a source
///
/// In the place of what had its id; each time with another token, and the one before opens nothing more. Takes the role
/// manager.
#[utoipa::path(
    put,
    path = "/setup/sources/{sourceId}",
    tag = "setup",
    operation_id = "putSource",
    security(("apiKey" = [])),
    params(("sourceId" = String, Path, description = "An id of your choice")),
    request_body(content = SourceBody, content_type = "application/json"),
    responses((status = 200, description = "It stands", body = SourceShown), SetUpFaults),
)]
pub(super) async fn put(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
    Names([id]): Names<1>,
    body: Body<SourceBody>,
) -> Result<Json<SourceShown>, Fault> {
    check_id(&id)?;
    let tenant = known.client.tenant;
    let mut wrong = Wrong::default();
    wrong.unless(zones::is_known(&body.read.zone), "/zone", "is not in the time zone database");
    wrong.or(())?;
    let secret = Secret::random().map_err(|error| {
        tracing::error!(error = format!("{error:#}"), "a token could not be drawn");
        Fault::from(Code::Internal)
    })?;
    let token = format!("{PREFIX}{}_{}", tenant.0, secret.reveal());
    let zone = body.read.zone;
    keep(&state, tenant, SOURCES, (&id, &Source { token: hash(&token), zone: zone.clone() })).await?;
    Ok(Json(SourceShown::of(&state, id, zone, Some(token))))
}

/// Take a source down
///
/// Its token opens nothing more; its shipments stay. Takes the role manager.
#[utoipa::path(
    delete,
    path = "/setup/sources/{sourceId}",
    tag = "setup",
    operation_id = "deleteSource",
    security(("apiKey" = [])),
    params(("sourceId" = String, Path, description = "Its id")),
    responses((status = 204, description = "It is gone"), ManageFaults),
)]
pub(super) async fn delete(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
    Names([id]): Names<1>,
) -> Result<StatusCode, Fault> {
    forget(&state, known.client.tenant, SOURCES, &id).await
}

/// The source that `token` opens, and whose it is.
pub(in crate::dialects::instaleap) async fn opens(
    state: &DialectState,
    id: &str,
    token: &str,
) -> Result<Option<(TenantId, Source)>, Fault> {
    let tenant = token.strip_prefix(PREFIX).and_then(|rest| rest.split_once('_')).map(|(tenant, _)| tenant);
    let Some(tenant) = tenant.and_then(|tenant| tenant.parse().ok()).map(TenantId) else { return Ok(None) };
    let source: Option<Source> = kept_one(state, tenant, SOURCES, id).await?;
    let right = |source: &Source| bool::from(source.token.as_bytes().ct_eq(hash(token).as_bytes()));
    Ok(source.filter(right).map(|source| (tenant, source)))
}

fn hash(token: &str) -> String {
    KeyHash::of(token).0.iter().map(|byte| format!("{byte:02x}")).collect()
}
