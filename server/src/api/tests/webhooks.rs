//! Webhooks as their owner handles them: secrets go in and are shown once, targets inside our own network are
//! refused, and nobody reaches what is another tenant's.

use serde_json::{Value, json};

use super::house::{Answer, House};

const URL: &str = "https://hooks.example/in";

async fn make(house: &House, body: Value) -> Answer {
    house.post("/webhooks", &body.to_string()).await
}

async fn put(house: &House, id: i64, body: Value) -> Answer {
    let line = format!("PUT /api/v1/webhooks/{id}");
    house.call(&line, &house.manager, &[], &body.to_string()).await
}

#[tokio::test]
async fn a_webhook_is_made_shown_changed_and_removed() {
    let house = House::new().await;
    let made = make(&house, json!({"url": URL})).await;
    assert_eq!(
        (made.status.as_u16(), made.headers["location"].to_str().ok()),
        (201, Some("/api/v1/webhooks/1"))
    );
    let secret = made.json()["secret"].as_str().unwrap_or_default().to_owned();
    assert!(secret.starts_with("whsec_") && secret.len() == 50, "{secret}");
    let mut shown = json!({"id": 1, "url": URL, "shape": "standard", "auth": {"kind": "signature"}, "topics": [],
        "includeCode": false, "note": "", "createdAt": "2026-11-21T12:00:00.000Z", "disabled": false});
    assert_eq!(house.get("/webhooks/1").await.json(), shown, "without the secret");
    let change = json!({"url": "https://other.example/", "topics": ["shipment.created", "shipment.proof_added"],
        "includeCode": true, "note": "the till's", "disabled": true, "auth": {"kind": "hmac", "header": "X-Sig",
        "secret": "canary-secret"}});
    let changed = put(&house, 1, change.clone()).await;
    for (field, value) in change.as_object().into_iter().flatten() {
        shown[field] = value.clone();
    }
    shown["auth"] = json!({"kind": "hmac", "header": "X-Sig"});
    shown["disabledAt"] = "2026-11-21T12:00:00.000Z".into();
    shown["disabledWhy"] = "by_owner".into();
    assert_eq!((changed.status.as_u16(), changed.json()), (200, shown.clone()), "{}", changed.text);
    assert_eq!(house.get("/webhooks").await.json(), json!({"webhooks": [shown]}));
    // A secret that is not given stays, as long as the kind does.
    assert_eq!(
        put(&house, 1, json!({"url": URL, "auth": {"kind": "hmac", "header": "X-Other"}})).await.status,
        200
    );
    let other = put(&house, 1, json!({"url": URL, "auth": {"kind": "header", "header": "X-Key"}})).await;
    assert_eq!(other.at("/errors/0/pointer"), (422, "/auth/secret".into()));
    let removed = house.call("DELETE /api/v1/webhooks/1", &house.manager, &[], "").await;
    assert_eq!(removed.status, 204);
    assert_eq!(house.get("/webhooks/1").await.status, 404);
}

#[tokio::test]
async fn a_target_in_our_own_network_is_refused() {
    let house = House::new().await;
    for url in [
        "https://127.0.0.1/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://[::1]/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::ffff:169.254.169.254]/",
        "https://192.168.1.1/",
        "https://0.0.0.0/",
        "https://[fd00::1]/",
        "https://100.64.0.1/",
    ] {
        let refused = make(&house, json!({"url": url})).await;
        assert_eq!(refused.at("/errors/0/pointer"), (422, "/url".into()), "{url}: {}", refused.text);
        let message = refused.at("/errors/0/message").1;
        assert_eq!(message, "its address is private, local or reserved", "{url}");
    }
    for (url, message) in [
        ("http://hooks.example/", "it is not https"),
        ("ftp://hooks.example/", "must begin with https://"),
        ("hooks.example", "must be an absolute URL, such as https://example.org/webhooks"),
        ("https://a:b@hooks.example/", "must hold no user name and no password"),
    ] {
        assert_eq!(
            make(&house, json!({"url": url})).await.at("/errors/0/message"),
            (422, message.into()),
            "{url}"
        );
    }
    let oauth = json!({"kind": "oauth", "tokenUrl": "https://10.1.1.1/", "clientId": "us", "secret": "s"});
    let refused = make(&house, json!({"url": URL, "auth": oauth})).await;
    assert_eq!(refused.at("/errors/0/pointer"), (422, "/auth/tokenUrl".into()), "{}", refused.text);
}

