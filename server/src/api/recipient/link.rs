//! Being written.

use utoipa_axum::router::OpenApiRouter;

use crate::state::AppState;

/// The routes.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
}
