//! Jobs: created with a slot, read, changed by the retailer, moved by whoever picks and brings them.

mod body;
mod change;
mod code;
mod create;
mod edits;
mod events;
mod job;
mod made;
mod payment;
mod show;
mod slot;

use axum::routing::put;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::DialectState;

pub(super) use body::ContactLess;
pub(super) use change::{Change, Found, change, event, find, no_place};
pub(super) use code::{Digits, replaced};
pub(super) use events::waits_for_code;
pub(super) use job::{FleetTask, Job};
pub(super) use show::whole;

/// The routes.
pub(super) fn router() -> OpenApiRouter<DialectState> {
    OpenApiRouter::new()
        .routes(routes!(create::create))
        .routes(routes!(show::show))
        .routes(routes!(code::update))
        .routes(routes!(code::verify))
        .routes(routes!(payment::update))
        .routes(routes!(edits::external_data))
        .routes(routes!(edits::comment))
        .routes(routes!(edits::curbside))
        .routes(routes!(slot::reschedule))
        .routes(routes!(slot::cancel))
        .routes(routes!(events::report))
        // The spelling of older integrations.
        .route("/jobs/{jobId}/payment_info", put(payment::update))
}
