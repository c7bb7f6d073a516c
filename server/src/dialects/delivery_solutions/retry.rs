//! `POST /shipments/{id}/retry`: places a shipment again that could not be placed, as it stands after its edits.

use axum::Json;
use axum::extract::State;
use http::StatusCode;

use super::caller::{Caller, Managers};
use super::create::follows;
use super::desk::{self, Change, Opened};
use super::failure::{Call, Failure, Kind};
use super::incoming::OrderId;
use super::location::Location;
use super::openapi::{RetryFailures, ShipmentPath};
use super::providers;
use super::setup;
use super::view;
use super::wire::answer::Shipment;
use crate::dialects::DialectState;

/// Retry Shipment
///
/// Places a shipment again that no provider took, with the location as it is set up now.
#[utoipa::path(
    post,
    path = "/shipments/{orderExternalId}/retry",
    tag = "shipments",
    operation_id = "retryShipment",
    security(("key" = [], "tenant" = [])),
    params(ShipmentPath),
    responses((status = 201, description = "It is placed", body = Shipment), RetryFailures),
)]
pub(crate) async fn retry(
    caller: Caller<Managers>,
    State(state): State<DialectState>,
    id: OrderId,
) -> Result<(StatusCode, Json<Shipment>), Failure> {
    let id = id.valid("Order Id value is invalid")?;
    let mut opened = desk::existing(&state, caller.tenant, &id).await?;
    may_be_retried(&opened)?;
    // What was set up since may be why it can be placed now.
    let location = opened.document.told.location_external_id.as_str();
    let location = setup::find::<Location>(&state, caller.tenant, location).await?;
    if let Some(location) = location.filter(|location| *location != opened.document.location) {
        opened = desk::change(&state, caller.tenant, caller.source(), opened, |opened| {
            may_be_retried(opened)?;
            let mut document = opened.document.clone();
            document.location = location.clone();
            // What was offered was offered for the location as it was.
            let work = providers::edited(&mut document, state.app.clock.now())?;
            Ok(Change {
                document,
                steps: Vec::new(),
                amendments: Vec::new(),
                work: work.into_iter().collect(),
            })
        })
        .await?;
    }
    let driven = providers::place(&state, caller.tenant, caller.source(), opened).await?;
    let opened = driven.or_failed(Call::Retry)?;
    let warnings = follows(&opened).into_iter().collect();
    Ok((StatusCode::CREATED, Json(view::answer(&opened, &state.app.public_url, warnings))))
}

fn may_be_retried(opened: &Opened) -> Result<(), Failure> {
    let refused = |message: String| Err(Failure::new(Kind::InvalidOperation, message));
    match opened.elsewhere() {
        Some(source) => refused(format!(
            "The order was placed elsewhere and is retried there: its webhooks come from {source}"
        )),
        None if opened.word().may_be_retried() => Ok(()),
        None => refused("The Order can no longer be retried".to_owned()),
    }
}
