//! `POST /jobs/availability`: which slots a shopper may choose, for what goes where. What is shown is kept as an offer,
//! so that the slot that is chosen later carries origin, destination and items.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use axum::Json;
use axum::extract::State;
use doorstep_model::time::Timestamp;
use serde_json::Value;
use utoipa::ToSchema;

use super::calendar::{Window, windows};
use super::forget;
use super::offer::{self, Offer, Offered};
use super::shown::SlotShown;
use crate::dialects::DialectState;
use crate::dialects::instaleap::docs::AskFaults;
use crate::dialects::instaleap::fault::{Code, Fault};
use crate::dialects::instaleap::ids::{self, SlotId};
use crate::dialects::instaleap::place::Place;
use crate::dialects::instaleap::setup::shop::Shop;
use crate::dialects::instaleap::setup::{STORES, kept};
use crate::dialects::instaleap::wire::{Body, Retailer, Wrong};
use crate::dialects::instaleap::{DIALECT, words};
use crate::store::orders::{Filed, Filing, OrderStep};

/// The most slots that are looked at for places, the earliest first: what lies further ahead is asked for by `start`.
const MOST_LOOKED_AT: usize = 1_000;
/// The most slots that are shown at once.
const MOST_SLOTS: usize = 100;
/// The most items of a job.
pub(in crate::dialects::instaleap) const MOST_ITEMS: usize = 1_000;

/// What goes where. The body is Instaleap's own as public integrations send it; what is not named here is taken and
/// does nothing.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[schema(as = AvailabilityRequest)]
pub(in crate::dialects::instaleap) struct Asked {
    /// Where it is sent from; the store's own address where it is left out.
    #[serde(default, deserialize_with = "crate::api::wire::optional_object")]
    origin: Option<Place>,
    /// Where it goes. Postal code or point decide which stores reach it.
    #[serde(deserialize_with = "crate::api::wire::object")]
    destination: Place,
    /// What it is: each with an `id` and whatever else is to be kept.
    #[serde(alias = "items")]
    #[schema(value_type = Vec<Item>, min_items = 1, max_items = 1000)]
    job_items: Vec<Value>,
    /// One store only, by its id.
    #[serde(default, alias = "store_id")]
    store_reference: Option<String>,
    /// Slots that begin at or after this.
    #[serde(default)]
    start: Option<Timestamp>,
    /// Slots that begin before this.
    #[serde(default)]
    end: Option<Timestamp>,
    /// Stores with these models only, those named first shown first.
    #[serde(default)]
    operational_models_priority: Option<Vec<String>>,
}

/// An item of a job. Everything of it is kept.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the document's schema of what is kept as it came")]
pub(in crate::dialects::instaleap) struct Item {
    /// Its id, each once in a job.
    #[schema(min_length = 1, max_length = 128)]
    id: String,
    /// What it is called.
    name: Option<String>,
    /// How many.
    quantity: Option<f64>,
}

/// Ask for slots
///
/// Answers the slots that can be bought now, earliest first, at most 100; none where no store reaches the destination
/// or all is sold. A slot that is shown may be bought until it expires, as long as there is a place; showing it holds
/// none, extending it does. `/jobs/availability/v2` is the same call. Takes the role manager.
#[utoipa::path(
    post,
    path = "/jobs/availability",
    tag = "availability",
    operation_id = "askAvailability",
    security(("apiKey" = [])),
    request_body(content = Asked, content_type = "application/json"),
    responses((status = 200, description = "The slots", body = Vec<SlotShown>), AskFaults),
)]
pub(in crate::dialects::instaleap) async fn ask(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
    body: Body<Asked>,
) -> Result<Json<Vec<SlotShown>>, Fault> {
    let (tenant, now) = (known.client.tenant, state.app.clock.now());
    let shops: Vec<(String, Shop)> = kept(&state, tenant, STORES).await?;
    let asked = body.read;
    asked.check(&shops)?;
    let mut places = asked.places(&shops, now);
    let pools: Vec<String> = places.iter().map(|(id, _, window)| offer::pool(id, *window)).collect();
    let taken = state.app.store.places_taken(tenant, DIALECT, &pools, now).await?;
    let mut taken = taken.into_iter();
    places.retain(|(_, shop, _)| taken.next().unwrap_or(0) < shop.capacity_per_slot);
    places.truncate(MOST_SLOTS);
    let slots: Vec<Offered> =
        places.into_iter().map(|(id, shop, window)| offered(id, shop, window, now)).collect();
    if slots.is_empty() {
        return Ok(Json(Vec::new()));
    }
    let offer = ids::random()?;
    let shown = slots.iter().enumerate();
    let shown =
        shown.map(|(number, slot)| SlotShown::of(&SlotId { offer: offer.clone(), number }, slot)).collect();
    let kept =
        Offer { origin: asked.origin, destination: asked.destination, job_items: asked.job_items, slots };
    let step = OrderStep::Make(kept.facets(), kept.document()?);
    let filing = Filing { work: forget::due(&kept), ..Filing::of(offer::key(&offer), step, now) };
    let Filed::Done(_) = state.app.store.file(tenant, filing).await? else {
        return Err(Code::Internal.into());
    };
    Ok(Json(shown))
}

