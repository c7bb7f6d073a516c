//! Lists: what they show by default, what they filter by, and that nothing is shown twice or left out while
//! others place shipments.

use std::collections::BTreeSet;
use std::time::Duration;

use doorstep_model::shipment::Details;
use doorstep_model::time::Zone;
use serde_json::{Value, json};

use super::shop::{Shop, order};
use crate::dialects::delivery_solutions::desk;
use crate::dialects::delivery_solutions::details;
use crate::dialects::delivery_solutions::document::Document;
use crate::dialects::delivery_solutions::location::Location;
use crate::store::NewShipment;
use crate::store::orders::{Filed, Filing, OrderStep};

/// As many as the list is promised to page through.
const MANY: usize = 5_000;

impl Shop {
    async fn list(&self, body: &Value) -> Value {
        let answer = self.call("POST /shipments/list", body).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
        answer.json()
    }

    async fn ids(&self, body: &Value) -> Vec<String> {
        ids(&self.list(body).await)
    }

    /// Files an order as creating one does, without the provider: thousands of them are wanted.
    async fn file(&self, id: &str) {
        let state = &self.house.state;
        let now = state.clock.now();
        let tenant = state.store.tenant_by_name(&"shop".parse().unwrap_or_else(|e| panic!("{e}"))).await;
        let tenant = tenant.ok().flatten().unwrap_or_else(|| panic!("a shop"));
        let told = serde_json::from_value(order(id)).unwrap_or_else(|e| panic!("{e}"));
        let document = Document::new("shop", told, Location::in_zone(Zone::utc()), now);
        let document = document.unwrap_or_else(|e| panic!("{e}"));
        let new = NewShipment {
            tracking_id: details::tracking_id().unwrap_or_else(|e| panic!("{e}")),
            details: Details::in_zone(Zone::utc()),
            created_at: now,
            events: Vec::new(),
            once: None,
        };
        let key = desk::key(&document.told.order_external_id);
        let step = OrderStep::Make(document.facets(), document.write().unwrap_or_else(|e| panic!("{e}")));
        let filing = Filing { shipment: Some(Box::new(new)), ..Filing::of(key, step, now) };
        let filed = state.store.file(tenant, filing).await;
        assert!(matches!(filed, Ok(Filed::Done(_))), "{filed:?}");
    }
}

fn ids(page: &Value) -> Vec<String> {
    let id = |order: &Value| order["orderExternalId"].as_str().unwrap_or_default().to_owned();
    page["data"].as_array().map_or(Vec::new(), |data| data.iter().map(id).collect())
}

#[tokio::test]
async fn five_thousand_are_paged_forward_and_back_while_others_arrive() {
    let shop = Shop::open().await;
    let filings = (0..MANY).map(|n| format!("old-{n:04}")).collect::<Vec<_>>();
    for chunk in filings.chunks(100) {
        futures_util::future::join_all(chunk.iter().map(|id| shop.file(id))).await;
    }
    let (mut seen, mut forward, mut token, mut arrived) = (BTreeSet::new(), Vec::new(), json!(null), 0);
    let last = loop {
        let page = shop.list(&json!({"limit": 700, "paginationToken": token})).await;
        for id in ids(&page) {
            assert!(seen.insert(id.clone()), "{id} is shown twice");
            forward.push(id);
        }
        shop.file(&format!("new-{arrived}")).await;
        arrived += 1;
        token = page["paginationToken"]["next"].clone();
        if token.is_null() {
            break page;
        }
    };
    assert_eq!(seen, filings.iter().cloned().collect(), "each once, and none that arrived meanwhile");
    // Back from the last page: all that was shown before it, and in front of it what arrived.
    let mut back = ids(&last);
    token = last["paginationToken"]["previous"].clone();
    while !token.is_null() {
        let page = shop.list(&json!({"limit": 700, "paginationToken": token})).await;
        back = ids(&page).into_iter().chain(back).collect();
        shop.file(&format!("new-{arrived}")).await;
        arrived += 1;
        token = page["paginationToken"]["previous"].clone();
        if ids(&page).first().is_some_and(|first| first.starts_with("new")) {
            break;
        }
    }
    let old: Vec<&String> = back.iter().filter(|id| id.starts_with("old")).collect();
    assert_eq!(old, forward.iter().collect::<Vec<_>>());
    assert_eq!(back.iter().collect::<BTreeSet<_>>().len(), back.len(), "each once");
}

