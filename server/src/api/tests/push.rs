//! Who may be told by push: devices at public push services, whatever managers may have called.

use std::sync::Arc;

use serde_json::json;

use super::house::House;
use crate::outbound::Outbound;

#[tokio::test]
async fn what_webhooks_may_call_push_does_not() {
    let mut house = House::new().await;
    let allowed = "10.0.0.0/8".parse().unwrap_or_else(|e| panic!("{e}"));
    house.state.outbound = Arc::new(Outbound::new(allowed).unwrap_or_else(|e| panic!("{e:#}")));
    house.router = crate::api::router(house.state.clone());
    let hook = house.post("/webhooks", r#"{"url": "http://10.20.0.5/hook"}"#).await;
    assert_eq!(hook.status, 201, "{}", hook.text);
    house.post("/shipments", r#"{"trackingId": "P-1"}"#).await;
    let subscribe = async |endpoint: &str| {
        let body = json!({"endpoint": endpoint}).to_string();
        house.call("POST /api/v1/track/P-1/push", "", &[("x-doorstep", "1")], &body).await
    };
    for endpoint in ["http://10.20.0.5/admin/restart", "https://10.20.0.5/", "http://push.example/"] {
        let refused = subscribe(endpoint).await;
        assert_eq!(
            refused.at("/errors/0/pointer"),
            (422, "/endpoint".into()),
            "{endpoint}: {}",
            refused.text
        );
    }
    assert_eq!(subscribe("https://push.example/").await.status, 201);
}
