//! What a tenant sets up, under `/setup`: ours, since the original has a portal for it. Each kind of thing is put,
//! shown, listed and taken down in the same way; what stands in it is checked by its own type. Takes the role
//! manager.

pub(crate) mod sources;

use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::{IntoParams, ToSchema};

use super::caller::{Caller, Managers};
use super::desk::{AREAS, DIALECT, LOCATIONS};
use super::failure::{Failure, Kind};
use super::geography::Area;
use super::incoming::Body;
use super::location::Location;
use super::openapi::OwnFailures;
use super::wire::read::{self, Fault};
use super::wire::text::ExternalId;
use crate::dialects::DialectState;
use crate::identity::TenantId;
use crate::store::StoreError;
use crate::store::orders::{Entry, EntryKind, MOST_ENTRIES};

pub(crate) use sources::Source;

/// Something that is set up.
pub(crate) trait Thing: Serialize + DeserializeOwned {
    /// Which kind.
    const KIND: EntryKind;

    /// What no field's type can tell; `id` is the name it is put under.
    ///
    /// # Errors
    /// The first [`Fault`] that is found.
    fn check(&self, id: &str) -> Result<(), Fault>;
}

impl Thing for Location {
    const KIND: EntryKind = LOCATIONS;

    fn check(&self, _: &str) -> Result<(), Fault> {
        Self::check(self)
    }
}

impl Thing for Area {
    const KIND: EntryKind = AREAS;

    fn check(&self, id: &str) -> Result<(), Fault> {
        if id.len() != 2 || !id.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(Fault::value("the country in the path", "must be ISO 3166-1 alpha-2, such as US"));
        }
        if self.postal_codes.len() > 1_000 {
            return Err(Fault::value("postalCodes", "must have at most 1000 items"));
        }
        Ok(())
    }
}

/// Puts a thing, in the place of what had its name.
///
/// # Errors
/// What is wrong with it, or when the store does not answer.
pub(crate) async fn put<T: Thing>(
    state: &DialectState,
    tenant: TenantId,
    id: &str,
    bytes: &[u8],
) -> Result<T, Failure> {
    let (thing, _) =
        read::object(bytes).and_then(read::typed::<T>).map_err(|fault| Failure::of_creating(&fault))?;
    thing.check(id).map_err(|fault| Failure::of_creating(&fault))?;
    keep(state, tenant, id, &thing).await?;
    Ok(thing)
}

/// Keeps a thing that was checked.
///
/// # Errors
/// When there are too many, or the store does not answer.
pub(crate) async fn keep<T: Thing>(
    state: &DialectState,
    tenant: TenantId,
    id: &str,
    thing: &T,
) -> Result<(), Failure> {
    let document = serde_json::to_string(thing)
        .map_err(|error| StoreError::Corrupt(format!("what is set up: {error}")))?;
    let entry = Entry { id: id.to_owned(), document };
    if state.app.store.put_entry(tenant, DIALECT, T::KIND, entry).await? {
        return Ok(());
    }
    Err(Failure::new(Kind::Validation, format!("No more than {MOST_ENTRIES} can be set up")))
}

/// The thing of that name.
///
/// # Errors
/// When the store does not answer, or it does not read back.
pub(crate) async fn find<T: Thing>(
    state: &DialectState,
    tenant: TenantId,
    id: &str,
) -> Result<Option<T>, Failure> {
    let entry = state.app.store.entry(tenant, DIALECT, T::KIND, id).await?;
    entry.map(|entry| of_entry(&entry)).transpose()
}

fn of_entry<T: Thing>(entry: &Entry) -> Result<T, Failure> {
    let read = serde_json::from_str(&entry.document);
    Ok(read.map_err(|error| StoreError::Corrupt(format!("what is set up as {}: {error}", T::KIND.0)))?)
}

/// Takes the thing of that name down.
///
/// # Errors
/// `NOT_FOUND`, or when the store does not answer.
pub(crate) async fn delete<T: Thing>(
    state: &DialectState,
    tenant: TenantId,
    id: &str,
) -> Result<StatusCode, Failure> {
    let was_there = state.app.store.delete_entry(tenant, DIALECT, T::KIND, id).await?;
    if was_there { Ok(StatusCode::NO_CONTENT) } else { Err(nothing()) }
}

/// That nothing of that name was set up.
pub(crate) fn nothing() -> Failure {
    Failure::new(Kind::NotFound, "Nothing was set up under that id")
}

/// The name of a thing in the path.
pub(crate) struct ThingId(pub(crate) ExternalId);

impl FromRequestParts<DialectState> for ThingId {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &DialectState) -> Result<Self, Failure> {
        let raw = Path::<String>::from_request_parts(parts, state).await.map(|Path(raw)| raw);
        let id = raw.ok().and_then(|raw| ExternalId::parse(&raw).ok());
        id.map(Self).ok_or_else(nothing)
    }
}

