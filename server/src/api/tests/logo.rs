//! A shop's logo: what is taken, and that pages show it with the shop's name, from our own address.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Request;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::house::{Answer, House};

/// The head of a PNG of so many pixels; as much of one as we read.
fn png(width: u32, height: u32) -> Vec<u8> {
    let head = b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR".iter().copied();
    head.chain(width.to_be_bytes()).chain(height.to_be_bytes()).chain([8, 6, 0, 0, 0]).collect()
}

fn body(media_type: &str, bytes: &[u8]) -> String {
    json!({"mediaType": media_type, "base64": STANDARD.encode(bytes)}).to_string()
}

async fn put(house: &House, body: &str) -> Answer {
    house.call("PUT /api/v1/settings/logo", &house.manager, &[], body).await
}

/// A page as anybody gets it.
async fn page(house: &House, path: &str) -> (http::response::Parts, Vec<u8>) {
    let router = crate::pages::router().with_state(house.state.clone());
    let request = Request::get(path).body(axum::body::Body::empty()).unwrap_or_else(|e| panic!("{e}"));
    let (parts, body) = router.oneshot(request).await.unwrap_or_else(|e| match e {}).into_parts();
    let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap_or_else(|e| panic!("{e}"));
    (parts, bytes.to_vec())
}

#[tokio::test]
async fn every_page_of_the_shop_shows_its_looks_and_no_other_page_does() {
    let house = House::new().await;
    house.post("/shipments", r#"{"trackingId":"T-1"}"#).await;
    let theirs = house.call("POST /api/v1/shipments", &house.stranger, &[], r#"{"trackingId":"S-1"}"#).await;
    assert_eq!(theirs.status, 201);
    let kept = put(&house, &body("image/png", &png(320, 80))).await;
    assert_eq!(kept.at("/width"), (200, 320.into()), "{}", kept.text);
    let path = kept.json()["path"].as_str().unwrap_or_default().to_owned();
    assert_eq!(house.get("/settings/logo").await.json(), kept.json());
    let nameless = page(&house, "/t/T-1").await.1;
    assert!(!String::from_utf8_lossy(&nameless).contains("<img"), "a logo without a name says nothing");

    let settings =
        json!({"brand": {"name": "Shop & Sons", "accent": "#ffcc00", "support": "tel:+34910000000"}});
    let told = house.call("PUT /api/v1/settings", &house.manager, &[], &settings.to_string()).await;
    assert_eq!(told.status, 200, "{}", told.text);
    for address in ["/t/T-1", "/embed/T-1", "/lsw/T-1"] {
        let (parts, html) = page(&house, address).await;
        let html = String::from_utf8_lossy(&html).into_owned();
        let image = format!(r#"<img src="{path}" alt="Shop &amp; Sons" width="320" height="80">"#);
        for part in [image.as_str(), r#"<a href="tel:+34910000000""#, "--brand:#ffcc00"] {
            assert!(html.contains(part), "{address}: no {part} in {html}");
        }
        let policy = parts.headers["content-security-policy"].to_str().unwrap_or_default();
        assert!(policy.contains("'sha256-") && !policy.contains("unsafe-inline"), "{address}: {policy}");
        let framed = policy.contains("frame-ancestors 'none'");
        assert_eq!(framed, address == "/t/T-1", "{address}: {policy}");
    }
    for address in ["/t/S-1", "/embed/S-1", "/", "/t/NOBODY"] {
        let html = String::from_utf8_lossy(&page(&house, address).await.1).into_owned();
        assert!(!html.contains("Sons") && !html.contains("<img"), "{address}: {html}");
    }

    let (parts, bytes) = page(&house, &path).await;
    assert_eq!((parts.status.as_u16(), bytes), (200, png(320, 80)));
    for (name, value) in [
        ("content-type", "image/png"),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("cross-origin-resource-policy", "cross-origin"),
    ] {
        assert_eq!(parts.headers[name], value, "{name}");
    }
    let gone = house.call("DELETE /api/v1/settings/logo", &house.manager, &[], "").await;
    assert_eq!(gone.status, 204);
    assert_eq!(house.get("/settings/logo").await.at("/code"), (404, "not_found".into()));
    for path in [path.as_str(), "/logos/x", "/logos/%2e%2e%2fetc", "/logos/00000000000000000000000000000000"]
    {
        assert_eq!(page(&house, path).await.0.status, 404, "{path}");
    }
    let html = String::from_utf8_lossy(&page(&house, "/t/T-1").await.1).into_owned();
    assert!(html.contains(r#"<header class="brand">Shop &amp; Sons</header>"#), "{html}");
}

#[tokio::test]
async fn what_is_no_logo_is_refused_with_its_place() {
    let house = House::new().await;
    let large = [png(10, 10), vec![0; 64 * 1024]].concat();
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    for (body, status, pointer) in [
        (body("image/svg+xml", svg), 422, "/mediaType"),
        (body("image/png", svg), 422, "/base64"),
        (body("image/webp", &png(10, 10)), 422, "/base64"),
        (body("image/png", &large), 422, "/base64"),
        (body("image/png", &png(1_025, 1)), 422, "/base64"),
        (body("image/png", &png(1, 0)), 422, "/base64"),
        (body("image/png", &png(10, 10)[..12]), 422, "/base64"),
        (json!({"mediaType": "image/png", "base64": "%%"}).to_string(), 422, "/base64"),
        (json!({"mediaType": "image/png"}).to_string(), 400, "/base64"),
        (json!({"mediaType": "image/png", "base64": "", "alt": "x"}).to_string(), 400, "/alt"),
    ] {
        let answer = put(&house, &body).await;
        assert_eq!(answer.at("/errors/0/pointer"), (status, Value::from(pointer)), "{}", answer.text);
    }
    let flood = put(&house, &body("image/png", &vec![0; 1 << 20])).await;
    assert_eq!(flood.status, 413, "{}", flood.text);
    assert_eq!(house.get("/settings/logo").await.status, 404, "nothing of it was kept");
    for key in [&house.reader, &house.carrier] {
        for method in ["GET", "PUT", "DELETE"] {
            let line = format!("{method} /api/v1/settings/logo");
            let answer = house.call(&line, key, &[], &body("image/png", &png(1, 1))).await;
            assert_eq!(answer.status, 403, "{line}");
        }
    }
}
