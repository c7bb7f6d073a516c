//! `GET /jobs/availability/{slotId}/check` and `PUT /jobs/{slotId}/extend-expiration-time`: whether a slot may still be
//! bought, and how a shopper who pays slowly keeps it. Extending is what holds a place: it says that the slot was
//! chosen. A place is taken in the store's own transaction, so of many who want the last one, one gets it.

use axum::Json;
use axum::extract::State;
use doorstep_model::time::Timestamp;
use utoipa::ToSchema;

use super::forget;
use super::offer::{self, Offer, Offered};
use super::shown::SlotShown;
use crate::dialects::DialectState;
use crate::dialects::instaleap::DIALECT;
use crate::dialects::instaleap::docs::SlotFaults;
use crate::dialects::instaleap::fault::{Code, Fault};
use crate::dialects::instaleap::ids::SlotId;
use crate::dialects::instaleap::jobs::no_place;
use crate::dialects::instaleap::setup::shop::Shop;
use crate::dialects::instaleap::setup::{STORES, kept_one};
use crate::dialects::instaleap::wire::{Names, Reader, Retailer};
use crate::identity::TenantId;
use crate::store::orders::{Filed, Filing, OrderStep, PlaceChange};

/// How often somebody else may write to the same offer meanwhile.
const MOST_RACES: usize = 16;

/// A slot that was chosen, with the offer that it is of.
pub(in crate::dialects::instaleap) struct Chosen {
    /// Its name.
    pub(in crate::dialects::instaleap) id: SlotId,
    /// What was asked, and shown.
    pub(in crate::dialects::instaleap) offer: Offer,
    /// The version of the offer.
    pub(in crate::dialects::instaleap) version: u64,
    /// Itself.
    pub(in crate::dialects::instaleap) slot: Offered,
}

/// The slot of that name; `None` where there is none, or it is long over and forgotten.
pub(in crate::dialects::instaleap) async fn chosen(
    state: &DialectState,
    tenant: TenantId,
    id: &str,
) -> Result<Option<Chosen>, Fault> {
    let Some(id) = SlotId::parse(id) else { return Ok(None) };
    let Some(order) = state.app.store.order(tenant, &offer::key(&id.offer)).await? else { return Ok(None) };
    let offer = Offer::read(&order)?;
    let slot = offer.slots.get(id.number).cloned();
    Ok(slot.map(|slot| Chosen { id, offer, version: order.version, slot }))
}

/// How many places the slot's store gives it now; none where the store is gone.
pub(in crate::dialects::instaleap) async fn capacity(
    state: &DialectState,
    tenant: TenantId,
    slot: &Offered,
) -> Result<u32, Fault> {
    let shop: Option<Shop> = kept_one(state, tenant, STORES, &slot.store_id).await?;
    Ok(shop.map_or(0, |shop| shop.capacity_per_slot))
}

/// A slot that may be bought.
#[derive(Debug, serde::Serialize, ToSchema)]
pub(in crate::dialects::instaleap) struct SlotStands {
    /// Always `true`; what may not be bought is answered with 417.
    available: bool,
    /// The slot.
    #[serde(flatten)]
    slot: SlotShown,
}

