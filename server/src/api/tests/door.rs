//! The door: a link's secret opens one session, whatever opens nothing looks the same, and a session opens
//! its own shipment only, for as long as it should.

mod ending;
mod looking;
mod losing;
mod pages;
mod renewing;

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::house::{Answer, House};

/// A shipment that somebody is on file for.
pub(super) const SHIPMENT: &str = r#"{"trackingId": "D-1", "zone": "Europe/Madrid",
    "recipient": {"name": "Ana Vega", "phone": "+34 600 12-34-56", "email": "ana@home.example",
                  "address": "Calle Mayor 7"},
    "events": [{"id": "1", "status": "preparing", "place": "Depot Getafe", "note": "handle with care"}]}"#;

/// A house with that shipment.
async fn house() -> House {
    let house = House::new().await;
    assert_eq!(house.post("/shipments", SHIPMENT).await.status, 201);
    house
}

/// The secret of a new link.
async fn link(house: &House, id: &str) -> String {
    let (status, url) = house.post(&format!("/shipments/{id}/links"), "").await.at("/url");
    assert_eq!(status, 201);
    secret(url.as_str().unwrap_or_default())
}

fn secret(url: &str) -> String {
    let (page, secret) = url.split_once("#k=").unwrap_or_else(|| panic!("{url} has no secret"));
    assert!(page.starts_with("https://track.test/t/") && secret.len() >= 22, "{url}");
    secret.to_owned()
}

async fn open_with(house: &House, id: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut all = vec![("x-doorstep", "1")];
    all.extend(headers);
    house.call(&format!("POST /api/v1/track/{id}/session"), "", &all, body).await
}

async fn open(house: &House, id: &str, secret: &str) -> Answer {
    open_with(house, id, &[], &json!({ "secret": secret }).to_string()).await
}

/// The cookie that an answer sets, as a browser sends it back.
fn cookie(answer: &Answer) -> String {
    let set = answer.headers.get("set-cookie").unwrap_or_else(|| panic!("no cookie: {}", answer.text));
    let set = set.to_str().unwrap_or_default();
    set.split(';').next().unwrap_or_default().to_owned()
}

/// The cookie of a new session.
async fn enter(house: &House, id: &str) -> String {
    let secret = link(house, id).await;
    let answer = open(house, id, &secret).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    cookie(&answer)
}

/// Asks as a browser with that cookie; the path goes on from `/track/`.
async fn visit(house: &House, line: &str, cookie: &str) -> Answer {
    let (method, path) = line.split_once(' ').unwrap_or_else(|| panic!("{line} is no request line"));
    let line = format!("{method} /api/v1/track/{path}");
    house.call(&line, "", &[("cookie", cookie), ("x-doorstep", "1")], "").await
}

#[tokio::test]
async fn a_link_is_exchanged_once() {
    let house = house().await;
    let secret = link(&house, "D-1").await;
    let opened = open(&house, "d-1", &secret).await;
    let body = json!({"stepUp": ["phoneDigits", "emailCode"], "locked": false});
    assert_eq!((opened.status.as_u16(), opened.json()), (200, body), "{}", opened.text);
    assert_eq!(opened.headers["cache-control"], "no-store");
    let set = opened.headers["set-cookie"].to_str().unwrap_or_default().to_owned();
    assert!(set.starts_with("__Host-doorstep-"), "{set}");
    for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=1209600"] {
        assert!(set.split("; ").any(|given| given == part), "{part} in {set}");
    }
    assert!(!opened.text.contains(&secret), "a secret is not told back");

    let session = cookie(&opened);
    let view = visit(&house, "GET D-1/recipient", &session).await;
    assert_eq!(view.at("/recipientFirstName"), (200, "Ana".into()));
    assert_eq!(view.at("/history/0/place").1, "Depot Getafe");
    assert_eq!(visit(&house, "GET D-1/session", &session).await.status, 200);
    assert_eq!(open(&house, "D-1", &secret).await.at("/code"), (401, "link_not_valid".into()));
}

#[tokio::test]
async fn of_fifty_who_open_one_link_at_once_one_stays() {
    let house = house().await;
    let secret = link(&house, "D-1").await;
    let opened = futures_util::future::join_all((0..50).map(|_| open(&house, "D-1", &secret))).await;
    let statuses: Vec<u16> = opened.iter().map(|answer| answer.status.as_u16()).collect();
    assert_eq!(statuses, [200; 50], "nobody used it yet");
    let mut stays = 0;
    for answer in &opened {
        let looked = visit(&house, "GET D-1/session", &cookie(answer)).await;
        stays += usize::from(looked.status == 200);
    }
    assert_eq!(stays, 1);
    assert_eq!(open(&house, "D-1", &secret).await.status, 401, "it is used up now");
}

