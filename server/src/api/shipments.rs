//! Shipments as API clients make them known and read them.

mod create;
mod cursor;
mod handing_over;
mod list;
mod promise;
mod show;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ApiState;

/// The routes.
pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(create::create, list::list)).routes(routes!(show::show))
}
