//! `/setup/providers` and `/setup/rules`: providers and the rules by which one is chosen. A provider's key is
//! sealed and never shown again.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::config::{Kind as ProviderKind, ProviderConfig, ProviderId};
use super::roster::{THE_RULES, key_owner};
use super::rules::Rules;
use crate::dialects::DialectState;
use crate::dialects::delivery_solutions::caller::{Caller, Managers};
use crate::dialects::delivery_solutions::desk::DIALECT;
use crate::dialects::delivery_solutions::failure::{Failure, Kind};
use crate::dialects::delivery_solutions::incoming::Body;
use crate::dialects::delivery_solutions::openapi::OwnFailures;
use crate::dialects::delivery_solutions::setup::{self, Thing, ThingId};
use crate::dialects::delivery_solutions::wire::read::{self, Fault};
use crate::store::StoreError;
use crate::store::orders::EntryKind;
use crate::vault::Purpose;

/// Providers that a tenant set up.
pub(crate) const PROVIDERS: EntryKind = EntryKind("provider");

/// The rules that a tenant set up.
pub(crate) const RULES: EntryKind = EntryKind("rules");

/// A provider as it is kept: its key apart, sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) provider: ProviderConfig,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<String>,
}

impl Thing for Kept {
    const KIND: EntryKind = PROVIDERS;

    fn check(&self, _: &str) -> Result<(), Fault> {
        self.provider.fault().map_or(Ok(()), |fault| Err(Fault::value("", fault)))
    }
}

impl Thing for Rules {
    const KIND: EntryKind = RULES;

    fn check(&self, _: &str) -> Result<(), Fault> {
        self.fault().map_or(Ok(()), |fault| Err(Fault::value("", fault)))
    }
}

/// The routes.
pub(crate) fn router() -> OpenApiRouter<DialectState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(put, show, take_down))
        .routes(routes!(put_rules, show_rules))
}

/// The providers that are set up.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProviderList {
    /// By their ids.
    data: Vec<NamedProvider>,
}

/// A provider with its id.
#[derive(Debug, Serialize)]
struct NamedProvider {
    /// What locations and rules name it by.
    id: String,
    #[serde(flatten)]
    provider: ProviderConfig,
}

/// Not derived: a provider's schema takes no other fields, so the id is to be one of its own.
impl utoipa::PartialSchema for NamedProvider {
    fn schema() -> RefOr<Schema> {
        let id = ObjectBuilder::new().schema_type(Type::String);
        match ProviderConfig::schema() {
            RefOr::T(Schema::Object(mut provider)) => {
                provider.properties.insert("id".to_owned(), id.build().into());
                provider.required.push("id".to_owned());
                Schema::Object(provider).into()
            }
            other => other,
        }
    }
}

impl ToSchema for NamedProvider {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        <ProviderConfig as ToSchema>::schemas(schemas);
    }
}

/// A provider, by the tenant's own id.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[allow(dead_code, reason = "documents the path, which is read by hand")]
struct ProviderPath {
    /// The tenant's own id, which locations and rules name.
    #[param(rename = "providerId", min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9._-]+$")]
    provider_id: String,
}

/// Set a provider up
///
/// In the place of what had that id. A fleet's key that is left out stays as it is.
#[utoipa::path(
    put, path = "/setup/providers/{providerId}", tag = "setup", operation_id = "putProvider",
    security(("key" = [], "tenant" = [])), params(ProviderPath),
    request_body(content = ProviderConfig, content_type = "application/json"),
    responses((status = 200, description = "It is set up", body = ProviderConfig), OwnFailures),
)]
pub(crate) async fn put(
    caller: Caller<Managers>,
    State(state): State<DialectState>,
    ThingId(id): ThingId,
    Body(bytes): Body,
) -> Result<Json<ProviderConfig>, Failure> {
    let refuse = |fault: Fault| Failure::of_creating(&fault);
    let id: ProviderId = id.as_str().parse().map_err(|error| invalid(format!("{error}")))?;
    let (mut provider, _) = read::object(&bytes).and_then(read::typed::<ProviderConfig>).map_err(refuse)?;
    if let Some(fault) = provider.fault() {
        return Err(invalid(format!("Invalid Data: {fault}")));
    }
    let mut key = None;
    if let ProviderKind::Fleet(fleet) = &mut provider.kind {
        // What could never be called is said now rather than when an order waits for it.
        let (creation, update) = fleet.targets().map_err(|error| invalid(error.to_string()))?;
        for target in [creation, update] {
            state
                .app
                .outbound
                .permits(&target)
                .map_err(|refused| invalid(format!("Invalid Data: kind.url: {refused}")))?;
        }
        key = match fleet.key.take() {
            Some(secret) => Some(seal(&state, &key_owner(caller.tenant, &id), &secret.0)?),
            None => setup::find::<Kept>(&state, caller.tenant, id.as_str()).await?.and_then(|kept| kept.key),
        };
    }
    let kept = Kept { provider, key };
    setup::keep(&state, caller.tenant, id.as_str(), &kept).await?;
    Ok(Json(kept.provider))
}

