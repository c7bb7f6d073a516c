//! The recipient proves that they are the person: by digits of the phone on file, a one-time code by e-mail or
//! the retailer's token. Wrong tries are counted by the shipment, not by the session, and counted before
//! they are answered: whoever hangs up or asks many times at once learns no more.

mod body;
mod email;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use doorstep_model::handoff::{Amended, Amendment, MOST_IDENTITY_TRIES};
use doorstep_model::id::TrackingId;
use doorstep_model::shipment::Shipment;
use doorstep_model::time::Timestamp;
use http::header;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::PHONE_DIGITS;
use super::token::{self, Scope};
use super::{SessionBody, StepUpMethod};
use crate::access::STEPPED_UP_MS;
use crate::api::docs::{StepUpEmailProblems, StepUpProblems};
use crate::api::extract::{AcceptsJson, ApiJson, Recipient};
use crate::problem::{Problem, ProblemKind};
use crate::state::AppState;
use body::{Proof, ProofBody};

/// The routes.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(step_up)).routes(routes!(email::send))
}

/// Prove that one is the person
///
/// By exactly one of the proofs that the session lists. It holds for 15 minutes. After five wrong proofs for a
/// shipment, over all its links and sessions, only the tenant's staff can go on.
#[utoipa::path(
    post,
    path = "/track/{trackingId}/recipient/step-up",
    tag = "recipient",
    operation_id = "stepUp",
    security(("session" = []), ("sessionToken" = [])),
    params(
        ("trackingId" = TrackingId, Path, description = "The number on the label"),
    ),
    request_body(content = ProofBody, content_type = "application/json"),
    responses((status = 200, description = "The session as it is now", body = SessionBody), StepUpProblems),
)]
async fn step_up(
    _: AcceptsJson,
    recipient: Recipient,
    State(state): State<AppState>,
    ApiJson(body): ApiJson<ProofBody>,
) -> Result<impl IntoResponse, Problem> {
    let proof = body.proof()?;
    let Recipient { session, shipment } = &recipient;
    let settings = state.store.settings(session.tenant).await?;
    if !StepUpMethod::of(&state, shipment, &settings).contains(&proof.method()) {
        return Err(Problem::new(ProblemKind::StepUpUnavailable));
    }
    if shipment.handoff().identity_locked() {
        return Err(Problem::new(ProblemKind::Locked));
    }
    let now = state.clock.now();
    let proved = match &proof {
        Proof::PhoneDigits(typed) => {
            let right = phone_end(shipment).is_some_and(|end| typed.is(&end));
            tried(&state, &recipient, right, now).await
        }
        Proof::EmailCode(typed) => email::try_code(&state, &recipient, typed, now).await,
        Proof::Token(token) => try_token(&state, &recipient, token, now).await,
    };
    let result = if proved.is_ok() { "right" } else { "refused" };
    metrics::counter!("doorstep_step_ups_total", "method" => proof.method().label(), "result" => result)
        .increment(1);
    let mut recipient = proved?;
    let until = Timestamp::from_millis(now.millis() + STEPPED_UP_MS);
    state.store.step_up_session(recipient.session.id, until).await?;
    recipient.session.stepped_up_until = Some(until);
    let body = SessionBody::of(&state, &recipient, None).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(body)))
}

/// The last digits of the phone on file.
fn phone_end(shipment: &Shipment) -> Option<String> {
    let phone = shipment.details().recipient.phone.as_ref()?;
    let digits: String = phone.as_str().chars().filter(char::is_ascii_digit).collect();
    digits.len().checked_sub(PHONE_DIGITS).and_then(|from| digits.get(from..)).map(str::to_owned)
}

/// Notes that somebody tried, and only then says whether it was right: the recipient with their shipment
/// as it is now.
async fn tried(
    state: &AppState,
    recipient: &Recipient,
    right: bool,
    now: Timestamp,
) -> Result<Recipient, Problem> {
    let session = &recipient.session;
    let amendment = Amendment::IdentityTried { right };
    let done = state.store.amend(session.tenant, &session.tracking_id, amendment, now).await?;
    let done = done.ok_or_else(|| Problem::new(ProblemKind::SessionNeeded))?;
    match done.amended {
        Amended::Refused(_) => Err(Problem::new(ProblemKind::Locked)),
        _ if right => Ok(Recipient { session: session.clone(), shipment: done.shipment }),
        _ => Err(failed(&done.shipment)),
    }
}

/// A token that does not hold is no guess: who cannot sign cannot guess, and who can has let it grow old.
/// So a wrong one is not counted; a right one is refused all the same when it is for the staff to decide.
async fn try_token(
    state: &AppState,
    recipient: &Recipient,
    token: &str,
    now: Timestamp,
) -> Result<Recipient, Problem> {
    match token::check(state, &recipient.session.tracking_id, token).await {
        Ok(granted) if granted.scope == Scope::Code && granted.tenant == recipient.session.tenant => {
            tried(state, recipient, true, now).await
        }
        Err(problem) if problem.kind() != ProblemKind::LinkNotValid => Err(problem),
        _ => Err(failed(&recipient.shipment)),
    }
}

fn failed(shipment: &Shipment) -> Problem {
    let left = MOST_IDENTITY_TRIES.saturating_sub(shipment.handoff().identity_tries);
    Problem::new(ProblemKind::StepUpFailed).tries_left(left)
}
