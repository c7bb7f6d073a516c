//! What every answer gets.

use axum::body::Body;
use axum::routing::get;
use http::{Method, StatusCode};
use tower::ServiceExt as _;

use super::*;

async fn panics() -> Response {
    panic!("CANARY")
}

async fn sleeps() -> Response {
    std::future::pending().await
}

async fn own_policy() -> Response {
    ([(CONTENT_SECURITY_POLICY, "default-src 'self'"), (CACHE_CONTROL, "max-age=1")], "page").into_response()
}

async fn ask(path: &str) -> Response {
    let router = Router::new()
        .route("/api/panics", get(panics))
        .route("/api/sleeps", get(sleeps))
        .route("/page", get(own_policy));
    let request = Request::builder().method(Method::GET).uri(path).body(Body::empty());
    let request = request.unwrap_or_else(|e| panic!("{e}"));
    match shield(router, HttpMetrics::default()).oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

#[tokio::test]
async fn a_panic_is_a_bare_500_with_all_headers() {
    let response = ask("/api/panics").await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    insta::assert_debug_snapshot!(response.headers());
    let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap_or_default();
    let text = String::from_utf8_lossy(&body);
    assert!(text.contains("\"code\":\"internal\"") && !text.contains("CANARY"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn what_takes_too_long_is_408() {
    assert_eq!(ask("/api/sleeps").await.status(), StatusCode::REQUEST_TIMEOUT);
}

#[tokio::test]
async fn a_page_keeps_its_own_policies() {
    let response = ask("/page").await;
    let headers = response.headers();
    assert_eq!(
        headers.get(CONTENT_SECURITY_POLICY).map(HeaderValue::as_bytes),
        Some(&b"default-src 'self'"[..])
    );
    assert_eq!(headers.get(CACHE_CONTROL).map(HeaderValue::as_bytes), Some(&b"max-age=1"[..]));
    assert!(!headers.contains_key(X_FRAME_OPTIONS), "its policy says who may frame it");
}

#[tokio::test]
async fn an_unknown_path_is_shielded_too() {
    assert!(ask("/nowhere").await.headers().contains_key(X_CONTENT_TYPE_OPTIONS));
}
