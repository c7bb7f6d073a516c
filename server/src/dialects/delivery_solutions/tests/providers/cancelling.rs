//! Cancelling and editing what a provider has: it is asked first, and may say no.

use serde_json::json;

use super::simulated;
use crate::dialects::delivery_solutions::tests::shop::{Shop, order};

#[tokio::test]
async fn a_provider_may_refuse_fail_or_answer_nonsense() {
    let shop = Shop::open().await;
    for (id, cancellation, status, answered, stands) in [
        ("A-1", "notAllowed", 403, json!("CANCELLATION_NOT_ALLOWED"), "ORDER_DISPATCHED"),
        ("A-2", "failing", 422, json!("ORDER_CANCELLATION_FAILED"), "ORDER_DISPATCHED"),
        ("A-3", "unmapped", 422, json!("UNMAPPED_ERROR"), "ORDER_DISPATCHED"),
        ("A-4", "allowed", 200, json!(null), "ORDER_CANCELLED"),
    ] {
        let mut provider = simulated("Uber", 4.0);
        provider["kind"]["cancellation"] = json!(cancellation);
        shop.served_by(&[provider]).await;
        shop.place(id).await;
        let answer = shop.call(&format!("DELETE /shipments/{id}"), &json!(null)).await;
        assert_eq!(answer.at("/type"), (status, answered), "{cancellation}");
        assert_eq!(shop.shown(id).await.at("/status"), (200, json!(stands)), "{cancellation}");
    }
    shop.after(100_000).await;
    assert_eq!(shop.shown("A-4").await.at("/status"), (200, json!("ORDER_CANCELLED")), "its journey is off");
    assert_eq!(shop.shown("A-1").await.at("/status"), (200, json!("ORDER_DELIVERED")));
}

#[tokio::test]
async fn an_edit_while_another_try_is_due_is_heeded_by_it() {
    let shop = Shop::open().await;
    let mut local = simulated("Local", 1.0);
    local["carries"] = json!({"postalCodes": ["752*"]});
    local["kind"]["placements"] = json!({"times": 1});
    shop.served_by(&[local, simulated("Wide", 4.0)]).await;
    assert_eq!(shop.place("A-1").await.at("/status"), (201, json!("PENDING_AUTORETRY")));
    let mut address = order("A-1")["deliveryAddress"].clone();
    address["postalCode"] = json!("10001");
    let edited = shop.call("PUT /shipments/A-1", &json!({"deliveryAddress": address})).await;
    assert_eq!(edited.at("/status"), (200, json!("PENDING_AUTORETRY")));
    shop.after(60).await;
    let shown = shop.shown("A-1").await;
    assert_eq!(shown.at("/provider/name"), (200, json!("Wide")), "the other does not go there");
}

#[tokio::test]
async fn a_provider_that_has_closed_since_keeps_what_it_has() {
    let shop = Shop::open().await;
    let mut local = simulated("Local", 1.0);
    // 06:00 on a Saturday in Chicago.
    local["carries"] = json!({"hours": {"zone": "America/Chicago",
        "shifts": [{"days": ["sat"], "from": "05:00", "until": "07:00"}]}});
    shop.served_by(&[local, simulated("Wide", 4.0)]).await;
    assert_eq!(shop.place("A-1").await.at("/provider/name"), (201, json!("Local")));
    shop.house.wait(std::time::Duration::from_secs(3 * 3_600));
    let edit = json!({"signature": "not_required", "deliveryInstructions": "Ring twice"});
    let edited = shop.call("PUT /shipments/A-1", &edit).await;
    assert_eq!(edited.at("/provider/name"), (200, json!("Local")), "{}", edited.text);
    assert_eq!(shop.place("A-2").await.at("/provider/name"), (201, json!("Wide")));
}

#[tokio::test]
async fn what_waits_for_another_try_is_cancelled_for_good() {
    let shop = Shop::open().await;
    let mut flaky = simulated("Flaky", 4.0);
    flaky["kind"]["placements"] = json!({"times": 1});
    shop.served_by(&[flaky]).await;
    assert_eq!(shop.place("A-1").await.at("/status"), (201, json!("PENDING_AUTORETRY")));
    assert_eq!(shop.call("DELETE /shipments/A-1", &json!(null)).await.at("/status").1, "ORDER_CANCELLED");
    shop.after(100_000).await;
    assert_eq!(shop.shown("A-1").await.at("/status"), (200, json!("ORDER_CANCELLED")));
    let again = shop.call("DELETE /shipments/A-1", &json!(null)).await;
    assert_eq!(again.at("/type"), (409, json!("ORDER_ALREADY_CANCELED")));
}

