//! `/setup/stores`: where jobs are sent from.

use axum::Json;
use axum::extract::State;
use http::StatusCode;

use super::shop::Shop;
use super::{FLEETS, Fleet, STORES, check_id, forget, keep, kept, kept_one};
use crate::dialects::DialectState;
use crate::dialects::instaleap::docs::{ManageFaults, SetUpFaults};
use crate::dialects::instaleap::fault::{Code, Fault};
use crate::dialects::instaleap::wire::{Body, Names, Retailer, Wrong};

/// List the stores
///
/// By id. Takes the role manager.
#[utoipa::path(
    get,
    path = "/setup/stores",
    tag = "setup",
    operation_id = "listStores",
    security(("apiKey" = [])),
    responses((status = 200, description = "The stores", body = Vec<Shop>), ManageFaults),
)]
pub(super) async fn list(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
) -> Result<Json<Vec<Shop>>, Fault> {
    let shops: Vec<(String, Shop)> = kept(&state, known.client.tenant, STORES).await?;
    Ok(Json(shops.into_iter().map(|(id, shop)| Shop { id: Some(id), ..shop }).collect()))
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
    responses((status = 200, description = "It stands", body = Shop), SetUpFaults),
)]
pub(super) async fn put(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
    Names([id]): Names<1>,
    body: Body<Shop>,
) -> Result<Json<Shop>, Fault> {
    check_id(&id)?;
    let tenant = known.client.tenant;
    let mut wrong = Wrong::default();
    body.read.check(&mut wrong);
    let same = body.read.id.as_ref().is_none_or(|said| *said == id);
    wrong.unless(same, "/id", "is another than that of the path");
    if let Some(fleet) = &body.read.fleet_id {
        let fleet: Option<Fleet> = kept_one(&state, tenant, FLEETS, fleet).await?;
        wrong.unless(fleet.is_some(), "/fleet_id", "is none of your fleets");
    }
    wrong.or(())?;
    let shop = Shop { id: Some(id.clone()), ..body.read };
    keep(&state, tenant, STORES, (&id, &shop)).await?;
    Ok(Json(shop))
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
    responses((status = 200, description = "The store", body = Shop), ManageFaults),
)]
pub(super) async fn show(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
    Names([id]): Names<1>,
) -> Result<Json<Shop>, Fault> {
    let shop: Option<Shop> = kept_one(&state, known.client.tenant, STORES, &id).await?;
    Ok(Json(shop.ok_or(Code::NotFound)?))
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