fn offered(id: &str, shop: &Shop, window: Window, now: Timestamp) -> Offered {
    let life = i64::from(shop.slot_expiry_minutes) * 60_000;
    Offered {
        store_id: id.to_owned(),
        store_name: shop.name.clone(),
        zone: shop.zone.clone(),
        operational_model: shop.operational_model.clone(),
        from: window.from,
        to: window.to,
        expires_at: Timestamp::from_millis(now.millis() + life),
        life_minutes: shop.slot_expiry_minutes,
        extended: false,
    }
}

impl Asked {
    fn check(&self, shops: &[(String, Shop)]) -> Result<(), Fault> {
        let mut wrong = Wrong::default();
        if let Some(origin) = &self.origin {
            origin.check("/origin", &mut wrong);
        }
        self.destination.check("/destination", &mut wrong);
        check_items(&self.job_items, &mut wrong);
        if let Some(store) = &self.store_reference {
            wrong.unless(
                shops.iter().any(|(id, _)| id == store),
                "/store_reference",
                "is none of your stores",
            );
        }
        if let Some((start, end)) = self.start.zip(self.end) {
            wrong.unless(start < end, "/end", "must be after start");
        }
        for (i, model) in self.operational_models_priority.iter().flatten().enumerate() {
            let known = words::MODELS.contains(&model.as_str());
            wrong.unless(known, &format!("/operational_models_priority/{i}"), "is no operational model");
        }
        wrong.or(())
    }

    /// The slots that suit what is asked, in the order in which they are shown, as many as are looked at.
    fn places<'a>(&self, shops: &'a [(String, Shop)], now: Timestamp) -> Vec<(&'a str, &'a Shop, Window)> {
        let wanted = self.operational_models_priority.as_deref().unwrap_or_default();
        let rank = |shop: &Shop| wanted.iter().position(|model| *model == shop.operational_model);
        let suits = |id: &str, shop: &Shop| {
            self.store_reference.as_deref().is_none_or(|only| only == id)
                && (wanted.is_empty() || rank(shop).is_some())
                && shop.reaches(&self.destination)
        };
        let within = |window: &Window| {
            self.start.is_none_or(|start| window.from >= start)
                && self.end.is_none_or(|end| window.from < end)
        };
        let mut rows: Vec<_> = shops
            .iter()
            .filter(|(id, shop)| suits(id, shop))
            .map(|(id, shop)| (id.as_str(), shop, windows(shop, now).filter(within)))
            .collect();
        // The next slot of each store: no more are made than are looked at.
        let mut next = BinaryHeap::new();
        for (row, (id, shop, windows)) in rows.iter_mut().enumerate() {
            next.extend(windows.next().map(|window| Reverse((rank(shop), window, *id, row))));
        }
        let mut places = Vec::new();
        while places.len() < MOST_LOOKED_AT
            && let Some(Reverse((rank, window, id, row))) = next.pop()
            && let Some((_, shop, windows)) = rows.get_mut(row)
        {
            places.push((id, *shop, window));
            next.extend(windows.next().map(|window| Reverse((rank, window, id, row))));
        }
        places
    }
}

/// Notes what is wrong with the items of a job.
fn check_items(items: &[Value], wrong: &mut Wrong) {
    wrong.unless(
        (1..=MOST_ITEMS).contains(&items.len()),
        "/job_items",
        format_args!("must have 1 to {MOST_ITEMS} items"),
    );
    let mut seen = std::collections::HashSet::new();
    for (i, item) in items.iter().enumerate().take(MOST_ITEMS) {
        let id = item.get("id").and_then(Value::as_str).filter(|id| (1..=128).contains(&id.chars().count()));
        let at = format!("/job_items/{i}/id");
        wrong.unless(id.is_some(), &at, "must be a text of 1 to 128 characters");
        wrong.unless(id.is_none_or(|id| seen.insert(id)), &at, "stands twice");
        let quantity =
            item.get("quantity").is_none_or(|quantity| quantity.as_f64().is_some_and(|n| n >= 0.0));
        wrong.unless(quantity, &format!("/job_items/{i}/quantity"), "must be a number from 0");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A store that is open in fifty overlapping ways, on each of so many days.
    fn shop(slot_minutes: u32, days_ahead: u32) -> Shop {
        let hours = (0..50).map(|minute| {
            json!({ "days": ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"],
                "from": format!("00:{minute:02}"), "to": "24:00" })
        });
        let shop = json!({ "name": "S", "zone": "UTC", "capacity_per_slot": 1, "slot_minutes": slot_minutes,
            "days_ahead": days_ahead, "opening_hours": hours.collect::<Vec<_>>() });
        serde_json::from_value(shop).unwrap_or_else(|e| panic!("{e}"))
    }

    #[test]
    fn the_first_slots_of_all_stores_are_looked_at_in_their_order() {
        let now = Timestamp::parse("2026-11-28T12:00:00Z").unwrap_or_else(|e| panic!("{e}"));
        let asked: Asked = serde_json::from_value(json!({ "destination": {}, "job_items": [] }))
            .unwrap_or_else(|e| panic!("{e}"));
        let shops =
            [("b".to_owned(), shop(60, 2)), ("a".to_owned(), shop(5, 31)), ("c".to_owned(), shop(90, 0))];
        let mut all: Vec<(Window, &str)> = shops
            .iter()
            .flat_map(|(id, shop)| windows(shop, now).map(move |window| (window, id.as_str())))
            .collect();
        all.sort();
        all.truncate(MOST_LOOKED_AT);
        let places: Vec<_> =
            asked.places(&shops, now).into_iter().map(|(id, _, window)| (window, id)).collect();
        assert_eq!((places.len(), &places), (MOST_LOOKED_AT, &all));
    }
}
