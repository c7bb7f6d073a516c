//! What creation and events tell about handing over: a code, preferences, who brings it, the next step.

use super::guest::{Guest, decide};
use super::house::House;
use doorstep_model::rules::Rules;

#[tokio::test]
async fn a_shipment_begins_with_what_is_known_of_handing_it_over() {
    let house = House::new().await;
    let mut said = String::new();
    let body = r#"{"trackingId":"T-1","code":{"digits":6},"comment":"Ring twice",
        "contactless":{"handover":"in_person","cashReceiver":"Ana","phone":"+34 600"}}"#;
    house.note(&mut said, "POST /api/v1/shipments", &house.manager, &[], body).await;
    let wrong = r#"{"code":{"digits":9},"comment":" ","contactless":{"handover":"at_door","note":1}}"#;
    house.note(&mut said, "POST /api/v1/shipments", &house.manager, &[], wrong).await;
    let both = r#"{"code":{"digits":4},"contactless":{"handover":"at_door"},"zone":"Mars/Base"}"#;
    house.note(&mut said, "POST /api/v1/shipments", &house.manager, &[], both).await;
    insta::assert_snapshot!(said);
}

#[tokio::test]
async fn a_repeated_creation_draws_no_other_code_and_answers_as_the_first_did() {
    let house = House::new().await;
    let key = [("idempotency-key", "once")];
    let line = "POST /api/v1/shipments";
    let body = r#"{"trackingId":"T-1","code":{"digits":8},"comment":"x"}"#;
    let first = house.call(line, &house.manager, &key, body).await;
    let guest = Guest::enter(&house, "T-1").await;
    guest.edit("comment", 1, "a", r#""changed""#).await;
    let sealed = async || {
        let id = doorstep_model::id::TrackingId::parse("T-1").unwrap_or_else(|e| panic!("{e}"));
        let shipment = house.state.store.shipment(&id).await.unwrap_or_else(|e| panic!("{e:?}"));
        let code = shipment.and_then(|shipment| shipment.handoff().code.clone());
        code.map(|code| code.drawn.sealed)
    };
    let before = sealed().await;
    let again = house.call(line, &house.manager, &key, body).await;
    assert_eq!((again.status.as_u16(), &again.text), (201, &first.text));
    assert!(before.is_some() && sealed().await == before, "another code was drawn");
    for other in
        [r#"{"trackingId":"T-1","code":{"digits":7},"comment":"x"}"#, r#"{"trackingId":"T-1","comment":"x"}"#]
    {
        let reused = house.call(line, &house.manager, &key, other).await;
        assert_eq!(reused.at("/code"), (422, "idempotency_key_reused".into()));
    }
}

#[tokio::test]
async fn the_rules_are_those_of_the_creation() {
    let house = House::new().await;
    house.post("/shipments", r#"{"trackingId":"T-1"}"#).await;
    decide(&house, Rules { link_hours_after_end: 1, ..Rules::default() }).await;
    house.post("/shipments", r#"{"trackingId":"T-2"}"#).await;
    let mut hours = Vec::new();
    for id in ["T-1", "T-2"] {
        let id = doorstep_model::id::TrackingId::parse(id).unwrap_or_else(|e| panic!("{e}"));
        let shipment = house.state.store.shipment(&id).await.unwrap_or_else(|e| panic!("{e:?}"));
        hours.push(shipment.map(|shipment| shipment.details().rules.link_hours_after_end));
    }
    assert_eq!(hours, [Some(72), Some(1)]);
}

#[tokio::test]
async fn events_name_the_courier_and_the_next_step() {
    let house = House::new().await;
    let body = r#"{"trackingId":"T-1","courier":{"name":"Luis Gil"}}"#;
    house.post("/shipments", body).await;
    let mut said = String::new();
    let line = "POST /api/v1/shipments/T-1/events";
    for body in [
        r#"{"id":"1","courier":{"name":"Eva Sanz","phone":"+34 611"}}"#,
        r#"{"id":"2","status":"exception","next":{"action":"correct_address","until":"2026-11-23T18:00:00Z"}}"#,
        r#"{"id":"3","courier":{},"next":{"action":"wait","until":"2026-11-21T11:59:59Z"}}"#,
        r#"{"id":"4","courier":["Eva"],"next":{"action":"dance","by":"me"}}"#,
        r#"{"id":"5","next":{"action":{"wait":null}}}"#,
    ] {
        house.note(&mut said, line, &house.carrier, &[], body).await;
    }
    insta::assert_snapshot!(said);
    let view = Guest::enter(&house, "T-1").await.view().await.json();
    assert_eq!(view["courierFirstName"], "Eva");
    assert_eq!(
        view["next"],
        serde_json::json!({"action": "correct_address", "until": "2026-11-23T18:00:00.000Z"})
    );
    let public = house.call("GET /api/v1/track/T-1", "", &[], "").await;
    assert!(!public.text.contains("Eva") && !public.text.contains("611"), "{}", public.text);
}
