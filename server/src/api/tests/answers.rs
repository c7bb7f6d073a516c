//! Every answer that a client can see, as a transcript: the happy ways and each way to fail.

use std::num::NonZeroU32;

use super::house::House;
use crate::limits::{Allowances, Rate};

const WHOLE: &str = r#"{
  "trackingId": "SHOP-1", "zone": "Europe/Madrid", "promise": {"day": "2026-11-24"}, "reference": "order 7",
  "recipient": {"name": "Ana Ruiz", "phone": "+34 600 000 000", "email": "ana@example.org", "address": "Calle 1"},
  "courier": {"name": "Luis"}, "origin": "Depot Getafe",
  "events": [
    {"id": "e1", "status": "created", "time": "2026-11-20T09:00:00+01:00", "sourceWord": "ORDER_IN"},
    {"id": "e2", "status": "in_transit", "time": "2026-11-21T10:00:00Z", "place": "Getafe", "note": "two of two",
     "flags": {"set": ["contactless"]},
     "eta": {"window": {"kind": "between", "from": "2026-11-24T13:10:00Z", "until": "2026-11-24T13:40:00Z"},
             "confidence": "medium", "cause": "planned"}}
  ]
}"#;

#[tokio::test]
async fn a_shipment_is_created_and_read() {
    let house = House::new().await;
    let mut said = String::new();
    house.note(&mut said, "POST /api/v1/shipments", &house.manager, &[], WHOLE).await;
    house.note(&mut said, "GET /api/v1/shipments/shop-1", &house.reader, &[], "").await;
    house.note(&mut said, "GET /api/v1/shipments/SHOP-1", &house.carrier, &[], "").await;
    house.note(&mut said, "GET /api/v1/track/SHOP-1", "", &[], "").await;
    insta::assert_snapshot!(said);
}

#[tokio::test]
async fn a_shipment_of_which_nothing_is_known_gets_an_id_of_its_own() {
    let house = House::new().await;
    let answer = house.post("/shipments", "{}").await;
    let (status, id) = answer.at("/trackingId");
    let id = id.as_str().unwrap_or_default().to_owned();
    assert_eq!(status, 201);
    assert!(id.len() == 18 && id.starts_with("DS") && !id.contains(['I', 'L', 'O', 'U']), "{id}");
    assert_eq!(answer.headers["location"], format!("/api/v1/shipments/{id}"));
    let (_, another) = house.post("/shipments", "{}").await.at("/trackingId");
    assert_ne!(another, id);
}

#[tokio::test]
async fn a_promise_gets_its_other_half_in_the_zone_of_the_delivery() {
    let house = House::new().await;
    let day = r#"{"zone": "America/New_York", "promise": {"day": "2026-11-24"}}"#;
    let (_, promise) = house.post("/shipments", day).await.at("/promise");
    assert_eq!(promise, serde_json::json!({"day": "2026-11-24", "until": "2026-11-25T04:59:59.999Z"}));
    let until = r#"{"zone": "Asia/Tokyo", "promise": {"until": "2026-11-24T16:00:00Z"}}"#;
    let (_, promise) = house.post("/shipments", until).await.at("/promise");
    assert_eq!(promise, serde_json::json!({"day": "2026-11-25", "until": "2026-11-24T16:00:00.000Z"}));
}

