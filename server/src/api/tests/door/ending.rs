//! When a session ends: on demand, unused, after the journey; and that an open stream ends with it.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use futures_util::StreamExt as _;
use tower::ServiceExt as _;

use super::{enter, house, visit};
use crate::access::IDLE_MS;
use crate::api::tests::house::{House, request};

const HOUR: Duration = Duration::from_secs(3_600);

async fn follow(house: &House, cookie: &str) -> BodyDataStream {
    let line = "GET /api/v1/track/D-1/recipient/live";
    let request = request(line, "", &[("cookie", cookie)], Body::empty());
    let response = house.router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    response.into_body().into_data_stream()
}

async fn next(stream: &mut BodyDataStream) -> Option<String> {
    let chunk = tokio::time::timeout(Duration::from_secs(30), stream.next()).await;
    let chunk = chunk.unwrap_or_else(|_| panic!("nothing is said"))?;
    Some(String::from_utf8_lossy(&chunk.unwrap_or_default()).into_owned())
}

#[tokio::test]
async fn the_recipient_follows_their_own_view() {
    let house = house().await;
    let session = enter(&house, "D-1").await;
    let view = visit(&house, "GET D-1/recipient", &session).await.text;
    let mut stream = follow(&house, &session).await;
    assert_eq!(next(&mut stream).await, Some(format!("retry: 1000\n\nid: 2\nevent: view\ndata: {view}\n\n")));
    house.post("/shipments/D-1/events", r#"{"id": "a", "status": "in_transit", "place": "M-40"}"#).await;
    let second = next(&mut stream).await.unwrap_or_default();
    assert!(second.starts_with("id: 3\nevent: view\n") && second.contains("M-40"), "{second}");
}

#[tokio::test]
async fn a_stream_ends_with_its_session() {
    let house = house().await;
    let session = enter(&house, "D-1").await;
    let mut stream = follow(&house, &session).await;
    next(&mut stream).await;
    house.call("DELETE /api/v1/shipments/D-1/links", &house.manager, &[], "").await;
    house.post("/shipments/D-1/events", r#"{"id": "a", "status": "in_transit", "place": "M-40"}"#).await;
    let said = next(&mut stream).await.unwrap_or_default();
    assert!(said.contains("event: bye") && !said.contains("M-40"), "{said}");
    assert_eq!(next(&mut stream).await, None);
}

#[tokio::test]
async fn a_silent_stream_ends_with_its_session_too() {
    let house = house().await;
    let session = enter(&house, "D-1").await;
    let mut stream = follow(&house, &session).await;
    next(&mut stream).await;
    visit(&house, "DELETE D-1/session", &session).await;
    // The clock is ours only while the store takes no part.
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(15)).await;
    tokio::time::resume();
    let said = next(&mut stream).await.unwrap_or_default();
    assert!(said.contains("event: bye"), "{said}");
}

#[tokio::test]
async fn a_session_is_ended_on_demand() {
    let house = house().await;
    let session = enter(&house, "D-1").await;
    let ended = visit(&house, "DELETE D-1/session", &session).await;
    assert_eq!(ended.status, 204);
    let cleared = ended.headers["set-cookie"].to_str().unwrap_or_default().to_owned();
    assert!(cleared.starts_with("__Host-doorstep-") && cleared.contains("Max-Age=0"), "{cleared}");
    assert_eq!(visit(&house, "GET D-1/recipient", &session).await.status, 401);
}

#[tokio::test]
async fn a_session_that_nobody_uses_ends() {
    let house = house().await;
    let session = enter(&house, "D-1").await;
    house.wait(Duration::from_millis(u64::try_from(IDLE_MS).unwrap_or_default()) + Duration::from_millis(1));
    assert_eq!(visit(&house, "GET D-1/recipient", &session).await.status, 401);
}

#[tokio::test]
async fn access_ends_a_set_time_after_the_journey() {
    let house = house().await;
    let session = enter(&house, "D-1").await;
    house.post("/shipments/D-1/events", r#"{"id": "a", "status": "delivered"}"#).await;
    let (_, ends) = visit(&house, "GET D-1/session", &session).await.at("/accessEndsAt");
    assert_eq!(ends, "2026-11-24T12:00:00.000Z");
    house.wait(72 * HOUR - Duration::from_millis(1));
    let last = visit(&house, "GET D-1/recipient", &session).await;
    assert_eq!(last.status, 200);
    house.wait(Duration::from_millis(1));
    assert_eq!(visit(&house, "GET D-1/recipient", &super::cookie(&last)).await.status, 401);
}

#[tokio::test]
async fn a_stream_whose_access_ends_says_good_bye() {
    let house = house().await;
    let session = enter(&house, "D-1").await;
    house.post("/shipments/D-1/events", r#"{"id": "a", "status": "delivered"}"#).await;
    let mut stream = follow(&house, &session).await;
    next(&mut stream).await;
    house.wait(72 * HOUR);
    // The journey's end has no time of its own here; a later remark does not put it off.
    house.post("/shipments/D-1/events", r#"{"id": "b", "note": "late"}"#).await;
    let said = next(&mut stream).await.unwrap_or_default();
    assert!(said.contains("event: bye"), "{said}");
}
