//! Receivers that are down for a while, slow, redirecting, failing or gone: each behaves as `docs/WEBHOOKS.md`
//! says, and none of them holds the others back.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use harness::eventually;
use harness::receiver::{Plan, Receiver};

use crate::{ALLOWED, Post, sequence};

#[tokio::test(flavor = "multi_thread")]
async fn one_that_was_down_gets_everything_in_order() -> Result<()> {
    let post = Post::open(&ALLOWED).await?;
    let down = Receiver::open(|_, _| Plan::of(200)).await?;
    let address: SocketAddr = down.address();
    let hook = post.hook(&down.url("/hook")).await?;
    drop(down);
    post.api.create("DOWN").await?;
    let attempt = post.first_attempt(&hook).await?;
    ensure!(attempt["failure"] == "it could not be connected to", "{attempt}");
    for (event, status) in [("e1", "preparing"), ("e2", "in_transit"), ("e3", "delivered")] {
        post.report("DOWN", event, status).await?;
    }
    ensure!(post.stands(&hook).await?["failingSince"].is_string(), "one sees that it fails");
    let up = Receiver::on(address, |_, _| Plan::of(204)).await?;
    let seen = up.got(4).await?;
    let sequences: Vec<u64> = seen.iter().map(sequence).collect();
    ensure!(sequences == [1, 2, 3, 4], "{sequences:?}");
    let statuses: Vec<_> =
        seen.iter().map(|seen| seen.json()["data"]["shipment"]["status"].clone()).collect();
    ensure!(statuses == ["unknown", "preparing", "in_transit", "delivered"], "each as it was: {statuses:?}");
    eventually("it is well again", || async {
        Ok(post.stands(&hook).await?["failingSince"].is_null().then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_fails_gets_the_same_bytes_again_and_a_redirect_is_not_followed() -> Result<()> {
    let post = Post::open(&ALLOWED).await?;
    let inside = Receiver::open(|_, _| Plan::of(200)).await?;
    let target = inside.url("/hook");
    let receiver = Receiver::open(move |number, _| match number {
        0 => Plan::of(500),
        1 => Plan::of(307).with("location", target.clone()),
        _ => Plan::of(200),
    })
    .await?;
    let hook = post.hook(&receiver.url("/hook")).await?;
    post.api.create("FAILS").await?;
    let seen = receiver.got(2).await?;
    ensure!(seen[0].body == seen[1].body && seen[0].header("webhook-id") == seen[1].header("webhook-id"));
    eventually("both tries are seen", || async {
        let message = post.messages(&hook).await?.remove(0);
        let statuses = [&message["attempts"][0]["status"], &message["attempts"][1]["status"]];
        Ok((statuses == [500, 307] && message["state"] == "waiting" && message["tries"] == 2).then_some(()))
    })
    .await?;
    // The next try would be in five minutes; its owner need not wait.
    let id = seen[0].header("webhook-id");
    let (status, answer) =
        post.api.post(&format!("/webhooks/{}/messages/{id}/replay", hook.id), &().into()).await?;
    ensure!(status == 202, "{status} {answer}");
    let again = receiver.got(3).await?.remove(2);
    ensure!(again.body == seen[0].body && again.header("webhook-id") == id, "{again:?}");
    ensure!(inside.seen().is_empty(), "the redirect was followed");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_slow_is_given_up_after_15_seconds_and_holds_nobody_back() -> Result<()> {
    let post = Post::open(&ALLOWED).await?;
    let slow = Receiver::open(|_, _| Plan::of(200).after(Duration::from_secs(60))).await?;
    let well = Receiver::open(|_, _| Plan::of(200)).await?;
    let hook = post.hook(&slow.url("/hook")).await?;
    post.hook(&well.url("/hook")).await?;
    let began = Instant::now();
    for number in 0..30 {
        post.api.create(&format!("SLOW-{number}")).await?;
    }
    well.got(30).await?;
    ensure!(began.elapsed() < Duration::from_secs(14), "it took {:?}", began.elapsed());
    ensure!((1..=8).contains(&slow.seen().len()), "{} wait for the slow one", slow.seen().len());
    let attempt = post.first_attempt(&hook).await?;
    ensure!(attempt["failure"] == "it did not answer in time", "{attempt}");
    ensure!(attempt["tookMs"].as_u64().is_some_and(|took| (14_500..25_000).contains(&took)), "{attempt}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_gone_is_told_nothing_any_more() -> Result<()> {
    let post = Post::open(&ALLOWED).await?;
    let receiver = Receiver::open(|_, _| Plan::of(410)).await?;
    let hook = post.hook(&receiver.url("/hook")).await?;
    post.api.create("GONE").await?;
    let standing = eventually("it is disabled", || async {
        Ok(Some(post.stands(&hook).await?).filter(|standing| standing["disabled"] == true))
    })
    .await?;
    ensure!(standing["disabledWhy"] == "gone", "{standing}");
    post.report("GONE", "e1", "delivered").await?;
    post.api.create("GONE-2").await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    ensure!(receiver.seen().len() == 1, "{} calls", receiver.seen().len());
    let counted = post.server.metrics().await?;
    ensure!(counted.contains("doorstep_webhook_disabled_total 1"), "{counted}");
    Ok(())
}
