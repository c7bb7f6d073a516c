//! Proving who one is: what holds, what counts, and that five wrong proofs end it whatever is asked how.

mod email;
mod token;

use std::time::Duration;

use doorstep_model::person::Recipient;
use doorstep_model::text::Phone;

use super::house::House;
use super::visitor::{
    PHONE_END, ask, decide, person, problem, prove, session, ship, ship_to, tries_left, unlock,
};

fn phone(digits: &str) -> String {
    format!(r#"{{"phoneDigits":"{digits}"}}"#)
}

#[tokio::test]
async fn the_end_of_the_phone_opens_the_address_for_a_quarter_of_an_hour() {
    let house = House::new().await;
    ship(&house, "DS-1").await;
    let token = session(&house, "DS-1").await;
    let address = ask(&house, "GET /address", "DS-1", &token, "").await;
    assert_eq!(problem(&address), (403, "step_up_needed".to_owned()));

    let answer = prove(&house, "DS-1", &token, &phone(PHONE_END)).await;
    assert_eq!(answer.at("/steppedUpUntil"), (200, "2026-11-21T12:15:00.000Z".into()));
    let address = ask(&house, "GET /address", "DS-1", &token, "").await;
    assert_eq!(address.status, 200);
    assert_eq!(
        address.json(),
        serde_json::json!({ "name": "Ana Vega", "address": "Calle Mayor 7, 28013 Madrid" })
    );
    assert_eq!(address.headers["cache-control"], "no-store");
    assert_eq!(answer.headers["cache-control"], "no-store");

    let other = session(&house, "DS-1").await;
    let address = ask(&house, "GET /address", "DS-1", &other, "").await;
    assert_eq!(problem(&address).1, "step_up_needed", "it holds for the session that gave it");

    house.wait(Duration::from_secs(15 * 60));
    let address = ask(&house, "GET /address", "DS-1", &token, "").await;
    assert_eq!(problem(&address).1, "step_up_needed", "it is over");
}

#[tokio::test]
async fn what_is_no_proof_is_told_where_and_not_counted() {
    let house = House::new().await;
    ship(&house, "DS-1").await;
    let token = session(&house, "DS-1").await;
    for (body, status) in [
        (r#"{"phoneDigits":"345"}"#, 422),
        (r#"{"phoneDigits":"34567"}"#, 422),
        (r#"{"phoneDigits":"345a"}"#, 422),
        (r#"{"phoneDigits":"３４５６"}"#, 422),
        (r#"{"emailCode":"3456"}"#, 422),
        (r#"{"phoneDigits":"9999","emailCode":"123456"}"#, 422),
        (r#"{"phoneDigits":null}"#, 422),
        ("{}", 422),
        (r#"{"phoneDigits":3456}"#, 400),
        (r#"{"postcode":"28013"}"#, 400),
        (r#"["3456"]"#, 400),
    ] {
        let answer = prove(&house, "DS-1", &token, body).await;
        assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.text);
        assert!(!answer.text.contains("345"), "{}", answer.text);
    }
    let wrong = prove(&house, "DS-1", &token, &phone("9999")).await;
    assert_eq!((problem(&wrong), tries_left(&wrong)), ((403, "step_up_failed".to_owned()), 4.into()));
}

#[tokio::test]
async fn five_wrong_proofs_lock_over_all_sessions_until_staff_decide() {
    let house = House::new().await;
    ship(&house, "DS-1").await;
    ship(&house, "DS-2").await;
    for left in (0..5).rev() {
        let token = session(&house, "DS-1").await;
        let answer = prove(&house, "DS-1", &token, &phone("9999")).await;
        assert_eq!((problem(&answer).1, tries_left(&answer)), ("step_up_failed".to_owned(), left.into()));
    }
    let token = session(&house, "DS-1").await;
    for digits in [PHONE_END, "9999"] {
        let answer = prove(&house, "DS-1", &token, &phone(digits)).await;
        assert_eq!(problem(&answer), (423, "locked".to_owned()), "right and wrong alike");
    }
    let mail = ask(&house, "POST /step-up/email", "DS-1", &token, "").await;
    assert_eq!(problem(&mail).1, "locked");

    let other = session(&house, "DS-2").await;
    assert_eq!(
        prove(&house, "DS-2", &other, &phone(PHONE_END)).await.status,
        200,
        "another shipment goes on"
    );

    let body = r#"{"what":"identity"}"#;
    for (key, status) in [(&house.reader, 403), (&house.carrier, 403), (&house.stranger, 404)] {
        let answer = house.call("POST /api/v1/shipments/DS-1/unlock", key, &[], body).await;
        assert_eq!(answer.status.as_u16(), status);
    }
    unlock(&house, "DS-1", "code").await;
    assert_eq!(prove(&house, "DS-1", &token, &phone(PHONE_END)).await.status, 423, "that was the other lock");
    unlock(&house, "DS-1", "identity").await;
    unlock(&house, "DS-1", "identity").await;
    assert_eq!(prove(&house, "DS-1", &token, &phone(PHONE_END)).await.status, 200);
}

#[tokio::test]
async fn a_right_proof_takes_no_wrong_one_back() {
    let house = House::new().await;
    ship(&house, "DS-1").await;
    let token = session(&house, "DS-1").await;
    prove(&house, "DS-1", &token, &phone("9999")).await;
    assert_eq!(prove(&house, "DS-1", &token, &phone(PHONE_END)).await.status, 200);
    let wrong = prove(&house, "DS-1", &token, &phone("9999")).await;
    assert_eq!(tries_left(&wrong), 3);
}

#[tokio::test]
async fn of_fifty_wrong_proofs_at_once_five_are_answered() {
    let house = House::new().await;
    ship(&house, "DS-1").await;
    let mut tokens = Vec::new();
    for _ in 0..50 {
        tokens.push(session(&house, "DS-1").await);
    }
    let wrong = phone("9999");
    let tries = tokens.iter().map(|token| prove(&house, "DS-1", token, &wrong));
    let answers = futures_util::future::join_all(tries).await;
    let told = |code: &str| answers.iter().filter(|answer| problem(answer).1 == code).count();
    assert_eq!((told("step_up_failed"), told("locked")), (5, 45));
}

#[tokio::test]
async fn a_way_holds_where_the_tenant_allows_it_and_something_is_on_file() {
    let house = House::new().await;
    ship(&house, "DS-1").await;
    let short = Recipient { phone: Phone::parse("ext. 123").ok(), email: None, ..person() };
    ship_to(&house, "DS-2", short, None).await;
    let unavailable = (409, "step_up_unavailable".to_owned());

    let token = session(&house, "DS-2").await;
    for body in [phone("0123"), r#"{"emailCode":"123456"}"#.to_owned(), r#"{"token":"a.b.c"}"#.to_owned()] {
        assert_eq!(problem(&prove(&house, "DS-2", &token, &body).await), unavailable, "{body}");
    }
    let mail = ask(&house, "POST /step-up/email", "DS-2", &token, "").await;
    assert_eq!(problem(&mail), unavailable);

    decide(&house, |settings| {
        settings.step_up.phone_digits = false;
        settings.step_up.email_code = false;
    })
    .await;
    let token = session(&house, "DS-1").await;
    assert_eq!(problem(&prove(&house, "DS-1", &token, &phone(PHONE_END)).await), unavailable);
    assert_eq!(problem(&ask(&house, "POST /step-up/email", "DS-1", &token, "").await), unavailable);
    assert!(house.outbox.messages().is_empty());
}

#[tokio::test]
async fn without_a_session_or_from_another_site_nothing_is_tried() {
    let house = House::new().await;
    ship(&house, "DS-1").await;
    ship(&house, "DS-2").await;
    let foreign = session(&house, "DS-2").await;
    for token in ["", "unknown", &foreign, &house.manager] {
        let answer = prove(&house, "DS-1", token, &phone(PHONE_END)).await;
        assert_eq!(problem(&answer), (401, "session_needed".to_owned()));
    }
    let token = session(&house, "DS-1").await;
    for path in ["step-up", "step-up/email", "code/reveal"] {
        let line = format!("POST /api/v1/track/DS-1/recipient/{path}");
        let answer = house.call(&line, &token, &[], &phone("9999")).await;
        assert_eq!(problem(&answer), (403, "forbidden".to_owned()), "{path}");
    }
    assert_eq!(tries_left(&prove(&house, "DS-1", &token, &phone("9999")).await), 4, "none was counted");
}