/// Check a slot
///
/// Whether a slot is one of ours and may be bought now: 200, or 417 as the creation of a job would answer. Takes the
/// role manager or reader.
#[utoipa::path(
    get,
    path = "/jobs/availability/{slotId}/check",
    tag = "availability",
    operation_id = "checkSlot",
    security(("apiKey" = [])),
    params(("slotId" = String, Path, description = "The slot")),
    responses((status = 200, description = "It may be bought", body = SlotStands), SlotFaults),
)]
pub(in crate::dialects::instaleap) async fn check(
    Reader(known): Reader,
    State(state): State<DialectState>,
    Names([id]): Names<1>,
) -> Result<Json<SlotStands>, Fault> {
    let (tenant, now) = (known.client.tenant, state.app.clock.now());
    let chosen = chosen(&state, tenant, &id).await?.ok_or(Code::NotFound)?;
    let pools = [offer::use_of(&chosen.id), chosen.slot.pool()];
    let taken = state.app.store.places_taken(tenant, DIALECT, &pools, now).await?;
    let [used, taken] = taken.as_slice() else { return Err(Code::Internal.into()) };
    if *used > 0 {
        return Err(Code::SlotUsed.into());
    }
    if chosen.slot.is_over(now) {
        return Err(Code::SlotExpired.into());
    }
    // Who extended a slot holds one of the places that are taken.
    if !chosen.slot.extended && *taken >= capacity(&state, tenant, &chosen.slot).await? {
        return Err(Code::SlotFull.into());
    }
    Ok(Json(SlotStands { available: true, slot: SlotShown::of(&chosen.id, &chosen.slot) }))
}

/// Extend a slot
///
/// Adds three times the store's own time to when the slot expires, once; again answers the same. From then on a place
/// of the slot is held until it expires. Takes the role manager.
#[utoipa::path(
    put,
    path = "/jobs/{slotId}/extend-expiration-time",
    tag = "availability",
    operation_id = "extendSlot",
    security(("apiKey" = [])),
    params(("slotId" = String, Path, description = "The slot")),
    responses((status = 200, description = "It is held", body = SlotStands), SlotFaults),
)]
pub(in crate::dialects::instaleap) async fn extend(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
    Names([id]): Names<1>,
) -> Result<Json<SlotStands>, Fault> {
    let tenant = known.client.tenant;
    for _ in 0..MOST_RACES {
        let now = state.app.clock.now();
        let mut chosen = chosen(&state, tenant, &id).await?.ok_or(Code::NotFound)?;
        let used = state.app.store.places_taken(tenant, DIALECT, &[offer::use_of(&chosen.id)], now).await?;
        if used != [0] {
            return Err(Code::SlotUsed.into());
        }
        if chosen.slot.is_over(now) {
            return Err(Code::SlotExpired.into());
        }
        if !chosen.slot.extended {
            let most = capacity(&state, tenant, &chosen.slot).await?;
            let extended = chosen.slot.extended();
            match hold(&state, tenant, &mut chosen, extended, most, now).await? {
                Filed::Done(_) => {}
                Filed::Stale(_) => continue,
                Filed::NoPlace(pool) => return Err(no_place(&pool)),
                _ => return Err(Code::Internal.into()),
            }
        }
        return Ok(Json(SlotStands { available: true, slot: SlotShown::of(&chosen.id, &chosen.slot) }));
    }
    Err(Code::Unavailable.into())
}

async fn hold(
    state: &DialectState,
    tenant: TenantId,
    chosen: &mut Chosen,
    extended: Offered,
    most: u32,
    now: Timestamp,
) -> Result<Filed, Fault> {
    let holder = chosen.id.to_string();
    let until = Some(extended.expires_at);
    let used = offer::use_of(&chosen.id);
    let places = vec![
        // Not where a job was made with it meanwhile: that has its place already.
        PlaceChange::Take { pool: used.clone(), most: 1, holder: holder.clone(), until },
        PlaceChange::Leave { pool: used, holder: holder.clone() },
        PlaceChange::Take { pool: extended.pool(), most, holder, until },
    ];
    chosen.slot = extended;
    if let Some(slot) = chosen.offer.slots.get_mut(chosen.id.number) {
        slot.clone_from(&chosen.slot);
    }
    let step = OrderStep::Change(chosen.version, chosen.offer.facets(), chosen.offer.document()?);
    let alone = Filing::of(offer::key(&chosen.id.offer), step, now);
    let filing = Filing { places, work: forget::due(&chosen.offer), ..alone };
    Ok(state.app.store.file(tenant, filing).await?)
}
