//! Promise 1 on the screen: what changes shows at once, and a viewer that was away catches up by itself.

use std::time::Duration;

use anyhow::{Result, ensure};
use harness::browser::{Browser, Settings};
use harness::road::{Road, Traffic};
use harness::server::Server;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn an_event_shows_without_a_reload() -> Result<()> {
    let server = Server::start().await?;
    let api = server.client("live").await?;
    api.create("LIVE").await?;
    let page = Browser::open(&Settings::default()).await?;
    page.goto(&server.url("/t/LIVE")).await?;
    page.shows("#doorstep", "data-live", "live").await?;
    page.run("window.neverReloaded = true").await?;
    for (id, status, says) in [
        ("a", "confirmed", "Accepted by the carrier"),
        ("b", "out_for_delivery", "Out for delivery"),
        ("c", "delivered", "Delivered"),
    ] {
        let sequence = api.report("LIVE", json!({"id": id, "status": status})).await?;
        page.shows("#doorstep", "data-sequence", &sequence.to_string()).await?;
        page.reads("[data-part=sentence]", |text| text.starts_with(says)).await?;
    }
    ensure!(page.run("return window.neverReloaded").await? == json!(true), "the page was reloaded");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_is_survived_and_said() -> Result<()> {
    let mut server = Server::start().await?;
    let api = server.client("live").await?;
    api.create("RESTART").await?;
    let page = Browser::open(&Settings::default()).await?;
    page.goto(&server.url("/t/RESTART")).await?;
    page.shows("#doorstep", "data-live", "live").await?;
    server.stop().await?;
    page.shows("#doorstep", "data-live", "reconnecting").await?;
    page.reads("[data-part=sentence]", |text| !text.is_empty()).await?;
    server.start_again().await?;
    let sequence = api.report("RESTART", json!({"id": "1", "status": "in_transit"})).await?;
    page.shows("#doorstep", "data-live", "live").await?;
    page.shows("#doorstep", "data-sequence", &sequence.to_string()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn where_streams_are_refused_the_page_polls() -> Result<()> {
    let server = Server::start().await?;
    let api = server.client("live").await?;
    api.create("POLL").await?;
    let road = Road::to(&server.url("")).await?;
    road.set(Traffic::Without("/live"));
    let page = Browser::open(&Settings::default()).await?;
    page.goto(&road.over(&server.url("/t/POLL"))?).await?;
    page.shows("#doorstep", "data-live", "polling").await?;
    let sequence = api.report("POLL", json!({"id": "1", "status": "in_transit"})).await?;
    page.shows("#doorstep", "data-sequence", &sequence.to_string()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn offline_is_said_and_ends_by_itself() -> Result<()> {
    let server = Server::start().await?;
    let api = server.client("live").await?;
    api.create("TUNNEL").await?;
    let page = Browser::open(&Settings::default()).await?;
    let road = Road::to(&server.url("")).await?;
    page.goto(&road.over(&server.url("/t/TUNNEL"))?).await?;
    page.shows("#doorstep", "data-live", "live").await?;
    road.set(Traffic::Cut);
    page.set_offline(true).await?;
    page.shows("#doorstep", "data-live", "offline").await?;
    page.reads("[data-part=live]", |text| text.contains("offline")).await?;
    let sequence = api.report("TUNNEL", json!({"id": "1", "status": "delivered"})).await?;
    tokio::time::sleep(Duration::from_millis(200)).await;
    road.set(Traffic::Open);
    page.set_offline(false).await?;
    page.shows("#doorstep", "data-sequence", &sequence.to_string()).await?;
    page.shows("#doorstep", "data-live", "live").await
}
