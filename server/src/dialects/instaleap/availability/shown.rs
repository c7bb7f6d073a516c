//! A slot as a shopper's client is shown it.

use doorstep_model::time::Timestamp;
use utoipa::ToSchema;

use super::offer::Offered;
use crate::dialects::instaleap::ids::SlotId;
use crate::zones::tz;

/// A slot to choose.
#[derive(Debug, serde::Serialize, ToSchema)]
#[schema(as = Slot)]
pub(in crate::dialects::instaleap) struct SlotShown {
    /// By this it is chosen.
    id: String,
    /// The same, as the creation of a job calls it.
    slot_id: String,
    /// From when.
    from: Timestamp,
    /// Until when.
    to: Timestamp,
    /// Until when it may be bought.
    expires_at: Timestamp,
    /// Whose it is.
    store: StoreNamed,
    /// Day and hours on the store's clock.
    description: String,
    /// How its jobs are fulfilled.
    operational_model: String,
}

/// A store by name.
#[derive(Debug, serde::Serialize, ToSchema)]
pub(in crate::dialects::instaleap) struct StoreNamed {
    /// Its id.
    id: String,
    /// What people call it.
    name: String,
}

impl SlotShown {
    /// As a shopper is shown it.
    pub(in crate::dialects::instaleap) fn of(id: &SlotId, slot: &Offered) -> Self {
        let tz = tz(&slot.zone);
        let local = |at: Timestamp| at.utc().with_timezone(&tz);
        let (from, to) = (local(slot.from), local(slot.to));
        Self {
            id: id.to_string(),
            slot_id: id.to_string(),
            from: slot.from,
            to: slot.to,
            expires_at: slot.expires_at,
            store: StoreNamed { id: slot.store_id.clone(), name: slot.store_name.clone() },
            description: format!("{}–{}", from.format("%Y-%m-%d %H:%M"), to.format("%H:%M")),
            operational_model: slot.operational_model.clone(),
        }
    }
}
