//! What the live channel says, without sockets: the body of the handler's answer.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use futures_util::StreamExt as _;
use tower::ServiceExt as _;

use super::house::{House, request};

async fn open(house: &House, headers: &[(&str, &str)], query: &str) -> BodyDataStream {
    let request = request(&format!("GET /api/v1/track/S-1/live{query}"), "", headers, Body::empty());
    let response = house.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    response.into_body().into_data_stream()
}

async fn next(stream: &mut BodyDataStream) -> Option<String> {
    let chunk =
        tokio::time::timeout(Duration::from_secs(30), stream.next()).await.expect("something is said");
    chunk.map(|chunk| String::from_utf8(chunk.unwrap().to_vec()).unwrap())
}

async fn house_with_shipment() -> House {
    let house = House::new().await;
    house.post("/shipments", r#"{"trackingId": "S-1"}"#).await;
    house
}

#[tokio::test]
async fn the_whole_view_comes_at_once_and_at_each_change() {
    let house = house_with_shipment().await;
    let view = house.call("GET /api/v1/track/S-1", "", &[], "").await.text;
    let mut stream = open(&house, &[], "").await;
    let first = next(&mut stream).await.unwrap();
    assert_eq!(first, format!("retry: 1000\n\nid: 1\nevent: view\ndata: {view}\n\n"));
    house.post("/shipments/S-1/events", r#"{"id": "a", "status": "delivered"}"#).await;
    let second = next(&mut stream).await.unwrap();
    assert!(second.starts_with("id: 2\nevent: view\ndata: {"), "{second}");
    assert!(second.contains(r#""status":"delivered""#) && second.ends_with("}\n\n"), "{second}");
}

#[tokio::test]
async fn who_has_the_latest_waits_for_the_next() {
    let house = house_with_shipment().await;
    for (headers, query) in [(&[("last-event-id", "1")][..], ""), (&[], "?lastEventId=1")] {
        let mut stream = open(&house, headers, query).await;
        let first = next(&mut stream).await.unwrap();
        assert!(!first.contains("event: view"), "{first}");
    }
    for odd in ["0", "2", "-1", "x", "99999999999999999999999"] {
        let mut stream = open(&house, &[("last-event-id", odd)], "").await;
        let first = next(&mut stream).await.unwrap();
        assert!(first.contains("id: 1\nevent: view"), "{odd}: {first}");
    }
}

#[tokio::test]
async fn silence_is_broken_every_fifteen_seconds() {
    let house = house_with_shipment().await;
    let mut stream = open(&house, &[], "").await;
    next(&mut stream).await;
    tokio::time::pause();
    for _ in 0..3 {
        let before = tokio::time::Instant::now();
        assert_eq!(next(&mut stream).await.as_deref(), Some(":\n\n"));
        let waited = before.elapsed();
        assert!(waited >= Duration::from_secs(15) && waited < Duration::from_secs(16), "{waited:?}");
    }
}

#[tokio::test]
async fn a_stop_is_said_with_a_hint_and_refuses_new_viewers() {
    let house = house_with_shipment().await;
    let mut stream = open(&house, &[], "").await;
    next(&mut stream).await;
    house.state.stopping.cancel();
    let bye = next(&mut stream).await.unwrap();
    assert!(bye.starts_with("retry: ") && bye.contains("event: bye\n"), "{bye}");
    assert_eq!(next(&mut stream).await, None);
    let late = house.call("GET /api/v1/track/S-1/live", "", &[], "").await;
    assert_eq!(late.at("/code"), (503, "unavailable".into()));
    assert_eq!(late.headers["retry-after"], "1");
}

#[tokio::test]
async fn an_old_stream_ends_by_itself() {
    let house = house_with_shipment().await;
    let mut stream = open(&house, &[], "").await;
    next(&mut stream).await;
    tokio::time::pause();
    let began = tokio::time::Instant::now();
    let mut last = String::new();
    while let Some(said) = next(&mut stream).await {
        last = said;
    }
    assert!(last.contains("event: bye"), "{last}");
    let minutes = began.elapsed().as_secs() / 60;
    assert!((35..=55).contains(&minutes), "{minutes}");
}