#[tokio::test]
async fn what_is_no_webhook_is_told_with_its_place() {
    let house = House::new().await;
    let table = [
        (400, "/url", json!({})),
        (400, "/more", json!({"url": URL, "more": 1})),
        (400, "/auth", json!({"url": URL, "auth": []})),
        (422, "/auth/kind", json!({"url": URL, "auth": {"kind": "basic"}})),
        (422, "/auth/secret", json!({"url": URL, "auth": {"secret": "short"}})),
        (422, "/auth/header", json!({"url": URL, "auth": {"header": "X-Sig"}})),
        (422, "/auth/header", json!({"url": URL, "auth": {"kind": "hmac", "secret": "s", "header": "Host"}})),
        (422, "/auth/header", json!({"url": URL, "auth": {"kind": "hmac", "secret": "s"}})),
        (422, "/auth/secret", json!({"url": URL, "auth": {"kind": "none", "secret": "s"}})),
        (
            422,
            "/auth/secret",
            json!({"url": URL, "auth": {"kind": "header", "header": "X-K", "secret": "a\r\nb"}}),
        ),
        (
            422,
            "/auth/clientId",
            json!({"url": URL, "auth": {"kind": "oauth", "tokenUrl": URL, "secret": "s"}}),
        ),
        (422, "/shape", json!({"url": URL, "shape": "square"})),
        (422, "/topics/0", json!({"url": URL, "topics": ["shipment.lost"]})),
        (422, "/topics", json!({"url": URL, "topics": ["endpoint.test"]})),
        (422, "/trackingId", json!({"url": URL, "trackingId": "a b"})),
        (422, "/note", json!({"url": URL, "note": "x".repeat(201)})),
    ];
    for (status, place, body) in table {
        let refused = make(&house, body.clone()).await;
        assert_eq!(refused.at("/errors/0/pointer"), (status, place.into()), "{body}: {}", refused.text);
        assert!(!refused.text.contains("short"), "a value is not repeated");
    }
    assert_eq!(house.get("/webhooks").await.json(), json!({"webhooks": []}));
}

#[tokio::test]
async fn there_are_not_too_many() {
    let house = House::new().await;
    for _ in 0..50 {
        assert_eq!(make(&house, json!({"url": URL})).await.status, 201);
    }
    assert_eq!(make(&house, json!({"url": URL})).await.at("/code"), (422, "too_many_webhooks".into()));
    for _ in 0..5 {
        assert_eq!(make(&house, json!({"url": URL, "trackingId": "A-1"})).await.status, 201);
    }
    let sixth = make(&house, json!({"url": URL, "trackingId": "a-1"})).await;
    assert_eq!(sixth.at("/code"), (422, "too_many_webhooks".into()));
    assert_eq!(make(&house, json!({"url": URL, "trackingId": "A-2"})).await.status, 201);
    let listed = house.get("/webhooks?trackingId=a-1").await.json();
    assert_eq!(listed["webhooks"].as_array().map(Vec::len), Some(5));
    let moved = put(&house, 51, json!({"url": URL, "trackingId": "A-2"})).await;
    assert_eq!(moved.at("/errors/0/pointer"), (422, "/trackingId".into()), "{}", moved.text);
}

