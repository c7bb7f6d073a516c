//! The recipient behind a request, as the door found them ([`crate::door`]); whether they have proved that
//! they are the person stands in a handler's signature.

use axum::extract::FromRequestParts;
use http::request::Parts;

pub(in crate::api) use crate::door::Recipient;

use crate::problem::{Problem, ProblemKind};
use crate::state::AppState;

impl FromRequestParts<AppState> for Recipient {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Problem> {
        let recipient = parts.extensions.get::<Self>().cloned();
        recipient.ok_or_else(|| Problem::new(ProblemKind::SessionNeeded))
    }
}

/// A recipient who has proved that they are the person, and lately enough.
pub(in crate::api) struct SteppedUp(pub(in crate::api) Recipient);

impl FromRequestParts<AppState> for SteppedUp {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let recipient = Recipient::from_request_parts(parts, state).await?;
        if recipient.session.is_stepped_up(state.clock.now()) {
            return Ok(Self(recipient));
        }
        Err(Problem::new(ProblemKind::StepUpNeeded))
    }
}
