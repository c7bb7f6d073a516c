//! Being written.

use utoipa_axum::router::OpenApiRouter;

use super::ApiState;

/// The routes.
pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
}
