//! The recipient proves that they are the person: by digits of the phone on file, a one-time code by e-mail or
//! the retailer's token. Wrong tries are counted by the shipment, not by the session.

use utoipa_axum::router::OpenApiRouter;

use crate::state::AppState;

/// The routes.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
}
