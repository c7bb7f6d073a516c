//! Webhooks of the original, as they come: signed or not, twice, late, with gaps, in whatever order.

use doorstep_model::time::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::shop::Shop;

/// Milliseconds of an instant.
pub(super) fn millis(at: &str) -> i64 {
    Timestamp::parse(at).unwrap_or_else(|e| panic!("{e}")).millis()
}

/// A webhook as the original's older objects write it.
fn webhook(status: &str, epoch: i64, more: &Value) -> Value {
    let mut webhook = json!({
        "event": "order", "webhookType": "status", "status": status, "orderExternalId": "K-1",
        "orderId": "6268f4a9d9f309c2a43e3a6a", "storeExternalId": "7709", "tenantId": "theirs",
        "receivedAt": "prose", "receivedAtEpoch": epoch, "sentAt": "2026-11-20T08:00:09.000Z",
        "timeZone": "America/Chicago", "statusUser": "DoorDash", "provider": "DoorDash", "trackingNumber": "1391249133",
        "deliveryContact": {"name": "Charlize Brian", "phone": "+1 201-555-5555"},
        "deliveryAddress": {"street1": "5411 Mercedes Avenue", "city": "Dallas", "state": "TX", "zipcode": "75206",
            "country": "US"},
        "dropoffTime": {"startsAt": 1_795_302_000_000_i64, "endsAt": 1_795_305_600_000_i64},
        "packages": [{"name": "small", "weight": 3}],
        "isSpirit": false, "tips": 0,
    });
    if let (Some(webhook), Some(more)) = (webhook.as_object_mut(), more.as_object()) {
        webhook.extend(more.clone());
    }
    webhook
}

/// A journey with a delay, a removed driver, a second try and a word that nobody knows.
fn journey() -> Vec<Value> {
    let start = millis("2026-11-20T08:00:00Z");
    let words: [(&str, Value); 12] = [
        ("REQUEST_RECEIVED", json!({})),
        ("ESTIMATES_RECEIVED", json!({})),
        ("ORDER_DISPATCHED", json!({"deliveryInstructions": "Ring once"})),
        ("ORDER_ASSIGNED", json!({"driver": {"name": "Ana Ruiz", "phone": "555-1"}})),
        ("ORDER_UNASSIGNED", json!({})),
        ("ORDER_ASSIGNED", json!({"driver": {"name": "Luis Gil", "phone": "555-2"}})),
        ("PICKUP_COMPLETED", json!({"deliveryContact": {"name": "C. Brian", "phone": "+1 201-555-0000"}})),
        (
            "ORDER_DELAYED",
            json!({"estimatedDeliveryTime": {"startsAt": 1_795_303_000_000_i64, "endsAt": 1_795_306_000_000_i64}}),
        ),
        ("BLESSED", json!({})),
        ("OUT_FOR_DELIVERY", json!({"orderValue": 12.5, "dropoffTime": {"endsAt": 1_795_309_200_000_i64}})),
        ("ORDER_REDELIVERY", json!({"note": "Nobody was there"})),
        ("ORDER_DELIVERED", json!({"trackingNumber": "77"})),
    ];
    words.iter().zip(0..).map(|((word, more), n)| webhook(word, start + n * 60_000, more)).collect()
}

/// What there is to see of the order, but for when and as what we heard of it.
async fn seen(shop: &Shop) -> Value {
    let mut order = shop.call("GET /shipments/K-1", &json!(null)).await.json();
    let number = native_number(&order);
    let history = shop.call("GET /shipments/K-1/status-history", &json!(null)).await.json();
    let native = shop.house.get(&format!("/shipments/{number}")).await.json();
    for ours in ["createdAt", "lastUpdatedAt", "label", "referenceLinks", "package"] {
        order.as_object_mut().and_then(|order| order.remove(ours));
    }
    let shown: serde_json::Map<String, Value> =
        ["status", "since", "step", "flags", "reason", "eta", "courier", "recipient", "promise", "events"]
            .into_iter()
            .map(|field| (field.to_owned(), native.get(field).cloned().unwrap_or_default()))
            .collect();
    json!({"order": order, "history": history[0]["orderStatus"], "shipment": shown})
}

fn native_number(order: &Value) -> String {
    let url = order["referenceLinks"]["trackingUrl"].as_str().unwrap_or_default();
    url.rsplit('/').next().unwrap_or_default().to_owned()
}

async fn heard(webhooks: &[Value]) -> Value {
    let shop = Shop::open().await;
    shop.set_up_source().await;
    for webhook in webhooks {
        let answer = shop.hear(webhook).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    }
    seen(&shop).await
}

fn run<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap_or_else(|e| panic!("{e}")).block_on(work)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any order, any doubling, of any part of the journey gives what its own order gives.
    #[test]
    fn any_order_doubled_and_with_gaps_gives_the_same_shipment(
        kept in proptest::collection::vec(any::<bool>(), 12),
        order in Just((0..24_usize).collect::<Vec<_>>()).prop_shuffle(),
        doubled in proptest::collection::vec(any::<bool>(), 12),
    ) {
        let journey: Vec<Value> =
            journey().into_iter().zip(&kept).filter(|(_, kept)| **kept).map(|(webhook, _)| webhook).collect();
        prop_assume!(!journey.is_empty());
        let shuffled: Vec<Value> = order
            .into_iter()
            .filter_map(|n| {
                let again = n >= 12;
                let webhook = journey.get(n % 12)?;
                (!again || doubled.get(n % 12).copied().unwrap_or_default()).then(|| webhook.clone())
            })
            .collect();
        let (told, mixed) = run(async { (heard(&journey).await, heard(&shuffled).await) });
        prop_assert_eq!(told, mixed);
    }
}

