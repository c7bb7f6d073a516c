//! The delivery code is shown, to whoever has proved that they are the person; each time is noted.

use utoipa_axum::router::OpenApiRouter;

use crate::state::AppState;

/// The routes.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
}
