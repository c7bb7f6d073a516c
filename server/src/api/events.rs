//! Events as API clients tell them: what they look like, when they are refused, and the two calls that
//! take them.

mod body;
mod eta;
mod many;
mod next;
mod one;
mod recorded;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ApiState;

pub(super) use body::{EventBody, Hearing};

/// The most events of one request.
pub(super) const MOST: usize = 1_000;

/// The routes.
pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(one::report)).routes(routes!(many::report_many))
}
