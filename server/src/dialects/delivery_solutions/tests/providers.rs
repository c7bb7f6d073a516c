//! Providers as clients and fleets see them, in virtual time: nothing here sleeps until something is due; the
//! clock is moved and the worker takes a turn.

mod cancelling;
mod choosing;
mod fleets;
mod later;
mod letting_go;
mod setting_up;

use std::time::Duration;

use serde_json::{Value, json};

use super::shop::Shop;
use crate::api::tests::house::Answer;
use crate::dialects::DialectState;
use crate::dialects::delivery_solutions::providers::turn;

/// A simulated provider of that name and price.
fn simulated(name: &str, base: f64) -> Value {
    json!({
        "name": name,
        "services": [{"id": "delivery", "type": "Delivery",
            "terms": {"base": base, "pickupMinutes": 10, "deliveryMinutes": 30}}],
        "kind": {"type": "simulated"},
    })
}

impl Shop {
    /// Sets providers up under their names, and has the location 7709 served by them.
    async fn served_by(&self, providers: &[Value]) {
        let names: Vec<&str> = providers.iter().filter_map(|provider| provider["name"].as_str()).collect();
        for provider in providers {
            let name = provider["name"].as_str().unwrap_or_default();
            self.sets_up(&format!("providers/{name}"), provider).await;
        }
        let mut location = self.call("GET /setup/locations/7709", &json!(null)).await.json();
        location["providers"] = json!(names);
        self.sets_up("locations/7709", &location).await;
    }

    async fn sets_up(&self, what: &str, body: &Value) {
        let answer = self.call(&format!("PUT /setup/{what}"), body).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    }

    async fn shown(&self, id: &str) -> Answer {
        self.call(&format!("GET /shipments/{id}"), &json!(null)).await
    }

    /// The words of the history, and the notes.
    async fn history(&self, id: &str) -> (Vec<String>, Vec<String>) {
        let history = self.call(&format!("GET /shipments/{id}/status-history"), &json!(null)).await.json();
        let entries = history[0]["orderStatus"].as_array().cloned().unwrap_or_default();
        let text = |entry: &Value, field: &str| entry[field].as_str().unwrap_or_default().to_owned();
        let words = entries.iter().map(|entry| text(entry, "status")).collect();
        (words, entries.iter().map(|entry| text(entry, "note")).collect())
    }

    /// Lets time pass, and the worker do what is due then.
    async fn after(&self, seconds: u64) {
        self.house.wait(Duration::from_secs(seconds));
        self.works().await;
    }

    fn state(&self) -> DialectState {
        DialectState { app: self.house.state.clone(), keys: Default::default() }
    }

    /// Has the worker do all that is due now; says how much that was.
    async fn works(&self) -> usize {
        let state = self.state();
        let mut done = 0;
        loop {
            match turn(&state).await.unwrap_or_else(|e| panic!("{e}")) {
                0 => return done,
                some => done += some,
            }
        }
    }
}
