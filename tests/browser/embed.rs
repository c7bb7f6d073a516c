//! The page in a frame of somebody else's page.

use anyhow::{Result, ensure};
use harness::browser::{Browser, Settings};
use harness::server::Server;
use serde_json::json;

use crate::takeover::shipment_under_way;

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_origin_may_frame_the_embed_and_nothing_else() -> Result<()> {
    let server = Server::start().await?;
    let api = shipment_under_way(&server, "FRAMED").await?;
    let page = Browser::open(&Settings::default()).await?;
    // A page of its own opaque origin.
    page.goto("data:text/html,<iframe></iframe>").await?;
    let frame = |path: &str| {
        let url = json!(server.url(path));
        format!("document.querySelector('iframe').src = {url}")
    };
    page.run(&frame("/embed/FRAMED")).await?;
    page.session().enter_frame(0).await?;
    page.shows("#doorstep", "data-live", "live").await?;
    let sequence = api.report("FRAMED", json!({"id": "9", "status": "delivered"})).await?;
    page.shows("#doorstep", "data-sequence", &sequence.to_string()).await?;
    page.reads("[data-part=sentence]", |text| text.starts_with("Delivered")).await?;

    let own = reqwest::get(server.url("/t/FRAMED")).await?;
    let policy = own.headers()["content-security-policy"].to_str()?.to_owned();
    ensure!(policy.contains("frame-ancestors 'none'"), "{policy}");
    Ok(())
}
