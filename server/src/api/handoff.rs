//! What API clients do about handing a shipment over: the carrier's side of code, proofs and receipts, the
//! staff's side of locks and edits.

mod code;
mod preferences;
mod proofs;
mod receipts;
mod unlock;

use utoipa_axum::router::OpenApiRouter;

use super::ApiState;

pub(super) use code::refused;
pub(crate) use code::{Attempt, try_code};
pub(super) use preferences::{CommentEdit, ContactlessBody, ContactlessEdit, answer};

/// The routes.
pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .merge(code::router())
        .merge(preferences::router())
        .merge(proofs::router())
        .merge(receipts::router())
        .merge(unlock::router())
}
