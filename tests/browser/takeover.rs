//! Promise 3 and what follows it: the server's HTML has the status already, and the widget takes it over
//! without changing what is seen.

use anyhow::{Result, ensure};
use harness::browser::{Browser, Settings};
use harness::server::Server;
use serde_json::{Value, json};

/// A shipment with a bit of everything the public page shows.
pub(crate) async fn shipment_under_way(server: &Server, id: &str) -> Result<harness::api::Api> {
    let api = server.client("takeover").await?;
    let created = json!({
        "trackingId": id, "zone": "Pacific/Auckland", "promise": {"day": "2027-03-02"},
        "events": [
            {"id": "1", "status": "created", "time": "2026-11-19T09:00:00Z", "sourceWord": "CREATED"},
            {"id": "2", "status": "attempt_failed", "time": "2026-11-20T11:30:00Z", "reason": "recipient_absent"},
            {"id": "3", "status": "out_for_delivery", "sourceWord": "OUT <b>&amp; \"about\"</b>"},
        ],
    });
    let (status, body) = api.post("/shipments", &created).await?;
    ensure!(status == 201, "{status} {body}");
    Ok(api)
}

/// What of the page must not change: its elements, classes and text, without the marks of time and
/// connection that are there to change.
const SNAPSHOT: &str = r"
    const clean = (node) => {
        if (node.nodeType === Node.TEXT_NODE) return node.data;
        if (node.nodeType !== Node.ELEMENT_NODE || node.tagName === 'SCRIPT') return '';
        const attributes = [...node.attributes].filter((a) => !['data-live', 'data-ready'].includes(a.name))
            .map((a) => ` ${a.name}=${a.value}`).sort().join('');
        const inner = node.dataset.part === 'live' ? '' : [...node.childNodes].map(clean).join('');
        return `<${node.tagName.toLowerCase()}${attributes}>${inner}</>`;
    };
";

#[tokio::test(flavor = "multi_thread")]
async fn the_widget_takes_over_the_very_same_page() -> Result<()> {
    let server = Server::start().await?;
    shipment_under_way(&server, "TAKEOVER").await?;
    for language in ["en-US", "en-GB"] {
        let page = Browser::open(&Settings { language, ..Settings::default() }).await?;
        page.goto(&server.url("/t/TAKEOVER")).await?;
        page.shows("#doorstep", "data-live", "live").await?;
        let after =
            page.run(&format!("{SNAPSHOT} return clean(document.querySelector('#doorstep'))")).await?;
        let script = format!(
            "{SNAPSHOT} const done = arguments[arguments.length - 1];
             fetch(location.href).then((answer) => answer.text()).then((html) => {{
                const page = new DOMParser().parseFromString(html, 'text/html');
                done(clean(page.querySelector('#doorstep')));
             }});"
        );
        let before = page.session().execute_async(&script, Vec::new()).await?;
        ensure!(before == after, "{language}\nserver: {before}\nwidget: {after}");
        ensure!(before.as_str().is_some_and(|text| text.len() > 500), "there is a page to compare: {before}");
    }
    Ok(())
}

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