#[tokio::test]
async fn a_key_is_rotated_where_there_is_one() {
    let house = House::new().await;
    make(&house, json!({"url": URL})).await;
    make(&house, json!({"url": URL, "auth": {"kind": "none"}})).await;
    let own = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let rotated =
        house.post("/webhooks/1/secret", &json!({"secret": own, "overlapHours": 2}).to_string()).await;
    assert_eq!(rotated.json(), json!({"secret": own, "beforeUntil": "2026-11-21T14:00:00.000Z"}));
    let drawn = house.post("/webhooks/1/secret", "{}").await;
    assert_eq!(drawn.at("/beforeUntil"), (200, "2026-11-22T12:00:00.000Z".into()));
    let long = house.post("/webhooks/1/secret", r#"{"overlapHours": 169}"#).await;
    assert_eq!(long.at("/errors/0/pointer"), (422, "/overlapHours".into()));
    let bad = house.post("/webhooks/1/secret", r#"{"secret": "whsec_x"}"#).await;
    assert_eq!(bad.at("/errors/0/pointer"), (422, "/secret".into()));
    assert_eq!(house.post("/webhooks/2/secret", "{}").await.at("/code"), (409, "not_signed".into()));
}

#[tokio::test]
async fn messages_are_listed_page_by_page_and_replayed() {
    let house = House::new().await;
    make(&house, json!({"url": URL})).await;
    house.post("/shipments", r#"{"trackingId": "A-1", "zone": "Europe/Madrid"}"#).await;
    let test = house.post("/webhooks/1/test", "").await;
    assert_eq!(test.status, 202, "{}", test.text);
    let id = test.json()["id"].as_str().unwrap_or_default().to_owned();
    let first = house.get("/webhooks/1/messages?limit=1").await.json();
    assert_eq!(
        first["messages"],
        json!([{"id": id, "type": "endpoint.test", "at": "2026-11-21T12:00:00.000Z",
        "state": "waiting", "tries": 0, "nextTry": "2026-11-21T12:00:00.000Z"}])
    );
    let cursor = first["older"].as_str().unwrap_or_default();
    let second = house.get(&format!("/webhooks/1/messages?limit=1&cursor={cursor}")).await.json();
    assert_eq!(second["messages"][0]["trackingId"], "A-1");
    assert_eq!(
        (&second["messages"][0]["type"], &second["older"]),
        (&"shipment.created".into(), &Value::Null)
    );
    assert_eq!(house.get("/webhooks/1/messages?state=delivered").await.json(), json!({"messages": []}));
    let one = house.get(&format!("/webhooks/1/messages/{id}")).await.json();
    assert_eq!((&one["id"], &one["attempts"]), (&id.clone().into(), &json!([])));
    let again = house.post(&format!("/webhooks/1/messages/{id}/replay"), "").await;
    assert_eq!(again.at("/replayed"), (202, 1.into()));
    let since = house.post("/webhooks/1/replay", r#"{"since": "2026-11-21T12:00:00Z"}"#).await;
    assert_eq!(since.at("/replayed"), (202, 0.into()));
    for (query, name) in [("state=lost", "state"), ("limit=0", "limit"), ("cursor=x", "cursor"), ("x=1", "x")]
    {
        let refused = house.get(&format!("/webhooks/1/messages?{query}")).await;
        assert_eq!(refused.at("/errors/0/pointer"), (400, name.into()), "{query}");
    }
    put(&house, 1, json!({"url": URL, "disabled": true})).await;
    assert_eq!(house.post("/webhooks/1/test", "").await.at("/code"), (409, "webhook_disabled".into()));
}

#[tokio::test]
async fn what_is_another_tenants_is_not_there_and_roles_are_kept() {
    let house = House::new().await;
    make(&house, json!({"url": URL})).await;
    let id = house.post("/webhooks/1/test", "").await.json()["id"].as_str().unwrap_or_default().to_owned();
    let body = json!({"url": URL}).to_string();
    let since = r#"{"since": "2026-11-21T12:00:00Z"}"#;
    for (line, body) in [
        ("GET /api/v1/webhooks/1".to_owned(), ""),
        ("PUT /api/v1/webhooks/1".to_owned(), &*body),
        ("DELETE /api/v1/webhooks/1".to_owned(), ""),
        ("POST /api/v1/webhooks/1/secret".to_owned(), "{}"),
        ("POST /api/v1/webhooks/1/test".to_owned(), ""),
        ("GET /api/v1/webhooks/1/messages".to_owned(), ""),
        (format!("GET /api/v1/webhooks/1/messages/{id}"), ""),
        (format!("POST /api/v1/webhooks/1/messages/{id}/replay"), ""),
        ("POST /api/v1/webhooks/1/replay".to_owned(), since),
    ] {
        let foreign = house.call(&line, &house.stranger, &[], body).await;
        let unknown = house.call(&line.replace("webhooks/1", "webhooks/9"), &house.manager, &[], body).await;
        assert_eq!((foreign.status.as_u16(), &foreign.text), (404, &unknown.text), "{line}");
        for key in [&house.reader, &house.carrier] {
            assert_eq!(house.call(&line, key, &[], body).await.status, 403, "{line}");
        }
    }
    let line = format!("GET /api/v1/webhooks/1/messages/msg_{}", "0".repeat(32));
    assert_eq!(house.call(&line, &house.manager, &[], "").await.status, 404);
    for bad in ["/webhooks/x", "/webhooks/-1", "/webhooks/1/messages/msg_x"] {
        assert_eq!(house.get(bad).await.status, 400, "{bad}");
    }
    assert_eq!(
        house.call("GET /api/v1/webhooks", &house.stranger, &[], "").await.json(),
        json!({"webhooks": []})
    );
    assert_eq!(house.get("/webhooks/1").await.status, 200, "it is as it was");
}
