//! The comment and the contactless choice: two editors, the cut-off, an edit that comes twice, receipts.

use std::fmt::Write as _;
use std::time::Duration;

use doorstep_model::rules::{CodeWithContactless, CutOff, Rules};

use super::guest::{Guest, decide};
use super::house::{Answer, House};

async fn house_with(body: &str) -> House {
    let house = House::new().await;
    create(&house, body).await;
    house
}

async fn create(house: &House, body: &str) {
    let answer = house.post("/shipments", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
}

/// Writes down an answer under what was asked.
fn note(said: &mut String, what: &str, answer: &Answer) {
    let tag = answer.headers.get("etag").and_then(|tag| tag.to_str().ok()).unwrap_or("none");
    let _ = writeln!(said, "> {what}\n{} etag {tag}\n{:#}\n", answer.status.as_u16(), answer.json());
}

#[tokio::test]
async fn of_two_editors_the_later_one_sees_both_and_chooses() {
    let house = house_with(r#"{"trackingId":"T-1"}"#).await;
    let (one, other) = (Guest::enter(&house, "T-1").await, Guest::enter(&house, "T-1").await);
    let mut said = String::new();
    for (who, guest, seen, edit, value) in [
        ("one writes", &one, 0, "a", r#""Ring twice""#),
        ("the other has not seen it", &other, 0, "b", r#""Third floor""#),
        ("the other chooses", &other, 1, "c", r#""Third floor, ring twice""#),
        ("the same edit again", &other, 1, "c", r#""Third floor, ring twice""#),
        ("its name for something else", &other, 1, "c", r#""Fourth floor""#),
        ("one takes it back", &one, 2, "d", "null"),
    ] {
        note(&mut said, who, &guest.edit("comment", seen, edit, value).await);
    }
    let contactless = r#"{"handover":"at_door","cashReceiver":"Ana","phone":"+34 600"}"#;
    note(&mut said, "one chooses", &one.edit("contactless", 0, "e", contactless).await);
    let line = "PUT /api/v1/shipments/T-1/contactless";
    for (who, seen) in [("staff have not seen it", "\"0\""), ("staff edit", "\"1\"")] {
        let body = r#"{"value":{"handover":"at_reception"},"edit":"f"}"#;
        note(&mut said, who, &house.call(line, &house.manager, &[("if-match", seen)], body).await);
    }
    insta::assert_snapshot!(said);
}

#[tokio::test]
async fn each_way_to_refuse_an_edit_is_told_as_a_problem() {
    let house = house_with(r#"{"trackingId":"T-1"}"#).await;
    let guest = Guest::enter(&house, "T-1").await;
    let (fine, seen) = (r#"{"value":"x","edit":"e"}"#, ("if-match", "\"0\""));
    let mut said = String::new();
    for (what, line, headers, body) in [
        ("no version", "PUT comment", &[][..], fine),
        ("any version", "PUT comment", &[("if-match", "*")], fine),
        ("two versions", "PUT comment", &[("if-match", "\"0\", \"1\"")], fine),
        ("a weak version", "PUT comment", &[("if-match", "W/\"0\"")], fine),
        ("no value", "PUT comment", &[seen], r#"{"edit":"e"}"#),
        ("no name", "PUT comment", &[seen], r#"{"value":null}"#),
        ("odd fields", "PUT comment", &[seen], r#"{"value":7,"edit":"ä","more":1}"#),
        ("nothing in it", "PUT comment", &[seen], r#"{"value":" ","edit":"e"}"#),
        (
            "odd choice",
            "PUT contactless",
            &[seen],
            r#"{"value":{"handover":"on_the_roof","phone":7},"edit":"e"}"#,
        ),
        ("a choice as a list", "PUT contactless", &[seen], r#"{"value":["at_door"],"edit":"e"}"#),
        (
            "a word as an object",
            "PUT contactless",
            &[seen],
            r#"{"value":{"handover":{"at_door":null}},"edit":"e"}"#,
        ),
    ] {
        note(&mut said, what, &guest.call(line, headers, body).await);
    }
    let carrier = house.call("PUT /api/v1/shipments/T-1/comment", &house.carrier, &[seen], fine).await;
    note(&mut said, "the carrier", &carrier);
    insta::assert_snapshot!(said);
    let line = "PUT /api/v1/track/T-1/recipient/comment";
    let nobody = house.call(line, "", &[seen, ("x-doorstep", "1")], fine).await;
    assert_eq!(nobody.at("/code"), (401, "session_needed".into()));
    assert_eq!(guest.view().await.at("/preferences"), (200, serde_json::json!({})), "nothing was changed");
}

#[tokio::test]
async fn an_edit_on_a_version_that_never_was_learns_that_nothing_stands() {
    let house = house_with(r#"{"trackingId":"T-1"}"#).await;
    let answer = Guest::enter(&house, "T-1").await.edit("comment", 5, "a", r#""x""#).await;
    assert_eq!(answer.at("/code"), (412, "edit_conflict".into()));
    let told = answer.json();
    assert!(told.as_object().is_some_and(|told| told.contains_key("current")) && told["current"].is_null());
}

#[tokio::test]
async fn a_session_edits_its_own_shipment_only() {
    let house = house_with(r#"{"trackingId":"T-1"}"#).await;
    create(&house, r#"{"trackingId":"T-2"}"#).await;
    let guest = Guest::enter(&house, "T-1").await;
    let answer = guest.call("PUT ../../T-2/recipient/comment", &[("if-match", "\"0\"")], "{}").await;
    assert!(answer.status.is_client_error(), "{}", answer.text);
    let (_, preferences) = house.get("/shipments/T-2").await.at("/preferences");
    assert_eq!(preferences, serde_json::json!({}));
}

#[tokio::test]
async fn the_cut_off_is_exact_to_the_millisecond() {
    let house = House::new().await;
    let cut_off = CutOff { minutes_before_window: Some(60), ..CutOff::default() };
    decide(&house, Rules { cut_off, ..Rules::default() }).await;
    let window = r#"{"kind":"between","from":"2026-11-21T13:05:00Z","until":"2026-11-21T13:35:00Z"}"#;
    create(&house, &format!(r#"{{"trackingId":"T-1","events":[{{"id":"1","eta":{{"window":{window}}}}}]}}"#))
        .await;
    let guest = Guest::enter(&house, "T-1").await;
    let (_, until) = guest.view().await.at("/editing/until");
    assert_eq!(until, "2026-11-21T12:05:00.000Z");
    house.wait(Duration::from_secs(300));
    assert_eq!(
        guest.edit("comment", 0, "a", r#""in time""#).await.status,
        200,
        "the last instant is in time"
    );
    house.wait(Duration::from_millis(1));
    assert_eq!(guest.edit("comment", 1, "b", r#""late""#).await.at("/code"), (409, "cut_off".into()));
    let again = guest.edit("comment", 0, "a", r#""in time""#).await;
    assert_eq!(again.at("/version"), (200, 1.into()), "what was in time is answered as it was");
    let line = "PUT /api/v1/shipments/T-1/comment";
    let told = r#"{"value":"told on the phone","edit":"s"}"#;
    let staff = house.call(line, &house.manager, &[("if-match", "\"1\"")], told).await;
    assert_eq!(staff.at("/version"), (200, 2.into()), "staff may correct it");
    house.post("/shipments/T-1/events", r#"{"id":"2","status":"delivered"}"#).await;
    let staff =
        house.call(line, &house.manager, &[("if-match", "\"2\"")], r#"{"value":null,"edit":"t"}"#).await;
    assert_eq!(staff.at("/code"), (409, "cut_off".into()), "but not what is over");
}

#[tokio::test]
async fn a_code_and_a_contactless_choice_exclude_each_other_or_not_as_the_tenant_says() {
    let house = house_with(r#"{"trackingId":"T-1","code":{"digits":4}}"#).await;
    let guest = Guest::enter(&house, "T-1").await;
    let at_door = r#"{"handover":"at_door"}"#;
    let refused = guest.edit("contactless", 0, "a", at_door).await;
    assert_eq!(refused.at("/code"), (409, "code_excludes_contactless".into()));
    let in_person =
        guest.edit("contactless", 0, "b", r#"{"handover":"in_person","cashReceiver":"Ana"}"#).await;
    assert_eq!(in_person.at("/value/cashReceiver"), (200, "Ana".into()));
    let code_with_contactless = CodeWithContactless::ConfirmPhoto;
    decide(&house, Rules { code_with_contactless, ..Rules::default() }).await;
    let still = guest.edit("contactless", 1, "c", at_door).await;
    assert_eq!(still.status, 409, "a shipment keeps the rules that it began with");
    create(&house, r#"{"trackingId":"T-2","code":{"digits":4}}"#).await;
    let guest = Guest::enter(&house, "T-2").await;
    assert_eq!(guest.edit("contactless", 0, "a", at_door).await.status, 200);
}

#[tokio::test]
async fn of_fifty_edits_at_once_on_one_version_one_holds() {
    let house = house_with(r#"{"trackingId":"T-1"}"#).await;
    let guest = Guest::enter(&house, "T-1").await;
    let edits = (0..50).map(|i| {
        let guest = &guest;
        async move { guest.edit("comment", 0, &format!("e{i}"), &format!("\"{i}\"")).await.status.as_u16() }
    });
    let answers = futures_util::future::join_all(edits).await;
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == 412).count(), 49, "{answers:?}");
}

#[tokio::test]
async fn receipts_grow_only_and_only_for_the_version_that_stands() {
    let house = house_with(r#"{"trackingId":"T-1"}"#).await;
    let guest = Guest::enter(&house, "T-1").await;
    guest.edit("comment", 0, "a", r#""one""#).await;
    let report = async |version: u32, receipt: &str| {
        let body = format!(r#"{{"comment":{{"version":{version},"receipt":"{receipt}"}}}}"#);
        let line = "POST /api/v1/shipments/T-1/receipts";
        house.call(line, &house.carrier, &[], &body).await.at("/comment/receipt")
    };
    assert_eq!(report(1, "on_device").await, (200, "on_device".into()));
    assert_eq!(report(1, "passed").await, (200, "on_device".into()), "it never goes back");
    assert_eq!(report(2, "read").await, (200, "on_device".into()), "there is no second version yet");
    let (_, sequence) = guest.view().await.at("/sequence");
    assert_eq!(sequence, 3, "what changed nothing is no change");
    guest.edit("comment", 1, "b", r#""two""#).await;
    assert_eq!(report(1, "read").await, (200, "saved".into()), "of an earlier version");
    assert_eq!(report(2, "read").await, (200, "read".into()));
    assert_eq!(guest.view().await.at("/preferences/comment/receipt"), (200, "read".into()));
    let line = "POST /api/v1/shipments/T-1/receipts";
    let empty = house.call(line, &house.carrier, &[], "{}").await;
    assert_eq!(empty.at("/code"), (422, "validation_failed".into()));
    let reader = house.call(line, &house.reader, &[], "{}").await;
    assert_eq!(reader.status, 403);
}