fn seal(state: &DialectState, owner: &str, key: &str) -> Result<String, Failure> {
    let sealed = state.app.vault.seal(Purpose::ProviderKey, owner, key.as_bytes());
    Ok(sealed.map_err(StoreError::Engine)?)
}

fn invalid(message: String) -> Failure {
    Failure::new(Kind::Validation, message)
}

/// Show a provider
///
/// Without its key.
#[utoipa::path(
    get, path = "/setup/providers/{providerId}", tag = "setup", operation_id = "getProvider",
    security(("key" = [], "tenant" = [])), params(ProviderPath),
    responses((status = 200, description = "As it is set up", body = ProviderConfig), OwnFailures),
)]
pub(crate) async fn show(
    caller: Caller<Managers>,
    State(state): State<DialectState>,
    ThingId(id): ThingId,
) -> Result<Json<ProviderConfig>, Failure> {
    let kept = setup::find::<Kept>(&state, caller.tenant, id.as_str()).await?;
    kept.map(|kept| Json(kept.provider)).ok_or_else(setup::nothing)
}

/// Take a provider down
///
/// Orders that it has go on without it: what it tells of them is not heard any more.
#[utoipa::path(
    delete, path = "/setup/providers/{providerId}", tag = "setup", operation_id = "deleteProvider",
    security(("key" = [], "tenant" = [])), params(ProviderPath),
    responses((status = 204, description = "It is taken down"), OwnFailures),
)]
pub(crate) async fn take_down(
    caller: Caller<Managers>,
    State(state): State<DialectState>,
    ThingId(id): ThingId,
) -> Result<StatusCode, Failure> {
    setup::delete::<Kept>(&state, caller.tenant, id.as_str()).await
}

/// List providers
#[utoipa::path(
    get, path = "/setup/providers", tag = "setup", operation_id = "listProviders",
    security(("key" = [], "tenant" = [])),
    responses((status = 200, description = "All that are set up", body = ProviderList), OwnFailures),
)]
pub(crate) async fn list(
    caller: Caller<Managers>,
    State(state): State<DialectState>,
) -> Result<Json<ProviderList>, Failure> {
    let entries = state.app.store.entries(caller.tenant, DIALECT, PROVIDERS).await?;
    let mut data = Vec::with_capacity(entries.len());
    for entry in entries {
        let kept: Kept = serde_json::from_str(&entry.document)
            .map_err(|_| StoreError::Corrupt(format!("provider {}", entry.id)))?;
        data.push(NamedProvider { id: entry.id, provider: kept.provider });
    }
    Ok(Json(ProviderList { data }))
}

/// Set the rules
///
/// By which one of a location's providers is chosen, and how often one that fails is tried. They hold for the next
/// step of every order.
#[utoipa::path(
    put, path = "/setup/rules", tag = "setup", operation_id = "putRules",
    security(("key" = [], "tenant" = [])),
    request_body(content = Rules, content_type = "application/json"),
    responses((status = 200, description = "They hold now", body = Rules), OwnFailures),
)]
pub(crate) async fn put_rules(
    caller: Caller<Managers>,
    State(state): State<DialectState>,
    Body(bytes): Body,
) -> Result<Json<Rules>, Failure> {
    Ok(Json(setup::put(&state, caller.tenant, THE_RULES, &bytes).await?))
}

/// Show the rules
///
/// The defaults where none were set.
#[utoipa::path(
    get, path = "/setup/rules", tag = "setup", operation_id = "getRules",
    security(("key" = [], "tenant" = [])),
    responses((status = 200, description = "As they hold", body = Rules), OwnFailures),
)]
pub(crate) async fn show_rules(
    caller: Caller<Managers>,
    State(state): State<DialectState>,
) -> Result<Json<Rules>, Failure> {
    Ok(Json(super::roster::rules(&state, caller.tenant).await?))
}
