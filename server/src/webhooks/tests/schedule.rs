//! When what is tried again, what waits for it, and when it is over.

use serde_json::{Value, json};

use super::{Post, Receiver};
use crate::store::outbox::DeliveryState;
use crate::webhooks::{Disabled, MOST_TRIES};

/// More than each delay of the schedule with its jitter.
const DELAYS: [u64; 9] = [6, 331, 1_981, 7_921, 19_801, 39_601, 55_441, 79_201, 95_041];

#[tokio::test]
async fn what_fails_is_sent_again_as_it_was_and_what_follows_waits() {
    let (post, receiver) = (Post::open().await, Receiver::open().await);
    let endpoint = post.add(post.plan(&receiver.url)).await;
    receiver.answer([(500, None, "no"), (302, Some(("location", "http://127.0.0.1:1/")), "")]);
    post.create("A", json!({})).await;
    post.after(0).await;
    post.report("A", "e1", "out_for_delivery").await;
    post.create("B", json!({})).await;
    post.after(0).await;
    let about = |from: usize| receiver.seen()[from..].iter().map(|seen| seen.about()).collect::<Vec<_>>();
    // The redirect went to B's first message, and was not followed.
    assert_eq!(about(0), ["A shipment.created unknown", "B shipment.created unknown"]);
    assert_eq!(post.endpoint(&endpoint).await.failing_since, Some(post.state.clock.now()));
    post.after(4).await;
    assert_eq!(receiver.seen().len(), 2, "not before its time");
    post.after(2).await;
    let mut again = about(2);
    again.sort();
    assert_eq!(
        again,
        [
            "A shipment.created unknown",
            "A shipment.status_changed out_for_delivery",
            "B shipment.created unknown"
        ]
    );
    let seen = receiver.seen();
    let tries: Vec<_> = seen.iter().filter(|seen| seen.about().starts_with("A shipment.created")).collect();
    assert_eq!(tries[0].body, tries[1].body);
    assert_eq!(tries[0].header("webhook-id"), tries[1].header("webhook-id"));
    assert_ne!(tries[0].header("webhook-timestamp"), tries[1].header("webhook-timestamp"));
    assert_ne!(tries[0].header("webhook-signature"), tries[1].header("webhook-signature"));
    assert_eq!(post.endpoint(&endpoint).await.failing_since, None);
    let (message, attempts) = post.messages(&endpoint).await.remove(0);
    assert_eq!((message.state, message.tries), (DeliveryState::Delivered, 2));
    assert_eq!((attempts[0].status, attempts[1].status), (Some(500), Some(200)));
    assert_eq!(post.answers(&endpoint).await[..2], ["no".into(), Value::Null]);
}

#[tokio::test]
async fn after_ten_tries_it_is_given_up_seen_and_replayed() {
    let (post, receiver) = (Post::open().await, Receiver::open().await);
    let endpoint = post.add(post.plan(&receiver.url)).await;
    receiver.answer(std::iter::repeat_n((500, None, ""), MOST_TRIES as usize));
    post.create("A", json!({})).await;
    post.report("A", "e1", "delivered").await;
    post.after(0).await;
    for (tries, delay) in (1..).zip(DELAYS) {
        let (message, attempts) = post.messages(&endpoint).await.remove(0);
        assert_eq!((message.state, attempts.len()), (DeliveryState::Waiting, tries));
        post.after(delay).await;
    }
    let (message, attempts) = post.messages(&endpoint).await.remove(0);
    assert_eq!((message.state, attempts.len()), (DeliveryState::GivenUp, 10));
    let seen = receiver.seen();
    assert_eq!(seen.len(), 11, "what follows is told once it is given up");
    assert_eq!(seen[10].about(), "A shipment.status_changed delivered");
    let path = format!("/webhooks/{}/replay", endpoint.id.0);
    let replayed = post.house.post(&path, r#"{"since": "2026-11-21T12:00:00Z"}"#).await;
    assert_eq!(replayed.at("/replayed"), (202, 1.into()), "{}", replayed.text);
    post.after(0).await;
    assert_eq!(receiver.seen()[11].body, seen[0].body);
    assert_eq!(post.messages(&endpoint).await[0].0.state, DeliveryState::Delivered);
}

#[tokio::test]
async fn who_is_gone_is_told_nothing_until_somebody_says_so() {
    let (post, receiver) = (Post::open().await, Receiver::open().await);
    let endpoint = post.add(post.plan(&receiver.url)).await;
    receiver.answer([(410, None, "")]);
    post.create("A", json!({})).await;
    post.after(0).await;
    post.create("B", json!({})).await;
    post.after(1_000_000).await;
    assert_eq!(receiver.seen().len(), 1);
    assert_eq!(post.endpoint(&endpoint).await.disabled.map(|(_, why)| why), Some(Disabled::Gone));
    let (path, body) =
        (format!("PUT /api/v1/webhooks/{}", endpoint.id.0), json!({"url": "https://new.example/"}));
    let enabled = post.house.call(&path, &post.house.manager, &[], &body.to_string()).await;
    assert_eq!(enabled.at("/disabled"), (200, false.into()), "{}", enabled.text);
    let messages = post.messages(&endpoint).await;
    assert_eq!(messages.len(), 1, "what happened meanwhile is not told");
    assert_eq!(messages[0].0.state, DeliveryState::Waiting);
}

#[tokio::test]
async fn who_asks_for_time_is_left_alone_with_everything() {
    let (post, receiver) = (Post::open().await, Receiver::open().await);
    let endpoint = post.add(post.plan(&receiver.url)).await;
    receiver.answer([(429, Some(("retry-after", "120")), "")]);
    post.create("A", json!({})).await;
    post.after(0).await;
    post.create("B", json!({})).await;
    post.after(119).await;
    assert_eq!(receiver.seen().len(), 1, "nor is B's message sent");
    assert!(post.endpoint(&endpoint).await.paused_until.is_some());
    post.after(1).await;
    assert_eq!(receiver.seen().len(), 3);
    assert_eq!(post.endpoint(&endpoint).await.paused_until, None);
}

#[tokio::test]
async fn what_may_not_be_called_is_not_and_says_why() {
    let post = Post::open().await;
    let strict = crate::webhooks::Deliverer::new(&post.house.state);
    let receiver = Receiver::open().await;
    let port = receiver.url.rsplit(':').next().unwrap_or_default().to_owned();
    let mut endpoints = Vec::new();
    for host in
        ["http://127.0.0.1", "https://169.254.169.254", "https://localhost", "https://[::ffff:7f00:1]"]
    {
        endpoints.push(post.add(post.plan(&format!("{host}:{port}"))).await);
    }
    post.create("A", json!({})).await;
    strict.deliver_due().await.unwrap_or_else(|e| panic!("{e:?}"));
    assert_eq!(receiver.seen().len(), 0);
    for endpoint in &endpoints {
        let (message, attempts) = post.messages(endpoint).await.remove(0);
        assert_eq!(message.state, DeliveryState::Waiting);
        let why = attempts[0].failure.as_deref();
        assert_eq!(why, Some("its address is private, local or reserved"), "{:?}", endpoint.plan.target);
    }
}
