//! `DELETE /shipments/{id}`: cancels a shipment here and at whoever brings it. The provider is asked first: what it
//! does not let go of is not cancelled here either.

use axum::Json;
use axum::extract::State;

use super::caller::{Caller, Managers};
use super::desk::{self, Change, Opened};
use super::failure::{Failure, Kind};
use super::incoming::OrderId;
use super::openapi::{CancelFailures, ShipmentPath};
use super::providers;
use super::status::Word;
use super::view;
use super::wire::answer::Shipment;
use crate::dialects::DialectState;

/// Cancel Shipment
///
/// Cancels a shipment here and at its provider.
#[utoipa::path(
    delete,
    path = "/shipments/{orderExternalId}",
    tag = "shipments",
    operation_id = "cancelShipment",
    security(("key" = [], "tenant" = [])),
    params(ShipmentPath),
    responses((status = 200, description = "It is cancelled", body = Shipment), CancelFailures),
)]
pub(crate) async fn cancel(
    caller: Caller<Managers>,
    State(state): State<DialectState>,
    id: OrderId,
) -> Result<Json<Shipment>, Failure> {
    let opened = desk::existing(&state, caller.tenant, &id.known()?).await?;
    may_be_cancelled(&opened)?;
    let released = providers::release(&state, caller.tenant, &opened, true).await?;
    let opened = desk::change(&state, caller.tenant, caller.source(), opened, |opened| {
        may_be_cancelled(opened)?;
        let mut document = opened.document.clone();
        let (steps, work) = released.cancel(&mut document, state.app.clock.now());
        Ok(Change { document, steps, amendments: Vec::new(), work })
    })
    .await?;
    Ok(Json(view::answer(&opened, &state.app.public_url, Vec::new())))
}

fn may_be_cancelled(opened: &Opened) -> Result<(), Failure> {
    match opened.word() {
        Word::OrderCancelled => {
            let message = "Requested order is already in Cancelled state.";
            Err(Failure::new(Kind::AlreadyCanceled, message))
        }
        over if over.is_over() => {
            let message = "Provider does not allow cancellation of orders that have ended.";
            Err(Failure::new(Kind::CancellationNotAllowed, message))
        }
        _ => Ok(()),
    }
}
