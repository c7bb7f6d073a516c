//! An offer: what a shopper asked for and the slots that were shown for it, each with its time to be bought. Kept as
//! an order without a shipment. An offer holds no place; a slot that is extended holds one until it expires.

use doorstep_model::time::{Timestamp, Zone};
use serde_json::Value;

use super::calendar::Window;
use crate::dialects::instaleap::DIALECT;
use crate::dialects::instaleap::fault::{Code, Fault};
use crate::dialects::instaleap::ids::SlotId;
use crate::dialects::instaleap::place::Place;
use crate::store::orders::{Facets, Order, OrderKey};

/// How an offer's order is marked among the orders.
pub(super) const OFFER: &str = "offer";

/// An extension adds so many times the store's own time.
const EXTENSION: i64 = 3;

/// What was asked and shown.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub(in crate::dialects::instaleap) struct Offer {
    /// Where it is sent from, as it was asked; the store's address where nothing was said.
    pub(in crate::dialects::instaleap) origin: Option<Place>,
    /// Where it goes.
    pub(in crate::dialects::instaleap) destination: Place,
    /// What it is.
    pub(in crate::dialects::instaleap) job_items: Vec<Value>,
    /// What was shown.
    pub(in crate::dialects::instaleap) slots: Vec<Offered>,
}

/// A slot that was shown.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(in crate::dialects::instaleap) struct Offered {
    /// Of which store.
    pub(in crate::dialects::instaleap) store_id: String,
    /// What people call it.
    pub(in crate::dialects::instaleap) store_name: String,
    /// The zone of its clock.
    pub(in crate::dialects::instaleap) zone: Zone,
    /// How its jobs are fulfilled.
    pub(in crate::dialects::instaleap) operational_model: String,
    /// From when.
    pub(in crate::dialects::instaleap) from: Timestamp,
    /// Until when.
    pub(in crate::dialects::instaleap) to: Timestamp,
    /// Until when it may be bought.
    pub(in crate::dialects::instaleap) expires_at: Timestamp,
    /// What an extension adds a multiple of, in minutes.
    pub(in crate::dialects::instaleap) life_minutes: u32,
    /// Whether it was extended: once it can be.
    pub(in crate::dialects::instaleap) extended: bool,
}

impl Offered {
    /// The pool of places that it is one of.
    pub(in crate::dialects::instaleap) fn pool(&self) -> String {
        pool(&self.store_id, Window { from: self.from, to: self.to })
    }

    /// Whether its time to be bought is over.
    pub(in crate::dialects::instaleap) fn is_over(&self, now: Timestamp) -> bool {
        now >= self.expires_at
    }

    /// The same with three times its life more. Never twice.
    pub(in crate::dialects::instaleap) fn extended(&self) -> Self {
        if self.extended {
            return self.clone();
        }
        let more = EXTENSION * i64::from(self.life_minutes) * 60_000;
        let expires_at = Timestamp::from_millis(self.expires_at.millis() + more);
        Self { expires_at, extended: true, ..self.clone() }
    }
}

/// The pool of places of a store's slot.
pub(in crate::dialects::instaleap) fn pool(store: &str, window: Window) -> String {
    format!("store/{store}/{}/{}", window.from, window.to)
}

/// The pool with the one place that a slot of an offer is: whoever takes it has used the slot.
pub(in crate::dialects::instaleap) fn use_of(slot: &SlotId) -> String {
    format!("slot/{slot}")
}

/// The name of an offer among the orders.
pub(in crate::dialects::instaleap) fn key(offer: &str) -> OrderKey {
    OrderKey { dialect: DIALECT, external_id: format!("{OFFER}/{offer}") }
}

impl Offer {
    /// What lists filter by; until when something of it may be bought.
    pub(in crate::dialects::instaleap) fn facets(&self) -> Facets {
        let ends_at = self.slots.iter().map(|slot| slot.expires_at).max();
        Facets { status: OFFER.to_owned(), ends_at, ..Facets::default() }
    }

    /// As it is kept.
    pub(in crate::dialects::instaleap) fn document(&self) -> Result<String, Fault> {
        serde_json::to_string(self).map_err(|_| Code::Internal.into())
    }

    /// Reads what was kept.
    pub(in crate::dialects::instaleap) fn read(order: &Order) -> Result<Self, Fault> {
        serde_json::from_str(&order.document).map_err(|error| {
            tracing::error!(%error, "a kept offer does not read back");
            Code::Internal.into()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_adds_three_times_the_default_and_does_so_once() {
        let at = |text| Timestamp::parse(text).unwrap_or_else(|e| panic!("{e}"));
        // Requested at 18:45 (`systems.md` 2.7).
        let slot = Offered {
            store_id: "centro".to_owned(),
            store_name: "Centro".to_owned(),
            zone: Zone::utc(),
            operational_model: "FULL_SERVICE".to_owned(),
            from: at("2026-11-28T20:00:00Z"),
            to: at("2026-11-28T21:00:00Z"),
            expires_at: at("2026-11-28T19:00:00Z"),
            life_minutes: 15,
            extended: false,
        };
        let extended = slot.extended();
        assert_eq!(extended.expires_at, at("2026-11-28T19:45:00Z"));
        assert_eq!(extended.extended(), extended);
        assert!(
            !extended.is_over(at("2026-11-28T19:44:59.999Z")) && extended.is_over(at("2026-11-28T19:45:00Z"))
        );
    }
}
