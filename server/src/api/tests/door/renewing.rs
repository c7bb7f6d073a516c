//! Tokens are replaced, and whoever comes with one of long ago ends the session; links are renewed and
//! disowned by the recipient, listed and revoked by the tenant.

use std::time::Duration;

use super::{SHIPMENT, cookie, enter, house, link, open, secret, visit};
use crate::access::{GRACE_MS, ROTATES_MS};

const MILLISECOND: Duration = Duration::from_millis(1);

fn span(millis: i64) -> Duration {
    Duration::from_millis(u64::try_from(millis).unwrap_or_else(|e| panic!("{e}")))
}

#[tokio::test]
async fn a_token_is_replaced_and_the_one_before_holds_a_little_longer() {
    let house = house().await;
    let first = enter(&house, "D-1").await;
    house.wait(span(ROTATES_MS) - MILLISECOND);
    let early = visit(&house, "GET D-1/session", &first).await;
    assert!(!early.headers.contains_key("set-cookie"), "not before its time");
    house.wait(MILLISECOND);
    let answer = visit(&house, "GET D-1/recipient", &first).await;
    let second = cookie(&answer);
    assert_eq!(answer.status, 200);
    assert_ne!(first, second);
    assert_eq!(visit(&house, "GET D-1/session", &second).await.status, 200, "it arrived");
    house.wait(span(GRACE_MS));
    for cookie in [&first, &second] {
        let answer = visit(&house, "GET D-1/session", cookie).await;
        assert_eq!(answer.status, 200);
        assert!(!answer.headers.contains_key("set-cookie"), "one replacement at a time");
    }
}

#[tokio::test]
async fn a_token_of_long_ago_ends_the_session_for_everybody() {
    let house = house().await;
    let stolen = enter(&house, "D-1").await;
    house.wait(span(ROTATES_MS));
    let own = cookie(&visit(&house, "GET D-1/session", &stolen).await);
    assert_eq!(visit(&house, "GET D-1/session", &own).await.status, 200);
    house.wait(span(GRACE_MS) + MILLISECOND);
    for cookie in [&stolen, &own] {
        let answer = visit(&house, "GET D-1/session", cookie).await;
        assert_eq!(answer.at("/code"), (401, "session_needed".into()));
    }
}

#[tokio::test]
async fn of_many_requests_at_once_one_replaces_the_token() {
    let house = house().await;
    let first = enter(&house, "D-1").await;
    house.wait(span(ROTATES_MS));
    let answers =
        futures_util::future::join_all((0..20).map(|_| visit(&house, "GET D-1/session", &first))).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    let replaced: Vec<_> = answers.iter().filter(|a| a.headers.contains_key("set-cookie")).collect();
    assert_eq!(replaced.len(), 1);
    assert_eq!(visit(&house, "GET D-1/session", &cookie(replaced[0])).await.status, 200);
}

