//! One-time codes by e-mail: the last one sent, once, for ten minutes.

use std::time::Duration;

use crate::api::tests::house::{Answer, House};
use crate::api::tests::visitor::{ask, problem, prove, session, ship, tries_left};

async fn send(house: &House, token: &str) -> Answer {
    ask(house, "POST /step-up/email", "DS-1", token, "").await
}

/// The digits in the last message.
fn sent(house: &House) -> String {
    let text = house.outbox.messages().last().map(|message| message.text.clone()).unwrap_or_default();
    let words = text.split(|c: char| !c.is_ascii_digit());
    words.filter(|word| word.len() == 6).map(str::to_owned).next().unwrap_or_else(|| panic!("{text}"))
}

async fn enter(house: &House, token: &str, code: &str) -> Answer {
    prove(house, "DS-1", token, &format!(r#"{{"emailCode":"{code}"}}"#)).await
}

/// Another code than `code`.
fn other_than(code: &str) -> &'static str {
    if code == "123456" { "654321" } else { "123456" }
}

#[tokio::test]
async fn a_code_goes_to_the_address_on_file_and_holds_once() {
    let house = House::new().await;
    ship(&house, "DS-1").await;
    let token = session(&house, "DS-1").await;
    let answer = send(&house, &token).await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (202, ""));
    let messages = house.outbox.messages();
    let [message] = messages.as_slice() else { panic!("{} messages", messages.len()) };
    let code = sent(&house);
    assert_eq!(message.to.as_str(), "ana@home.example");
    assert_eq!(message.subject, "Your one-time code");
    insta::assert_snapshot!(message.text.replace(&code, "(code)"), @r"
    The one-time code for delivery DS-1 is (code). It holds once, for 10 minutes.

    Somebody with the link to this delivery asked to see its code or address. If it was not you, ignore this message and tell nobody the code.
    ");

    let wrong = enter(&house, &token, other_than(&code)).await;
    assert_eq!((problem(&wrong).1.as_str(), tries_left(&wrong)), ("step_up_failed", 4.into()));
    assert_eq!(enter(&house, &token, &code).await.status, 200);
    let again = enter(&house, &token, &code).await;
    assert_eq!((problem(&again).1.as_str(), tries_left(&again)), ("step_up_failed", 3.into()));
}

#[tokio::test]
async fn the_last_one_sent_holds_for_ten_minutes() {
    let house = House::new().await;
    ship(&house, "DS-1").await;
    let token = session(&house, "DS-1").await;
    send(&house, &token).await;
    let first = sent(&house);
    send(&house, &token).await;
    let mut second = sent(&house);
    while second == first {
        send(&house, &token).await;
        second = sent(&house);
    }
    assert_eq!(problem(&enter(&house, &token, &first).await).1, "step_up_failed");
    house.wait(Duration::from_millis(10 * 60_000 - 1));
    let other = session(&house, "DS-1").await;
    assert_eq!(enter(&house, &other, &second).await.status, 200, "any session of the shipment may enter it");

    send(&house, &token).await;
    let third = sent(&house);
    house.wait(Duration::from_secs(10 * 60));
    assert_eq!(problem(&enter(&house, &token, &third).await).1, "step_up_failed");
}

#[tokio::test]
async fn of_many_who_enter_the_same_code_at_once_one_is_let_in() {
    let house = House::new().await;
    ship(&house, "DS-1").await;
    let mut tokens = Vec::new();
    for _ in 0..4 {
        tokens.push(session(&house, "DS-1").await);
    }
    send(&house, &tokens[0]).await;
    let code = sent(&house);
    let tries = tokens.iter().map(|token| enter(&house, token, &code));
    let answers = futures_util::future::join_all(tries).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
}

#[tokio::test]
async fn five_are_sent_an_hour() {
    let house = House::new().await;
    ship(&house, "DS-1").await;
    for _ in 0..5 {
        let token = session(&house, "DS-1").await;
        assert_eq!(send(&house, &token).await.status, 202);
    }
    let token = session(&house, "DS-1").await;
    let answer = send(&house, &token).await;
    assert_eq!(problem(&answer), (429, "rate_limited".to_owned()));
    assert!(answer.headers.contains_key("retry-after"));
    assert_eq!(house.outbox.messages().len(), 5);
    assert_eq!(enter(&house, &token, &sent(&house)).await.status, 200, "the fifth holds on");
    house.wait(Duration::from_secs(60 * 60));
    assert_eq!(send(&house, &token).await.status, 202);
}
