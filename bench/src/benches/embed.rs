//! What `<doorstep-tracker>` does to the page around it, in both of its modes: whether anything moves, what is
//! fetched before anybody comes near it, and what stays behind when it goes.

use std::collections::BTreeMap;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::nothing_to_measure;
use crate::browser::Browser;
use crate::doorstep::Doorstep;
use crate::host::HostPage;
use crate::relay::Relay as _;
use crate::report::{Findings, OURS, Target};
use crate::scan::tracking_id;
use crate::setting::Setting;

const PROBE: &str = include_str!("../browser/embed_probe.js");
const MODES: [&str; 2] = ["frame", "inline"];
/// As `docs/EMBEDDING.md` has it.
const ROOM: &str = "<style>doorstep-tracker:not(:defined) { display: block; height: 40rem }</style>";
const SHOWN: &str = "!!document.querySelector('doorstep-tracker')?.shadowRoot?.querySelector('.shown')";
const DEFINED: &str = "!!customElements.get('doorstep-tracker')";
const LIMIT: Duration = Duration::from_secs(60);
const SETTLE: Duration = Duration::from_secs(2);
/// Mounts before counting: what is made once, and kept for the next, is no leak.
const WARM_UP: u64 = 10;
/// What the engine itself may keep of each mount, in bytes: it caches, and its own counts are rough.
const HEAP_PER_MOUNT: f64 = 1024.0;

pub(super) fn measure(setting: &Setting) -> Result<Findings> {
    if setting.peer_only() {
        return Ok(nothing_to_measure());
    }
    let doorstep = Doorstep::start(setting)?;
    doorstep.prepare(1)?;
    let mut found = Findings::default();
    for mode in MODES {
        for (what, room) in [("", ROOM), (" without its line of CSS", "")] {
            let shift = shift(setting, &doorstep, mode, room)?;
            let row = format!("{mode}: layout shift in the page around{what}");
            found.add(&row, "CLS", OURS, shift);
            if !room.is_empty() {
                found.target(&row, Target::AtMost(0.0));
            }
        }
        let row = format!("{mode}: fetched before it is near, besides its script");
        found.add(&row, "requests", OURS, far(setting, &doorstep, mode)?);
        found.target(&row, Target::AtMost(0.0));
        memory(setting, &doorstep, mode, &mut found)?;
    }
    found.remark(format!(
        "kept: more than before, after garbage collection; {WARM_UP} mounts and removals went before"
    ));
    Ok(found)
}

fn page(doorstep: &Doorstep, head: &str, body: &str) -> Result<HostPage> {
    let script = doorstep.url("/embed/v1.js");
    HostPage::serve(&format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>Shop</title>{head}
        <script type=module crossorigin src='{script}'></script></head>
        <body><h1>Your order</h1><main>{body}</main><p>Below</p></body></html>"
    ))
}

fn tag(doorstep: &Doorstep, mode: &str) -> String {
    let id = tracking_id(0);
    let link = doorstep.page(0);
    format!("<doorstep-tracker tracking-id={id} mode={mode}><a href='{link}'>Track it</a></doorstep-tracker>")
}

fn open(setting: &Setting, host: &HostPage) -> Result<Browser> {
    let mut browser = Browser::start(setting)?;
    browser.run_first(PROBE)?;
    browser.call("Network.enable", json!({}))?;
    browser.open(&host.url())?;
    browser.wait_until(DEFINED, LIMIT)?;
    Ok(browser)
}

/// All that moved in the page while the tag loaded; stricter than CLS, which takes the worst burst.
fn shift(setting: &Setting, doorstep: &Doorstep, mode: &str, room: &str) -> Result<f64> {
    let host = page(doorstep, room, &tag(doorstep, mode))?;
    let mut browser = open(setting, &host)?;
    browser.wait_until(SHOWN, LIMIT)?;
    sleep(SETTLE);
    browser.value("window.__embed.shift")
}

/// How many requests the tag has made far below the window.
fn far(setting: &Setting, doorstep: &Doorstep, mode: &str) -> Result<f64> {
    let space = "<style>section { height: 5000px }</style><section></section>";
    let host = page(doorstep, ROOM, &format!("{space}{}", tag(doorstep, mode)))?;
    let mut browser = open(setting, &host)?;
    sleep(SETTLE);
    let ours = doorstep.url("/");
    let script = doorstep.url("/embed/v1.js");
    let asked = browser.notices()?.into_iter().filter(|notice| notice.method == "Network.requestWillBeSent");
    let urls = asked.filter_map(|notice| notice.parameters["request"]["url"].as_str().map(str::to_owned));
    Ok(urls.filter(|url| url.starts_with(&ours) && *url != script).count() as f64)
}

fn memory(setting: &Setting, doorstep: &Doorstep, mode: &str, found: &mut Findings) -> Result<()> {
    let host = page(doorstep, ROOM, "")?;
    let mut browser = open(setting, &host)?;
    browser.call("Performance.enable", json!({}))?;
    mount(&mut browser, mode, WARM_UP)?;
    let before = held(&mut browser)?;
    let mounts = setting.size(100, 10);
    mount(&mut browser, mode, mounts)?;
    let after = held(&mut browser)?;
    let heap = HEAP_PER_MOUNT * mounts as f64;
    for (what, unit, name, most) in [
        ("documents", "", "Documents", 0.0),
        ("nodes", "", "Nodes", 0.0),
        ("listeners", "", "JSEventListeners", 0.0),
        ("JavaScript heap", "bytes", "JSHeapUsedSize", heap),
        ("WebAssembly memory", "bytes", "wasm", 0.0),
    ] {
        let [was, is] = [&before, &after].map(|of| of.get(name).copied().unwrap_or_default());
        let row = format!("{mode}: kept of {mounts} mounts and removals: {what}");
        found.add(&row, unit, OURS, is - was);
        found.target(&row, Target::AtMost(most));
    }
    Ok(())
}

fn mount(browser: &mut Browser, mode: &str, count: u64) -> Result<()> {
    let id = tracking_id(0);
    let done: u64 = browser.value("window.__embed.done")?;
    browser.value::<Value>(&format!(
        "(window.__embed.mount({}, {}, {count}), null)",
        json!(mode),
        json!(id)
    ))?;
    browser.wait_until(&format!("window.__embed.done === {}", done + count), LIMIT)
}

/// What the page holds once nothing is left to be collected.
fn held(browser: &mut Browser) -> Result<BTreeMap<String, f64>> {
    // What was closed a moment ago is let go of a moment later.
    for _ in 0..3 {
        sleep(SETTLE);
        browser.call("HeapProfiler.collectGarbage", json!({}))?;
    }
    let answer = browser.call("Performance.getMetrics", json!({}))?;
    let metrics = answer["metrics"].as_array().context("no metrics")?;
    let mut held: BTreeMap<String, f64> = metrics
        .iter()
        .filter_map(|metric| Some((metric["name"].as_str()?.to_owned(), metric["value"].as_f64()?)))
        .collect();
    held.insert("wasm".to_owned(), browser.value("window.__embed.pages()")?);
    Ok(held)
}
