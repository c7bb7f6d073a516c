//! Editing, cancelling, retrying: what is possible when.

use serde_json::json;

use super::shop::Shop;

#[tokio::test]
async fn an_edit_changes_what_it_names_and_what_the_recipient_sees() {
    let shop = Shop::open().await;
    let placed = shop.place("A-1").await.json();
    let number = placed["trackingId"].as_str().unwrap_or_default().to_owned();
    let edit = json!({
        "deliveryContact": {"name": "John Smith", "phone": "232-323-2323"},
        "deliveryTime": {"startsAt": 1_795_302_000_000_i64, "endsAt": 1_795_305_600_000_i64},
        "deliveryInstructions": "Ring twice",
        "orderValue": 160.99,
    });
    let edited = shop.call("PUT /shipments/A-1", &edit).await;
    assert_eq!(edited.at("/orderValue"), (200, json!(160.99)), "{}", edited.text);
    assert_eq!(edited.json()["deliveryAddress"], placed["deliveryAddress"]);
    let native = shop.house.get(&format!("/shipments/{number}")).await.json();
    assert_eq!(native["recipient"]["name"], "John Smith");
    assert_eq!(native["preferences"]["comment"]["value"], "Ring twice");
    assert_eq!(native["promise"]["until"], "2026-11-22T00:00:00.000Z");
    assert_eq!(native["eta"]["window"]["kind"], "between");
    // What is taken back is gone, and what was left out stays.
    let edited = shop.call("PUT /shipments/A-1", &json!({"deliveryTime": null})).await.json();
    assert_eq!((&edited["deliveryTime"], &edited["orderValue"]), (&json!(null), &json!(160.99)));
    let native = shop.house.get(&format!("/shipments/{number}")).await.json();
    assert_eq!(
        (&native["promise"], &native["eta"]),
        (&json!(null), &json!(null)),
        "nobody promises it any more"
    );
}

#[tokio::test]
async fn what_may_not_be_edited() {
    let shop = Shop::open().await;
    shop.place("A-1").await;
    let refused = shop.call("PUT /shipments/A-1", &json!({"package": {"name": "large"}})).await;
    assert_eq!(refused.at("/type"), (400, json!("VALIDATION_ERROR")));
    assert_eq!(refused.json()["message"], "packages parameter cannot be changed post order dispatch");
    // The answer sent back as it came changes nothing, the parcel completed by us included.
    let shown = shop.call("GET /shipments/A-1", &json!(null)).await.json();
    for (edit, told) in [
        (json!({"orderExternalId": "B-1"}), "VALIDATION_ERROR"),
        (json!({"orderValue": -1}), "INVALID_DATA"),
        (json!({"orderValue": "ten"}), "VALIDATION_ERROR"),
        (json!({"locationExternalId": "nowhere"}), "INVALID_DATA"),
        (json!({"deliveryAddress": null}), "VALIDATION_ERROR"),
        (json!([]), "VALIDATION_ERROR"),
    ] {
        let refused = shop.call("PUT /shipments/A-1", &edit).await;
        assert_eq!(refused.at("/type"), (400, json!(told)), "{edit}");
    }
    assert_eq!(shop.call("GET /shipments/A-1", &json!(null)).await.json(), shown);
    shop.call("DELETE /shipments/A-1", &json!(null)).await;
    let refused = shop.call("PUT /shipments/A-1", &json!({"orderValue": 1})).await;
    assert_eq!(refused.at("/type"), (400, json!("VALIDATION_ERROR")));
}

#[tokio::test]
async fn an_order_that_nobody_took_is_kept_edited_and_retried() {
    let shop = Shop::open().await;
    shop.assign("7709", &json!([])).await;
    let failed = shop.place("A-1").await;
    assert_eq!(failed.at("/type"), (422, json!("NO_PROVIDER_ASSIGNED")));
    assert_eq!(
        shop.call("GET /shipments/A-1", &json!(null)).await.at("/status"),
        (200, json!("ESTIMATES_FAILED"))
    );
    let edit = json!({"package": {"name": "large"}, "deliveryInstructions": "Ring twice"});
    let edited = shop.call("PUT /shipments/A-1", &edit).await;
    assert_eq!(edited.at("/package/name"), (200, json!("large")), "{}", edited.text);
    assert_eq!(edited.at("/deliveryInstructions"), (200, json!("Ring twice")));
    let again = shop.call("POST /shipments/A-1/retry", &json!(null)).await;
    assert_eq!(again.at("/type"), (422, json!("NO_PROVIDER_ASSIGNED")));
    shop.assign("7709", &json!(null)).await;
    let again = shop.call("POST /shipments/A-1/retry", &json!(null)).await;
    assert_eq!(again.at("/status"), (201, json!("ORDER_DISPATCHED")));
    let again = shop.call("POST /shipments/A-1/retry", &json!(null)).await;
    assert_eq!(again.at("/type"), (409, json!("INVALID_OPERATION")));
}

#[tokio::test]
async fn a_cancelled_shipment_is_cancelled_for_everybody_and_once() {
    let shop = Shop::open().await;
    let number = shop.place("A-1").await.json()["trackingId"].as_str().unwrap_or_default().to_owned();
    let cancelled = shop.call("DELETE /shipments/A-1", &json!(null)).await;
    assert_eq!(cancelled.at("/status"), (200, json!("ORDER_CANCELLED")));
    assert_eq!(
        shop.house.get(&format!("/shipments/{number}")).await.at("/status"),
        (200, json!("cancelled"))
    );
    let again = shop.call("DELETE /shipments/A-1", &json!(null)).await;
    assert_eq!(again.at("/type"), (409, json!("ORDER_ALREADY_CANCELED")));
}
