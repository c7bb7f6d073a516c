//! The recipient says whether the courier's photo shows their parcel.

use utoipa_axum::router::OpenApiRouter;

use crate::state::AppState;

/// The routes.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
}
