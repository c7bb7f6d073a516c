//! Who is chosen, what the history says of it, and what the client is answered when nobody is.

use serde_json::json;

use super::simulated;
use crate::dialects::delivery_solutions::tests::shop::{Shop, order};

#[tokio::test]
async fn the_choice_and_each_refusal_stand_in_the_history_and_not_on_the_recipients_page() {
    let shop = Shop::open().await;
    let mut small = simulated("Bikes", 1.0);
    small["carries"] = json!({"mostWeight": {"value": 5, "unit": "lb"}});
    let mut abroad = simulated("Vans", 2.0);
    abroad["carries"] = json!({"postalCodes": ["021*"]});
    shop.served_by(&[simulated("Dear", 9.5), small, abroad, simulated("Cheap", 4.25)]).await;
    let placed = shop.place("A-1").await;
    assert_eq!(placed.at("/status"), (201, json!("ORDER_DISPATCHED")));
    let answer = placed.json();
    assert_eq!(answer["provider"]["name"], "Cheap");
    assert_eq!((&answer["amount"], &answer["fee"]), (&json!(4.25), &json!(4.25)));
    assert_eq!(answer["estimatedPickupTime"]["startsAt"], 1_795_263_000_000_i64, "12:10");
    assert_eq!(answer["estimatedDeliveryTime"]["endsAt"], 1_795_264_800_000_i64, "12:40");
    assert!(answer["trackingId"].as_str().is_some_and(|number| number.starts_with("SIM-")));
    let (words, notes) = shop.history("A-1").await;
    assert_eq!(words, ["REQUEST_RECEIVED", "ESTIMATES_RECEIVED", "ORDER_DISPATCHED"]);
    assert_eq!(
        notes[1],
        "Chosen: Cheap delivery, 4.25 USD, by 2026-11-21T12:40:00.000Z. \
         Also offered: Dear delivery, 9.50 USD, by 2026-11-21T12:40:00.000Z. \
         Not considered: Bikes (too heavy). Not considered: Vans (does not go to that postal code)"
    );
    let number = answer["referenceLinks"]["trackingUrl"].as_str().and_then(|url| url.rsplit('/').next());
    let native = shop.house.get(&format!("/shipments/{}", number.unwrap_or_default())).await;
    assert!(!native.text.contains("Cheap delivery"), "a note of ours is the tenant's alone: {}", native.text);
}

#[tokio::test]
async fn the_tenants_rules_choose_and_an_order_may_propose() {
    let shop = Shop::open().await;
    let mut quick = simulated("Quick", 9.0);
    quick["services"][0]["terms"]["deliveryMinutes"] = json!(5);
    shop.served_by(&[quick, simulated("Cheap", 4.0), simulated("Liked", 6.0)]).await;
    let mut chosen = Vec::new();
    for (id, rules) in [
        ("A-1", json!({"choose": "fastest"})),
        ("A-2", json!({"choose": "cheapest"})),
        ("A-3", json!({"choose": "preferred", "preferred": ["Liked", "Quick"]})),
    ] {
        shop.sets_up("rules", &rules).await;
        chosen.push(shop.place(id).await.json()["provider"]["name"].clone());
    }
    let mut proposing = order("A-4");
    proposing["proposedProviders"] = json!([{"name": "quick", "services": [{"id": "delivery"}]}]);
    chosen.push(shop.call("POST /shipments", &proposing).await.json()["provider"]["name"].clone());
    assert_eq!(chosen, ["Quick", "Cheap", "Liked", "Quick"]);
}

