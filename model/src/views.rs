//! One view type per audience, each filled by an allow-list (design section 4). There is no shared
//! struct with hidden fields: what an audience may not see has no place in its type. Who belongs to
//! which audience is not decided here.

mod client;
mod courier;
mod public;
mod recipient;
mod support;

pub use client::{ClientCode, ClientEta, ClientEvent, ClientView};
pub use courier::{CourierCode, CourierView};
pub use public::{PublicEta, PublicMilestone, PublicView};
pub use recipient::{
    CodeState, RecipientCode, RecipientEta, RecipientMilestone, RecipientProof, RecipientView, ShownWindow,
};
pub use support::{SupportEvent, SupportView};

use crate::time::{Day, Timestamp, Zone};

/// Knows on which day an instant falls in a zone. The server answers from the time-zone database; the
/// model has none.
pub trait Days {
    /// The day on which `at` falls in `zone`.
    fn day(&self, at: Timestamp, zone: &Zone) -> Day;
}

#[cfg(test)]
mod tests;
