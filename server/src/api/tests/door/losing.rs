//! An answer that brought a token may be lost on its way: whoever asked comes back with what they had, and is
//! let in; whoever has what was lost is not.

use std::time::Duration;

use super::{cookie, enter, house, link, open, visit};
use crate::access::{AGAIN_MS, GRACE_MS, ROTATES_MS};

const MILLISECOND: Duration = Duration::from_millis(1);

fn span(millis: i64) -> Duration {
    Duration::from_millis(u64::try_from(millis).unwrap_or_else(|e| panic!("{e}")))
}

#[tokio::test]
async fn whoever_never_got_the_new_token_goes_on_with_the_one_before() {
    let house = house().await;
    let first = enter(&house, "D-1").await;
    house.wait(span(ROTATES_MS));
    let mut lost = Vec::new();
    for away in [GRACE_MS, 60 * GRACE_MS, ROTATES_MS] {
        let answer = visit(&house, "GET D-1/session", &first).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        lost.push(cookie(&answer));
        house.wait(span(away) + MILLISECOND);
    }
    let answer = visit(&house, "GET D-1/session", &first).await;
    let arrived = cookie(&answer);
    assert_eq!(answer.status, 200);
    for lost in &lost {
        assert_eq!(visit(&house, "GET D-1/session", lost).await.status, 401, "the lost one is forgotten");
    }
    house.wait(span(GRACE_MS) + MILLISECOND);
    assert_eq!(visit(&house, "GET D-1/session", &arrived).await.status, 200);
    house.wait(span(GRACE_MS));
    let slow = visit(&house, "GET D-1/session", &first).await;
    assert_eq!(slow.status, 200, "it holds for a minute after the new one came back");
    assert!(!slow.headers.contains_key("set-cookie"));
    house.wait(MILLISECOND);
    for cookie in [&first, &arrived] {
        assert_eq!(visit(&house, "GET D-1/session", cookie).await.status, 401, "now it was stolen");
    }
}

#[tokio::test]
async fn of_many_requests_after_a_lost_answer_one_gets_another_token() {
    let house = house().await;
    let first = enter(&house, "D-1").await;
    house.wait(span(ROTATES_MS));
    visit(&house, "GET D-1/session", &first).await;
    house.wait(span(GRACE_MS) + MILLISECOND);
    let visits = (0..20).map(|_| visit(&house, "GET D-1/session", &first));
    let answers = futures_util::future::join_all(visits).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    let replaced: Vec<_> = answers.iter().filter(|a| a.headers.contains_key("set-cookie")).collect();
    assert_eq!(replaced.len(), 1);
    assert_eq!(visit(&house, "GET D-1/session", &cookie(replaced[0])).await.status, 200);
}

#[tokio::test]
async fn a_token_that_comes_back_late_is_replaced_all_the_same() {
    let house = house().await;
    let first = enter(&house, "D-1").await;
    house.wait(span(ROTATES_MS));
    let second = cookie(&visit(&house, "GET D-1/session", &first).await);
    house.wait(span(ROTATES_MS));
    let third = cookie(&visit(&house, "GET D-1/session", &second).await);
    assert_eq!(visit(&house, "GET D-1/session", &first).await.status, 401, "it is nobody's now");
    for cookie in [&second, &third] {
        assert_eq!(visit(&house, "GET D-1/session", cookie).await.status, 200);
    }
}

#[tokio::test]
async fn a_link_whose_answer_was_lost_opens_again_for_a_while() {
    let house = house().await;
    let secret = link(&house, "D-1").await;
    let lost = cookie(&open(&house, "D-1", &secret).await);
    house.wait(span(AGAIN_MS));
    let again = open(&house, "D-1", &secret).await;
    assert_eq!(again.status, 200, "{}", again.text);
    assert_eq!(visit(&house, "GET D-1/session", &lost).await.status, 401, "the lost one opens nothing");
    house.wait(MILLISECOND);
    assert_eq!(open(&house, "D-1", &secret).await.at("/code"), (401, "link_not_valid".into()));
    assert_eq!(visit(&house, "GET D-1/session", &cookie(&again)).await.status, 200);
}

#[tokio::test]
async fn a_link_whose_session_was_used_or_revoked_opens_no_more() {
    let house = house().await;
    let used = link(&house, "D-1").await;
    let session = cookie(&open(&house, "D-1", &used).await);
    assert_eq!(visit(&house, "GET D-1/recipient", &session).await.status, 200);
    assert_eq!(open(&house, "D-1", &used).await.status, 401);
    assert_eq!(visit(&house, "DELETE D-1/session", &session).await.status, 204);
    assert_eq!(open(&house, "D-1", &used).await.status, 401, "nor after its session ended");
    let revoked = link(&house, "D-1").await;
    let lost = cookie(&open(&house, "D-1", &revoked).await);
    house.call("DELETE /api/v1/shipments/D-1/links", &house.manager, &[], "").await;
    assert_eq!(open(&house, "D-1", &revoked).await.status, 401);
    assert_eq!(visit(&house, "GET D-1/session", &lost).await.status, 401);
}