#[tokio::test]
async fn what_is_answered_when_nobody_takes_it_and_how_it_is_retried() {
    let shop = Shop::open().await;
    shop.served_by(&[]).await;
    let none = shop.place("A-1").await;
    assert_eq!(none.at("/type"), (422, json!("NO_PROVIDER_ASSIGNED")));
    assert_eq!(shop.shown("A-1").await.at("/status"), (200, json!("ESTIMATES_FAILED")));

    let mut small = simulated("Bikes", 1.0);
    small["carries"] = json!({"mostWeight": {"value": 5, "unit": "lb"}});
    shop.served_by(&[small]).await;
    let unmatched = shop.call("POST /shipments/A-1/retry", &json!(null)).await;
    assert_eq!(unmatched.at("/type"), (422, json!("NO_PROVIDER_MATCHED")));
    assert_eq!(unmatched.at("/errors/0"), (422, json!({"provider": "Bikes", "message": "too heavy"})));

    let package = json!({"package": {"name": "tiny", "weight": {"value": 3, "unit": "lb"}}});
    assert_eq!(shop.call("PUT /shipments/A-1", &package).await.status.as_u16(), 200);
    let retried = shop.call("POST /shipments/A-1/retry", &json!(null)).await;
    assert_eq!(retried.at("/status"), (201, json!("ORDER_DISPATCHED")));
    let again = shop.call("POST /shipments/A-1/retry", &json!(null)).await;
    assert_eq!(again.at("/type"), (409, json!("INVALID_OPERATION")));
    let (words, _) = shop.history("A-1").await;
    let expected = [
        "REQUEST_RECEIVED",
        "ESTIMATES_FAILED",
        "ESTIMATES_FAILED",
        "ESTIMATES_RECEIVED",
        "ORDER_DISPATCHED",
    ];
    assert_eq!(words, expected);
}

#[tokio::test]
async fn how_a_provider_fails_decides_what_is_answered() {
    let shop = Shop::open().await;
    shop.sets_up("rules", &json!({"attempts": 1})).await;
    for (id, what, how, answered, stands) in [
        ("A-1", "placements", "transient", "PLACE_ORDER_FAILED", "ORDER_FAILED"),
        ("A-2", "placements", "hard", "PLACE_ORDER_FAILED", "ORDER_FAILED"),
        ("A-3", "placements", "geocoding", "GEOCODING_FAILED", "ORDER_FAILED"),
        ("A-4", "placements", "unmapped", "UNMAPPED_ERROR", "ORDER_FAILED"),
        ("A-5", "estimates", "transient", "PLACE_ORDER_FAILED", "ESTIMATES_FAILED"),
        ("A-6", "estimates", "geocoding", "GEOCODING_FAILED", "ESTIMATES_FAILED"),
        ("A-7", "estimates", "unmapped", "UNMAPPED_ERROR", "ESTIMATES_FAILED"),
    ] {
        let mut failing = simulated("Flaky", 4.0);
        failing["kind"][what] = json!({"times": 1, "how": how});
        shop.served_by(&[failing]).await;
        let answer = shop.place(id).await;
        assert_eq!(answer.at("/type"), (422, json!(answered)), "{what} {how}");
        assert_eq!(answer.at("/provider"), (422, json!("Flaky")), "{what} {how}");
        assert_eq!(shop.shown(id).await.at("/status"), (200, json!(stands)), "{what} {how}");
        let retried = shop.call(&format!("POST /shipments/{id}/retry"), &json!(null)).await;
        assert_eq!(retried.at("/status"), (201, json!("ORDER_DISPATCHED")), "it fails once");
    }
}

#[tokio::test]
async fn estimates_are_asked_at_once_and_not_waited_for_too_long() {
    let shop = Shop::open().await;
    shop.sets_up("rules", &json!({"estimateSeconds": 1})).await;
    let slow = |name: &str, millis: u32| {
        let mut slow = simulated(name, 1.0);
        slow["kind"]["estimateMillis"] = json!(millis);
        slow
    };
    let providers = [slow("One", 400), slow("Two", 400), slow("Three", 400), slow("Never", 60_000)];
    shop.served_by(&providers).await;
    let began = std::time::Instant::now();
    let placed = shop.place("A-1").await;
    assert_eq!(placed.at("/provider/name"), (201, json!("One")));
    assert!(began.elapsed().as_secs() < 10, "not one after the other");
    let (_, notes) = shop.history("A-1").await;
    assert!(notes[1].contains("Gave no estimate: Never (no answer within 1 s)"), "{}", notes[1]);
}
