//! The delivery code is shown, to whoever has proved that they are the person; each time is noted before
//! it is shown.

mod qr;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use doorstep_model::handoff::{Amended, Amendment};
use doorstep_model::id::TrackingId;
use http::header;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::docs::RevealProblems;
use crate::api::extract::{AcceptsJson, SteppedUp};
use crate::api::handoff::refused;
use crate::problem::{Problem, ProblemKind};
use crate::state::AppState;
use qr::Qr;

/// The routes.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(reveal))
}

// No `Debug`: nothing but the answer may print it.
/// The delivery code.
#[derive(serde::Serialize, ToSchema)]
struct RevealedCode {
    /// The digits.
    #[schema(pattern = "^[0-9]{4,8}$")]
    code: String,
    /// Counts the codes drawn for the shipment, from 1.
    version: u32,
    /// The same digits as a QR code.
    qr: Qr,
}

/// Reveal the delivery code
///
/// From `out_for_delivery` on, for a recipient who has proved that they are the person. Each reveal is
/// noted and stands in the recipient's view.
#[utoipa::path(
    post,
    path = "/track/{trackingId}/recipient/code/reveal",
    tag = "recipient",
    operation_id = "revealCode",
    security(("session" = []), ("sessionToken" = [])),
    params(
        ("trackingId" = TrackingId, Path, description = "The number on the label"),
    ),
    responses((status = 200, description = "The code", body = RevealedCode), RevealProblems),
)]
async fn reveal(
    _: AcceptsJson,
    SteppedUp(recipient): SteppedUp,
    State(state): State<AppState>,
) -> Result<impl IntoResponse, Problem> {
    let (tenant, id) = (recipient.session.tenant, &recipient.session.tracking_id);
    let done = state.store.amend(tenant, id, Amendment::CodeRevealed, state.clock.now()).await?;
    let done = done.ok_or_else(|| Problem::new(ProblemKind::SessionNeeded))?;
    if let Amended::Refused(refusal) = done.amended {
        return Err(refused(refusal));
    }
    let code = done.shipment.handoff().code.as_ref().ok_or_else(|| Problem::new(ProblemKind::NoCode))?;
    let digits = state.vault.code(&code.drawn, id).ok_or_else(|| {
        tracing::error!("a delivery code does not open: is this the secret that it was sealed with?");
        Problem::new(ProblemKind::Internal)
    })?;
    let qr = Qr::of(&digits).ok_or_else(|| Problem::new(ProblemKind::Internal))?;
    metrics::counter!("doorstep_code_reveals_total").increment(1);
    let body = RevealedCode { version: code.version, qr, code: digits };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(body)))
}
