//! What there is to see when there is no shipment to see.

use anyhow::{Result, ensure};
use harness::browser::{Browser, Settings};
use harness::server::Server;

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_number_is_said_kindly_and_with_404() -> Result<()> {
    let server = Server::start().await?;
    for path in ["/t/NOBODY-HAS-THIS", "/t/%3Cscript%3E", "/t/..%2f..%2fetc"] {
        let answer = reqwest::get(server.url(path)).await?;
        ensure!(answer.status() == 404, "{path}: {}", answer.status());
        let html = answer.text().await?;
        ensure!(html.contains("We cannot find this delivery"), "{path}: {html}");
        ensure!(!html.contains("<script>alert"), "{html}");
    }
    let page = Browser::open(&Settings::default()).await?;
    page.goto(&server.url("/t/NOBODY-HAS-THIS")).await?;
    page.reads("#doorstep", |text| text.contains("We cannot find this delivery")).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_path_is_a_page_of_its_own() -> Result<()> {
    let server = Server::start().await?;
    let answer = reqwest::get(server.url("/no/such/page")).await?;
    ensure!(answer.status() == 404, "{}", answer.status());
    Ok(())
}