#[tokio::test]
async fn the_own_fleet_lets_go_until_the_goods_have_left() {
    let shop = Shop::open().await;
    let number = shop.place("A-1").await.json()["trackingId"].as_str().unwrap_or_default().to_owned();
    let event = r#"{"id": "e1", "status": "picked_up", "time": "2026-11-21T12:00:00Z"}"#;
    shop.house.post(&format!("/shipments/{number}/events"), event).await;
    let refused = shop.call("DELETE /shipments/A-1", &json!(null)).await;
    assert_eq!(refused.at("/type"), (403, json!("CANCELLATION_NOT_ALLOWED")));
    // What went wrong on the way brings nothing back.
    let event = r#"{"id": "e2", "status": "attempt_failed", "time": "2026-11-21T12:01:00Z"}"#;
    shop.house.post(&format!("/shipments/{number}/events"), event).await;
    let event = r#"{"id": "e3", "status": "exception", "time": "2026-11-21T12:02:00Z"}"#;
    shop.house.post(&format!("/shipments/{number}/events"), event).await;
    assert_eq!(shop.shown("A-1").await.at("/status"), (200, json!("ERROR_EXCEPTION")));
    let refused = shop.call("DELETE /shipments/A-1", &json!(null)).await;
    assert_eq!(refused.at("/type"), (403, json!("CANCELLATION_NOT_ALLOWED")));
    shop.place("A-2").await;
    assert_eq!(shop.call("DELETE /shipments/A-2", &json!(null)).await.at("/status").1, "ORDER_CANCELLED");
}

#[tokio::test]
async fn an_edit_that_its_provider_does_not_take_moves_it_to_another() {
    let shop = Shop::open().await;
    let mut local = simulated("Local", 1.0);
    local["carries"] = json!({"postalCodes": ["752*"]});
    let mut wide = simulated("Wide", 4.0);
    wide["carries"] = json!({"countries": ["US"]});
    shop.served_by(&[local, wide]).await;
    assert_eq!(shop.place("A-1").await.at("/provider/name"), (201, json!("Local")));
    let mut address = order("A-1")["deliveryAddress"].clone();
    address["street1"] = json!("5412 Mercedes Avenue");
    let stays = shop.call("PUT /shipments/A-1", &json!({"deliveryAddress": address})).await;
    assert_eq!(stays.at("/provider/name"), (200, json!("Local")), "it takes that too");
    address["postalCode"] = json!("10001");
    let moved = shop.call("PUT /shipments/A-1", &json!({"deliveryAddress": address})).await;
    assert_eq!(moved.at("/provider/name"), (200, json!("Wide")));
    let (words, _) = shop.history("A-1").await;
    assert_eq!(words[3..], ["ORDER_UNASSIGNED", "ESTIMATES_RECEIVED", "ORDER_DISPATCHED"]);
    address["countryCode"] = json!("MX");
    let nobody = shop.call("PUT /shipments/A-1", &json!({"deliveryAddress": address})).await;
    assert_eq!(nobody.at("/type"), (422, json!("NO_PROVIDER_MATCHED")));
    let shown = shop.shown("A-1").await;
    assert_eq!(shown.at("/deliveryAddress/countryCode"), (200, json!("US")), "nothing was changed");
    assert_eq!(shown.at("/status"), (200, json!("ORDER_DISPATCHED")));
}

#[tokio::test]
async fn an_edit_takes_an_order_back_only_where_another_would_take_it_in_time() {
    let shop = Shop::open().await;
    let mut local = simulated("Local", 1.0);
    local["carries"] = json!({"postalCodes": ["752*"]});
    let mut slow = simulated("Slow", 4.0);
    slow["services"][0]["terms"]["deliveryMinutes"] = json!(600);
    let mut quick = simulated("Quick", 9.0);
    quick["carries"] = json!({"postalCodes": ["752*"]});
    quick["services"][0]["terms"]["deliveryMinutes"] = json!(5);
    shop.served_by(&[local, slow, quick]).await;
    assert_eq!(shop.place("A-1").await.at("/provider/name"), (201, json!("Local")));
    let until = |minutes: i64| {
        let now = shop.house.state.clock.now().millis();
        json!({"startsAt": now, "endsAt": now + minutes * 60_000})
    };
    let mut address = order("A-1")["deliveryAddress"].clone();
    address["postalCode"] = json!("10001");
    let edit = json!({"deliveryAddress": address, "deliveryTime": until(100)});
    let refused = shop.call("PUT /shipments/A-1", &edit).await;
    assert_eq!(refused.at("/type"), (422, json!("NO_PROVIDER_MATCHED")), "{}", refused.text);
    assert!(refused.text.contains("would come too late"), "{}", refused.text);
    let shown = shop.shown("A-1").await;
    assert_eq!(shown.at("/provider/name"), (200, json!("Local")), "nothing was changed");
    assert_eq!(shown.at("/status"), (200, json!("ORDER_DISPATCHED")));
    // Local would come after ten and thirty minutes.
    let sooner = shop.call("PUT /shipments/A-1", &json!({"deliveryTime": until(30)})).await;
    assert_eq!(sooner.at("/provider/name"), (200, json!("Quick")), "{}", sooner.text);
}
