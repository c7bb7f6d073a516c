//! What happens later and by itself: other tries, the journey of a simulated provider; and that a crash between
//! any two steps loses nothing and doubles nothing.

use std::time::Duration;

use serde_json::json;

use super::simulated;
use crate::dialects::delivery_solutions::tests::shop::{Shop, order};

#[tokio::test]
async fn who_fails_is_tried_again_by_rule_and_then_brings_it() {
    let shop = Shop::open().await;
    shop.sets_up("rules", &json!({"attempts": 2, "delaySeconds": 30})).await;
    let mut flaky = simulated("Flaky", 4.0);
    flaky["kind"] = json!({
        "type": "simulated",
        "placements": {"times": 1},
        "driver": {"name": "Bo Meyer", "phone": "+1 201-555-0100"},
        "journey": [
            {"afterSeconds": 60, "status": "ORDER_ASSIGNED"},
            {"afterSeconds": 120, "status": "PICKUP_STARTED"},
            {"afterSeconds": 120, "status": "PICKUP_COMPLETED"},
            {"afterSeconds": 180, "status": "OUT_FOR_DELIVERY", "note": "Two stops to go"},
            {"afterSeconds": 600, "status": "ORDER_DELIVERED"},
        ],
    });
    shop.served_by(&[flaky]).await;
    let placed = shop.place("A-1").await;
    assert_eq!(placed.at("/status"), (201, json!("PENDING_AUTORETRY")));
    assert_eq!(placed.at("/warnings/0/type"), (201, json!("RETRY_FOLLOWS")));
    assert_eq!(placed.at("/provider/name"), (201, json!("")));
    assert_eq!(shop.works().await, 0, "it is not due yet");
    shop.after(30).await;
    let shown = shop.shown("A-1").await;
    assert_eq!(shown.at("/status"), (200, json!("ORDER_DISPATCHED")));
    assert_eq!(shown.at("/provider/name"), (200, json!("Flaky")));

    shop.after(60).await;
    assert_eq!(shop.shown("A-1").await.at("/status"), (200, json!("ORDER_ASSIGNED")));
    // A pause: what was due meanwhile is told as of when it was.
    shop.after(1_000).await;
    let shown = shop.shown("A-1").await;
    assert_eq!(shown.at("/status"), (200, json!("ORDER_DELIVERED")));
    assert_eq!(
        shown.at("/actualDeliveryTime"),
        (200, json!(1_795_263_030_000_i64)),
        "12:00:30 and ten minutes"
    );
    let (words, notes) = shop.history("A-1").await;
    let expected = [
        "REQUEST_RECEIVED",
        "ESTIMATES_RECEIVED",
        "PENDING_AUTORETRY",
        "ORDER_DISPATCHED",
        "ORDER_ASSIGNED",
        "PICKUP_STARTED",
        "PICKUP_COMPLETED",
        "OUT_FOR_DELIVERY",
        "ORDER_DELIVERED",
    ];
    assert_eq!(words, expected);
    assert_eq!(notes[2], "Flaky did not take it (1 of 2 tries): simulated failure 1 of 1");
    assert_eq!(notes[7], "Two stops to go");
    shop.after(100_000).await;
    assert_eq!(shop.history("A-1").await.0, expected, "nothing is told twice");
}

#[tokio::test]
async fn who_fails_too_often_is_followed_by_the_next() {
    let shop = Shop::open().await;
    shop.sets_up("rules", &json!({"attempts": 2, "delaySeconds": 30})).await;
    let mut flaky = simulated("Flaky", 1.0);
    flaky["kind"]["placements"] = json!({"times": 9});
    shop.served_by(&[flaky, simulated("Second", 4.0)]).await;
    assert_eq!(shop.place("A-1").await.at("/status"), (201, json!("PENDING_AUTORETRY")));
    shop.after(30).await;
    assert_eq!(shop.shown("A-1").await.at("/provider/name"), (200, json!("Second")));
    let (words, _) = shop.history("A-1").await;
    let expected = [
        "REQUEST_RECEIVED",
        "ESTIMATES_RECEIVED",
        "PENDING_AUTORETRY",
        "PENDING_AUTORETRY",
        "ORDER_DISPATCHED",
    ];
    assert_eq!(words, expected);
}