#[tokio::test]
async fn a_bearer_learns_of_its_next_token_in_a_header() {
    let house = house().await;
    let body = format!(r#"{{"secret":"{}"}}"#, link(&house, "D-1").await);
    let opened = super::open_with(&house, "D-1", &[("x-doorstep-session", "token")], &body).await;
    let token = opened.json()["token"].as_str().unwrap_or_default().to_owned();
    house.wait(span(ROTATES_MS));
    let line = "GET /api/v1/track/D-1/session";
    let answer = house.call(line, &token, &[], "").await;
    let next = answer.headers["x-doorstep-session"].to_str().unwrap_or_default().to_owned();
    assert!(!answer.headers.contains_key("set-cookie"));
    house.wait(span(GRACE_MS) + MILLISECOND);
    assert_eq!(house.call(line, &next, &[], "").await.status, 200);
}

#[tokio::test]
async fn a_new_link_takes_back_all_others_and_this_session_goes_on() {
    let house = house().await;
    let unused = link(&house, "D-1").await;
    let (other_device, this_device) = (enter(&house, "D-1").await, enter(&house, "D-1").await);
    let renewed = visit(&house, "POST D-1/recipient/link", &this_device).await;
    let (status, url) = renewed.at("/url");
    assert_eq!(status, 201);
    let goes_on = cookie(&renewed);
    for cookie in [&other_device, &this_device] {
        assert_eq!(visit(&house, "GET D-1/session", cookie).await.status, 401);
    }
    assert_eq!(visit(&house, "GET D-1/session", &goes_on).await.status, 200);
    assert_eq!(open(&house, "D-1", &unused).await.status, 401);
    let new = secret(url.as_str().unwrap_or_default());
    assert_eq!(open(&house, "D-1", &new).await.status, 200);
    let (_, links) = house.get("/shipments/D-1/links").await.at("/links");
    assert_eq!(links[0]["madeBy"], "recipient");
}

#[tokio::test]
async fn who_is_not_the_recipient_disowns_the_link() {
    let house = house().await;
    let (unused, mine, theirs) =
        (link(&house, "D-1").await, enter(&house, "D-1").await, enter(&house, "D-1").await);
    let answer = visit(&house, "DELETE D-1/recipient/link", &mine).await;
    assert_eq!(answer.status, 204);
    let cleared = answer.headers["set-cookie"].to_str().unwrap_or_default().to_owned();
    assert!(cleared.contains("Max-Age=0"), "{cleared}");
    for cookie in [&mine, &theirs] {
        assert_eq!(visit(&house, "GET D-1/session", cookie).await.status, 401);
    }
    assert_eq!(open(&house, "D-1", &unused).await.status, 401);
    assert_eq!(visit(&house, "GET D-1/session", &enter(&house, "D-1").await).await.status, 200);
}

#[tokio::test]
async fn links_are_listed_without_their_secrets_and_revoked_one_by_one() {
    let house = house().await;
    let (first, second) = (link(&house, "D-1").await, link(&house, "D-1").await);
    let session = cookie(&open(&house, "D-1", &first).await);
    let listed = house.get("/shipments/D-1/links").await;
    assert!(!listed.text.contains(&first) && !listed.text.contains(&second), "{}", listed.text);
    let (_, links) = listed.at("/links");
    assert!(links[0]["usedAt"].is_null() && links[1]["usedAt"].is_string(), "{links}");
    let revoke = |id: &serde_json::Value| format!("DELETE /api/v1/shipments/D-1/links/{id}");
    let used = &links[1]["id"];
    for key in [&house.carrier, &house.reader] {
        assert_eq!(house.call(&revoke(used), key, &[], "").await.status, 403);
    }
    assert_eq!(house.call(&revoke(used), &house.stranger, &[], "").await.status, 404);
    for _ in 0..2 {
        assert_eq!(house.call(&revoke(used), &house.manager, &[], "").await.status, 204);
    }
    assert_eq!(visit(&house, "GET D-1/session", &session).await.status, 401, "its session is over");
    assert_eq!(open(&house, "D-1", &second).await.status, 200, "the other one works");
    let nothing = house.call(&revoke(&4_711.into()), &house.manager, &[], "").await;
    assert_eq!(nothing.at("/code"), (404, "not_found".into()));
    let odd = house.call("DELETE /api/v1/shipments/D-1/links/x", &house.manager, &[], "").await;
    assert_eq!(odd.at("/errors/0/pointer"), (400, "linkId".into()));
}

#[tokio::test]
async fn links_are_the_business_of_the_shipments_own_tenant() {
    let house = house().await;
    link(&house, "D-1").await;
    for line in [
        "POST /api/v1/shipments/D-1/links",
        "GET /api/v1/shipments/D-1/links",
        "DELETE /api/v1/shipments/D-1/links",
    ] {
        let foreign = house.call(line, &house.stranger, &[], "").await;
        let unknown = house.call(&line.replace("D-1", "NOBODY"), &house.stranger, &[], "").await;
        assert_eq!(foreign.at("/code"), (404, "not_found".into()), "{line}");
        assert_eq!(foreign.text, unknown.text);
        assert_eq!(house.call(line, &house.carrier, &[], "").await.status, 403, "{line}");
    }
    let again = house.post("/shipments", &SHIPMENT.replace("D-1", "D-2")).await;
    assert_eq!(again.status, 201);
}
