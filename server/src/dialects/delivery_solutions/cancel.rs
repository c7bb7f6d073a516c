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
use super::wire::text::ExternalId;
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
    let id = id.known()?;
    desk::to_its_end(async move {
        let opened = cancelled(&state, &caller, &id).await?;
        Ok(Json(view::answer(&opened, &state.app.public_url, Vec::new())))
    })
    .await
}

/// Gets the order back from whoever has it and files that it is cancelled. Where another provider took it
/// meanwhile, that one is asked too.
async fn cancelled(
    state: &DialectState,
    caller: &Caller<Managers>,
    id: &ExternalId,
) -> Result<Opened, Failure> {
    for _ in 0..desk::TRIES {
        let opened = desk::existing(state, caller.tenant, id).await?;
        may_be_cancelled(&opened)?;
        let released = providers::release(state, caller.tenant, &opened, true).await?;
        let (before, mut overtaken) = (opened.document.clone(), false);
        let filed = desk::change(state, caller.tenant, caller.source(), opened, |opened| {
            may_be_cancelled(opened)?;
            overtaken = !released.frees(&opened.document);
            if overtaken {
                return Err(Failure::internal());
            }
            let mut document = opened.document.clone();
            let (steps, work) = released.cancel(&mut document, state.app.clock.now())?;
            Ok(Change { document, steps, amendments: Vec::new(), work })
        })
        .await;
        if !overtaken {
            return filed;
        }
        released.is_over(state, caller.tenant, &before).await?;
    }
    Err(desk::overtaken())
}

fn may_be_cancelled(opened: &Opened) -> Result<(), Failure> {
    if let Some(source) = opened.elsewhere() {
        let message =
            format!("The order was placed elsewhere and is cancelled there: its webhooks come from {source}");
        return Err(Failure::new(Kind::CancellationNotAllowed, message));
    }
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
