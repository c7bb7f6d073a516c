//! Staff let the recipient or the courier try again after too many wrong tries.

use utoipa_axum::router::OpenApiRouter;

use crate::api::ApiState;

/// The routes.
pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
}
