//! `/track/{trackingId}/session`: a link's secret or a retailer's token is exchanged for a session, which
//! is looked at and ended here. Whatever keeps a secret from opening a shipment, the refusal is the same
//! bytes at the same time after the request.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use doorstep_model::id::TrackingId;
use doorstep_model::time::Timestamp;
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use tokio::time::Instant;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::gate::Counted;
use super::token::{self, Scope};
use super::{SessionBody, body};
use crate::access::{NewSession, STEPPED_UP_MS, Secret, SecretHash, Session};
use crate::api::docs::{OpenProblems, RecipientProblems, RecipientWriteProblems};
use crate::api::extract::{AcceptsJson, ApiJson, Faults, Form, Recipient, Refusals, read_object};
use crate::door::{self, DoorError, Pass};
use crate::problem::{Problem, ProblemKind};
use crate::state::AppState;

/// A refusal is told so long after the request, or twice, three times as long where the store was slow. It
/// takes a few milliseconds to find out, and which few would tell why.
const REFUSED_AFTER: Duration = Duration::from_millis(60);

/// The routes of whoever has a session.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(show, end))
}

/// The call that opens one.
pub(super) fn opening() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(open))
}

/// What opens a session: one of the two.
#[derive(serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OpenBody {
    /// The secret of a link, from behind `#k=`. It works once; where the answer was lost, again within ten
    /// minutes, as long as the session was not used.
    #[serde(default)]
    secret: Option<String>,
    /// A token that the retailer signed for its customer.
    #[serde(default)]
    token: Option<String>,
}

enum Opener {
    Secret(SecretHash),
    Token(String),
}

impl Form for OpenBody {
    fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        read_object(bytes)
    }

    fn faults(body: Value, faults: &mut Faults) {
        faults.of_object::<Self>(body, "");
    }
}

impl OpenBody {
    fn hear(self) -> Result<Opener, Problem> {
        match (self.secret, self.token) {
            (Some(secret), None) => Ok(Opener::Secret(SecretHash::of(&secret))),
            (None, Some(token)) => Ok(Opener::Token(token)),
            _ => {
                let mut refusals = Refusals::default();
                refusals.add("", "must have either secret or token");
                refusals.or(()).and(Err(Problem::new(ProblemKind::ValidationFailed)))
            }
        }
    }
}

/// Open a session
///
/// Exchanges the secret of a link, or a token that the retailer signed, for a session that lasts until it
/// is not used for a while or the journey is over. It comes as a cookie, or in the body for whoever sends
/// `x-doorstep-session: token`; its token is replaced now and then, in a cookie or in the header of that
/// name. What opens nothing is 401, all alike: unknown, used, expired, revoked, another shipment's.
#[utoipa::path(
    post,
    path = "/track/{trackingId}/session",
    tag = "recipient",
    operation_id = "openSession",
    params(
        ("trackingId" = TrackingId, Path, description = "The number on the label"),
        ("x-doorstep-session" = Option<String>, Header, description = "`token` to get a token instead of a cookie"),
    ),
    request_body(content = OpenBody, content_type = "application/json"),
    responses((status = 200, description = "The session", body = body::SessionBody), OpenProblems),
)]
async fn open(
    _: AcceptsJson,
    State(state): State<AppState>,
    Counted(id): Counted,
    headers: HeaderMap,
    ApiJson(body): ApiJson<OpenBody>,
) -> Result<Response, Problem> {
    let began = Instant::now();
    let opener = body.hear()?;
    match exchange(&state, &id, opener).await {
        Ok((recipient, secret)) => {
            metrics::counter!("doorstep_sessions_opened_total").increment(1);
            let pass = Pass::issued(&secret, &headers, &id, &state.public_url);
            let body = SessionBody::of(&state, &recipient, pass.bearer_token()).await?;
            let mut response = Json(body).into_response();
            if pass.bearer_token().is_none() {
                pass.give(response.headers_mut());
            }
            Ok(response)
        }
        Err(problem) if problem.kind() == ProblemKind::LinkNotValid => {
            metrics::counter!("doorstep_sessions_refused_total").increment(1);
            tokio::time::sleep_until(told_at(began, Instant::now())).await;
            Err(problem)
        }
        Err(problem) => Err(problem),
    }
}

