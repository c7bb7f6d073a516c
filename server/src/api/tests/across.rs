//! Which pages of other origins may read the public view and its stream, and that they may read no more.

use axum::body::Body;
use tower::ServiceExt as _;

use super::house::{House, request};

const SHOP: &str = "https://shop.example";
const OTHER: &str = "https://other.example";

/// What the answer says about who may read it, to a page of `origin`.
async fn reader(house: &House, path: &str, origin: Option<&str>) -> (u16, Option<String>) {
    let headers: Vec<_> = origin.map(|origin| ("origin", origin)).into_iter().collect();
    // The stream does not end; its head is all that is asked for.
    let request = request(&format!("GET /api/v1/track{path}"), "", &headers, Body::empty());
    let answer = house.router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
    let said = answer.headers();
    assert!(said.get("access-control-allow-credentials").is_none(), "{path} is told with a cookie");
    let reader =
        said.get("access-control-allow-origin").map(|value| value.to_str().unwrap_or("?").to_owned());
    if path.ends_with("S-1") || path.ends_with("S-1/live") {
        assert!(said.get_all("vary").iter().any(|value| value == "origin"), "{path}");
    }
    (answer.status().as_u16(), reader)
}

async fn house(settings: &str) -> House {
    let house = House::new().await;
    house.post("/shipments", r#"{"trackingId": "S-1"}"#).await;
    let answer = house.call("PUT /api/v1/settings", &house.manager, &[], settings).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    house
}

#[tokio::test]
async fn without_a_list_any_page_reads_what_everybody_may_see() {
    let house = house("{}").await;
    for path in ["/S-1", "/S-1/live"] {
        assert_eq!(reader(&house, path, None).await, (200, None));
        for origin in [SHOP, OTHER, "null"] {
            assert_eq!(reader(&house, path, Some(origin)).await, (200, Some("*".to_owned())), "{path}");
        }
    }
    // A page can tell its visitor that there is no such shipment only if it may read so.
    assert_eq!(reader(&house, "/NOBODYS", Some(SHOP)).await, (404, Some("*".to_owned())));
}

#[tokio::test]
async fn with_a_list_only_the_pages_on_it() {
    let house = house(r#"{"origins": ["https://shop.example"]}"#).await;
    for path in ["/S-1", "/S-1/live"] {
        assert_eq!(reader(&house, path, Some(SHOP)).await, (200, Some(SHOP.to_owned())));
        for foreign in [
            OTHER,
            "null",
            "https://shop.example.evil.example",
            "http://shop.example",
            "HTTPS://SHOP.EXAMPLE",
        ] {
            assert_eq!(reader(&house, path, Some(foreign)).await, (200, None), "{path} {foreign}");
        }
    }
}

#[tokio::test]
async fn what_is_somebodys_own_is_for_no_page_but_ours() {
    for settings in ["{}", r#"{"origins": ["https://shop.example"]}"#] {
        let house = house(settings).await;
        for path in ["/S-1/recipient", "/S-1/recipient/live", "/S-1/session", "/S-1/recipient/address"] {
            assert_eq!(reader(&house, path, Some(SHOP)).await, (401, None), "{path}");
        }
        // Nor may it ask beforehand whether it may send a header of its own.
        let headers = [
            ("origin", SHOP),
            ("access-control-request-method", "PUT"),
            ("access-control-request-headers", "x-doorstep"),
        ];
        let answer = house.call("OPTIONS /api/v1/track/S-1/recipient/comment", "", &headers, "").await;
        assert!(answer.headers.get("access-control-allow-origin").is_none());
        assert!(answer.headers.get("access-control-allow-headers").is_none());
    }
}
