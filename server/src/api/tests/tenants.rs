//! Two tenants cannot see, guess or change each other's shipments by any call, and cannot tell a
//! stranger's shipment from one that is not there.

use super::house::House;

/// Every call about a shipment, with `{id}` where its tracking id stands.
const CALLS: &[(&str, &str)] = &[
    ("GET /api/v1/shipments/{id}", ""),
    ("POST /api/v1/shipments/{id}/events", r#"{"id":"x","status":"delivered"}"#),
    ("POST /api/v1/shipments/{id}/events", r#"{"events":[{"id":"x","status":"delivered"}]}"#),
    ("POST /api/v1/events", r#"{"events":[{"trackingId":"{id}","id":"x","status":"delivered"}]}"#),
    ("GET /api/v1/shipments/{id}/links", ""),
    ("POST /api/v1/shipments/{id}/links", ""),
    ("DELETE /api/v1/shipments/{id}/links", ""),
    ("DELETE /api/v1/shipments/{id}/links/1", ""),
    ("POST /api/v1/shipments/{id}/code", ""),
    ("POST /api/v1/shipments/{id}/code/verify", r#"{"code":"1234"}"#),
    ("POST /api/v1/shipments/{id}/unlock", r#"{"what":"code"}"#),
    ("PUT /api/v1/shipments/{id}/comment", r#"{"value":"x","edit":"e"}"#),
    ("PUT /api/v1/shipments/{id}/contactless", r#"{"value":null,"edit":"e"}"#),
    ("POST /api/v1/shipments/{id}/receipts", r#"{"comment":{"version":1,"receipt":"read"}}"#),
    ("POST /api/v1/shipments/{id}/proofs", r#"{"kind":"photo","reference":"p"}"#),
];

/// Calls that name no shipment, and so cannot reach a stranger's.
const OTHERS: &[&str] = &[
    "GET /api/v1/shipments",
    "POST /api/v1/shipments",
    "GET /api/v1/settings",
    "PUT /api/v1/settings",
    "GET /api/v1/settings/logo",
    "PUT /api/v1/settings/logo",
    "DELETE /api/v1/settings/logo",
];

/// Calls about webhooks; that no stranger reaches them is shown in `webhooks`.
const WEBHOOKS: &[&str] = &[
    "GET /api/v1/webhooks",
    "POST /api/v1/webhooks",
    "GET /api/v1/webhooks/1",
    "PUT /api/v1/webhooks/1",
    "DELETE /api/v1/webhooks/1",
    "POST /api/v1/webhooks/1/secret",
    "POST /api/v1/webhooks/1/test",
    "GET /api/v1/webhooks/1/messages",
    "GET /api/v1/webhooks/1/messages/msg_1",
    "POST /api/v1/webhooks/1/messages/msg_1/replay",
    "POST /api/v1/webhooks/1/replay",
];

/// Calls that need no key: they show everybody the same; who opens a session, or takes a device off what it is
/// told, proves it by a secret.
const PUBLIC: &[&str] = &[
    "GET /api/v1/track/{id}",
    "GET /api/v1/track/{id}/live",
    "GET /api/v1/track/{id}/sentence",
    "POST /api/v1/track/{id}/session",
    "GET /api/v1/push",
    "POST /api/v1/track/{id}/push",
    "DELETE /api/v1/track/{id}/push/{subscription}",
];

/// Calls that take a recipient's session instead of a key.
const RECIPIENT: &[&str] = &[
    "GET /api/v1/track/{id}/session",
    "DELETE /api/v1/track/{id}/session",
    "GET /api/v1/track/{id}/recipient",
    "GET /api/v1/track/{id}/recipient/live",
    "POST /api/v1/track/{id}/recipient/link",
    "DELETE /api/v1/track/{id}/recipient/link",
    "POST /api/v1/track/{id}/recipient/step-up",
    "POST /api/v1/track/{id}/recipient/step-up/email",
    "GET /api/v1/track/{id}/recipient/address",
    "POST /api/v1/track/{id}/recipient/code/reveal",
    "PUT /api/v1/track/{id}/recipient/comment",
    "PUT /api/v1/track/{id}/recipient/contactless",
    "GET /api/v1/track/{id}/recipient/proofs/1",
    "POST /api/v1/track/{id}/recipient/photo",
    "GET /api/v1/track/{id}/recipient/calendar",
];

#[test]
fn the_table_has_every_call_of_the_api() {
    let keyed = || CALLS.iter().map(|(line, _)| line).chain(OTHERS).chain(WEBHOOKS);
    let table = || keyed().chain(PUBLIC).chain(RECIPIENT);
    for (path, item) in crate::api::document().paths.paths {
        let methods = [("GET", item.get), ("POST", item.post), ("PUT", item.put), ("DELETE", item.delete)];
        for (method, operation) in methods {
            let call = format!("{method} {path}").replace("{trackingId}", "{id}");
            let call = call.replace("{linkId}", "1").replace("{proof}", "1");
            let call = call.replace("{webhookId}", "1").replace("{messageId}", "msg_1");
            assert!(operation.is_none() || table().any(|line| *line == call), "{call} is not in the table");
        }
        assert!(item.patch.is_none(), "{path} has a method that the table has not");
    }
}

#[tokio::test]
async fn without_a_session_every_call_of_a_recipient_is_the_same_401() {
    let house = House::new().await;
    house.post("/shipments", r#"{"trackingId":"MINE-1"}"#).await;
    let mut told = std::collections::BTreeSet::new();
    for line in RECIPIENT {
        for (id, key) in
            [("MINE-1", ""), ("NONE-1", ""), ("MINE-1", "guess"), ("MINE-1", house.manager.as_str())]
        {
            let answer = house.call(&line.replace("{id}", id), key, &[("x-doorstep", "1")], "{").await;
            assert_eq!(answer.at("/code"), (401, "session_needed".into()), "{line}");
            told.insert((answer.text, format!("{:?}", answer.headers)));
        }
        let from_a_form = house.call(&line.replace("{id}", "MINE-1"), "", &[], "{").await;
        assert_eq!(from_a_form.status, if line.starts_with("GET ") { 401 } else { 403 }, "{line}");
    }
    assert_eq!(told.len(), 1, "{told:?}");
}

#[tokio::test]
async fn a_strangers_shipment_is_as_if_it_were_not_there() {
    let house = House::new().await;
    let body = r#"{"trackingId":"MINE-1","reference":"secret","events":[{"id":"e","status":"ready"}]}"#;
    assert_eq!(house.post("/shipments", body).await.status, 201);
    let before = house.get("/shipments/MINE-1").await.text;
    for (line, body) in CALLS {
        let mut answers = Vec::new();
        for id in ["MINE-1", "NONE-1"] {
            let (line, body) = (line.replace("{id}", id), body.replace("{id}", id));
            let answer = house.call(&line, &house.stranger, &[("if-match", "\"0\"")], &body).await;
            assert_eq!(answer.status, 404, "{line}: {}", answer.text);
            answers.push((answer.text, format!("{:?}", answer.headers)));
        }
        let [mine, none] = answers.as_slice() else { panic!("two were asked for") };
        assert_eq!(mine, none, "{line} tells a stranger's from nothing");
    }
    assert_eq!(house.get("/shipments/MINE-1").await.text, before, "something was changed");
}

#[tokio::test]
async fn a_batch_with_one_strangers_shipment_changes_nothing_of_ones_own() {
    let house = House::new().await;
    house.post("/shipments", r#"{"trackingId":"MINE-1"}"#).await;
    house.call("POST /api/v1/shipments", &house.stranger, &[], r#"{"trackingId":"OWN-1"}"#).await;
    let body = r#"{"events":[{"trackingId":"OWN-1","id":"x","note":"n"},{"trackingId":"MINE-1","id":"x","note":"n"}]}"#;
    let answer = house.call("POST /api/v1/events", &house.stranger, &[], body).await;
    assert_eq!(answer.at("/errors/0/pointer"), (404, "/events/1/trackingId".into()));
    let own = house.call("GET /api/v1/shipments/OWN-1", &house.stranger, &[], "").await;
    assert_eq!(own.at("/sequence"), (200, 1.into()));
}

#[tokio::test]
async fn lists_and_cursors_hold_ones_own_only() {
    let house = House::new().await;
    for id in ["M-1", "M-2", "M-3"] {
        house.post("/shipments", &format!(r#"{{"trackingId":"{id}"}}"#)).await;
    }
    let cursor =
        house.get("/shipments?limit=1").await.json()["older"].as_str().unwrap_or_default().to_owned();
    for path in ["/shipments".to_owned(), format!("/shipments?cursor={cursor}")] {
        let answer = house.call(&format!("GET /api/v1{path}"), &house.stranger, &[], "").await;
        assert_eq!(answer.text, r#"{"shipments":[]}"#, "{path}");
    }
}

#[tokio::test]
async fn without_a_key_every_call_but_the_public_ones_is_the_same_401() {
    let house = House::new().await;
    house.post("/shipments", r#"{"trackingId":"MINE-1"}"#).await;
    let mut told = std::collections::BTreeSet::new();
    for line in CALLS.iter().map(|(line, _)| line).chain(OTHERS).chain(WEBHOOKS) {
        for (id, key) in [("MINE-1", ""), ("NONE-1", ""), ("MINE-1", "ds_guess"), ("%20", "ds_guess")] {
            let answer = house.call(&line.replace("{id}", id), key, &[], "{").await;
            assert_eq!(answer.status, 401, "{line}");
            told.insert((answer.text, format!("{:?}", answer.headers)));
        }
    }
    assert_eq!(told.len(), 1, "{told:?}");
}
