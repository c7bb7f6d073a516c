//! `GET /shipments/{id}` and its history.

use axum::Json;
use axum::extract::State;

use super::caller::{Caller, Readers};
use super::desk;
use super::failure::Failure;
use super::history;
use super::incoming::OrderId;
use super::openapi::{HistoryFailures, ShipmentPath, ShowFailures};
use super::view;
use super::wire::answer::{Shipment, StatusHistory};
use crate::dialects::DialectState;

/// Get Shipment
///
/// A shipment by the client's own id.
#[utoipa::path(
    get,
    path = "/shipments/{orderExternalId}",
    tag = "shipments",
    operation_id = "getShipment",
    security(("key" = [], "tenant" = [])),
    params(ShipmentPath),
    responses((status = 200, description = "The shipment", body = Shipment), ShowFailures),
)]
pub(crate) async fn show(
    caller: Caller<Readers>,
    State(state): State<DialectState>,
    id: OrderId,
) -> Result<Json<Shipment>, Failure> {
    let id = id.valid("Invalid data: Invalid Order Id")?;
    let opened = desk::existing(&state, caller.tenant, &id).await?;
    Ok(Json(view::answer(&opened, &state.app.public_url, Vec::new())))
}

/// Get Shipment Status
///
/// What happened to a shipment, in order. As in the original's table there is no 404: an id that nobody has
/// gives an empty list.
#[utoipa::path(
    get,
    path = "/shipments/{orderExternalId}/status-history",
    tag = "shipments",
    operation_id = "getShipmentStatusHistory",
    security(("key" = [], "tenant" = [])),
    params(ShipmentPath),
    responses((status = 200, description = "Its history", body = Vec<StatusHistory>), HistoryFailures),
)]
pub(crate) async fn status_history(
    caller: Caller<Readers>,
    State(state): State<DialectState>,
    id: OrderId,
) -> Result<Json<Vec<StatusHistory>>, Failure> {
    let Some(id) = id.id else { return Ok(Json(Vec::new())) };
    let opened = desk::open(&state, caller.tenant, &id).await?;
    Ok(Json(opened.iter().map(|opened| history::of(opened, &state.app.public_url)).collect()))
}
