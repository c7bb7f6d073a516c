//! Promise 3: the status needs no WebAssembly, and no script at all.

use anyhow::{Result, ensure};
use harness::browser::{Browser, Settings};
use harness::server::Server;

use crate::takeover::shipment_under_way;

#[tokio::test(flavor = "multi_thread")]
async fn the_first_answer_holds_the_status_sentence() -> Result<()> {
    let server = Server::start().await?;
    shipment_under_way(&server, "CURL").await?;
    let html = reqwest::get(server.url("/t/CURL")).await?.text().await?;
    ensure!(html.contains("Out for delivery"), "{html}");
    ensure!(!html.contains("<b>&amp;"), "a source's word became markup");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_without_scripts_shows_everything_and_can_look_up_another() -> Result<()> {
    let server = Server::start().await?;
    shipment_under_way(&server, "PLAIN").await?;
    let settings = Settings { scripts: false, ..Settings::default() };
    let page = Browser::open(&settings).await?;
    page.goto(&server.url("/t/PLAIN")).await?;
    let sentence =
        page.session().find(fantoccini::Locator::Css("[data-part=sentence]")).await?.text().await?;
    ensure!(sentence.contains("Out for delivery"), "{sentence}");
    page.goto(&server.url("/")).await?;
    let field = page.session().find(fantoccini::Locator::Css("input[name=id]")).await?;
    field.send_keys("plain\u{e007}").await?;
    harness::eventually("the form leads to the page", || async {
        Ok(page.session().current_url().await?.path().eq_ignore_ascii_case("/t/plain").then_some(()))
    })
    .await?;
    let sentence =
        page.session().find(fantoccini::Locator::Css("[data-part=sentence]")).await?.text().await?;
    ensure!(sentence.contains("Out for delivery"), "{sentence}");
    Ok(())
}
