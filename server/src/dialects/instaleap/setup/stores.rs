//! `/setup/stores`: where jobs are sent from.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use utoipa::ToSchema;

use super::shop::Shop;
use super::{FLEETS, Fleet, STORES, check_id, forget, keep, kept, kept_one};
use crate::dialects::DialectState;
use crate::dialects::instaleap::docs::{ManageFaults, SetUpFaults};
use crate::dialects::instaleap::fault::{Code, Fault};
use crate::dialects::instaleap::wire::{Body, Names, Retailer, Wrong};

/// A store, under its id.
#[derive(Debug, serde::Serialize, ToSchema)]
pub(super) struct StoreShown {
    /// Its id.
    id: String,
    /// Itself.
    #[serde(flatten)]
    of: Shop,
}

/// List the stores
///
/// By id. Takes the role manager.
#[utoipa::path(
    get,
    path = "/setup/stores",
    tag = "setup",
    operation_id = "listStores",
    security(("apiKey" = [])),
    responses((status = 200, description = "The stores", body = Vec<StoreShown>), ManageFaults),
)]
pub(super) async fn list(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
) -> Result<Json<Vec<StoreShown>>, Fault> {
    let shops = kept(&state, known.client.tenant, STORES).await?;
    Ok(Json(shops.into_iter().map(|(id, of)| StoreShown { id, of }).collect()))
}

/// Set up a store
///
/// In the place of what had its id. Slots that were offered before stand; a smaller capacity holds at once. Takes the
/// role manager.
#[utoipa::path(
    put,
    path = "/setup/stores/{storeId}",
    tag = "setup",
    operation_id = "putStore",
    security(("apiKey" = [])),
    params(("storeId" = String, Path, description = "An id of your choice")),
    request_body(content = Shop, content_type = "application/json"),
    responses((status = 200, description = "It stands", body = StoreShown), SetUpFaults),
)]
pub(super) async fn put(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
    Names([id]): Names<1>,
    body: Body<Shop>,
) -> Result<Json<StoreShown>, Fault> {
    check_id(&id)?;
    let tenant = known.client.tenant;
    let mut wrong = Wrong::default();
    body.read.check(&mut wrong);
    if let Some(fleet) = &body.read.fleet_id {
        let fleet: Option<Fleet> = kept_one(&state, tenant, FLEETS, fleet).await?;
        wrong.unless(fleet.is_some(), "/fleet_id", "is none of your fleets");
    }
    wrong.or(())?;
    keep(&state, tenant, STORES, (&id, &body.read)).await?;
    Ok(Json(StoreShown { id, of: body.read }))
}

/// Show a store
///
/// Takes the role manager.
#[utoipa::path(
    get,
    path = "/setup/stores/{storeId}",
    tag = "setup",
    operation_id = "showStore",
    security(("apiKey" = [])),
    params(("storeId" = String, Path, description = "Its id")),
    responses((status = 200, description = "The store", body = StoreShown), ManageFaults),
)]
pub(super) async fn show(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
    Names([id]): Names<1>,
) -> Result<Json<StoreShown>, Fault> {
    let shop = kept_one(&state, known.client.tenant, STORES, &id).await?;
    Ok(Json(StoreShown { id, of: shop.ok_or(Code::NotFound)? }))
}

/// Take a store down
///
/// No more slots of it are offered or sold; its jobs go on. Takes the role manager.
#[utoipa::path(
    delete,
    path = "/setup/stores/{storeId}",
    tag = "setup",
    operation_id = "deleteStore",
    security(("apiKey" = [])),
    params(("storeId" = String, Path, description = "Its id")),
    responses((status = 204, description = "It is gone"), ManageFaults),
)]
pub(super) async fn delete(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
    Names([id]): Names<1>,
) -> Result<StatusCode, Fault> {
    forget(&state, known.client.tenant, STORES, &id).await
}
