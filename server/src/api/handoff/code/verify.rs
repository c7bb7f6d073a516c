//! The courier tries the code that the recipient told. A try is counted before it is answered, so that
//! whoever asks many times at once learns no more than five answers; the right code ends the journey.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use doorstep_model::code::MOST_TRIES;
use doorstep_model::event::{Event, Movement};
use doorstep_model::flags::FlagChange;
use doorstep_model::handoff::{Amended, Amendment, Refusal};
use doorstep_model::id::{EventId, TrackingId};
use doorstep_model::shipment::Shipment;
use doorstep_model::status::Status;
use doorstep_model::text::{Source, SourceWord};
use doorstep_model::time::Timestamp;
use doorstep_model::views::CodeState;
use serde_json::Value;
use utoipa::ToSchema;

use super::refused;
use crate::api::ApiState;
use crate::api::docs::VerifyProblems;
use crate::api::extract::{AcceptsJson, ApiJson, ApiPath, Caller, Faults, Form, Reporters, read_object};
use crate::identity::TenantId;
use crate::problem::{FieldError, Problem, ProblemKind};
use crate::state::AppState;
use crate::vault::Typed;

/// How often a code may be replaced while it is being compared. Each time needs a manager's call in just
/// that moment.
const MOST_REPLACED: usize = 8;

/// A code to be tried.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct VerifyBody {
    /// What the recipient told.
    #[schema(value_type = String, pattern = "^[0-9]{4,8}$")]
    code: Typed<4, 8>,
    /// The caller's own id of the delivery that a right code makes; made up where it is left out.
    event_id: Option<EventId>,
}

/// The code after a try.
#[derive(Debug, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct VerifiedCode {
    /// Where it stands.
    state: CodeState,
    /// How many wrong tries are left.
    tries_left: u8,
    /// The shipment's sequence with it.
    sequence: u64,
}

/// Try the delivery code
///
/// The right code completes the last step: the shipment is delivered. A wrong one is counted; after five,
/// over all codes drawn for the shipment, it is locked until staff decide. The right code again gives the
/// same answer, so a request that was perhaps not heard may be repeated as it is. Takes the role manager or
/// carrier.
#[utoipa::path(
    post,
    path = "/shipments/{trackingId}/code/verify",
    tag = "handing over",
    operation_id = "verifyCode",
    security(("apiKey" = [])),
    params(("trackingId" = TrackingId, Path, description = "The number on the label")),
    request_body(content = VerifyBody, content_type = "application/json"),
    responses((status = 200, description = "It is right", body = VerifiedCode), VerifyProblems),
)]
pub(super) async fn verify(
    _: AcceptsJson,
    caller: Caller<Reporters>,
    ApiPath(id): ApiPath<TrackingId>,
    State(state): State<ApiState>,
    ApiJson(body): ApiJson<VerifyBody>,
) -> Result<Json<VerifiedCode>, Problem> {
    let VerifyBody { code, event_id } = body;
    let attempt = Attempt { code: &code, event_id, source: &caller.source, word: None };
    told(&*try_code(&state.app, caller.client.tenant, &id, attempt).await?)
}

/// A code that somebody typed at the door, and who reports it.
pub(crate) struct Attempt<'a, const LEAST: usize, const MOST: usize> {
    /// What was typed.
    pub(crate) code: &'a Typed<LEAST, MOST>,
    /// The caller's own id of the delivery that a right code makes.
    pub(crate) event_id: Option<EventId>,
    /// Who reports it.
    pub(crate) source: &'a Source,
    /// In which word.
    pub(crate) word: Option<SourceWord>,
}

/// Tries a code; gives the shipment as it is with it when it is right.
///
/// # Errors
/// Why it was refused; that it is wrong, with how many tries are left.
pub(crate) async fn try_code<const LEAST: usize, const MOST: usize>(
    app: &AppState,
    tenant: TenantId,
    id: &TrackingId,
    attempt: Attempt<'_, LEAST, MOST>,
) -> Result<Arc<Shipment>, Problem> {
    let now = app.clock.now();
    let not_found = || Problem::new(ProblemKind::NotFound);
    let mut shipment = app.store.shipment_of(tenant, id).await?.ok_or_else(not_found)?;
    for _ in 0..MOST_REPLACED {
        let code = shipment.handoff().code.as_ref().ok_or_else(|| Problem::new(ProblemKind::NoCode))?;
        let digits = app.vault.code(&code.drawn, id).ok_or_else(|| {
            tracing::error!("a delivery code does not open: is this the secret that it was sealed with?");
            Problem::new(ProblemKind::Internal)
        })?;
        let (version, right) = (code.version, attempt.code.is(&digits));
        let event_id = event_id(&shipment, attempt.event_id.clone(), version)?;
        let completes =
            Event { source_word: attempt.word.clone(), ..delivered(event_id, attempt.source, now) };
        let amendment = Amendment::CodeTried { version, right, completes: Box::new(completes) };
        let done = app.store.amend(tenant, id, amendment, now).await?.ok_or_else(not_found)?;
        if done.amended == Amended::Refused(Refusal::Replaced) {
            shipment = done.shipment;
            continue;
        }
        let result = match done.amended {
            Amended::Refused(_) => "refused",
            _ if right => "right",
            _ => "wrong",
        };
        metrics::counter!("doorstep_code_tries_total", "result" => result).increment(1);
        return match done.amended {
            Amended::Refused(refusal) => Err(refused(refusal)),
            _ if right => Ok(done.shipment),
            _ => Err(Problem::new(ProblemKind::CodeWrong).tries_left(tries_left(&done.shipment))),
        };
    }
    Err(refused(Refusal::Replaced).retry_after(1))
}

/// The id of the delivery. An id that stands for something else already would leave a code that has done
/// its work and a shipment that is not delivered.
fn event_id(shipment: &Shipment, given: Option<EventId>, version: u32) -> Result<EventId, Problem> {
    let made_up = || EventId::parse(&format!("code-verified-{version}"));
    let id = given.map_or_else(made_up, Ok).map_err(|error| {
        tracing::error!(%error, "the id of a delivery cannot be made up");
        Problem::new(ProblemKind::Internal)
    })?;
    let other = |event: &Event| event.id == id && event.status != Some(Status::Delivered);
    if shipment.events().iter().any(other) {
        let errors = vec![FieldError::new("/eventId", "is the id of another event")];
        return Err(Problem::new(ProblemKind::ValidationFailed).errors(errors));
    }
    Ok(id)
}

fn delivered(id: EventId, source: &Source, now: Timestamp) -> Event {
    Event {
        id,
        occurred_at: Some(now),
        received_at: now,
        source: source.clone(),
        source_word: None,
        language: None,
        status: Some(Status::Delivered),
        movement: Movement::Forward,
        reason: None,
        flags: FlagChange::default(),
        eta: None,
        place: None,
        note: None,
        courier: None,
        next: None,
    }
}

fn tries_left(shipment: &Shipment) -> u8 {
    shipment.handoff().code.as_ref().map_or(0, |code| MOST_TRIES.saturating_sub(code.wrong_tries))
}

fn told(shipment: &Shipment) -> Result<Json<VerifiedCode>, Problem> {
    let code = shipment.handoff().code.as_ref().ok_or_else(|| Problem::new(ProblemKind::NoCode))?;
    let state = CodeState::of(code, shipment);
    Ok(Json(VerifiedCode { state, tries_left: tries_left(shipment), sequence: shipment.sequence() }))
}

impl Form for VerifyBody {
    fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        read_object(bytes)
    }

    fn faults(body: Value, faults: &mut Faults) {
        faults.of_object::<Self>(body, "");
    }
}
