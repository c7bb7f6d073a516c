//! The delivery code at the door: the courier tries it, the staff draw another.

use utoipa_axum::router::OpenApiRouter;

use crate::api::ApiState;

/// The routes.
pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
}
