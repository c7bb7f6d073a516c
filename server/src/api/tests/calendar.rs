//! The calendar feed: it moves with the window and keeps its identity, says nothing personal, and dies with
//! the link that it hangs on.

use std::fmt::Write as _;
use std::time::Duration;

use doorstep_model::id::TrackingId;

use super::guest::{Guest, shop};
use super::house::{Answer, House};

async fn address(guest: &Guest<'_>) -> String {
    let answer = guest.call("GET calendar", &[], "").await;
    let url = answer.json()["url"].as_str().unwrap_or_default().to_owned();
    let path = url.strip_prefix("https://track.test").unwrap_or_else(|| panic!("{}", answer.text));
    format!("GET {path}")
}

async fn read(house: &House, line: &str) -> Answer {
    house.call(line, "", &[], "").await
}

/// The value of a line.
fn line<'a>(feed: &'a str, name: &str) -> &'a str {
    let starts = |line: &&str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with([':', ';']));
    feed.split("\r\n").find(starts).unwrap_or_default()
}

const WHOLE: &str = r#"{"trackingId":"Shop-1","zone":"Europe/Madrid","promise":{"day":"2026-11-24"},
    "reference":"canary","comment":"canary","contactless":{"handover":"at_door","cashReceiver":"canary","phone":"canary"},
    "recipient":{"name":"Canary Ana","phone":"canary","email":"canary","address":"canary"},
    "courier":{"name":"canary"},"origin":"canary"}"#;

#[tokio::test]
async fn the_entry_moves_with_the_window_and_keeps_its_identity() {
    let house = House::new().await;
    house.post("/shipments", WHOLE).await;
    let guest = Guest::enter(&house, "Shop-1").await;
    let feed = address(&guest).await;
    let mut said = String::new();
    let mut identities = std::collections::BTreeSet::new();
    let mut sequences = Vec::new();
    for event in [
        "",
        r#"{"id":"1","status":"in_transit","place":"canary","note":"canary","eta":{"window":{"kind":"day","day":"2026-11-23"},"cause":"canary"}}"#,
        r#"{"id":"2","status":"out_for_delivery","courier":{"name":"canary"},"next":{"action":"wait"},
            "eta":{"window":{"kind":"between","from":"2026-11-21T13:10:00Z","until":"2026-11-21T13:40:00Z"},"cause":"canary"}}"#,
        r#"{"id":"3","eta":{"window":{"kind":"between","from":"2026-11-21T13:25:00Z","until":"2026-11-21T13:55:00Z"},"confidence":"low"}}"#,
        r#"{"id":"4","eta":{"window":{"kind":"unknown"}}}"#,
        r#"{"id":"5","status":"attempt_failed","reason":"recipient_absent","note":"canary"}"#,
        r#"{"id":"6","status":"out_for_delivery","eta":{"window":{"kind":"day","day":"2026-11-22"}}}"#,
        r#"{"id":"7","status":"delivered","time":"2026-11-21T12:00:00Z","place":"canary"}"#,
    ] {
        if !event.is_empty() {
            house.wait(Duration::from_secs(60));
            assert_eq!(house.post("/shipments/SHOP-1/events", event).await.status, 200);
        }
        let answer = read(&house, &feed).await;
        assert_eq!(answer.headers["content-type"], "text/calendar; charset=utf-8");
        assert!(!answer.text.to_lowercase().contains("canary"), "{}", answer.text);
        assert!(!answer.text.contains("Ana"), "{}", answer.text);
        identities.insert(line(&answer.text, "UID").to_owned());
        sequences.push(line(&answer.text, "SEQUENCE").trim_start_matches("SEQUENCE:").parse::<u64>().ok());
        let _ = writeln!(said, "{}", answer.text.replace("\r\n", "\n"));
    }
    assert_eq!(identities.len(), 1, "{identities:?}");
    assert!(sequences.is_sorted_by(|a, b| a < b), "{sequences:?}");
    insta::assert_snapshot!(said.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}

#[tokio::test]
async fn what_will_not_come_is_struck_out_where_it_was() {
    let house = House::new().await;
    let body = r#"{"trackingId":"T-1","events":[{"id":"1","status":"confirmed",
        "eta":{"window":{"kind":"between","from":"2026-11-24T13:10:00Z","until":"2026-11-24T13:40:00Z"}}}]}"#;
    house.post("/shipments", body).await;
    let feed = address(&Guest::enter(&house, "T-1").await).await;
    house.post("/shipments/T-1/events", r#"{"id":"2","status":"cancelled"}"#).await;
    let text = read(&house, &feed).await.text;
    assert_eq!(line(&text, "STATUS"), "STATUS:CANCELLED");
    assert_eq!(line(&text, "DTSTART"), "DTSTART:20261124T131000Z");
}

