//! The full address, for whoever has proved that they are the person.

use utoipa_axum::router::OpenApiRouter;

use crate::state::AppState;

/// The routes.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
}
