//! What a session shows, and that it shows nothing of any other shipment.

use serde_json::json;

use super::{SHIPMENT, cookie, enter, house, link, open_with, visit};

#[tokio::test]
async fn the_view_is_conditional_and_no_cache_shares_it() {
    let house = house().await;
    let session = enter(&house, "D-1").await;
    let view = visit(&house, "GET D-1/recipient", &session).await;
    assert_eq!(view.headers["cache-control"], "private, no-cache");
    let etag = view.headers["etag"].to_str().unwrap_or_default().to_owned();
    let line = "GET /api/v1/track/D-1/recipient";
    let again = house.call(line, "", &[("cookie", &session), ("if-none-match", &etag)], "").await;
    assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
    let public = house.call("GET /api/v1/track/D-1", "", &[], "").await;
    assert_ne!(public.headers["etag"], etag.as_str(), "two audiences never have the same");
    house.post("/shipments/D-1/events", r#"{"id": "2", "status": "in_transit"}"#).await;
    let moved = house.call(line, "", &[("cookie", &session), ("if-none-match", &etag)], "").await;
    assert_eq!(moved.at("/status"), (200, "in_transit".into()));
}

#[tokio::test]
async fn without_its_own_session_a_shipment_shows_nothing() {
    let house = house().await;
    house.post("/shipments", &SHIPMENT.replace("D-1", "D-2")).await;
    house.call("POST /api/v1/shipments", &house.stranger, &[], &SHIPMENT.replace("D-1", "O-1")).await;
    let (own, other) = (enter(&house, "D-1").await, enter(&house, "D-2").await);
    // Somebody may put the token of one shipment under the cookie's name of another.
    let (name, _) = own.split_once('=').unwrap_or_default();
    let (_, token) = other.split_once('=').unwrap_or_default();
    let (forged, wrong) = (format!("{name}={token}"), format!("{name}=AAAA"));
    let mut seen = None;
    for path in ["recipient", "recipient/live", "session"] {
        for (id, cookie) in [
            ("D-1", ""),
            ("D-1", &other),
            ("D-1", &forged),
            ("D-1", &wrong),
            ("D-1", "=;;=%; doorstep"),
            ("NOBODY-1", &own),
            ("O-1", &own),
            ("O-1", ""),
        ] {
            let answer = visit(&house, &format!("GET {id}/{path}"), cookie).await;
            assert_eq!(answer.at("/code"), (401, "session_needed".into()), "{id}/{path} with {cookie}");
            let told = (answer.headers, answer.text);
            assert_eq!(seen.get_or_insert_with(|| told.clone()), &told, "{id}/{path} with {cookie}");
        }
    }
    let both = format!("{other}; {own}");
    assert_eq!(visit(&house, "GET D-1/session", &both).await.status, 200, "a browser holds several");
}

#[tokio::test]
async fn a_frame_gets_a_token_instead_of_a_cookie() {
    let house = house().await;
    let body = json!({ "secret": link(&house, "D-1").await }).to_string();
    let opened = open_with(&house, "D-1", &[("x-doorstep-session", "token")], &body).await;
    assert!(!opened.headers.contains_key("set-cookie"));
    let (status, token) = opened.at("/token");
    let token = token.as_str().unwrap_or_default().to_owned();
    assert_eq!(status, 200);
    let view = house.call("GET /api/v1/track/D-1/recipient", &token, &[], "").await;
    assert_eq!(view.at("/recipientFirstName"), (200, "Ana".into()));
    let (_, absent) = house.call("GET /api/v1/track/D-1/session", &token, &[], "").await.at("/token");
    assert!(absent.is_null(), "it is told once");
    let api = house.call("GET /api/v1/shipments/D-1", &token, &[], "").await;
    assert_eq!(api.status, 401, "a session is no key");
    let key = house.call("GET /api/v1/track/D-1/recipient", &house.manager, &[], "").await;
    assert_eq!(key.status, 401, "a key is no session");
}

#[tokio::test]
async fn a_cookie_of_a_server_without_tls_says_so() {
    let mut house = house().await;
    house.state.public_url = "http://127.0.0.1:8080".parse().unwrap_or_else(|e| panic!("{e}"));
    house.router = crate::api::router(house.state.clone());
    let (_, url) = house.post("/shipments/D-1/links", "").await.at("/url");
    let url = url.as_str().unwrap_or_default().to_owned();
    let (page, secret) = url.split_once("#k=").unwrap_or_default();
    assert_eq!(page, "http://127.0.0.1:8080/t/D-1");
    let opened = open_with(&house, "D-1", &[], &json!({ "secret": secret }).to_string()).await;
    let set = opened.headers["set-cookie"].to_str().unwrap_or_default().to_owned();
    assert!(set.starts_with("doorstep-") && !set.contains("Secure"), "{set}");
    assert_eq!(visit(&house, "GET D-1/session", &cookie(&opened)).await.status, 200);
}