/// What the tenant has of a kind.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LocationList {
    /// By their ids.
    data: Vec<NamedLocation>,
}

/// A location with its id.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NamedLocation {
    /// What orders name it by.
    location_external_id: String,
    #[serde(flatten)]
    location: Location,
}

/// A location, by the tenant's own id.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[allow(dead_code, reason = "documents the path, which is read by hand")]
struct LocationPath {
    /// The tenant's own id, which orders name.
    #[param(rename = "locationExternalId", min_length = 1, max_length = 100)]
    location_external_id: String,
}

/// A country.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[allow(dead_code, reason = "documents the path, which is read by hand")]
struct CountryPath {
    /// ISO 3166-1 alpha-2, in capitals.
    #[param(rename = "countryCode", pattern = "^[A-Z]{2}$")]
    country_code: String,
}

/// Set a location up
///
/// In the place of what had that id. Orders that were placed keep what they were placed with.
#[utoipa::path(
    put, path = "/setup/locations/{locationExternalId}", tag = "setup", operation_id = "putLocation",
    security(("key" = [], "tenant" = [])), params(LocationPath),
    request_body(content = Location, content_type = "application/json"),
    responses((status = 200, description = "It is set up", body = Location), OwnFailures),
)]
pub(crate) async fn put_location(
    caller: Caller<Managers>,
    State(state): State<DialectState>,
    ThingId(id): ThingId,
    Body(bytes): Body,
) -> Result<Json<Location>, Failure> {
    Ok(Json(put(&state, caller.tenant, id.as_str(), &bytes).await?))
}

/// Show a location
#[utoipa::path(
    get, path = "/setup/locations/{locationExternalId}", tag = "setup", operation_id = "getLocation",
    security(("key" = [], "tenant" = [])), params(LocationPath),
    responses((status = 200, description = "As it is set up", body = Location), OwnFailures),
)]
pub(crate) async fn show_location(
    caller: Caller<Managers>,
    State(state): State<DialectState>,
    ThingId(id): ThingId,
) -> Result<Json<Location>, Failure> {
    find(&state, caller.tenant, id.as_str()).await?.map(Json).ok_or_else(nothing)
}

/// Take a location down
///
/// Orders that were placed go on; no new one names it.
#[utoipa::path(
    delete, path = "/setup/locations/{locationExternalId}", tag = "setup", operation_id = "deleteLocation",
    security(("key" = [], "tenant" = [])), params(LocationPath),
    responses((status = 204, description = "It is taken down"), OwnFailures),
)]
pub(crate) async fn delete_location(
    caller: Caller<Managers>,
    State(state): State<DialectState>,
    ThingId(id): ThingId,
) -> Result<StatusCode, Failure> {
    delete::<Location>(&state, caller.tenant, id.as_str()).await
}

/// List locations
#[utoipa::path(
    get, path = "/setup/locations", tag = "setup", operation_id = "listLocations",
    security(("key" = [], "tenant" = [])),
    responses((status = 200, description = "All that are set up", body = LocationList), OwnFailures),
)]
pub(crate) async fn list_locations(
    caller: Caller<Managers>,
    State(state): State<DialectState>,
) -> Result<Json<LocationList>, Failure> {
    let entries = state.app.store.entries(caller.tenant, DIALECT, LOCATIONS).await?;
    let named =
        |entry: Entry| Ok(NamedLocation { location: of_entry(&entry)?, location_external_id: entry.id });
    Ok(Json(LocationList { data: entries.into_iter().map(named).collect::<Result<_, Failure>>()? }))
}

/// Say where there are deliveries in a country
///
/// An address without coordinates is placed by it; see the guide.
#[utoipa::path(
    put, path = "/setup/areas/{countryCode}", tag = "setup", operation_id = "putArea",
    security(("key" = [], "tenant" = [])), params(CountryPath),
    request_body(content = Area, content_type = "application/json"),
    responses((status = 200, description = "It is set up", body = Area), OwnFailures),
)]
pub(crate) async fn put_area(
    caller: Caller<Managers>,
    State(state): State<DialectState>,
    ThingId(id): ThingId,
    Body(bytes): Body,
) -> Result<Json<Area>, Failure> {
    Ok(Json(put(&state, caller.tenant, id.as_str(), &bytes).await?))
}

/// Forget where there are deliveries in a country
#[utoipa::path(
    delete, path = "/setup/areas/{countryCode}", tag = "setup", operation_id = "deleteArea",
    security(("key" = [], "tenant" = [])), params(CountryPath),
    responses((status = 204, description = "It is taken down"), OwnFailures),
)]
pub(crate) async fn delete_area(
    caller: Caller<Managers>,
    State(state): State<DialectState>,
    ThingId(id): ThingId,
) -> Result<StatusCode, Failure> {
    delete::<Area>(&state, caller.tenant, id.as_str()).await
}
