//! What the hosted page shows with a session and without, and what a program that shows links gets.

use axum::body::Body;

use super::{enter, house};
use crate::api::tests::house::{Answer, House, request};

async fn page(house: &mut House, path: &str, headers: &[(&str, &str)]) -> Answer {
    house.router = crate::server::router(house.state.clone(), axum::Router::new());
    house.ask(request(&format!("GET {path}"), "", headers, Body::empty())).await
}

/// What only the recipient may read.
const PERSONAL: [&str; 4] = ["Ana", "Depot Getafe", "handle with care", "data-audience"];

#[tokio::test]
async fn with_a_session_the_page_is_the_recipients() {
    let mut house = house().await;
    let session = enter(&house, "D-1").await;
    let own = page(&mut house, "/t/D-1", &[("cookie", &session)]).await;
    assert_eq!((own.status.as_u16(), own.headers["cache-control"].as_bytes()), (200, &b"no-store"[..]));
    assert_eq!(own.headers["referrer-policy"], "no-referrer");
    for personal in PERSONAL {
        assert!(own.text.contains(personal), "{personal} in {}", own.text);
    }
    let policy = own.headers["content-security-policy"].to_str().unwrap_or_default().to_owned();
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("img-src 'self'"), "{policy}");
    assert!(!own.headers.contains_key("set-cookie"), "to look at a page changes nothing");
}

#[tokio::test]
async fn without_its_session_the_page_is_everybodys() {
    let mut house = house().await;
    let session = enter(&house, "D-1").await;
    let (name, _) = session.split_once('=').unwrap_or_default();
    let wrong = format!("{name}=AAAA");
    for (path, cookie) in [("/t/D-1", ""), ("/t/D-1", &wrong), ("/embed/D-1", &session)] {
        let page = page(&mut house, path, &[("cookie", cookie)]).await;
        assert_eq!(page.status, 200);
        for personal in PERSONAL {
            assert!(!page.text.contains(personal), "{personal} in {path} with {cookie}");
        }
    }
    house.call("DELETE /api/v1/shipments/D-1/links", &house.manager, &[], "").await;
    let over = page(&mut house, "/t/D-1", &[("cookie", &session)]).await;
    assert!(!over.text.contains("Depot Getafe"));
}

#[tokio::test]
async fn a_program_that_shows_links_gets_the_same_card_for_every_number() {
    let mut house = house().await;
    let session = enter(&house, "D-1").await;
    let agent = ("user-agent", "WhatsApp/2.23.20.0 A");
    let known = page(&mut house, "/t/D-1", &[agent, ("cookie", &session)]).await;
    let unknown = page(&mut house, "/t/NOBODY", &[agent]).await;
    assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
    assert_eq!(known.headers, unknown.headers);
    assert_eq!(known.status, 200);
    assert!(known.text.contains("name=\"robots\" content=\"noindex\""), "{}", known.text);
    for told in ["D-1", "reparing", "data-sequence", "<script", "doorstep-view"] {
        assert!(!known.text.contains(told), "{told} in {}", known.text);
    }
    assert!(!known.headers.contains_key("link"), "nothing more is to be fetched");
}
