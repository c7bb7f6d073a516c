//! What only Chromium tells, by its own protocol: layout shifts, and what a page's policy refused.

mod access;
mod axe;
mod gallery;
mod look;
mod push;
mod shop;

use anyhow::{Result, ensure};
use harness::browser::{Browser, Settings};
use harness::server::Server;
use serde_json::{Value, json};

use crate::recipient::Visit;
use crate::takeover::shipment_under_way;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_moves_while_the_widget_takes_over() -> Result<()> {
    let server = Server::start().await?;
    shipment_under_way(&server, "STILL").await?;
    for window in [(360, 800), (1280, 800)] {
        let page = Browser::open(&Settings { window, ..Settings::default() }).await?;
        let watch = "window.shifts = [];
            new PerformanceObserver((list) => { for (const e of list.getEntries()) window.shifts.push(e.value); })
                .observe({type: 'layout-shift', buffered: true});";
        page.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": watch})).await?;
        page.goto(&server.url("/t/STILL")).await?;
        page.shows("#doorstep", "data-live", "live").await?;
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        let shifts = page.run("return window.shifts").await?;
        ensure!(shifts == Value::Array(Vec::new()), "{window:?}: {shifts}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_keeps_its_own_rules() -> Result<()> {
    let server = Server::start().await?;
    shipment_under_way(&server, "RULES").await?;
    let page = Browser::open(&Settings::default()).await?;
    let watch = "window.violations = [];
        document.addEventListener('securitypolicyviolation', (e) => window.violations.push(e.violatedDirective + ' ' + e.blockedURI));
        window.addEventListener('error', (e) => window.violations.push('error ' + e.message));";
    page.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": watch})).await?;
    page.goto(&server.url("/t/RULES")).await?;
    page.shows("#doorstep", "data-live", "live").await?;
    let violations = page.run("return window.violations").await?;
    ensure!(violations == json!([]), "{violations}");
    let hosts = page
        .run("return [...new Set(performance.getEntriesByType('resource').map((e) => new URL(e.name).origin))].filter((o) => o !== location.origin)")
        .await?;
    ensure!(hosts == json!([]), "the page contacts other hosts: {hosts}");
    let policy =
        reqwest::get(server.url("/t/RULES")).await?.headers()["content-security-policy"].to_str()?.to_owned();
    ensure!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn on_paper_it_is_dark_ink_without_what_only_works_on_a_screen() -> Result<()> {
    let more = json!({"events": [{"id": "1", "status": "preparing"}], "code": {"digits": 4}});
    let visit = Visit::open("PAPER", more, &Settings::default()).await?;
    let page = &visit.page;
    page.shows("#doorstep", "data-live", "live").await?;
    let dark = json!([{"name": "prefers-color-scheme", "value": "dark"}]);
    page.devtools("Emulation.setEmulatedMedia", json!({"media": "print", "features": dark})).await?;
    let seen = page
        .run(
            "const shown = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility()).length;
             return [getComputedStyle(document.querySelector('.sentence')).color, shown('.live, .button, [data-panel=step-up]'),
                shown('.sentence') + shown('.history'), shown('.step')]",
        )
        .await?;
    ensure!(seen == json!(["rgb(0, 0, 0)", 0, 2, 5]), "{seen}");
    Ok(())
}
