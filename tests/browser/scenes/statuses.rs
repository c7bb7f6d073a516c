//! One shipment for each status that there is, and one that is late: with what a carrier tells of it.

use serde_json::{Value, json};

/// A scene's name, and the events that lead to it. The name is also the tracking id.
pub(super) fn scenes() -> Vec<(&'static str, Value)> {
    let past = |day: u32| format!("2026-03-{day:02}T09:00:00Z");
    let on_the_way = json!({"id": "1", "status": "out_for_delivery", "time": past(1)});
    let mut scenes = vec![
        ("created", json!([])),
        ("unknown", json!([{"id": "1", "status": "unknown", "time": past(1), "sourceWord": "EN_ATTENTE"}])),
        (
            "preparing",
            json!([
                {"id": "1", "status": "confirmed", "time": past(1)},
                {"id": "2", "status": "preparing", "time": past(2), "sourceWord": "En preparación <b>", "language": "es"},
            ]),
        ),
        (
            "late",
            json!([{"id": "1", "status": "in_transit", "time": past(1), "eta": {"window": {"kind": "day", "day": "2026-03-02"}}}]),
        ),
        (
            "out-for-delivery",
            json!([
                {"id": "1", "status": "confirmed", "time": past(1)},
                {"id": "2", "status": "out_for_delivery", "eta": {"window":
                    {"kind": "between", "from": "2030-03-01T13:10:00Z", "until": "2030-03-01T13:40:00Z"}}},
            ]),
        ),
        (
            "attempt-failed",
            json!([on_the_way, {"id": "2", "status": "attempt_failed", "time": past(2), "reason": "recipient_absent"}]),
        ),
        (
            "exception",
            json!([on_the_way, {"id": "2", "status": "exception", "time": past(2), "reason": "damaged"}]),
        ),
        (
            "undeliverable",
            json!([on_the_way, {"id": "2", "status": "undeliverable", "time": past(2), "reason": "address_wrong"}]),
        ),
        ("returning", json!([on_the_way, {"id": "2", "status": "returning", "time": past(2)}])),
        ("delivered", json!([on_the_way, {"id": "2", "status": "delivered", "time": past(2)}])),
    ];
    let plain = [
        ("scheduled", "scheduled"),
        ("confirmed", "confirmed"),
        ("ready", "ready"),
        ("courier-assigned", "courier_assigned"),
        ("at-pickup", "at_pickup"),
        ("picked-up", "picked_up"),
        ("in-transit", "in_transit"),
        ("arrived", "arrived"),
        ("available-for-pickup", "available_for_pickup"),
        ("returned", "returned"),
        ("cancelled", "cancelled"),
        ("failed", "failed"),
    ];
    let one = |status: &str| json!([{"id": "1", "status": status, "time": past(1)}]);
    scenes.extend(plain.map(|(scene, status)| (scene, one(status))));
    scenes
}

#[test]
fn every_status_has_its_scene() -> anyhow::Result<()> {
    let document: Value = serde_json::from_str(include_str!("../../../server/tests/golden/openapi.json"))?;
    let statuses =
        document["components"]["schemas"]["Status"]["enum"].as_array().cloned().unwrap_or_default();
    anyhow::ensure!(statuses.len() > 20, "the API's document lists {} statuses", statuses.len());
    for status in statuses.iter().filter_map(Value::as_str) {
        let scene = status.replace('_', "-");
        anyhow::ensure!(scenes().iter().any(|(name, _)| *name == scene), "{status} has no scene");
    }
    Ok(())
}
