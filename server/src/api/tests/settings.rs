//! What a tenant decides: read strictly, shown without shared secrets, and for itself alone.

use serde_json::{Value, json};

use super::house::{Answer, House};

const ED25519: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";

async fn put(house: &House, body: &Value) -> Answer {
    house.call("PUT /api/v1/settings", &house.manager, &[], &body.to_string()).await
}

#[tokio::test]
async fn what_is_decided_is_shown_and_holds_for_new_shipments() {
    let house = House::new().await;
    let defaults = house.get("/settings").await;
    assert_eq!(defaults.at("/rules/linkHoursAfterEnd"), (200, 72.into()));
    let mut decided = defaults.json();
    decided["rules"] = json!({"cutOff": {"status": "picked_up", "minutesBeforeWindow": 30},
        "codeWithContactless": "confirm_photo", "confirmPhotoMinutes": 5, "linkHoursAfterEnd": 1});
    decided["stepUp"] = json!({"phoneDigits": false, "emailCode": true, "token": false});
    let answer = put(&house, &decided).await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, decided.clone()), "{}", answer.text);
    assert_eq!(house.get("/settings").await.json(), decided);
    let stranger = house.call("GET /api/v1/settings", &house.stranger, &[], "").await;
    assert_eq!(stranger.json(), defaults.json(), "another tenant decides for itself");
    for key in [&house.reader, &house.carrier] {
        assert_eq!(house.call("GET /api/v1/settings", key, &[], "").await.status, 403);
        assert_eq!(house.call("PUT /api/v1/settings", key, &[], "{}").await.status, 403);
    }
    assert_eq!(put(&house, &json!({})).await.json(), defaults.json(), "what is not named gets its default");
}

#[tokio::test]
async fn a_shared_secret_is_sealed_and_never_shown_again() {
    let house = House::new().await;
    let secret = "canary-secret-of-at-least-32-bytes";
    let keys = json!({"tokenKeys": [
        {"id": "shared", "algorithm": "HS256", "key": secret},
        {"id": "own", "algorithm": "EdDSA", "key": ED25519}]});
    let answer = put(&house, &keys).await;
    let shown = json!([{"id": "shared", "algorithm": "HS256"},
        {"id": "own", "algorithm": "EdDSA", "key": ED25519}]);
    assert_eq!(answer.at("/tokenKeys"), (200, shown.clone()), "{}", answer.text);
    let kept = house.state.store.settings(super::guest::shop(&house).await).await;
    let kept = kept.unwrap_or_else(|e| panic!("{e}"));
    let sealed = kept.token_keys[0].key.clone();
    assert!(!sealed.contains("canary"), "{sealed}");

    let again = house.get("/settings").await.json();
    assert_eq!(put(&house, &again).await.at("/tokenKeys"), (200, shown));
    let kept = house.state.store.settings(super::guest::shop(&house).await).await;
    let kept = kept.unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(kept.token_keys[0].key, sealed, "a secret that is not given stays");
}

#[tokio::test]
async fn what_cannot_be_decided_is_told_with_its_place() {
    let house = House::new().await;
    let key = |id: &str, algorithm: &str, key: Value| json!({"id": id, "algorithm": algorithm, "key": key});
    let many: Vec<Value> = (0..11).map(|i| key(&i.to_string(), "EdDSA", ED25519.into())).collect();
    for (body, status, pointer) in [
        (json!({"rules": {"cutOff": {"status": "cancelled"}}}), 422, "/rules/cutOff/status"),
        (
            json!({"rules": {"cutOff": {"minutesBeforeWindow": 10_081}}}),
            422,
            "/rules/cutOff/minutesBeforeWindow",
        ),
        (json!({"rules": {"confirmPhotoMinutes": 0}}), 422, "/rules/confirmPhotoMinutes"),
        (json!({"rules": {"linkHoursAfterEnd": 2_161}}), 422, "/rules/linkHoursAfterEnd"),
        (json!({"rules": {"cutOff": []}}), 400, "/rules/cutOff"),
        (json!({"stepUp": {"fax": true}}), 400, "/stepUp/fax"),
        (json!({"tokenKeys": [key("a b", "EdDSA", ED25519.into())]}), 422, "/tokenKeys/0/id"),
        (json!({"tokenKeys": [key("a", "EdDSA", "no key".into())]}), 422, "/tokenKeys/0/key"),
        (json!({"tokenKeys": [key("a", "HS256", "short".into())]}), 422, "/tokenKeys/0/key"),
        (json!({"tokenKeys": [key("a", "HS256", Value::Null)]}), 422, "/tokenKeys/0/key"),
        (json!({"tokenKeys": [key("a", "none", "".into())]}), 422, "/tokenKeys/0/algorithm"),
        (json!({"tokenKeys": many}), 400, ""),
    ] {
        let answer = put(&house, &body).await;
        assert_eq!(answer.at("/errors/0/pointer"), (status, pointer.into()), "{body}: {}", answer.text);
        assert!(!answer.text.contains("short"), "a value is not told back: {}", answer.text);
    }
}
