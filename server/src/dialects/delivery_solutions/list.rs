//! `POST /shipments/list`: a tenant's shipments, newest first, a page at a time.

mod filter;
mod token;

use axum::Json;
use axum::extract::State;

use super::caller::{Caller, Readers};
use super::desk::{DIALECT, Opened};
use super::failure::{Failure, Kind};
use super::incoming::Body;
use super::openapi::ListFailures;
use super::view;
use super::wire::answer::{PaginationToken, ShipmentList};
use super::wire::read::{self, Fault};
use crate::dialects::DialectState;
use crate::store::orders::{OrderPageRequest, OrderPageStart};

pub(crate) use filter::ListBody;

/// The most that a page holds, and what it holds where the client says nothing.
const MOST: u32 = 1_000;

/// List Shipments
///
/// Newest first. Without any filter, those of the last 24 hours. To go on, the same request with `next` or
/// `previous` as its `paginationToken`; pages stay stable while new shipments arrive.
#[utoipa::path(
    post,
    path = "/shipments/list",
    tag = "shipments",
    operation_id = "listShipments",
    security(("key" = [], "tenant" = [])),
    request_body(content = ListBody, content_type = "application/json"),
    responses((status = 200, description = "One page", body = ShipmentList), ListFailures),
)]
pub(crate) async fn list(
    caller: Caller<Readers>,
    State(state): State<DialectState>,
    Body(bytes): Body,
) -> Result<Json<ShipmentList>, Failure> {
    let wrong = |fault: Fault| Failure::new(Kind::InvalidValue, fault.to_string());
    // Nothing at all asks for the last 24 hours.
    let object = if bytes.trim_ascii().is_empty() { Ok(Default::default()) } else { read::object(&bytes) };
    let (body, _) = object.and_then(read::typed::<ListBody>).map_err(wrong)?;
    let now = state.app.clock.now();
    let place =
        body.pagination_token.as_ref().map(|text| token::read(text.as_str())).transpose().map_err(wrong)?;
    let since = place.map(|place| place.now).unwrap_or(now);
    let filter = body.filter(since).map_err(wrong)?;
    let start = place.map_or(OrderPageStart::Newest, |place| place.start);
    let page = OrderPageRequest { start, limit: body.limit() };
    let page = state.app.store.orders(caller.tenant, DIALECT, &filter, page).await?;
    let next = page.older.map(|id| token::write(OrderPageStart::OlderThan(id), since));
    let previous = page.newer.map(|id| token::write(OrderPageStart::NewerThan(id), since));
    let answer = |(order, shipment)| {
        Ok(view::answer(&Opened::of(order, shipment)?, &state.app.public_url, Vec::new()))
    };
    let data = page.orders.into_iter().map(answer).collect::<Result<_, Failure>>()?;
    Ok(Json(ShipmentList { data, pagination_token: PaginationToken { next, previous } }))
}
