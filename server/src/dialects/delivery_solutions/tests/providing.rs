//! The cells of the error table that only providers bring about.

use serde_json::{Value, json};

use super::shop::{Shop, order};
use crate::api::tests::house::Answer;
use crate::dialects::delivery_solutions::failure::{Call, Kind};

/// A provider that acts so.
fn provider(kind: &Value, carries: &Value) -> Value {
    let mut kind = kind.clone();
    kind["type"] = json!("simulated");
    json!({"name": "Simulated", "services": [{"id": "delivery", "type": "Delivery",
        "terms": {"base": 4.0, "pickupMinutes": 10, "deliveryMinutes": 30}}], "kind": kind, "carries": carries})
}

/// What keeps a provider from taking an order, or from letting go of it.
fn failing(kind: Kind) -> Value {
    match kind {
        Kind::NoProviderMatched => provider(&json!({}), &json!({"countries": ["MX"]})),
        Kind::PlaceOrderFailed => provider(&json!({"placements": {"times": 9, "how": "hard"}}), &json!({})),
        Kind::Unmapped => {
            let ways = json!({"placements": {"times": 9, "how": "unmapped"}, "cancellation": "unmapped"});
            provider(&ways, &json!({}))
        }
        Kind::CancellationNotAllowed => provider(&json!({"cancellation": "notAllowed"}), &json!({})),
        Kind::CancellationFailed => provider(&json!({"cancellation": "failing"}), &json!({})),
        other => panic!("{other:?} is not a provider's"),
    }
}

impl Shop {
    async fn put(&self, what: &str, body: &Value) {
        let answer = self.call(&format!("PUT /setup/{what}"), body).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    }
}

/// Makes `kind` happen to `call`.
pub(super) async fn provoke(kind: Kind, call: Call, shop: &Shop) -> Answer {
    // A location that nobody serves, and one where the provider fails; nobody is asked twice.
    shop.put("rules", &json!({"attempts": 1})).await;
    shop.assign("nobody", &json!([])).await;
    let there = if kind == Kind::NoProviderAssigned {
        "nobody"
    } else {
        let mut provider = failing(kind);
        if call == Call::Cancel {
            // It takes orders; what it does not do is to let go of them.
            provider["kind"].as_object_mut().and_then(|kind| kind.remove("placements"));
        }
        shop.put("providers/simulated", &provider).await;
        shop.assign("there", &json!(["simulated"])).await;
        "there"
    };
    let mut body = order("A");
    match call {
        Call::Create => {
            body["locationExternalId"] = json!(there);
            shop.call("POST /shipments", &body).await
        }
        Call::Cancel => {
            body["locationExternalId"] = json!(there);
            let placed = shop.call("POST /shipments", &body).await;
            assert_eq!(placed.status.as_u16(), 201, "{}", placed.text);
            shop.call("DELETE /shipments/A", &json!(null)).await
        }
        Call::Edit => {
            shop.place("A").await;
            shop.call("PUT /shipments/A", &json!({"locationExternalId": there})).await
        }
        Call::Retry => {
            body["locationExternalId"] = json!(there);
            shop.call("POST /shipments", &body).await;
            shop.call("POST /shipments/A/retry", &json!(null)).await
        }
        other => panic!("{other:?} asks no provider"),
    }
}
