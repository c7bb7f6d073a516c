//! The delivery code as API clients deal with it: staff draw another, the carrier tries it. No client is ever
//! told the digits.

mod verify;

pub(crate) use verify::{Attempt, try_code};

use axum::Json;
use axum::extract::State;
use doorstep_model::code::Digits;
use doorstep_model::handoff::{Amended, Amendment, Refusal};
use doorstep_model::id::TrackingId;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::ApiState;
use crate::api::docs::DrawProblems;
use crate::api::extract::{AcceptsJson, ApiPath, Caller, Managers};
use crate::problem::{Problem, ProblemKind};

/// The routes.
pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(draw)).routes(routes!(verify::verify))
}

/// A code that was drawn, as far as a client may know it.
#[derive(Debug, serde::Serialize, ToSchema)]
struct DrawnCode {
    /// Counts the codes drawn for the shipment, from 1.
    version: u32,
    /// How many digits it has.
    digits: Digits,
    /// The shipment's sequence with it.
    sequence: u64,
}

/// Draw another delivery code
///
/// In place of the one before, which is not valid any more; before the last step starts. Wrong tries stay
/// counted. Takes the role manager.
#[utoipa::path(
    post,
    path = "/shipments/{trackingId}/code",
    tag = "handing over",
    operation_id = "drawCode",
    security(("apiKey" = [])),
    params(("trackingId" = TrackingId, Path, description = "The number on the label")),
    responses((status = 200, description = "It is valid now", body = DrawnCode), DrawProblems),
)]
async fn draw(
    _: AcceptsJson,
    caller: Caller<Managers>,
    ApiPath(id): ApiPath<TrackingId>,
    State(state): State<ApiState>,
) -> Result<Json<DrawnCode>, Problem> {
    let tenant = caller.client.tenant;
    let not_found = || Problem::new(ProblemKind::NotFound);
    let shipment = state.app.store.shipment_of(tenant, &id).await?.ok_or_else(not_found)?;
    let code = shipment.handoff().code.as_ref().ok_or_else(|| Problem::new(ProblemKind::NoCode))?;
    let drawn = state.app.vault.draw_code(code.drawn.digits, &id).map_err(|error| {
        tracing::error!(error = format!("{error:#}"), "a delivery code could not be drawn");
        Problem::new(ProblemKind::Internal)
    })?;
    let now = state.app.clock.now();
    let done = state.app.store.amend(tenant, &id, Amendment::CodeReplaced(drawn), now).await?;
    let done = done.ok_or_else(not_found)?;
    if let Amended::Refused(refusal) = done.amended {
        return Err(refused(refusal));
    }
    let code = done.shipment.handoff().code.as_ref().ok_or_else(|| Problem::new(ProblemKind::NoCode))?;
    let sequence = done.shipment.sequence();
    Ok(Json(DrawnCode { version: code.version, digits: code.drawn.digits, sequence }))
}

/// Why something about the code was refused.
pub(in crate::api) fn refused(refusal: Refusal) -> Problem {
    Problem::new(match refusal {
        Refusal::Locked => ProblemKind::Locked,
        Refusal::NoCode => ProblemKind::NoCode,
        Refusal::TooEarly => ProblemKind::CodeTooEarly,
        Refusal::TooLate => ProblemKind::CodeTooLate,
        Refusal::Replaced => ProblemKind::Unavailable,
        Refusal::Conflict | Refusal::CutOff | Refusal::Excluded | Refusal::NoProof | Refusal::Full => {
            ProblemKind::Internal
        }
    })
}
