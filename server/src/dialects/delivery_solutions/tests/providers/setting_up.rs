//! What can be set up, what is refused, and that a fleet's key is seen by nobody again.

use serde_json::json;

use super::simulated;
use crate::dialects::delivery_solutions::tests::shop::Shop;

#[tokio::test]
async fn a_provider_reads_back_as_it_was_set_up() {
    let shop = Shop::open().await;
    let mut full = simulated("DoorDash", 4.5);
    full["displayName"] = json!("DoorDash_123");
    full["currencyCode"] = json!("EUR");
    full["carries"] = json!({
        "countries": ["US"], "postalCodes": ["752*", "EC1A ???"], "mostKm": 12.5,
        "hours": {"zone": "America/Chicago", "shifts": [{"days": ["mon", "sun"], "from": "08:00", "until": "24:00"}]},
        "mostWeight": {"value": 50.0, "unit": "lb"},
        "mostSize": {"length": 1.0, "width": 2.0, "height": 3.0, "unit": "ft"},
        "temperatures": ["refrigerated"], "contents": ["alcohol"], "signatures": true,
    });
    full["kind"]["journey"] = json!([{"afterSeconds": 1, "status": "ORDER_DELIVERED"}]);
    shop.sets_up("providers/dd-1", &full).await;
    let shown = shop.call("GET /setup/providers/dd-1", &json!(null)).await.json();
    for field in ["name", "displayName", "currencyCode", "carries"] {
        assert_eq!(shown[field], full[field], "{field}");
    }
    assert_eq!(shown["kind"]["journey"], full["kind"]["journey"]);
    let listed = shop.call("GET /setup/providers", &json!(null)).await;
    assert_eq!(listed.at("/data/0/id"), (200, json!("dd-1")));
    assert_eq!(listed.at("/data/0/name"), (200, json!("DoorDash")));
    let gone = shop.call("DELETE /setup/providers/dd-1", &json!(null)).await;
    assert_eq!(gone.status.as_u16(), 204);
    let gone = shop.call("GET /setup/providers/dd-1", &json!(null)).await;
    assert_eq!(gone.at("/type"), (404, json!("NOT_FOUND")));
}

#[tokio::test]
async fn what_could_never_work_is_refused() {
    let shop = Shop::open().await;
    let fleet = |url: &str| json!({"type": "fleet", "url": url});
    for (at, value) in [
        ("name", json!("")),
        ("currencyCode", json!("dollars")),
        ("services", json!([])),
        ("services", json!([{"id": "a", "type": "A"}, {"id": "a", "type": "B"}])),
        ("services", json!([{"id": "a", "type": "A", "terms": {"base": -1}}])),
        ("carries", json!({"postalCodes": ["7*5"]})),
        (
            "carries",
            json!({"hours": {"zone": "Mars/Olympus", "shifts": [{"days": ["mon"], "from": "08:00", "until": "09:00"}]}}),
        ),
        ("carries", json!({"unknown": 1})),
        ("kind", json!({"type": "magic"})),
        (
            "kind",
            json!({"type": "simulated", "journey": [{"afterSeconds": 1, "status": "REQUEST_RECEIVED"}]}),
        ),
        (
            "kind",
            json!({"type": "simulated", "journey": [
                {"afterSeconds": 2, "status": "ORDER_ASSIGNED"}, {"afterSeconds": 1, "status": "ORDER_DELIVERED"}]}),
        ),
        ("kind", fleet("ftp://fleet.example/")),
        ("kind", fleet("http://fleet.example/")),
        ("kind", fleet("https://127.0.0.1/")),
        ("kind", fleet("https://169.254.169.254/")),
    ] {
        let mut body = simulated("DoorDash", 4.5);
        body[at] = value.clone();
        let answer = shop.call("PUT /setup/providers/p", &body).await;
        assert_eq!(answer.at("/type"), (400, json!("VALIDATION_ERROR")), "{at}: {value}");
    }
    let odd = shop.call("PUT /setup/providers/a%20b", &simulated("DoorDash", 4.5)).await;
    assert_eq!(odd.at("/type"), (400, json!("VALIDATION_ERROR")));
    for rules in [json!({"attempts": 0}), json!({"delaySeconds": 0}), json!({"choose": "best"}), json!([])] {
        let answer = shop.call("PUT /setup/rules", &rules).await;
        assert_eq!(answer.at("/type"), (400, json!("VALIDATION_ERROR")), "{rules}");
    }
    let location = json!({"zone": "America/Chicago", "currencyCode": "usd"});
    let answer = shop.call("PUT /setup/locations/7709", &location).await;
    assert!(answer.text.contains("currencyCode"), "no provider's prices are in it: {}", answer.text);
    assert_eq!(answer.status.as_u16(), 400);
    let carrier = shop.call_as("GET /setup/providers", &shop.house.carrier, "shop", &json!(null)).await;
    assert_eq!(carrier.at("/type"), (403, json!("FORBIDDEN")));
}

#[tokio::test]
async fn a_fleets_key_is_sealed_and_never_shown() {
    let shop = Shop::open().await;
    let mut fleet = simulated("Fleet", 4.5);
    fleet["kind"] = json!({"type": "fleet", "url": "https://fleet.example/tasks", "key": "canary-4711"});
    let put = shop.call("PUT /setup/providers/f", &fleet).await;
    assert_eq!(put.status.as_u16(), 200, "{}", put.text);
    let shown = shop.call("GET /setup/providers/f", &json!(null)).await;
    let listed = shop.call("GET /setup/providers", &json!(null)).await;
    for answer in [put, shown, listed] {
        assert!(answer.text.contains("https://fleet.example/tasks") && !answer.text.contains("canary"));
    }
    for file in std::fs::read_dir(shop.house.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(6).any(|window| window == b"canary"), "it is kept in clear");
    }
}
