//! What is no JSON, or not quite, is refused cleanly whatever it is.

use axum::body::Body;
use bytes::Bytes;
use http_body_util::StreamBody;

use super::house::{House, request};

#[tokio::test]
async fn broken_json_is_a_clean_4xx() {
    let house = House::new().await;
    house.post("/shipments", r#"{"trackingId":"T-1"}"#).await;
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let deep_field = format!(r#"{{"id":"1","note":{deep}}}"#);
    let long = format!(r#"{{"id":"1","note":"{}"}}"#, "é".repeat(501));
    let crowd = format!(r#"{{"events":[{}]}}"#, vec![r#"{"id":"1","note":"n"}"#; 1_001].join(","));
    let bad: &[&[u8]] = &[
        b"",
        b" ",
        b"null",
        b"7",
        b"[]",
        b"\"x\"",
        b"{",
        b"{}",
        b"{\"id\":\"1\",\"note\":\"n\"} x",
        b"{\"id\":\"1\",\"note\":\"\xff\xfe\"}",
        b"{\"id\":\"1\",\"note\":\"\0\"}",
        b"\xef\xbb\xbf{\"id\":\"1\",\"note\":\"n\"}",
        br#"{"id":"1","note":"\ud800"}"#,
        br#"{"id":"1","note":"\u0000"}"#,
        br#"{"id":"\u0000","note":"n"}"#,
        br#"{"id":"1","id":"2","note":"n"}"#,
        br#"{"id":"1","note":"n","note":"m"}"#,
        br#"{"events":[],"events":[{"id":"1","note":"n"}]}"#,
        br#"{"events":[{"id":"1","note":"n"}],"id":"1"}"#,
        br#"{"id":1e999,"note":"n"}"#,
        br#"{"id":123456789012345678901234567890,"note":"n"}"#,
        br#"{"id":NaN,"note":"n"}"#,
        br#"{"id":"1","status":{"delivered":null}}"#,
        br#"{"id":"1","status":0}"#,
        br#"{"id":"1","flags":[["delayed"],[]]}"#,
        br#"{"id":"1","flags":{"set":[{"delayed":null}]}}"#,
        br#"{"id":"1","eta":{"window":["unknown"]}}"#,
        br#"{"id":"1","eta":{"window":{"kind":0}}}"#,
        br#"{"id":"1","eta":{"window":{"kind":"unknown","day":"2026-01-01"}}}"#,
        br#"{"id":"1","eta":{"window":{"kind":"day","day":"2026-1-1"}}}"#,
        br#"["1","created"]"#,
        deep.as_bytes(),
        deep_field.as_bytes(),
        long.as_bytes(),
        crowd.as_bytes(),
    ];
    for body in bad {
        let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
        let line = "POST /api/v1/shipments/T-1/events";
        let answer = house.ask(request(line, &house.manager, &[], Body::from(body.to_vec()))).await;
        let (status, code) = answer.at("/code");
        let told = answer.json();
        assert!(
            (status == 400 && code == "malformed_body") || (status == 422 && code == "validation_failed"),
            "{shown}: {}",
            answer.text
        );
        assert!(
            told["detail"].is_string() || told["errors"][0]["pointer"].is_string(),
            "{shown}: {}",
            answer.text
        );
    }
    let (_, events) = house.get("/shipments/T-1").await.at("/events");
    assert_eq!(events, serde_json::json!([]));
}

#[tokio::test]
async fn ten_megabytes_are_refused_with_and_without_a_length() {
    let house = House::new().await;
    let body = vec![b' '; 10 * 1024 * 1024];
    let line = "POST /api/v1/events";
    let sized = house.ask(request(line, &house.manager, &[], Body::from(body.clone()))).await;
    assert_eq!(sized.at("/code"), (413, "body_too_large".into()));
    let chunks: Vec<Result<http_body::Frame<Bytes>, std::convert::Infallible>> = body
        .chunks(64 * 1024)
        .map(|chunk| Ok(http_body::Frame::data(Bytes::copy_from_slice(chunk))))
        .collect();
    let streamed = Body::new(StreamBody::new(futures_util::stream::iter(chunks)));
    let streamed = house.ask(request(line, &house.manager, &[], streamed)).await;
    assert_eq!(streamed.at("/code"), (413, "body_too_large".into()));
}

#[tokio::test]
async fn a_thousand_events_fit_and_a_shipment_that_is_full_says_so() {
    let house = House::new().await;
    house.post("/shipments", r#"{"trackingId":"T-1"}"#).await;
    for batch in 0..6 {
        let events: Vec<String> =
            (0..1_000).map(|i| format!(r#"{{"id":"{batch}-{i}","note":"n"}}"#)).collect();
        let body = format!(r#"{{"events":[{}]}}"#, events.join(","));
        let answer = house.post("/shipments/T-1/events", &body).await;
        if batch < 5 {
            assert_eq!(answer.at("/sequence"), (200, (1 + 1_000 * (batch + 1)).into()));
        } else {
            assert_eq!(answer.at("/code"), (422, "too_many_events".into()));
        }
    }
}

#[tokio::test]
async fn a_body_that_never_ends_is_408() {
    let house = House::new().await;
    // The key is known from now on, so that the store takes no part while the clock is ours.
    house.get("/shipments").await;
    tokio::time::pause();
    let body = Body::from_stream(futures_util::stream::pending::<Result<Bytes, std::convert::Infallible>>());
    let answer = house.ask(request("POST /api/v1/events", &house.manager, &[], body)).await;
    assert_eq!(answer.at("/code"), (408, "request_timeout".into()));
}
