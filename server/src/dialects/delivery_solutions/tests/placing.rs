//! Placing a shipment and looking at it.

use serde_json::json;

use super::shop::{Shop, order};

#[tokio::test]
async fn a_shipment_is_placed_shown_and_watched() {
    let shop = Shop::open().await;
    let placed = shop.place("A-1").await;
    assert_eq!(placed.at("/status"), (201, json!("ORDER_DISPATCHED")));
    let shown = shop.call("GET /shipments/A-1", &json!(null)).await;
    assert_eq!(shown.json(), placed.json());
    let number = placed.json()["trackingId"].as_str().unwrap_or_default().to_owned();
    assert!(number.starts_with("DS-") && number.len() == 19, "{number}");
    let native = shop.house.get(&format!("/shipments/{number}")).await;
    assert_eq!(native.at("/status"), (200, json!("confirmed")));
    assert_eq!(native.at("/recipient/name"), (200, json!("Charlize Brian")));
    assert_eq!(native.at("/reference"), (200, json!("A-1")));
    let history = shop.call("GET /shipments/A-1/status-history", &json!(null)).await.json();
    let words: Vec<&str> = history[0]["orderStatus"]
        .as_array()
        .map_or(Vec::new(), |entries| entries.iter().filter_map(|entry| entry["status"].as_str()).collect());
    assert_eq!(words, ["REQUEST_RECEIVED", "ORDER_DISPATCHED"]);
    assert_eq!(history[0]["orderStatus"][0]["updatedAt"], "November 21st 2026, 6:00:00 am CST");
    assert_eq!(history[0]["orderStatus"][0]["statusUser"], "manager-app");
}

#[tokio::test]
async fn what_is_told_natively_shows_in_the_originals_words() {
    let shop = Shop::open().await;
    let placed = shop.place("A-1").await.json();
    let number = placed["trackingId"].as_str().unwrap_or_default();
    let event = r#"{"id": "e1", "status": "out_for_delivery", "time": "2026-11-21T12:00:00Z"}"#;
    shop.house.post(&format!("/shipments/{number}/events"), event).await;
    let shown = shop.call("GET /shipments/A-1", &json!(null)).await;
    assert_eq!(shown.at("/status"), (200, json!("OUT_FOR_DELIVERY")));
}

#[tokio::test]
async fn fields_that_no_shipment_has_are_left_out_with_a_warning() {
    let shop = Shop::open().await;
    let mut body = order("A-1");
    body["colour"] = json!("blue");
    body["status"] = json!("ORDER_DELIVERED");
    let placed = shop.call("POST /shipments", &body).await.json();
    assert_eq!(placed["warnings"].as_array().map(Vec::len), Some(1));
    assert_eq!(placed["warnings"][0]["type"], "UNKNOWN_FIELD");
    assert_eq!(placed["status"], "ORDER_DISPATCHED");
}
