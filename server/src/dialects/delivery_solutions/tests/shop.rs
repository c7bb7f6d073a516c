//! A shop that was set up: its house, its key, one location, and the calls that it makes.

use serde_json::{Value, json};

use crate::api::tests::house::{Answer, House};
use crate::limits::Allowances;

/// Where the dialect lives.
pub(crate) const ROOT: &str = "/api/delivery-solutions";

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
            "pickupAddress": {"street1": "345 Harrison Avenue", "city": "Boston", "postalCode": "02118",
                "countryCode": "US", "state": "MA", "latitude": 42.3452369, "longitude": -71.0639399},
            "undeliverableOrderReturnLocation": {"name": "WareHouse 301",
                "address": {"street1": "502 Park Avenue", "city": "New York", "postalCode": "10022",
                    "countryCode": "US", "state": "NY"},
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