#[tokio::test]
async fn the_last_try_ends_it_and_a_retry_by_hand_needs_not_wait() {
    let shop = Shop::open().await;
    shop.sets_up("rules", &json!({"attempts": 2, "delaySeconds": 30})).await;
    let mut flaky = simulated("Flaky", 1.0);
    flaky["kind"]["placements"] = json!({"times": 3});
    shop.served_by(&[flaky]).await;
    for id in ["A-1", "A-2"] {
        assert_eq!(shop.place(id).await.at("/status"), (201, json!("PENDING_AUTORETRY")));
    }
    let by_hand = shop.call("POST /shipments/A-2/retry", &json!(null)).await;
    assert_eq!(by_hand.at("/type"), (422, json!("PLACE_ORDER_FAILED")), "that was the second try");
    shop.after(30).await;
    assert_eq!(shop.shown("A-1").await.at("/status"), (200, json!("ORDER_FAILED")));
    assert_eq!(
        shop.call("POST /shipments/A-1/retry", &json!(null)).await.at("/status").1,
        "PENDING_AUTORETRY"
    );
    shop.after(30).await;
    assert_eq!(shop.shown("A-1").await.at("/status"), (200, json!("ORDER_DISPATCHED")));
    assert_eq!(shop.shown("A-2").await.at("/status"), (200, json!("ORDER_FAILED")), "nothing was due for it");
}

#[tokio::test]
async fn whose_caller_was_killed_is_placed_by_the_worker() {
    let shop = Shop::open().await;
    let mut slow = simulated("Slow", 1.0);
    slow["kind"]["estimateMillis"] = json!(700);
    shop.served_by(&[slow]).await;
    let body = order("A-1");
    let call = shop.call("POST /shipments", &body);
    assert!(tokio::time::timeout(Duration::from_millis(300), call).await.is_err(), "dropped as by a kill");
    assert_eq!(shop.shown("A-1").await.at("/status"), (200, json!("REQUEST_RECEIVED")));
    assert_eq!(shop.works().await, 0, "its caller may still be at it");
    shop.after(60).await;
    assert_eq!(shop.shown("A-1").await.at("/status"), (200, json!("ORDER_DISPATCHED")));
    let (words, _) = shop.history("A-1").await;
    assert_eq!(words, ["REQUEST_RECEIVED", "ESTIMATES_RECEIVED", "ORDER_DISPATCHED"]);
    shop.after(60).await;
    assert_eq!(shop.shown("A-1").await.at("/status"), (200, json!("ORDER_ASSIGNED")));
}

#[tokio::test]
async fn two_who_do_the_same_work_do_it_once() {
    let shop = Shop::open().await;
    shop.sets_up("rules", &json!({"attempts": 3, "delaySeconds": 30})).await;
    let mut flaky = simulated("Flaky", 1.0);
    flaky["kind"]["placements"] = json!({"times": 1});
    shop.served_by(&[flaky]).await;
    assert_eq!(shop.place("A-1").await.at("/status"), (201, json!("PENDING_AUTORETRY")));
    shop.house.wait(Duration::from_secs(30));
    // Whoever retries by hand and the worker act on the same state of the order.
    let retry = shop.call("POST /shipments/A-1/retry", &json!(null));
    let (by_hand, _) = tokio::join!(retry, shop.works());
    assert!(matches!(by_hand.status.as_u16(), 201 | 409), "{}", by_hand.text);
    let (words, _) = shop.history("A-1").await;
    assert_eq!(words.iter().filter(|word| *word == "ORDER_DISPATCHED").count(), 1, "{words:?}");
}

#[tokio::test]
async fn a_retry_by_hand_takes_the_location_as_it_is_set_up_then() {
    let shop = Shop::open().await;
    let mut flaky = simulated("Flaky", 1.0);
    flaky["kind"]["placements"] = json!({"times": 9});
    shop.served_by(&[flaky]).await;
    assert_eq!(shop.place("A-1").await.at("/status"), (201, json!("PENDING_AUTORETRY")));
    shop.served_by(&[simulated("Second", 4.0)]).await;
    let again = shop.call("POST /shipments/A-1/retry", &json!(null)).await;
    assert_eq!(again.at("/provider/name"), (201, json!("Second")), "{}", again.text);
}
