//! Availability: which slots there are, what was offered, and how a place is held until it is paid for.

mod ask;
mod calendar;
mod forget;
mod hold;
mod offer;
mod shown;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::DialectState;

pub(super) use ask::MOST_ITEMS;
pub(super) use forget::run;
#[cfg(test)]
pub(super) use forget::turn;
pub(super) use hold::{Chosen, capacity, chosen};
pub(super) use offer::{Offered, use_of};

/// The routes.
pub(super) fn router() -> OpenApiRouter<DialectState> {
    OpenApiRouter::new()
        .routes(routes!(ask::ask))
        .routes(routes!(hold::check))
        .routes(routes!(hold::extend))
        // The address that public integrations of Instaleap's use.
        .route("/jobs/availability/v2", axum::routing::post(ask::ask))
}