#[tokio::test]
async fn where_nothing_is_known_it_is_a_task_without_a_date() {
    let house = House::new().await;
    house.post("/shipments", r#"{"trackingId":"T-1"}"#).await;
    let feed = address(&Guest::enter(&house, "T-1").await).await;
    let text = read(&house, &feed).await.text;
    assert!(text.contains("BEGIN:VTODO") && !text.contains("DTSTART") && !text.contains("DUE"), "{text}");
    house.post("/shipments/T-1/events", r#"{"id":"1","status":"delivered"}"#).await;
    let text = read(&house, &feed).await.text;
    assert_eq!(line(&text, "STATUS"), "STATUS:COMPLETED", "delivered, nobody says when: {text}");
}

#[tokio::test]
async fn a_program_that_has_it_already_is_told_so() {
    let house = House::new().await;
    house.post("/shipments", r#"{"trackingId":"T-1"}"#).await;
    let feed = address(&Guest::enter(&house, "T-1").await).await;
    let first = read(&house, &feed).await;
    let tag = first.headers["etag"].to_str().unwrap_or_default().to_owned();
    let again = house.call(&feed, "", &[("if-none-match", &tag)], "").await;
    assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
    house.post("/shipments/T-1/events", r#"{"id":"1","status":"ready"}"#).await;
    assert_eq!(house.call(&feed, "", &[("if-none-match", &tag)], "").await.status, 200);
    let us = house.call(&feed, "", &[("accept-language", "en-US")], "").await;
    assert_eq!(us.headers["vary"], "accept-language");
}

#[tokio::test]
async fn it_dies_with_its_link_and_with_access_and_then_looks_like_nothing() {
    let house = House::new().await;
    for id in ["T-1", "T-2"] {
        house.post("/shipments", &format!(r#"{{"trackingId":"{id}"}}"#)).await;
    }
    let (one, other) = (
        address(&Guest::enter(&house, "T-1").await).await,
        address(&Guest::enter(&house, "T-2").await).await,
    );
    let nothing = read(&house, "GET /calendar/AAAA.ics").await;
    assert_eq!(nothing.status, 404);
    let id = TrackingId::parse("T-1").unwrap_or_else(|e| panic!("{e}"));
    let revoked =
        house.state.store.revoke_links(shop(&house).await, &id, None, house.state.clock.now()).await;
    assert_eq!(revoked.unwrap_or_default(), 1);
    house
        .post("/shipments/T-2/events", r#"{"id":"1","status":"delivered","time":"2026-11-21T12:00:00Z"}"#)
        .await;
    house.wait(Duration::from_secs(72 * 3_600));
    assert_eq!(read(&house, &other).await.status, 200, "until the last instant");
    house.wait(Duration::from_millis(1));
    let cut = one.replace(".ics", "");
    for dead in [&one, &other, &cut] {
        let answer = read(&house, dead).await;
        assert_eq!((answer.status, &answer.text), (nothing.status, &nothing.text), "{dead}");
        assert_eq!(format!("{:?}", answer.headers), format!("{:?}", nothing.headers));
    }
}

#[tokio::test]
async fn a_link_that_was_made_anew_keeps_no_feed_of_the_one_before() {
    let house = House::new().await;
    house.post("/shipments", r#"{"trackingId":"T-1"}"#).await;
    let id = TrackingId::parse("T-1").unwrap_or_else(|e| panic!("{e}"));
    let before = address(&Guest::enter(&house, "T-1").await).await;
    let tenant = shop(&house).await;
    house.state.store.revoke_links(tenant, &id, None, house.state.clock.now()).await.unwrap_or_default();
    let after = address(&Guest::enter(&house, "T-1").await).await;
    assert_eq!(
        (read(&house, &before).await.status.as_u16(), read(&house, &after).await.status.as_u16()),
        (404, 200)
    );
    assert_eq!(
        line(&read(&house, &after).await.text, "UID"),
        "UID:t-1@doorstep",
        "whoever subscribes again finds the same entry"
    );
}
