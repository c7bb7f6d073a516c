//! The retailer's token as a proof: it is asked for by scope, and the lock goes before it.

use jsonwebtoken::{Algorithm as Alg, EncodingKey, Header, encode};
use serde_json::json;

use crate::access::{Algorithm, TokenKey};
use crate::api::tests::house::House;
use crate::api::tests::visitor::{decide, problem, prove, session, ship, shop, tries_left};

const SECRET: &[u8] = b"a secret of the shop, 32 bytes or so";

async fn with_key(house: &House) {
    let tenant = shop(house).await;
    let key = house.state.vault.seal_token_key(tenant, "one", SECRET).unwrap_or_else(|e| panic!("{e}"));
    let key = TokenKey { id: "one".to_owned(), algorithm: Algorithm::Hs256, key };
    decide(house, |settings| settings.token_keys.push(key)).await;
}

fn token(house: &House, shipment: &str, scope: &str) -> String {
    let now = house.state.clock.now().millis() / 1_000;
    let claims = json!({ "shipment": shipment, "scope": scope, "iat": now, "exp": now + 300 });
    let header = Header { kid: Some("one".to_owned()), ..Header::new(Alg::HS256) };
    let token = encode(&header, &claims, &EncodingKey::from_secret(SECRET)).unwrap_or_else(|e| panic!("{e}"));
    format!(r#"{{"token":"{token}"}}"#)
}

#[tokio::test]
async fn a_token_that_says_so_proves_the_person() {
    let house = House::new().await;
    ship(&house, "DS-1").await;
    with_key(&house).await;
    let session = session(&house, "DS-1").await;
    let answer = prove(&house, "DS-1", &session, &token(&house, "DS-1", "code")).await;
    assert_eq!(answer.at("/steppedUpUntil"), (200, "2026-11-21T12:15:00.000Z".into()));
}

#[tokio::test]
async fn one_that_does_not_is_refused_and_not_counted() {
    let house = House::new().await;
    ship(&house, "DS-1").await;
    with_key(&house).await;
    let session = session(&house, "DS-1").await;
    for body in [
        token(&house, "DS-1", "recipient"),
        token(&house, "DS-2", "code"),
        token(&house, "DS-1", "code").replace("\"}", "x\"}"),
        r#"{"token":""}"#.to_owned(),
    ] {
        let answer = prove(&house, "DS-1", &session, &body).await;
        assert_eq!(problem(&answer), (403, "step_up_failed".to_owned()));
        assert_eq!(tries_left(&answer), 5);
    }
}

#[tokio::test]
async fn when_locked_a_right_one_is_refused_too() {
    let house = House::new().await;
    ship(&house, "DS-1").await;
    with_key(&house).await;
    let session = session(&house, "DS-1").await;
    for _ in 0..5 {
        prove(&house, "DS-1", &session, r#"{"phoneDigits":"9999"}"#).await;
    }
    let answer = prove(&house, "DS-1", &session, &token(&house, "DS-1", "code")).await;
    assert_eq!(problem(&answer), (423, "locked".to_owned()));
}
