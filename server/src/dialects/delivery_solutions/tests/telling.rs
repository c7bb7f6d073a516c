//! Webhooks out: what is told of which word, and to whom.

use doorstep_model::id::TrackingId;
use serde_json::{Value, json};

use super::shop::{Shop, order};
use crate::identity::TenantId;
use crate::webhooks::{Auth, Endpoint, EndpointPlan, News, Topic, Topics};

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

    /// Sets up that all orders' news is told there.
    async fn tells(&self, url: &str, auth: Auth) {
        let target = url.parse().unwrap_or_else(|e| panic!("{e}"));
        let shape = "delivery-solutions".to_owned();
        let (topics, note) = (Topics::ALL, String::new());
        let plan = EndpointPlan { scope: None, target, shape, auth, topics, includes_code: false, note };
        let now = self.house.state.clock.now();
        let added = self.house.state.store.add_endpoint(self.tenant().await, plan, now, 9).await;
        assert!(added.unwrap_or_else(|e| panic!("{e}")).is_some());
    }

    /// Places an order whose news goes there too; how we show who we are then.
    async fn shows(&self, id: &str, url: &str) -> Auth {
        let mut body = order(id);
        body["notifications"] = json!({"url": url});
        let placed = self.call("POST /shipments", &body).await;
        assert_eq!(placed.status.as_u16(), 201, "{}", placed.text);
        self.endpoints(&number(&placed.json())).await.remove(0).plan.auth
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

#[tokio::test]
async fn what_opens_a_door_goes_only_where_the_tenant_sends_it_itself() {
    let shop = Shop::open().await;
    let (state, tenant) = (&shop.house.state, shop.tenant().await);
    let token =
        Auth::header(&state.vault, tenant, "x-token", b"opens the door").unwrap_or_else(|e| panic!("{e}"));
    shop.tells("https://own.example.org/ds", token.clone()).await;
    assert_eq!(shop.shows("N-1", "https://partner.example.org/ds").await, Auth::None);
    assert_eq!(shop.shows("N-2", "https://own.example.org:8443/ds").await, Auth::None, "another server");
    assert_eq!(shop.shows("N-3", "https://own.example.org/other").await, token);
    let hmac =
        Auth::hmac(&state.vault, tenant, "x-ds-signature", b"secret").unwrap_or_else(|e| panic!("{e}"));
    shop.tells("https://second.example.org/ds", hmac.clone()).await;
    assert_eq!(
        shop.shows("N-4", "https://partner.example.org/ds").await,
        hmac,
        "a signature gives nothing away"
    );
}

#[tokio::test]
async fn an_address_is_moved_though_the_order_cannot_be_placed_anew() {
    let shop = Shop::open().await;
    let failing = json!({"name": "Failing", "services": [{"id": "d", "type": "D", "terms": {"base": 1}}],
        "kind": {"type": "simulated", "placements": {"times": 9, "how": "hard"}}});
    let set_up = shop.call("PUT /setup/providers/failing", &failing).await;
    assert_eq!(set_up.status.as_u16(), 200, "{}", set_up.text);
    shop.assign("there", &json!(["failing"])).await;
    let placed = shop.place("N-1").await.json();
    let number = number(&placed);
    let url = "https://hooks.example.org/ds";
    let edit = json!({"locationExternalId": "there", "notifications": {"url": url}});
    let edited = shop.call("PUT /shipments/N-1", &edit).await;
    assert_eq!(edited.at("/type"), (422, json!("PLACE_ORDER_FAILED")), "{}", edited.text);
    let before = shop.endpoints(&number).await;
    assert_eq!(before.iter().map(|known| known.plan.target.as_str()).collect::<Vec<_>>(), [url]);
    shop.call("PUT /shipments/N-1", &json!({"notifications": {"url": url}})).await;
    let after = shop.endpoints(&number).await;
    assert_eq!(after.iter().map(|known| known.id).collect::<Vec<_>>(), [before[0].id], "the same stands");
    // Another secret is another way of showing who we are.
    let (state, tenant) = (&shop.house.state, shop.tenant().await);
    let hmac =
        Auth::hmac(&state.vault, tenant, "x-ds-signature", b"secret").unwrap_or_else(|e| panic!("{e}"));
    shop.tells("https://own.example.org/ds", hmac.clone()).await;
    shop.call("PUT /shipments/N-1", &json!({"notifications": {"url": url}})).await;
    let after = shop.endpoints(&number).await;
    assert_eq!(after.into_iter().map(|known| known.plan.auth).collect::<Vec<_>>(), [hmac]);
}
