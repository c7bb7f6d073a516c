//! `/setup/fleets`: third-party fleets that bring the jobs of stores which name them. Their token is kept sealed and not
//! shown again.

use axum::Json;
use axum::extract::State;
use http::{HeaderValue, StatusCode};
use utoipa::ToSchema;

use super::{FLEETS, check_id, forget, keep, kept, kept_one};
use crate::dialects::DialectState;
use crate::dialects::instaleap::docs::{ManageFaults, SetUpFaults};
use crate::dialects::instaleap::fault::{Code, Fault};
use crate::dialects::instaleap::wire::{Body, Names, Retailer, Wrong};
use crate::outbound::Target;
use crate::webhooks::Sealed;

/// A fleet, as it is kept.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(in crate::dialects::instaleap) struct Fleet {
    /// What people call it.
    pub(in crate::dialects::instaleap) name: String,
    /// Where it takes *Creation*, and *Update* where it has no other address for that.
    pub(in crate::dialects::instaleap) url: String,
    /// Where it takes *Update*.
    pub(in crate::dialects::instaleap) update_url: Option<String>,
    /// By what it knows us.
    pub(in crate::dialects::instaleap) token: Option<Sealed>,
}

/// A fleet, as it is set up.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FleetBody {
    /// What people call it.
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    /// Where it takes *Creation*, and *Update* where it has no other address for that.
    #[schema(max_length = 2048, example = "https://fleet.example.com/instaleap")]
    url: String,
    /// Where it takes *Update*.
    #[serde(default)]
    #[schema(max_length = 2048)]
    update_url: Option<String>,
    /// Sent as `x-api-key` with each call. Left out, what was set up before stays.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000)]
    token: Option<String>,
}

/// A fleet, as it is shown.
#[derive(Debug, serde::Serialize, ToSchema)]
#[schema(as = Fleet)]
pub(super) struct FleetShown {
    /// Its id.
    id: String,
    /// What people call it.
    name: String,
    /// Where it takes *Creation*.
    url: String,
    /// Where it takes *Update*.
    update_url: String,
    /// Whether it has a token.
    has_token: bool,
}

impl FleetShown {
    fn of(id: String, fleet: Fleet) -> Self {
        let update_url = fleet.update_url.unwrap_or_else(|| fleet.url.clone());
        Self { id, name: fleet.name, url: fleet.url, update_url, has_token: fleet.token.is_some() }
    }
}

/// List the fleets
///
/// By id, without their tokens. Takes the role manager.
#[utoipa::path(
    get,
    path = "/setup/fleets",
    tag = "setup",
    operation_id = "listFleets",
    security(("apiKey" = [])),
    responses((status = 200, description = "The fleets", body = Vec<FleetShown>), ManageFaults),
)]
pub(super) async fn list(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
) -> Result<Json<Vec<FleetShown>>, Fault> {
    let fleets = kept(&state, known.client.tenant, FLEETS).await?;
    Ok(Json(fleets.into_iter().map(|(id, fleet)| FleetShown::of(id, fleet)).collect()))
}

/// Set up a fleet
///
/// In the place of what had its id. Stores name it as their `fleet_id`; it is told of their jobs from then on, and reports
/// by `POST /delivery-layer/status` with a key of the role carrier. Takes the role manager.
#[utoipa::path(
    put,
    path = "/setup/fleets/{fleetId}",
    tag = "setup",
    operation_id = "putFleet",
    security(("apiKey" = [])),
    params(("fleetId" = String, Path, description = "An id of your choice")),
    request_body(content = FleetBody, content_type = "application/json"),
    responses((status = 200, description = "It stands", body = FleetShown), SetUpFaults),
)]
pub(super) async fn put(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
    Names([id]): Names<1>,
    body: Body<FleetBody>,
) -> Result<Json<FleetShown>, Fault> {
    check_id(&id)?;
    let tenant = known.client.tenant;
    let FleetBody { name, url, update_url, token } = body.read;
    let mut wrong = Wrong::default();
    wrong.unless((1..=120).contains(&name.trim().chars().count()), "/name", "must have 1 to 120 characters");
    check_url(&state, &url, "/url", &mut wrong);
    if let Some(url) = &update_url {
        check_url(&state, url, "/update_url", &mut wrong);
    }
    let fits = |token: &String| (1..=1_000).contains(&token.len()) && HeaderValue::from_str(token).is_ok();
    wrong.unless(token.as_ref().is_none_or(fits), "/token", "must fit into a header");
    wrong.or(())?;
    let token = match token {
        Some(token) => Some(Sealed::seal(&state.app.vault, tenant, token.as_bytes()).map_err(|error| {
            tracing::error!(error = format!("{error:#}"), "a token could not be sealed");
            Fault::from(Code::Internal)
        })?),
        None => kept_one::<Fleet>(&state, tenant, FLEETS, &id).await?.and_then(|before| before.token),
    };
    let fleet = Fleet { name, url, update_url, token };
    keep(&state, tenant, FLEETS, (&id, &fleet)).await?;
    Ok(Json(FleetShown::of(id, fleet)))
}

/// Take a fleet down
///
/// Stores that name it have none then; its tasks go on. Takes the role manager.
#[utoipa::path(
    delete,
    path = "/setup/fleets/{fleetId}",
    tag = "setup",
    operation_id = "deleteFleet",
    security(("apiKey" = [])),
    params(("fleetId" = String, Path, description = "Its id")),
    responses((status = 204, description = "It is gone"), ManageFaults),
)]
pub(super) async fn delete(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
    Names([id]): Names<1>,
) -> Result<StatusCode, Fault> {
    forget(&state, known.client.tenant, FLEETS, &id).await
}

/// Notes where `url` is none that we may call.
pub(super) fn check_url(state: &DialectState, url: &str, at: &str, wrong: &mut Wrong) {
    if let Some(target) = wrong.parse(Some(url), at, str::parse::<Target>)
        && let Err(refused) = state.app.outbound.permits(&target)
    {
        wrong.unless(false, at, refused);
    }
    wrong.unless(!url.trim().is_empty(), at, "is empty");
}
