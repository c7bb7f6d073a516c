//! Webhooks out: what is told of which word, and to whom.

use doorstep_model::id::TrackingId;
use serde_json::{Value, json};

use super::shop::{Shop, order};
use crate::identity::TenantId;
use crate::webhooks::{Endpoint, News, Topic};

impl Shop {
    pub(super) async fn tenant(&self) -> TenantId {
        let name = "shop".parse().unwrap_or_else(|e| panic!("{e}"));
        let tenant = self.house.state.store.tenant_by_name(&name).await;
        tenant.ok().flatten().unwrap_or_else(|| panic!("a shop"))
    }

    /// The endpoints about that shipment alone.
    async fn endpoints(&self, number: &TrackingId) -> Vec<Endpoint> {
        let all = self.house.state.store.endpoints(self.tenant().await, Some(number)).await;
        let all = all.unwrap_or_else(|e| panic!("{e}"));
        all.into_iter().filter(|endpoint| endpoint.plan.scope.is_some()).collect()
    }

    /// What the shape writes of the shipment's last event.
    async fn told(&self, number: &TrackingId, topic: Topic, endpoint: &Endpoint) -> Option<Value> {
        let state = &self.house.state;
        let shipment = state.store.shipment(number).await.ok().flatten();
        let event = shipment.as_ref().and_then(|shipment| shipment.events().last().cloned());
        let at = state.clock.now();
        let news = News { message: "msg_1".to_owned(), topic, at, shipment, event, code: None };
        let shape = state.shapes.get("delivery-solutions").unwrap_or_else(|| panic!("a shape"));
        let rendered = shape.render(&news, endpoint).await.unwrap_or_else(|e| panic!("{e:#}"));
        rendered.map(|rendered| serde_json::from_str(&rendered.body).unwrap_or_else(|e| panic!("{e}")))
    }
}

fn number(order: &Value) -> TrackingId {
    let url = order["referenceLinks"]["trackingUrl"].as_str().unwrap_or_default();
    TrackingId::parse(url.rsplit('/').next().unwrap_or_default()).unwrap_or_else(|e| panic!("{e}"))
}

#[tokio::test]
async fn an_orders_own_address_is_told_every_word_in_the_originals_shape() {
    let shop = Shop::open().await;
    let mut body = order("N-1");
    body["notifications"] = json!({"url": "https://hooks.example.org/ds?x=1"});
    body["package"]["content"] = json!(["alcohol"]);
    let placed = shop.call("POST /shipments", &body).await;
    assert_eq!(placed.status.as_u16(), 201, "{}", placed.text);
    let number = number(&placed.json());
    let endpoints = shop.endpoints(&number).await;
    assert_eq!(endpoints.len(), 1);
    assert_eq!(endpoints[0].plan.target.as_str(), "https://hooks.example.org/ds?x=1");

    let told = shop.told(&number, Topic::StatusChanged, &endpoints[0]).await.unwrap_or_default();
    assert_eq!(
        (&told["status"], &told["webhookType"], &told["event"]),
        (&json!("ORDER_DISPATCHED"), &json!("status"), &json!("order"))
    );
    assert_eq!(told["receivedAt"], "November 21st 2026, 6:00:00 am CST");
    assert_eq!(told["receivedAtEpoch"], 1_795_262_400_000_i64);
    assert_eq!(
        (&told["storeExternalId"], &told["deliveryAddress"]["zipcode"]),
        (&json!("7709"), &json!("75206"))
    );
    assert_eq!((&told["isSpirit"], &told["isRx"]), (&json!(true), &json!(false)));
    assert_eq!(told["packages"][0]["name"], "small");
    // `systems.md` 4.7 names these.
    for field in [
        "event",
        "status",
        "webhookType",
        "receivedAt",
        "receivedAtEpoch",
        "sentAt",
        "orderId",
        "orderExternalId",
        "storeExternalId",
        "tenantId",
        "groupId",
        "provider",
        "trackingNumber",
        "trackingUrl",
        "hostedTrackingUrl",
        "hostedFeedbackUrl",
        "returnsUrl",
        "labelLink",
        "note",
        "statusUser",
        "subStatus",
        "eventReason",
        "driver",
        "vehicle",
        "lastLocation",
        "signatureImageUrl",
        "attachments",
        "timeZone",
        "pickupTime",
        "dropoffTime",
        "estimatedPickupTime",
        "estimatedDeliveryTime",
        "isSpirit",
        "isBeerOrWine",
        "isTobacco",
        "isFragile",
        "isRx",
        "hasRefrigeratedItems",
        "hasPerishableItems",
        "tips",
    ] {
        assert!(told.get(field).is_some(), "{field} is missing");
    }
    // What is no word of the original's is not told, and what we tell we would hear.
    assert_eq!(shop.told(&number, Topic::PreferencesChanged, &endpoints[0]).await, None);
    shop.set_up_source().await;
    let mut elsewhere = told;
    elsewhere["orderExternalId"] = json!("N-2");
    assert_eq!(shop.hear(&elsewhere).await.at("/new"), (200, json!(true)));
    let heard = shop.call("GET /shipments/N-2", &json!(null)).await.json();
    assert_eq!(
        (&heard["status"], &heard["deliveryContact"]["name"]),
        (&json!("ORDER_DISPATCHED"), &json!("Charlize Brian"))
    );

    shop.call("PUT /shipments/N-1", &json!({"notifications": null})).await;
    assert_eq!(shop.endpoints(&number).await.len(), 0);
}

#[tokio::test]
async fn an_address_in_our_own_network_is_refused_and_an_order_that_comes_to_nothing_leaves_none() {
    let shop = Shop::open().await;
    for url in [
        "http://127.0.0.1:9/",
        "https://169.254.169.254/latest",
        "ftp://example.org",
        "https://u:p@example.org",
        "x",
    ] {
        let mut body = order("N-1");
        body["notifications"] = json!({"url": url});
        let refused = shop.call("POST /shipments", &body).await;
        assert_eq!(refused.at("/type"), (400, json!("VALIDATION_ERROR")), "{url}");
    }
    let mut body = order("N-1");
    body["notifications"] = json!({"url": "https://hooks.example.org/"});
    let placed = shop.call("POST /shipments", &body).await.json();
    shop.call("POST /shipments", &body).await;
    assert_eq!(shop.endpoints(&number(&placed)).await.len(), 1);
}