/// When a refusal of a request that began at `began` is told, if it is known `now`.
fn told_at(began: Instant, now: Instant) -> Instant {
    let spans = now.duration_since(began).as_micros() / REFUSED_AFTER.as_micros() + 1;
    began + REFUSED_AFTER * u32::try_from(spans).unwrap_or(u32::MAX)
}

async fn exchange(state: &AppState, id: &TrackingId, opener: Opener) -> Result<(Recipient, Secret), Problem> {
    let refused = || Problem::new(ProblemKind::LinkNotValid);
    let now = state.clock.now();
    let secret = Secret::random().map_err(DoorError::Secret)?;
    let mut new = NewSession { token: secret.hash(), at: now, stepped_up_until: None };
    let known = state.store.shipment(id).await?;
    let over = known.is_none_or(|shipment| door::has_ended(&shipment, now));
    let session: Option<Session> = match opener {
        _ if over => None,
        Opener::Secret(link) => state.store.exchange_link(id, &link, new).await?,
        Opener::Token(token) => {
            let granted = token::check(state, id, &token).await?;
            if granted.scope == Scope::Code {
                new.stepped_up_until = Some(Timestamp::from_millis(now.millis() + STEPPED_UP_MS));
            }
            state.store.open_session(granted.tenant, id, new).await?
        }
    };
    let session = session.ok_or_else(refused)?;
    let shipment = state.store.shipment_of(session.tenant, id).await?.ok_or_else(refused)?;
    Ok((Recipient { session, shipment }, secret))
}

/// Look at a session
///
/// Until when its holder counts as the person, and how they can prove it.
#[utoipa::path(
    get,
    path = "/track/{trackingId}/session",
    tag = "recipient",
    operation_id = "showSession",
    security(("session" = []), ("sessionToken" = [])),
    params(("trackingId" = TrackingId, Path, description = "The number on the label")),
    responses((status = 200, description = "The session", body = body::SessionBody), RecipientProblems),
)]
async fn show(
    _: AcceptsJson,
    State(state): State<AppState>,
    recipient: Recipient,
) -> Result<Json<SessionBody>, Problem> {
    SessionBody::of(&state, &recipient, None).await.map(Json)
}

/// End a session
///
/// On a device that others use too. The link it came from stays used up.
#[utoipa::path(
    delete,
    path = "/track/{trackingId}/session",
    tag = "recipient",
    operation_id = "endSession",
    security(("session" = []), ("sessionToken" = [])),
    params(
        ("trackingId" = TrackingId, Path, description = "The number on the label"),
    ),
    responses((status = 204, description = "It is over"), RecipientWriteProblems),
)]
async fn end(
    State(state): State<AppState>,
    Recipient { session, .. }: Recipient,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    state.store.end_session(session.id).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    take_back(&state, &session.tracking_id, &headers, &mut response);
    Ok(response)
}

/// Has whoever asked with these headers forget the session's token.
pub(super) fn take_back(state: &AppState, id: &TrackingId, headers: &HeaderMap, response: &mut Response) {
    if let Some(pass) = Pass::presented(headers, id, &state.public_url) {
        pass.take_back(response.headers_mut());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_refusal_is_told_at_the_same_time_however_long_it_took_to_find() {
        for (took, told) in [(0, 60), (1, 60), (37, 60), (59, 60), (60, 120), (61, 120), (300, 360)] {
            let began = Instant::now();
            tokio::time::sleep(Duration::from_millis(took)).await;
            tokio::time::sleep_until(told_at(began, Instant::now())).await;
            assert_eq!(began.elapsed(), Duration::from_millis(told), "{took}");
        }
    }
}
