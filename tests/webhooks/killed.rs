//! A server that is killed while it tells: nothing is lost, nothing overtakes, and what is told twice is the same.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use harness::receiver::{Plan, Receiver};
use serde_json::json;

use crate::{ALLOWED, Post, sequence, shipment};

const SHIPMENTS: usize = 6;
const EVENTS: usize = 30;
const KILLS: usize = 2;

/// Longer than a claim holds (30 s), and the time that it takes to tell the rest.
const PATIENCE: Duration = Duration::from_secs(90);

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_and_nothing_overtakes() -> Result<()> {
    let mut post = Post::open(&ALLOWED).await?;
    // Slow enough that each kill falls into the middle.
    let receiver = Receiver::open(|_, _| Plan::of(200).after(Duration::from_millis(25))).await?;
    let hook = post.hook(&receiver.url("/hook")).await?;
    let ids: Vec<String> = (0..SHIPMENTS).map(|number| format!("KILLED-{number}")).collect();
    for id in &ids {
        post.api.create(id).await?;
    }
    for round in 0..KILLS {
        for id in &ids {
            for number in 0..EVENTS / KILLS {
                let event =
                    json!({"id": format!("e{round}-{number}"), "status": "in_transit", "note": "scanned"});
                post.api.report(id, event).await?;
            }
        }
        let before = receiver.seen().len();
        until("more is told", || receiver.seen().len() >= before + 3).await?;
        post.server.kill().await?;
        post.server.start_again().await?;
    }
    let whole = SHIPMENTS * (EVENTS + 1);
    let names =
        || receiver.seen().iter().map(|seen| seen.header("webhook-id").to_owned()).collect::<BTreeSet<_>>();
    until("all is told", || names().len() == whole).await?;
    let mut last: BTreeMap<String, u64> = BTreeMap::new();
    let mut bodies: BTreeMap<String, String> = BTreeMap::new();
    let mut twice = 0;
    for seen in receiver.seen() {
        let (id, sequence) = (shipment(&seen), sequence(&seen));
        let before = last.insert(id.clone(), sequence).unwrap_or_default();
        let name = seen.header("webhook-id").to_owned();
        match bodies.insert(name, seen.body.clone()) {
            // Only the one that was on its way is told again, before anything that follows.
            Some(body) => {
                ensure!(body == seen.body && sequence == before, "{id}: {sequence} after {before}");
                twice += 1;
            }
            None => ensure!(sequence == before + 1, "{id}: {sequence} after {before}"),
        }
    }
    println!("{KILLS} kills, {whole} messages, {twice} of them told twice");
    ensure!(last.values().all(|sequence| *sequence == EVENTS as u64 + 1), "{last:?}");
    // What others look at says the same.
    let (_, page) = post.api.get(&format!("/webhooks/{}/messages?state=waiting", hook.id)).await?;
    let waiting = page["messages"].as_array().context("messages")?.len();
    ensure!(waiting <= SHIPMENTS, "{waiting} wait still");
    Ok(())
}

async fn until(what: &str, is_so: impl Fn() -> bool) -> Result<()> {
    let began = Instant::now();
    while !is_so() {
        ensure!(began.elapsed() < PATIENCE, "waited {} s in vain: {what}", PATIENCE.as_secs());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}
