//! What every call of a recipient passes: the limits, the header that no other site's form can send, and
//! the door. Behind it a handler finds the recipient in its request.

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use doorstep_model::id::TrackingId;
use http::request::Parts;
use http::{HeaderMap, Method};

use crate::api::extract::{ApiPath, Peer};
use crate::door::{self, DoorError};
use crate::problem::{Problem, ProblemKind};
use crate::state::AppState;

/// No form and no link of another site can send a header of its own; a script of another site would have
/// to be allowed to, and none is.
const OWN_HEADER: &str = "x-doorstep";

/// The layer around all calls that need a session.
pub(in crate::api) async fn pass(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let renewed = match admit(&state, &mut parts).await {
        Ok(renewed) => renewed,
        Err(problem) => return problem.into_response(),
    };
    let mut response = next.run(Request::from_parts(parts, body)).await;
    // A handler that takes the session back has the last word.
    if let Some(pass) = renewed
        && !response.headers().contains_key(http::header::SET_COOKIE)
    {
        pass.give(response.headers_mut());
    }
    response
}

async fn admit(state: &AppState, parts: &mut Parts) -> Result<Option<door::Pass>, Problem> {
    let Counted(id) = Counted::from_request_parts(parts, state).await?;
    match door::enter(state, &id, &parts.headers).await? {
        Some((recipient, renewed)) => {
            parts.extensions.insert(recipient);
            Ok(renewed)
        }
        None => Err(Problem::new(ProblemKind::SessionNeeded)),
    }
}

/// The shipment that a recipient's call is about, once it is known to be within the limits and not
/// another site's doing.
pub(in crate::api) struct Counted(pub(in crate::api) TrackingId);

impl FromRequestParts<AppState> for Counted {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let peer = Peer::from_request_parts(parts, state).await?;
        let ApiPath(id) = ApiPath::<TrackingId>::from_request_parts(parts, state).await?;
        state.limits.public_call(peer.address, &id)?;
        check_own(&parts.method, &parts.headers)?;
        Ok(Self(id))
    }
}

fn check_own(method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
    let harmless = matches!(*method, Method::GET | Method::HEAD);
    if harmless || headers.get(OWN_HEADER).is_some_and(|value| value == "1") {
        return Ok(());
    }
    Err(Problem::new(ProblemKind::Forbidden).detail("it takes the header x-doorstep: 1"))
}

impl From<DoorError> for Problem {
    fn from(error: DoorError) -> Self {
        match error {
            DoorError::Store(error) => error.into(),
            DoorError::Secret(error) => {
                tracing::error!(error = format!("{error:#}"), "a token could not be made");
                Self::new(ProblemKind::Internal)
            }
        }
    }
}
