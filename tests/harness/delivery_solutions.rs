//! Delivery Solutions' API as one of its clients calls it. Only what the tests need.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::api::{Answer, ask};
use crate::server::Server;

/// A client of the tenant `shop`, with a location that its providers serve.
pub struct DeliverySolutions {
    base: String,
    key: String,
}

impl DeliverySolutions {
    /// With the location `7709`, served by `providers`, and by `rules`.
    ///
    /// # Errors
    /// When something cannot be set up.
    pub async fn open(server: &Server, providers: &[Value], rules: &Value) -> Result<Self> {
        let key = server.client_as("shop", "manager").await?.key().to_owned();
        let shop = Self { base: server.url("/api/delivery-solutions"), key };
        for provider in providers {
            let name = provider["name"].as_str().context("a provider has a name")?;
            shop.sets_up(&format!("providers/{name}"), provider).await?;
        }
        let names: Vec<&Value> = providers.iter().map(|provider| &provider["name"]).collect();
        let location = json!({"zone": "America/Chicago", "providers": names, "pickupAddress": {
            "street1": "The Mall", "city": "Dallas", "state": "TX", "postalCode": "75219", "countryCode": "US",
            "latitude": 32.814645, "longitude": -96.819823}});
        shop.sets_up("locations/7709", &location).await?;
        shop.sets_up("rules", rules).await?;
        Ok(shop)
    }

    /// Calls by a line such as `GET /shipments/A-1`; a body of `null` is none.
    ///
    /// # Errors
    /// When nothing answers.
    pub async fn call(&self, line: &str, body: &Value) -> Result<Answer> {
        let headers =
            [("x-api-key", self.key.as_str()), ("tenantId", "shop"), ("content-type", "application/json")];
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        ask(&self.base, line, &headers, body).await
    }

    /// Places an order of that id and gives the answer.
    ///
    /// # Errors
    /// When it is not taken.
    pub async fn place(&self, id: &str) -> Result<Value> {
        let order = json!({
            "orderExternalId": id, "locationExternalId": "7709",
            "deliveryContact": {"name": "Charlize Brian", "phone": "+1 201-555-5555"},
            "deliveryAddress": {"street1": "5411 Mercedes Avenue", "city": "Dallas", "state": "TX",
                "countryCode": "US", "postalCode": "75206"},
        });
        let answer = self.call("POST /shipments", &order).await?;
        ensure!(answer.status == 201, "{} {}", answer.status, answer.text);
        Ok(answer.json())
    }

    /// The words of an order's history.
    ///
    /// # Errors
    /// When nothing answers.
    pub async fn history(&self, id: &str) -> Result<Vec<String>> {
        let history = self.call(&format!("GET /shipments/{id}/status-history"), &Value::Null).await?.json();
        let entries = history[0]["orderStatus"].as_array().cloned().unwrap_or_default();
        Ok(entries.iter().filter_map(|entry| Some(entry["status"].as_str()?.to_owned())).collect())
    }

    async fn sets_up(&self, what: &str, body: &Value) -> Result<()> {
        let answer = self.call(&format!("PUT /setup/{what}"), body).await?;
        ensure!(answer.status == 200, "{what}: {} {}", answer.status, answer.text);
        Ok(())
    }
}
