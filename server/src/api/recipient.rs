//! The recipient's calls: a session instead of a key. Those who have none yet open one here; all others
//! pass the door ([`crate::door`]) first, which puts a [`Recipient`](super::extract::Recipient) into the
//! request.

mod address;
mod body;
mod calendar;
mod code;
mod gate;
mod link;
mod live;
mod photo;
mod preferences;
mod proofs;
mod session;
mod step_up;
mod token;
mod view;

use utoipa_axum::router::OpenApiRouter;

use crate::state::AppState;

pub(super) use body::{SessionBody, StepUpMethod};
pub(super) use gate::{Counted, pass};

/// The calls that open a session.
pub(super) fn outside() -> OpenApiRouter<AppState> {
    session::opening()
}

/// The calls of whoever has one; to be put behind [`pass`].
pub(super) fn inside() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(session::router())
        .merge(view::router())
        .merge(live::router())
        .merge(link::router())
        .merge(step_up::router())
        .merge(address::router())
        .merge(code::router())
        .merge(preferences::router())
        .merge(proofs::router())
        .merge(photo::router())
        .merge(calendar::router())
}