#[tokio::test]
async fn by_default_the_last_day_is_shown_newest_first() {
    let shop = Shop::open().await;
    shop.place("A-1").await;
    shop.house.wait(Duration::from_secs(24 * 3600 + 1));
    shop.place("A-2").await;
    shop.place("A-3").await;
    assert_eq!(shop.ids(&json!({})).await, ["A-3", "A-2"]);
    assert_eq!(shop.ids(&json!({"orderExternalIds": ["A-1", "A-3", "a-2"]})).await, ["A-3", "A-1"]);
    let none = shop.list(&json!({"status": ["ORDER_DELIVERED"]})).await;
    assert_eq!(none, json!({"data": [], "paginationToken": {"next": null, "previous": null}}));
    // Another tenant has none.
    let foreign = shop.call_as("POST /shipments/list", &shop.house.stranger, "other", &json!({})).await;
    assert_eq!(foreign.at("/data"), (200, json!([])));
}

#[tokio::test]
async fn filters_hold_together_and_follow_what_moves_a_shipment() {
    let shop = Shop::open().await;
    let mut grouped = order("A-1");
    grouped["groupId"] = json!("G");
    grouped["pickupTime"] = json!({"startsAt": 1_000_000});
    grouped["deliveryTime"] = json!({"endsAt": 2_000_000});
    let number = shop.call("POST /shipments", &grouped).await.json()["trackingId"].clone();
    shop.place("A-2").await;
    let one = ["A-1".to_owned()];
    assert_eq!(shop.ids(&json!({"groupId": "G"})).await, one);
    assert!(shop.ids(&json!({"groupId": "g"})).await.is_empty());
    let within = json!({"pickupTime": {"startsAt": 1_000_000}, "deliveryTime": {"endsAt": 2_000_000}});
    assert_eq!(shop.ids(&within).await, one);
    let later = json!({"pickupTime": {"startsAt": 1_000_001}, "deliveryTime": {"endsAt": 2_000_000}});
    assert!(shop.ids(&later).await.is_empty());
    assert_eq!(shop.ids(&json!({"locationExternalIds": ["7709"]})).await.len(), 2);
    let event = r#"{"id": "e1", "status": "delivered", "time": "2026-11-21T12:00:00Z"}"#;
    shop.house.wait(Duration::from_secs(60));
    shop.house.post(&format!("/shipments/{}/events", number.as_str().unwrap_or_default()), event).await;
    assert_eq!(shop.ids(&json!({"status": ["ORDER_DELIVERED"]})).await, one);
    assert_eq!(shop.ids(&json!({"status": ["ORDER_DISPATCHED"]})).await, ["A-2"]);
    let now = shop.house.state.clock.now().millis();
    let updated = json!({"lastUpdatedAt": {"startsAt": now - 1_000, "endsAt": now}});
    assert_eq!(shop.ids(&updated).await, one);
    let shown = shop.call("GET /shipments/A-1", &json!(null)).await.json();
    assert_eq!(shown["actualDeliveryTime"], 1_795_262_400_000_i64);
}

#[tokio::test]
async fn a_list_says_what_it_does_not_take() {
    let shop = Shop::open().await;
    let ids: Vec<String> = (0..101).map(|n| n.to_string()).collect();
    for (body, told) in [
        (json!({"limit": 1001}), "limit"),
        (json!({"limit": 0}), "limit"),
        (json!({"limit": "ten"}), "limit"),
        (json!({"orderExternalIds": ids}), "orderExternalIds"),
        (json!({"locationExternalIds": ids}), "locationExternalIds"),
        (json!({"pickupTime": {"startsAt": 1}}), "deliveryTime.endsAt is required"),
        (json!({"deliveryTime": {"endsAt": 1}}), "pickupTime.startsAt is required"),
        (json!({"pickupTime": {"endsAt": 1}, "deliveryTime": {"endsAt": 1}}), "startsAt"),
        (
            json!({"lastUpdatedAt": {"startsAt": 0, "endsAt": 30 * 86_400_000_i64 + 1}}),
            "Invalid Data: lastUpdatedAt date range cannot be greater than 30 days",
        ),
        (json!({"createdAt": {"startsAt": 2, "endsAt": 1}}), "createdAt"),
        (json!({"status": ["LOST"]}), "status"),
        (json!({"paginationToken": "x"}), "paginationToken"),
        (json!([]), "the body must be an object"),
    ] {
        let refused = shop.call("POST /shipments/list", &body).await;
        assert_eq!(refused.at("/type"), (400, json!("INVALID_DATA")), "{body}");
        let message = refused.json()["message"].as_str().unwrap_or_default().to_owned();
        assert!(message.contains(told), "{message}");
    }
    let widest = json!({"lastUpdatedAt": {"startsAt": 0, "endsAt": 30 * 86_400_000_i64}});
    assert_eq!(shop.call("POST /shipments/list", &widest).await.status.as_u16(), 200);
    assert_eq!(
        shop.call_raw("POST /shipments/list", &shop.house.reader, "shop", "").await.status.as_u16(),
        200
    );
}
