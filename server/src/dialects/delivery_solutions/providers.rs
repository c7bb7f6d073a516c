//! Who brings an order (`systems.md` 4): which provider of its location is chosen and why, what happens when one
//! fails, and the providers that are built in. The rooms, from the outside in:
//!
//! - [`setup`], [`hearing`]: what tenants set up, what fleets report
//! - [`drive`], [`release`], [`let_go`], [`work`], [`journey`]: an order on its way through the machine, now and later
//! - [`ask`], [`roster`], [`fleet`], [`simulated`]: the providers as they are set up and asked
//! - [`dispatch`], [`choose`], [`carries`], [`rules`], [`config`], [`trouble`], [`notes`]: the machine and the
//!   choice, pure; nothing below calls anybody or knows a clock
//! - [`parcel`], [`zone`], [`hours`], [`measure`], [`money`]: what is compared
//!
//! Nothing here knows how a call is answered, but for [`setup`] and [`hearing`].

mod ask;
mod carries;
mod choose;
mod config;
mod dispatch;
mod drive;
mod fleet;
mod hearing;
mod hours;
mod journey;
mod let_go;
mod measure;
mod money;
mod notes;
mod parcel;
mod release;
mod roster;
mod rules;
mod setup;
mod simulated;
mod trouble;
mod work;
mod zone;

use utoipa_axum::router::OpenApiRouter;

use crate::dialects::DialectState;

pub(crate) use dispatch::Dispatch;
pub(crate) use drive::{expected, place};
pub(crate) use release::{Released, edited, is_with_the_same, moves, release};
#[cfg(test)]
pub(crate) use work::turn;
pub(crate) use work::{go_on, run, soon};

/// The calls that are this module's.
pub(crate) fn router() -> OpenApiRouter<DialectState> {
    setup::router().merge(hearing::router())
}
