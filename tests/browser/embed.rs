//! The page in a frame of somebody else's page.

mod hosts;
mod inline;
mod stage;
mod tag;

use anyhow::{Result, ensure};
use harness::browser::{Browser, Settings};
use harness::host::HostPage;
use harness::server::Server;
use serde_json::json;

use crate::takeover::shipment_under_way;

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_origin_may_frame_the_embed_and_nothing_else() -> Result<()> {
    let server = Server::start().await?;
    let api = shipment_under_way(&server, "FRAMED").await?;
    let page = Browser::open(&Settings::default()).await?;
    let framing = |path: &str| format!("<!doctype html><iframe src='{}'></iframe>", server.url(path));
    let host = HostPage::serve(&framing("/embed/FRAMED")).await?;
    page.goto(host.url()).await?;
    page.session().enter_frame(0).await?;
    page.shows("#doorstep", "data-live", "live").await?;
    let sequence = api.report("FRAMED", json!({"id": "9", "status": "delivered"})).await?;
    page.shows("#doorstep", "data-sequence", &sequence.to_string()).await?;
    page.reads("[data-part=sentence]", |text| text.starts_with("Delivered")).await?;

    let host = HostPage::serve(&framing("/t/FRAMED")).await?;
    page.goto(host.url()).await?;
    page.session().enter_frame(0).await?;
    let shown = page.text("body").await?.unwrap_or_default();
    ensure!(!shown.contains("Delivered"), "the page with more to press is in a frame: {shown}");
    Ok(())
}
