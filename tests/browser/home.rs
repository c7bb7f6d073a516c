//! The start page: a field to type a tracking number into.

use anyhow::{Result, ensure};
use fantoccini::Locator;
use harness::browser::{Browser, Settings};
use harness::server::Server;
use serde_json::json;

use crate::takeover::shipment_under_way;

#[tokio::test(flavor = "multi_thread")]
async fn a_typed_number_leads_to_its_page_in_the_same_language_and_back() -> Result<()> {
    let server = Server::start().await?;
    shipment_under_way(&server, "TYPED-1").await?;
    let page = Browser::open(&Settings::default()).await?;
    page.goto(&server.url("/?lang=en-GB")).await?;
    page.shows("#doorstep", "data-ready", "true").await?;
    let field = page.session().find(Locator::Css("input[name=id]")).await?;
    field.send_keys("not a number!\u{e007}").await?;
    page.reads("#doorstep", |text| text.contains("not a tracking number")).await?;
    let typed = page.run("return document.querySelector('input[name=id]').value").await?;
    ensure!(typed == json!("not a number!"), "what was typed is kept: {typed}");
    page.run("document.querySelector('input[name=id]').value = ''").await?;
    let field = page.session().find(Locator::Css("input[name=id]")).await?;
    field.send_keys(" typed-1 \u{e007}").await?;
    page.reads("[data-part=sentence]", |text| text.contains("Out for delivery")).await?;
    page.shows("#doorstep", "data-live", "live").await?;
    page.session().back().await?;
    page.reads("#doorstep", |text| text.contains("Track a delivery")).await?;
    page.session().forward().await?;
    page.reads("[data-part=sentence]", |text| text.contains("Out for delivery")).await?;
    let at = page.run("return location.pathname + location.search").await?;
    ensure!(at == json!("/t/typed-1?lang=en-GB"), "the language goes along: {at}");
    Ok(())
}