#[tokio::test]
async fn an_order_that_nobody_knows_becomes_a_shipment_that_moves() {
    let shop = Shop::open().await;
    shop.set_up_source().await;
    for webhook in journey() {
        shop.hear(&webhook).await;
    }
    let seen = seen(&shop).await;
    assert_eq!(seen["shipment"]["status"], "delivered");
    assert_eq!(seen["shipment"]["courier"]["name"], "Luis Gil");
    assert_eq!(seen["shipment"]["recipient"]["address"], "5411 Mercedes Avenue, Dallas, TX 75206, US");
    assert_eq!(seen["order"]["status"], "ORDER_DELIVERED");
    assert_eq!(seen["order"]["id"], "6268f4a9d9f309c2a43e3a6a");
    assert_eq!(
        (&seen["order"]["trackingId"], &seen["order"]["provider"]["name"]),
        (&json!("77"), &json!("DoorDash"))
    );
    assert_eq!(seen["order"]["deliveryInstructions"], "Ring once");
    // A word that no table maps stands in the history as it came, and moves nothing.
    let words: Vec<&str> = seen["history"]
        .as_array()
        .map_or(Vec::new(), |entries| entries.iter().filter_map(|entry| entry["status"].as_str()).collect());
    assert_eq!(words.len(), 12);
    assert_eq!(words.get(8), Some(&"BLESSED"));
    // A note may be meant for the tenant alone.
    let (history, events) = (seen["history"].to_string(), seen["shipment"]["events"].to_string());
    assert!(history.contains("Nobody was there") && !events.contains("Nobody was there"), "{events}");
    let again = shop.hear(&journey().remove(3)).await;
    assert_eq!(again.at("/new"), (200, json!(false)));
}

#[tokio::test]
async fn a_signature_is_asked_for_before_anything_is_read() {
    let shop = Shop::open().await;
    shop.set_up_source().await;
    let body = webhook("ORDER_DELIVERED", 1, &json!({})).to_string();
    let right = crate::webhooks::hmac_hex(b"sixteen bytes or more", body.as_bytes());
    for signature in
        ["", "00", &right[1..], &crate::webhooks::hmac_hex(b"another secret here", body.as_bytes())]
    {
        let refused = shop.hear_signed(&body, signature).await;
        assert_eq!(refused.at("/type"), (401, json!("UNAUTHORIZED")), "{signature}");
        // Not a word about the body, however wrong that is.
        let other = shop.hear_signed("{", signature).await;
        assert_eq!(other.text, refused.text);
    }
    let changed = shop.hear_signed(&format!("{body} "), &right).await;
    assert_eq!(changed.status.as_u16(), 401);
    for unknown in ["shop.other", "other.main", "main", "nobody.main", ".", "%FF.main"] {
        let line = format!("POST /api/delivery-solutions/webhooks/{unknown}");
        let refused = shop.house.call(&line, "", &[("x-ds-signature", &right)], &body).await;
        assert_eq!(refused.at("/type"), (401, json!("UNAUTHORIZED")), "{unknown}");
    }
    assert_eq!(shop.hear_signed(&body, &right.to_uppercase()).await.status.as_u16(), 200);
    for bad in ["[]", "{}", r#"{"orderExternalId":"a"}"#, r#"{"status":"X"}"#, "nonsense"] {
        let signature = crate::webhooks::hmac_hex(b"sixteen bytes or more", bad.as_bytes());
        assert_eq!(
            shop.hear_signed(bad, &signature).await.at("/type"),
            (400, json!("VALIDATION_ERROR")),
            "{bad}"
        );
    }
}

#[tokio::test]
async fn an_order_that_was_placed_elsewhere_is_neither_cancelled_nor_placed_here() {
    let shop = Shop::open().await;
    shop.set_up_source().await;
    shop.hear(&webhook("REQUEST_RECEIVED", millis("2026-11-21T12:00:00Z"), &json!({}))).await;
    let refused = shop.call("DELETE /shipments/K-1", &json!(null)).await;
    assert_eq!(refused.at("/type"), (403, json!("CANCELLATION_NOT_ALLOWED")));
    assert!(refused.text.contains("main"), "it says where: {}", refused.text);
    let refused = shop.call("POST /shipments/K-1/retry", &json!(null)).await;
    assert_eq!(refused.at("/type"), (409, json!("INVALID_OPERATION")));
    assert!(refused.text.contains("main"), "it says where: {}", refused.text);
    let shown = shop.call("GET /shipments/K-1", &json!(null)).await;
    assert_eq!(shown.at("/status"), (200, json!("REQUEST_RECEIVED")));
}

#[tokio::test]
async fn a_webhook_about_an_order_that_was_placed_here_moves_it_and_edits_nothing() {
    let shop = Shop::open().await;
    shop.set_up_source().await;
    shop.place("K-1").await;
    shop.hear(&webhook("OUT_FOR_DELIVERY", millis("2026-11-21T12:00:01Z"), &json!({"orderValue": 1}))).await;
    let shown = shop.call("GET /shipments/K-1", &json!(null)).await;
    assert_eq!(shown.at("/status"), (200, json!("OUT_FOR_DELIVERY")));
    assert_eq!(shown.at("/orderValue"), (200, json!(78.65)));
}
