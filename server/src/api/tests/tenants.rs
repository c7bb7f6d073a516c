//! Two tenants cannot see, guess or change each other's shipments by any call, and cannot tell a
//! stranger's shipment from one that is not there.

use super::house::House;

/// Every call about a shipment, with `{id}` where its tracking id stands.
const CALLS: &[(&str, &str)] = &[
    ("GET /api/v1/shipments/{id}", ""),
    ("POST /api/v1/shipments/{id}/events", r#"{"id":"x","status":"delivered"}"#),
    ("POST /api/v1/shipments/{id}/events", r#"{"events":[{"id":"x","status":"delivered"}]}"#),
    ("POST /api/v1/events", r#"{"events":[{"trackingId":"{id}","id":"x","status":"delivered"}]}"#),
];

/// Calls that name no shipment, and so cannot reach a stranger's.
const OTHERS: &[&str] = &["GET /api/v1/shipments", "POST /api/v1/shipments"];

/// Calls that need no key: they show everybody the same.
const PUBLIC: &[&str] = &["GET /api/v1/track/{id}", "GET /api/v1/track/{id}/live"];

#[test]
fn the_table_has_every_call_of_the_api() {
    let document = crate::api::document();
    for (path, item) in &document.paths.paths {
        for (method, operation) in [("GET", &item.get), ("POST", &item.post)] {
            let call = format!("{method} {}", path.replace("{trackingId}", "{id}"));
            let listed =
                CALLS.iter().map(|(line, _)| line).chain(OTHERS).chain(PUBLIC).any(|line| *line == call);
            assert!(operation.is_none() || listed, "{call} is not in the table");
        }
        let others = [&item.put, &item.delete, &item.patch];
        assert!(
            others.iter().all(|operation| operation.is_none()),
            "{path} has a method that the table has not"
        );
    }
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
            let answer = house.call(&line, &house.stranger, &[], &body).await;
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
    for line in CALLS.iter().map(|(line, _)| line).chain(OTHERS) {
        for (id, key) in [("MINE-1", ""), ("NONE-1", ""), ("MINE-1", "ds_guess"), ("%20", "ds_guess")] {
            let answer = house.call(&line.replace("{id}", id), key, &[], "{").await;
            assert_eq!(answer.status, 401, "{line}");
            told.insert((answer.text, format!("{:?}", answer.headers)));
        }
    }
    assert_eq!(told.len(), 1, "{told:?}");
}
