//! The delivery code: the retailer's own digits in place of those that were drawn, and the courier's app that tries what
//! the recipient told. Four digits, sealed at once; nobody is told them by these calls.

use axum::Json;
use axum::extract::State;
use doorstep_model::handoff::Amendment;
use doorstep_model::id::TrackingId;
use doorstep_model::text::SourceWord;
use utoipa::ToSchema;

use super::change::{Change, change, find};
use crate::api::{Attempt, try_code};
use crate::dialects::DialectState;
use crate::dialects::instaleap::docs::{CodeFaults, TryFaults};
use crate::dialects::instaleap::fault::{Code, Fault};
use crate::dialects::instaleap::wire::{Body, Done, Names, Reporter, Retailer};
use crate::vault::{Typed, Vault};

/// Four digits.
pub(in crate::dialects::instaleap) type Digits = Typed<4, 4>;

/// A delivery code.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[schema(as = DeliveryCode)]
pub(in crate::dialects::instaleap) struct CodeBody {
    /// Exactly four digits.
    #[serde(alias = "code")]
    #[schema(value_type = String, pattern = "^[0-9]{4}$")]
    delivery_code: Digits,
}

/// Replace the delivery code
///
/// By your own four digits. Only of a job that was created with `add_delivery_code`, and before the last step starts.
/// Wrong tries stay counted. Takes the role manager.
#[utoipa::path(
    put,
    path = "/jobs/{jobId}/update-delivery-code",
    tag = "jobs",
    operation_id = "updateDeliveryCode",
    security(("apiKey" = [])),
    params(("jobId" = String, Path, description = "The job")),
    request_body(content = CodeBody, content_type = "application/json"),
    responses((status = 200, description = "It is valid now", body = Done), CodeFaults),
)]
pub(in crate::dialects::instaleap) async fn update(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
    Names([id]): Names<1>,
    body: Body<CodeBody>,
) -> Result<Json<Done>, Fault> {
    let code = body.read.delivery_code;
    let vault = &state.app.vault;
    change(&state, known.client.tenant, &id, |found, _| {
        let amendments = vec![replaced(&code, found.shipment.tracking_id(), vault)?];
        Ok(Some(Change { amendments, ..Change::default() }))
    })
    .await?;
    Ok(Done::of("DELIVERY_CODE_UPDATED", &id))
}

/// Other digits in the place of those that stand.
pub(in crate::dialects::instaleap) fn replaced(
    code: &Digits,
    id: &TrackingId,
    vault: &Vault,
) -> Result<Amendment, Fault> {
    let drawn = vault.given_code(code, id).map_err(|error| {
        tracing::error!(error = format!("{error:#}"), "a delivery code could not be sealed");
        Fault::from(Code::Internal)
    })?;
    Ok(Amendment::CodeReplaced(drawn))
}

/// Try the delivery code
///
/// What the recipient told at the door. The right code completes the job (`CLIENT_RECEIVED`); a wrong one is counted,
/// and after five it is locked until the retailer's staff decide. The right code again answers the same. Takes the role
/// manager or carrier.
#[utoipa::path(
    post,
    path = "/jobs/{jobId}/verify-delivery-code",
    tag = "fulfilment",
    operation_id = "verifyDeliveryCode",
    security(("apiKey" = [])),
    params(("jobId" = String, Path, description = "The job")),
    request_body(content = CodeBody, content_type = "application/json"),
    responses((status = 200, description = "It is right", body = Done), TryFaults),
)]
pub(in crate::dialects::instaleap) async fn verify(
    Reporter(known): Reporter,
    State(state): State<DialectState>,
    Names([id]): Names<1>,
    body: Body<CodeBody>,
) -> Result<Json<Done>, Fault> {
    let found = find(&state, known.client.tenant, &id).await?;
    if found.job.holds_back("CLIENT_RECEIVED") {
        return Err(Code::PaymentBlocked.into());
    }
    let attempt = Attempt {
        code: &body.read.delivery_code,
        event_id: None,
        source: &known.source,
        word: SourceWord::parse("CLIENT_RECEIVED").ok(),
    };
    try_code(&state.app, known.client.tenant, found.shipment.tracking_id(), attempt).await?;
    Ok(Done::of("DELIVERY_CODE_VERIFIED", &id))
}
