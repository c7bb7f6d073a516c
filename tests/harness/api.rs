//! The native API as a client calls it. Only what the tests need.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

/// A client with its key.
#[derive(Clone)]
pub struct Api {
    base: String,
    key: String,
    http: reqwest::Client,
}

impl Api {
    pub(crate) fn new(base: String, key: String) -> Self {
        Self { base, key, http: reqwest::Client::new() }
    }

    /// Sends a POST with a JSON body; gives status and body.
    ///
    /// # Errors
    /// When nothing answers.
    pub async fn post(&self, path: &str, body: &Value) -> reqwest::Result<(u16, Value)> {
        let request = self.http.post(format!("{}/api/v1{path}", self.base)).bearer_auth(&self.key).json(body);
        let answer = request.send().await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    }

    /// Sends a GET; gives status and body.
    ///
    /// # Errors
    /// When nothing answers.
    pub async fn get(&self, path: &str) -> reqwest::Result<(u16, Value)> {
        let answer =
            self.http.get(format!("{}/api/v1{path}", self.base)).bearer_auth(&self.key).send().await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    }

    /// Makes a shipment in Madrid's zone known.
    ///
    /// # Errors
    /// When it is not created.
    pub async fn create(&self, tracking_id: &str) -> Result<()> {
        let (status, body) =
            self.post("/shipments", &json!({"trackingId": tracking_id, "zone": "Europe/Madrid"})).await?;
        ensure!(status == 201, "create: {status} {body}");
        Ok(())
    }

    /// Reports one event and gives the shipment's sequence.
    ///
    /// # Errors
    /// When it is not taken.
    pub async fn report(&self, tracking_id: &str, event: Value) -> Result<u64> {
        let (status, body) = self.post(&format!("/shipments/{tracking_id}/events"), &event).await?;
        ensure!(status == 200, "report: {status} {body}");
        body["sequence"].as_u64().ok_or_else(|| anyhow::anyhow!("no sequence in {body}"))
    }
}