#[tokio::test]
async fn whatever_opens_nothing_looks_the_same() {
    let house = house().await;
    house.post("/shipments", &SHIPMENT.replace("D-1", "D-2")).await;
    house.post("/shipments", &SHIPMENT.replace("D-1", "D-3")).await;
    let line = "POST /api/v1/shipments";
    house.call(line, &house.stranger, &[], &SHIPMENT.replace("D-1", "OTHER-1")).await;
    let foreign = link(&house, "D-2").await;
    let made = house.call("POST /api/v1/shipments/OTHER-1/links", &house.stranger, &[], "").await;
    let other_tenants = secret(made.json()["url"].as_str().unwrap_or_default());
    let used = link(&house, "D-1").await;
    let session = cookie(&open(&house, "D-1", &used).await);
    assert_eq!(visit(&house, "GET D-1/session", &session).await.status, 200);
    let revoked = link(&house, "D-1").await;
    house.call("DELETE /api/v1/shipments/D-1/links", &house.manager, &[], "").await;
    let expired = link(&house, "D-3").await;
    house.post("/shipments/D-3/events", r#"{"id": "2", "status": "delivered"}"#).await;
    house.wait(Duration::from_secs(72 * 3_600));
    let fresh = link(&house, "D-1").await;

    let mut seen = None;
    for (why, id, secret) in [
        ("unknown id", "NOBODY-1", fresh.as_str()),
        ("unknown secret", "D-1", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ("no secret at all", "D-1", ""),
        ("another shipment's", "D-1", &foreign),
        ("another tenant's", "D-1", &other_tenants),
        ("used", "D-1", &used),
        ("revoked", "D-1", &revoked),
        ("expired", "D-3", &expired),
    ] {
        let began = Instant::now();
        let answer = open(&house, id, secret).await;
        let took = began.elapsed();
        // That it is no later either is tested with a clock of our own, where it stands.
        assert!(took >= Duration::from_millis(60), "{why}: {took:?}");
        let told = (answer.status, answer.headers, answer.text);
        assert_eq!(told.0, 401, "{why}: {}", told.2);
        assert_eq!(seen.get_or_insert_with(|| told.clone()), &told, "{why}");
    }
    assert_eq!(open(&house, "D-1", &fresh).await.status, 200, "what was refused elsewhere is not used up");
}

#[tokio::test]
async fn a_form_of_another_site_changes_nothing() {
    let house = house().await;
    let secret = link(&house, "D-1").await;
    let body = json!({ "secret": secret }).to_string();
    let line = "POST /api/v1/track/D-1/session";
    for headers in [&[][..], &[("x-doorstep", "0")], &[("x-doorstep", "")]] {
        let refused = house.call(line, "", headers, &body).await;
        assert_eq!(refused.at("/code"), (403, "forbidden".into()));
    }
    let session = cookie(&open(&house, "D-1", &secret).await);
    for line in ["DELETE D-1/session", "POST D-1/recipient/link", "DELETE D-1/recipient/link"] {
        let line = line.replacen(' ', " /api/v1/track/", 1);
        let refused = house.call(&line, "", &[("cookie", &session)], "").await;
        assert_eq!(refused.at("/code"), (403, "forbidden".into()), "{line}");
    }
    assert_eq!(visit(&house, "GET D-1/session", &session).await.status, 200, "it goes on");
}

#[tokio::test]
async fn what_is_not_a_secret_or_a_token_is_refused_with_its_place() {
    let house = house().await;
    for (body, status) in [
        ("{}", 422),
        (r#"{"secret": "a", "token": "b"}"#, 422),
        (r#"{"secret": 7}"#, 400),
        (r#"["a"]"#, 400),
        (r#"{"secret": "a", "more": 1}"#, 400),
    ] {
        let answer = open_with(&house, "D-1", &[], body).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text);
    }
}

#[tokio::test]
async fn exchanges_are_limited_like_everything_that_needs_no_key() {
    let rate = "1/3".parse().ok();
    let allowances = crate::limits::Allowances { address_requests: rate, ..Default::default() };
    let house = House::with(allowances).await;
    house.post("/shipments", SHIPMENT).await;
    for _ in 0..3 {
        assert_eq!(open(&house, "D-1", "guess").await.status, 401);
    }
    let limited = open(&house, "D-1", "guess").await;
    assert_eq!(limited.at("/code"), (429, "rate_limited".into()));
    assert!(limited.headers.contains_key("retry-after"));
    assert_eq!(visit(&house, "GET D-1/session", "").await.status, 429);
}
