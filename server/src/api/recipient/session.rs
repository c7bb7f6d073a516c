//! Being written.

use utoipa_axum::router::OpenApiRouter;

use crate::state::AppState;

/// The routes.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
}

/// The call that opens one.
pub(super) fn opening() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
}
