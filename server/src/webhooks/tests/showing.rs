//! How we show who we are, and what is said to whom.

use doorstep_model::time::Timestamp;
use serde_json::{Value, json};

use super::receiver::ECHO;
use super::{Post, Receiver};
use crate::webhooks::{Auth, EndpointPlan, hmac_hex};

#[tokio::test]
async fn a_message_of_ours_is_signed_and_tells_what_a_client_sees() {
    let (post, receiver) = (Post::open().await, Receiver::open().await);
    post.add(post.plan(&receiver.url)).await;
    post.create("A", json!({"recipient": {"name": "Ada"}, "code": {"digits": 6}})).await;
    post.report("A", "e1", "out_for_delivery").await;
    post.after(0).await;
    let seen = receiver.seen();
    assert_eq!(seen.len(), 2);
    let (told, seconds) = (&seen[1], post.state.clock.now().millis() / 1_000);
    let id = told.header("webhook-id");
    assert!(id.starts_with("msg_") && id.len() == 36 && id != seen[0].header("webhook-id"), "{id}");
    assert_eq!(told.header("webhook-timestamp"), seconds.to_string());
    assert_eq!(told.header("webhook-signature"), post.key.sign(id, seconds, &told.body));
    assert_eq!(told.header("content-type"), "application/json");
    assert!(told.header("user-agent").starts_with("Doorstep/"));
    let body = told.json();
    assert_eq!(body["type"], "shipment.status_changed");
    assert_eq!(body["timestamp"].as_str().map(Timestamp::parse), Some(Ok(post.state.clock.now())));
    let mut own = post.house.get("/shipments/A").await.json();
    let events = own.as_object_mut().and_then(|own| own.remove("events")).unwrap_or_default();
    assert_eq!(body["data"], json!({"shipment": own, "event": events[0]}), "as GET /shipments/A shows it");
}

