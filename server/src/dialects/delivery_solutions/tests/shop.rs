//! A shop that was set up: its house, its key, one location, and the calls that it makes.

use serde_json::{Value, json};

use tower::ServiceExt as _;

use crate::api::tests::house::{Answer, House, request};
use crate::limits::Allowances;
use crate::webhooks::hmac_hex;

/// Where the dialect lives.
pub(crate) const ROOT: &str = "/api/delivery-solutions";

/// What the webhooks of the source `main` are signed by.
const SECRET: &str = "sixteen bytes or more";

/// A shop with the location `7709` in Boston, which its own fleet serves.
pub(crate) struct Shop {
    pub(crate) house: House,
}

impl Shop {
    /// Ready to place orders.
    pub(crate) async fn open() -> Self {
        Self::with(Allowances::default()).await
    }

    /// The same with these limits.
    pub(crate) async fn with(allowances: Allowances) -> Self {
        let shop = Self { house: House::with(allowances).await };
        let location = json!({
            "zone": "America/Chicago",
            "brandExternalId": "dummyaccount1",
            "pickupContact": {"name": "asd", "phone": "+1 234-567-8900"},
            "pickupAddress": {"street1": "345 Harrison Avenue", "street2": "", "city": "Boston", "postalCode": "02118",
                "countryCode": "US", "state": "MA", "latitude": 42.3452369, "longitude": -71.0639399},
            "undeliverableOrderReturnLocation": {"name": "WareHouse 301",
                "address": {"street1": "502 Park Avenue", "street2": "", "city": "New York", "postalCode": "10022",
                    "countryCode": "US", "state": "NY", "latitude": 40.76321409999999, "longitude": -73.9698963},
                "contact": {"name": "John Smith", "phone": "+1 201-555-0123"}},
            "returnLocationId": "301",
        });
        let answer = shop.call("PUT /setup/locations/7709", &location).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
        shop
    }

    /// Calls as the manager of `shop`; a body of `null` is none.
    pub(crate) async fn call(&self, line: &str, body: &Value) -> Answer {
        self.call_as(line, &self.house.manager, "shop", body).await
    }

    /// Calls with a key and a tenant's name; either may be empty, and is left out then.
    pub(crate) async fn call_as(&self, line: &str, key: &str, tenant: &str, body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.call_raw(line, key, tenant, &body).await
    }

    /// The same with a body as it is.
    pub(crate) async fn call_raw(&self, line: &str, key: &str, tenant: &str, body: &str) -> Answer {
        let (method, path) = line.split_once(' ').unwrap_or_else(|| panic!("{line} is no request line"));
        let headers: Vec<(&str, &str)> = [("x-api-key", key), ("tenantId", tenant)]
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect();
        self.house.call(&format!("{method} {ROOT}{path}"), "", &headers, body).await
    }

    /// Calls as the manager for something that is no text.
    pub(crate) async fn bytes(&self, line: &str) -> (u16, Vec<u8>) {
        let (method, path) = line.split_once(' ').unwrap_or_else(|| panic!("{line} is no request line"));
        let headers = [("x-api-key", self.house.manager.as_str()), ("tenantId", "shop")];
        let request = request(&format!("{method} {ROOT}{path}"), "", &headers, axum::body::Body::empty());
        let answer = match self.house.router.clone().oneshot(request).await {
            Ok(answer) => answer,
            Err(never) => match never {},
        };
        let status = answer.status().as_u16();
        let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap_or_default();
        (status, bytes.to_vec())
    }

    /// Sets a location up with these providers; with its own fleet for `null`.
    pub(crate) async fn assign(&self, location: &str, providers: &Value) {
        let body = json!({"zone": "America/Chicago", "providers": providers});
        let answer = self.call(&format!("PUT /setup/locations/{location}"), &body).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    }

    /// Sets the source `main` of webhooks up.
    pub(crate) async fn set_up_source(&self) {
        let source = json!({"secret": SECRET, "zone": "America/Chicago"});
        let answer = self.call("PUT /setup/sources/main", &source).await;
        let url = format!("https://track.test{ROOT}/webhooks/shop.main");
        assert_eq!(answer.at("/url"), (200, json!(url)), "{}", answer.text);
    }

    /// Hears a webhook from it.
    pub(crate) async fn hear(&self, webhook: &Value) -> Answer {
        let body = webhook.to_string();
        let signature = hmac_hex(SECRET.as_bytes(), body.as_bytes());
        self.hear_signed(&body, &signature).await
    }

    /// The same with whatever signature.
    pub(crate) async fn hear_signed(&self, body: &str, signature: &str) -> Answer {
        let line = format!("POST {ROOT}/webhooks/shop.main");
        self.house.call(&line, "", &[("x-ds-signature", signature)], body).await
    }

    /// Places an order of that id and gives the answer.
    pub(crate) async fn place(&self, id: &str) -> Answer {
        self.call("POST /shipments", &order(id)).await
    }
}

/// An order that can be placed.
pub(crate) fn order(id: &str) -> Value {
    json!({
        "orderExternalId": id,
        "locationExternalId": "7709",
        "orderValue": 78.65,
        "deliveryContact": {"name": "Charlize Brian", "phone": "+1 201-555-5555", "email": "c.brian@example.com"},
        "deliveryAddress": {"street1": "5411 Mercedes Avenue", "city": "Dallas", "state": "TX",
            "countryCode": "US", "postalCode": "75206"},
        "package": {"name": "small", "itemQuantity": 1, "size": {"length": 6, "width": 6, "height": 6, "unit": "in"},
            "weight": {"value": 10, "unit": "lb"}},
    })
}
