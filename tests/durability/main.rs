//! Promise 1: nothing acknowledged is lost. Writers post at full speed while the server is killed
//! (SIGKILL) again and again; afterwards every acknowledged event is there once, and pages that were
//! open the whole time show the latest without a reload.
//!
//! `DOORSTEP_KILL_ROUNDS` says how often it is killed (4 by default; 20 when it counts).

mod providers;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use harness::api::Api;
use harness::browser::{Browser, Settings};
use harness::eventually;
use harness::server::Server;
use harness::stream::Follower;
use serde_json::json;
use tokio::task::JoinSet;

const WRITERS: usize = 16;
const SHIPMENTS: usize = 4;

/// Acknowledged: for each shipment its event ids, and the highest sequence that was answered.
#[derive(Default)]
struct Acknowledged {
    ids: BTreeMap<String, BTreeSet<String>>,
    sequence: BTreeMap<String, u64>,
}

type Ledger = Arc<Mutex<Acknowledged>>;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_being_killed() -> Result<()> {
    let rounds: u64 = std::env::var("DOORSTEP_KILL_ROUNDS").map_or(Ok(4), |text| text.parse())?;
    let mut server = Server::start().await?;
    let api = server.client("durable").await?;
    let shipments: Vec<String> = (0..SHIPMENTS).map(|number| format!("KILL-{number}")).collect();
    for id in &shipments {
        api.create(id).await?;
    }
    let followers: Vec<Follower> =
        shipments.iter().map(|id| Follower::new(server.url(&format!("/api/v1/track/{id}/live")))).collect();
    let page = Browser::open(&Settings::default()).await?;
    page.goto(&server.url("/t/KILL-0")).await?;
    page.run("window.neverReloaded = true").await?;
    page.shows("#doorstep", "data-live", "live").await?;

    let ledger = Ledger::default();
    let running = Arc::new(AtomicBool::new(true));
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let id = shipments[writer % SHIPMENTS].clone();
        writers.spawn(write(api.clone(), id, writer, Arc::clone(&ledger), Arc::clone(&running)));
    }
    for round in 0..rounds {
        // Not always at the same point of a commit.
        tokio::time::sleep(Duration::from_millis(300 + 37 * (round % 11))).await;
        server.kill().await?;
        server.start_again().await?;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    running.store(false, Ordering::Relaxed);
    while let Some(writer) = writers.join_next().await {
        writer?;
    }

    let ledger = std::mem::take(&mut *ledger.lock().unwrap_or_else(PoisonError::into_inner));
    let total: usize = ledger.ids.values().map(BTreeSet::len).sum();
    println!("{rounds} kills, {total} acknowledged events");
    ensure!(total > 0, "nothing was acknowledged, so that nothing was tested");
    for (id, acknowledged) in &ledger.ids {
        let (status, shipment) = api.get(&format!("/shipments/{id}")).await?;
        ensure!(status == 200, "{id}: {status}");
        let kept: Vec<&str> = shipment["events"]
            .as_array()
            .context("events")?
            .iter()
            .filter_map(|event| event["id"].as_str())
            .collect();
        let once: BTreeSet<&str> = kept.iter().copied().collect();
        ensure!(once.len() == kept.len(), "{id} holds an event twice");
        let lost: Vec<_> = acknowledged.iter().filter(|id| !once.contains(id.as_str())).collect();
        ensure!(lost.is_empty(), "{id} lost {} acknowledged events: {lost:?}", lost.len());
    }
    for (id, follower) in shipments.iter().zip(&followers) {
        let (_, shipment) = api.get(&format!("/shipments/{id}")).await?;
        let latest = shipment["sequence"].as_u64().context("sequence")?;
        ensure!(latest >= ledger.sequence[id], "{id} fell behind what was answered");
        eventually("a viewer has the latest", || async {
            Ok((follower.seen().ids.last() == Some(&latest)).then_some(()))
        })
        .await?;
        let seen = follower.seen();
        ensure!(
            seen.ids.is_sorted_by(|a, b| a < b),
            "{id}: a view came twice or out of order: {:?}",
            seen.ids
        );
        ensure!(seen.connections as u64 > rounds / 2, "{id}: the viewer was never cut off");
    }
    let (_, shipment) = api.get("/shipments/KILL-0").await?;
    page.shows("#doorstep", "data-sequence", &shipment["sequence"].to_string()).await?;
    page.shows("#doorstep", "data-live", "live").await?;
    ensure!(page.run("return window.neverReloaded").await? == json!(true), "the page was reloaded");
    Ok(())
}

/// Posts events one after another; an event that was not answered is posted again, as a client would.
async fn write(api: Api, id: String, writer: usize, ledger: Ledger, running: Arc<AtomicBool>) {
    let mut number = 0;
    while running.load(Ordering::Relaxed) && number < 600 {
        let event = format!("w{writer}-{number}");
        let body = json!({"id": event, "status": "in_transit", "time": "2026-11-21T10:00:00Z", "sourceWord": "SCAN"});
        match api.report(&id, body).await {
            Ok(sequence) => {
                number += 1;
                let mut ledger = ledger.lock().unwrap_or_else(PoisonError::into_inner);
                ledger.ids.entry(id.clone()).or_default().insert(event);
                let highest = ledger.sequence.entry(id.clone()).or_default();
                *highest = sequence.max(*highest);
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}