#[tokio::test]
async fn old_and_new_keys_sign_side_by_side() {
    let (post, receiver) = (Post::open().await, Receiver::open().await);
    let endpoint = post.add(post.plan(&receiver.url)).await;
    let path = format!("/webhooks/{}/secret", endpoint.id.0);
    let rotated = post.house.post(&path, r#"{"overlapHours": 1}"#).await;
    let (status, secret) = rotated.at("/secret");
    assert_eq!(status, 200, "{}", rotated.text);
    let new: super::SigningKey =
        secret.as_str().unwrap_or_default().parse().unwrap_or_else(|e| panic!("{e}"));
    post.create("A", json!({})).await;
    post.after(3_599).await;
    post.create("B", json!({})).await;
    post.after(1).await;
    let signatures = |seen: &super::receiver::Seen, keys: &[&super::SigningKey]| {
        let seconds = seen.header("webhook-timestamp").parse().unwrap_or_default();
        let sign = |key: &&super::SigningKey| key.sign(seen.header("webhook-id"), seconds, &seen.body);
        keys.iter().map(sign).collect::<Vec<_>>().join(" ")
    };
    let seen = receiver.seen();
    assert_eq!(seen[0].header("webhook-signature"), signatures(&seen[0], &[&new, &post.key]));
    assert_eq!(seen[1].header("webhook-signature"), signatures(&seen[1], &[&new]));
}

#[tokio::test]
async fn others_are_shown_what_they_expect() {
    let (post, receiver) = (Post::open().await, Receiver::open().await);
    let hmac = Auth::hmac(&post.state.vault, post.tenant, "X-DS-Signature", b"shared");
    let header = Auth::header(&post.state.vault, post.tenant, "X-Api-Key", b"key-1");
    for auth in [hmac, header, Ok(Auth::None)] {
        let auth = auth.unwrap_or_else(|e| panic!("{e}"));
        post.add(EndpointPlan { auth, ..post.plan(&receiver.url) }).await;
    }
    post.create("A", json!({})).await;
    post.after(0).await;
    let seen = receiver.seen();
    let with = |name: &str| seen.iter().filter(|seen| seen.headers.contains_key(name)).collect::<Vec<_>>();
    let signed = with("x-ds-signature");
    assert_eq!(signed.len(), 1);
    assert_eq!(signed[0].header("x-ds-signature"), hmac_hex(b"shared", signed[0].body.as_bytes()));
    assert_eq!(with("x-api-key")[0].header("x-api-key"), "key-1");
    assert!(with("webhook-signature").is_empty() && seen.len() == 3);
}

#[tokio::test]
async fn a_token_is_asked_for_once_and_again_when_it_is_not_taken() {
    let (post, receiver) = (Post::open().await, Receiver::open().await);
    let token_url = receiver.url.replace("/hook", "/token").parse().unwrap_or_else(|e| panic!("{e}"));
    let auth = Auth::oauth(&post.state.vault, post.tenant, &token_url, "us", b"s:1", Some("push"));
    let auth = auth.unwrap_or_else(|e| panic!("{e}"));
    let endpoint = post.add(EndpointPlan { auth, ..post.plan(&receiver.url) }).await;
    let token = |answer| (200, None, answer);
    receiver.answer([
        (503, None, ""),
        token(r#"{"access_token": "one", "token_type": "Bearer", "expires_in": 3600}"#),
        token(""),
        (401, None, ""),
        token(r#"{"access_token": "two"}"#),
    ]);
    post.create("A", json!({})).await;
    post.after(0).await;
    let failure = post.messages(&endpoint).await.remove(0).1.remove(0).failure;
    assert_eq!(failure.as_deref(), Some("no token: the answer was 503"));
    post.after(6).await;
    post.create("B", json!({})).await;
    post.after(0).await;
    post.after(6).await;
    let seen = receiver.seen();
    let came: Vec<_> = seen.iter().map(|seen| (seen.path.as_str(), seen.header("authorization"))).collect();
    // "us:s%3A1": name and secret are form-encoded before they go into Basic (RFC 6749, 2.3.1).
    let (asks, one, two) =
        (("/token", "Basic dXM6cyUzQTE="), ("/hook", "Bearer one"), ("/hook", "Bearer two"));
    assert_eq!(came, [asks, asks, one, one, asks, two]);
    assert_eq!(seen[0].body, "grant_type=client_credentials&scope=push");
}

#[tokio::test]
async fn the_code_is_told_only_where_the_tenant_allows_it() {
    let (post, receiver, allowed) = (Post::open().await, Receiver::open().await, Receiver::open().await);
    let shape = "code-only".to_owned();
    let blind = post.add(EndpointPlan { shape: shape.clone(), ..post.plan(&receiver.url) }).await;
    let told = post.add(EndpointPlan { shape, includes_code: true, ..post.plan(&allowed.url) }).await;
    post.add(EndpointPlan { includes_code: true, ..post.plan(&receiver.url) }).await;
    // Both repeat what they were told, as careless receivers do, and so does one that takes it.
    allowed.answer([(500, None, ECHO), (200, None, ECHO)]);
    receiver.answer([(500, None, ECHO); 2]);
    post.create("A", json!({"code": {"digits": 8}, "recipient": {"name": "Canary Person"}})).await;
    post.after(0).await;
    let code = allowed.seen()[0].json()["code"].as_str().map(str::to_owned).unwrap_or_default();
    assert_eq!(code.len(), 8, "{code}");
    for seen in receiver.seen() {
        assert!(!seen.body.contains(&code), "{}", seen.body);
    }
    assert_eq!(receiver.seen().len(), 2);
    post.after(6).await;
    assert_eq!(allowed.seen()[1].json()["code"], code.as_str());
    // What is kept to be sent again, and of what was answered, is sealed.
    let folder = std::fs::read_dir(post.house.folder.path()).unwrap_or_else(|e| panic!("{e}"));
    for file in folder.flatten() {
        let bytes = std::fs::read(file.path()).unwrap_or_default();
        for canary in [code.as_bytes(), br#"{\"code\":"#, br#""type":"shipment.created""#] {
            let found = bytes.windows(canary.len()).any(|window| window == canary);
            assert!(!found, "{:?} in {:?}", String::from_utf8_lossy(canary), file.path());
        }
    }
    // Its owner sees what was answered, but for what the code may stand in.
    assert_eq!(post.answers(&told).await, [Value::Null, Value::Null]);
    assert_eq!(post.answers(&blind).await, [r#"{"code":null}"#.into(), Value::Null]);
}