#[tokio::test]
async fn a_repeated_creation_gets_the_same_bytes_whatever_has_happened_since() {
    let house = House::new().await;
    let key = [("idempotency-key", "once-7")];
    let line = "POST /api/v1/shipments";
    let first = house.call(line, &house.manager, &key, r#"{"reference":"r","zone":"UTC"}"#).await;
    let id = first.json()["trackingId"].as_str().unwrap_or_default().to_owned();
    house.post(&format!("/shipments/{id}/events"), r#"{"id":"a","status":"created"}"#).await;
    let other_spelling = r#"{ "zone": "UTC", "promise": null, "reference": "r" }"#;
    let again = house.call(line, &house.manager, &key, other_spelling).await;
    assert_eq!((again.status.as_u16(), &again.text), (201, &first.text));
    assert_eq!(again.headers.get("location"), first.headers.get("location"));
    let other = house.call(line, &house.manager, &key, r#"{"reference":"s"}"#).await;
    assert_eq!(other.at("/code"), (422, "idempotency_key_reused".into()));
    let stranger = house.call(line, &house.stranger, &key, r#"{"reference":"s"}"#).await;
    assert_eq!(stranger.status, 201, "keys are each client's own");
}

#[tokio::test]
async fn events_are_reported_one_by_one_and_many_at_once() {
    let house = House::new().await;
    for id in ["A-1", "A-2"] {
        house.post("/shipments", &format!(r#"{{"trackingId":"{id}"}}"#)).await;
    }
    let mut said = String::new();
    let one = "POST /api/v1/shipments/A-1/events";
    let many = "POST /api/v1/events";
    for (line, key, body) in [
        (one, &house.manager, r#"{"id":"1","status":"created"}"#),
        (
            one,
            &house.carrier,
            r#"{"events":[{"id":"1","status":"ready"},{"id":"2","note":"n"},{"id":"2","note":"n"}]}"#,
        ),
        (
            many,
            &house.carrier,
            r#"{"events":[
            {"trackingId":"A-2","id":"1","sourceWord":"ODD","status":"unknown"},
            {"trackingId":"a-1","id":"3","eta":{"window":{"kind":"day","day":"2026-11-23"}}},
            {"trackingId":"A-2","id":"2","flags":{"set":["delayed"],"clear":[]},"reason":"weather"}]}"#,
        ),
        ("GET /api/v1/shipments/A-1", &house.manager, ""),
    ] {
        house.note(&mut said, line, key, &[], body).await;
    }
    insta::assert_snapshot!(said);
}

#[tokio::test]
async fn lists_are_filtered_and_paged_both_ways() {
    let house = House::new().await;
    for i in 1..=5 {
        let status = if i % 2 == 0 { "delivered" } else { "created" };
        let body = format!(r#"{{"trackingId":"L-{i}","events":[{{"id":"e","status":"{status}"}}]}}"#);
        house.post("/shipments", &body).await;
    }
    let ids = |answer: &super::house::Answer| -> String {
        let page = answer.json();
        let shipments = page["shipments"].as_array().cloned().unwrap_or_default();
        shipments
            .iter()
            .filter_map(|s| Some(s["trackingId"].as_str()?.to_owned()))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let first = house.get("/shipments?limit=2").await;
    assert_eq!(ids(&first), "L-5 L-4");
    let link = first.headers["link"].to_str().unwrap_or_default().to_owned();
    let next = link.trim_start_matches("</api/v1").split('>').next().unwrap_or_default().to_owned();
    assert!(link.ends_with("rel=\"next\"") && !first.text.contains("newer"), "{link}");
    let second = house.get(&next).await;
    assert_eq!(ids(&second), "L-3 L-2");
    let newer = second.json()["newer"].as_str().unwrap_or_default().to_owned();
    let back = house.get(&format!("/shipments?limit=2&cursor={newer}")).await;
    assert_eq!(ids(&back), "L-5 L-4");
    assert_eq!(ids(&house.get("/shipments?status=delivered").await), "L-4 L-2");
    assert_eq!(ids(&house.get("/shipments?status=delivered,created&status=ready&limit=1").await), "L-5");
    assert_eq!(ids(&house.get("/shipments?updatedSince=2026-11-21T12:00:00Z").await), "L-5 L-4 L-3 L-2 L-1");
    assert_eq!(ids(&house.get("/shipments?updatedSince=2026-11-21T12:00:01Z").await), "");
    let mut said = String::new();
    house.note(&mut said, "GET /api/v1/shipments?limit=1&status=created", &house.reader, &[], "").await;
    insta::assert_snapshot!(said);
}

#[tokio::test]
async fn each_way_to_fail_is_told_as_a_problem() {
    let house = House::new().await;
    house.post("/shipments", r#"{"trackingId":"T-1"}"#).await;
    let (create, list) = ("POST /api/v1/shipments", "GET /api/v1/shipments");
    let (report, many) = ("POST /api/v1/shipments/T-1/events", "POST /api/v1/events");
    let (m, r, c) = (house.manager.as_str(), house.reader.as_str(), house.carrier.as_str());
    let event = r#"{"id":"1","note":"n"}"#;
    let mut said = String::new();
    for (line, key, headers, body) in [
        (list, "", &[][..], ""),
        (list, "ds_wrong", &[], ""),
        (list, "", &[("authorization", "Basic YTpi")], ""),
        (list, c, &[], ""),
        (create, r, &[], "{}"),
        (report, r, &[], event),
        ("GET /api/v1/shipments/T-2", m, &[], ""),
        ("GET /api/v1/shipments/%20", m, &[], ""),
        ("GET /api/v1/shipments/%ff", m, &[], ""),
        ("GET /api/v1/nowhere", m, &[], ""),
        ("GET /api/v2", "", &[], ""),
        ("DELETE /api/v1/shipments", m, &[], ""),
        ("OPTIONS /api/v1/shipments/T-1/events", "", &[], ""),
        ("HEAD /api/v1/shipments/T-1", m, &[], ""),
        (list, m, &[("accept", "text/html")], ""),
        (
            "GET /api/v1/shipments?limit=0&status=x,ready&cursor=?&updatedSince=now&colour=red&limit=1",
            m,
            &[],
            "",
        ),
        ("GET /api/v1/shipments?limit=201&cursor=bw", m, &[], ""),
        (create, m, &[], r#"{"trackingId":"t-1"}"#),
        (create, m, &[("idempotency-key", "a b")], "{}"),
        (create, m, &[("content-type", "text/plain")], "{}"),
        (create, m, &[("content-encoding", "gzip")], "{}"),
        (create, m, &[("content-length", "99999999")], "{}"),
        (
            create,
            m,
            &[],
            r#"{"zone":"Mars/Base","promise":{},"recipient":[],"colour":1,"trackingId":"-","events":[{"note":" "}]}"#,
        ),
        (create, m, &[], r#"{"zone":"Mars/Base"}"#),
        (report, m, &[], r#"{"id":"1"}"#),
        (report, m, &[], r#"{"events":[]}"#),
        (
            report,
            m,
            &[],
            r#"{"id":"1","status":"created","time":"2026-11-22T12:00:00.001Z",
            "eta":{"window":{"kind":"between","from":"2026-11-24T13:10:00Z","until":"2026-11-24T13:00:00Z"},"asOf":"2027-01-01T00:00:00Z"}}"#,
        ),
        (
            many,
            m,
            &[],
            r#"{"events":[
            {"trackingId":"T-1","id":"1","status":"flying"},
            {"trackingId":"T-1","id":"2","note":"fine"},
            {"trackingId":"T 1","id":"","time":"yesterday","place":7},
            {"id":"4","note":"n","eta":{"window":{"kind":"day"}}},
            7]}"#,
        ),
        (
            many,
            m,
            &[],
            r#"{"events":[{"trackingId":"T-1","id":"1","note":"n"},{"trackingId":"T-9","id":"1","note":"n"}]}"#,
        ),
        (many, m, &[], r#"{"events":{}}"#),
        ("GET /api/v1/track/T-9", "", &[], ""),
        ("GET /api/v1/track/a%20b", "", &[], ""),
    ] {
        house.note(&mut said, line, key, headers, body).await;
    }
    insta::assert_snapshot!(said);
    let (_, events) = house.get("/shipments/T-1").await.at("/events");
    assert_eq!(events, serde_json::json!([]), "nothing of what was refused is there");
}

#[tokio::test]
async fn too_much_is_told_with_when_to_come_back() {
    let one = NonZeroU32::MIN;
    let rate: Option<Rate> = format!("{one}/2").parse().ok();
    let house = House::with(Allowances {
        client_requests: rate,
        address_requests: rate,
        shipment_requests: rate,
        ..Allowances::default()
    })
    .await;
    for _ in 0..2 {
        assert_eq!(house.call("GET /api/v1/shipments", "", &[], "").await.status, 401);
        assert_eq!(house.get("/shipments").await.status, 200);
    }
    let mut said = String::new();
    for key in ["", &house.manager] {
        house.note(&mut said, "GET /api/v1/shipments", key, &[], "").await;
    }
    house.note(&mut said, "GET /api/v1/track/T-1", "", &[], "").await;
    insta::assert_snapshot!(said);
    let reader = house.call("GET /api/v1/shipments", &house.reader, &[], "").await;
    assert_eq!(reader.status, 200, "another client has its own allowance");
}

#[tokio::test]
async fn when_the_store_is_closed_it_is_unavailable_and_nothing_is_said_of_why() {
    let house = House::new().await;
    house.get("/shipments").await;
    house.state.store.close().await;
    let mut said = String::new();
    house.note(&mut said, "POST /api/v1/shipments", &house.manager, &[], "{}").await;
    insta::assert_snapshot!(said);
}
