//! The hosted page as a phone on slow 4G first meets it: nothing cached, a new browser each time,
//! the processor slowed down. When is the status there, when is the page live, does anything move,
//! what does it weigh; and then, what one event does to it.

use std::collections::{BTreeMap, HashMap};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::json;

use super::nothing_to_measure;
use crate::browser::{Browser, Notice};
use crate::doorstep::Doorstep;
use crate::exchange::Exchange;
use crate::relay::Relay as _;
use crate::report::{Findings, OURS, Target};
use crate::samples::Samples;
use crate::setting::Setting;

const PROBE: &str = include_str!("../browser/load_probe.js");
/// Lighthouse's slow 4G: round trip in milliseconds, bits per second each way, processor slowdown.
const LATENCY_MILLIS: f64 = 150.0;
const DOWN_BITS: f64 = 1_600_000.0;
const UP_BITS: f64 = 750_000.0;
const SLOWDOWN: f64 = 4.0;
const LIVE_LIMIT: Duration = Duration::from_secs(30);
const SETTLE: Duration = Duration::from_secs(2);
const EVENTS: u64 = 5;

/// What the probe in the page noted; times in milliseconds since navigation.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Probe {
    sentence_painted: Option<f64>,
    sentence_framed: Option<f64>,
    first_paint: Option<f64>,
    live: Option<f64>,
    /// Start and value.
    shifts: Vec<(f64, f64)>,
    /// Start and duration.
    long_tasks: Vec<(f64, f64)>,
}

/// One loading of the page.
struct Visit {
    visible: f64,
    live: f64,
    loaded: Probe,
    updated: Probe,
    bytes: BTreeMap<String, f64>,
}

pub(super) fn measure(setting: &Setting) -> Result<Findings> {
    if setting.peer_only() {
        return Ok(nothing_to_measure());
    }
    let doorstep = Doorstep::start(setting)?;
    doorstep.prepare(1)?;
    let mut teller = Exchange::connect(doorstep.address())?;
    let mut request = Vec::new();
    doorstep.post_events(0, 1..1 + EVENTS, &mut request);
    teller.ask_well(&request)?;
    let visits: Vec<Visit> = (0..setting.size(5, 1))
        .map(|number| visit(setting, &doorstep, &mut teller, 1 + EVENTS + number))
        .collect::<Result<_>>()?;
    Ok(findings(&visits))
}

fn visit(setting: &Setting, doorstep: &Doorstep, teller: &mut Exchange, event: u64) -> Result<Visit> {
    let mut browser = Browser::start(setting)?;
    // Who opens a link has a browser that runs: what a new one does for itself is not the page's.
    sleep(SETTLE);
    browser.run_first(PROBE)?;
    browser.call("Network.enable", json!({}))?;
    let network = json!({
        "offline": false,
        "latency": LATENCY_MILLIS,
        "downloadThroughput": DOWN_BITS / 8.0,
        "uploadThroughput": UP_BITS / 8.0,
    });
    browser.call("Network.emulateNetworkConditions", network)?;
    browser.call("Emulation.setCPUThrottlingRate", json!({"rate": SLOWDOWN}))?;
    browser.notices()?;
    browser.open(&doorstep.page(0))?;
    browser.wait_until("(window.__load?.live ?? null) !== null", LIVE_LIMIT)?;
    sleep(SETTLE);
    let loaded: Probe = browser.value("window.__load")?;
    let bytes = bytes_by_type(&browser.notices()?);

    let mut request = Vec::new();
    doorstep.tell(0, event, &mut request);
    let answer = teller.ask_well(&request)?;
    let order = doorstep.order(&answer.body).context("an answer without a sequence")?;
    let shown = format!("Number(document.getElementById('doorstep').dataset.sequence) >= {order}");
    browser.wait_until(&shown, LIVE_LIMIT)?;
    sleep(SETTLE);
    let updated: Probe = browser.value("window.__load")?;

    let framed = loaded.sentence_framed.zip(loaded.first_paint).map(|(framed, first)| framed.max(first));
    Ok(Visit {
        visible: loaded.sentence_painted.or(framed).context("the sentence was never painted")?,
        live: loaded.live.context("the page never went live")?,
        loaded,
        updated,
        bytes,
    })
}

/// Bytes on the wire, heads included, by DevTools' resource types. What streams and never ends is
/// counted as far as it came.
fn bytes_by_type(notices: &[Notice]) -> BTreeMap<String, f64> {
    let mut kinds: HashMap<&str, &str> = HashMap::new();
    let mut bytes: HashMap<&str, f64> = HashMap::new();
    for Notice { method, parameters } in notices {
        let Some(request) = parameters["requestId"].as_str() else {
            continue;
        };
        let length = || parameters["encodedDataLength"].as_f64().unwrap_or_default();
        match method.as_str() {
            "Network.responseReceived" => {
                kinds.insert(request, parameters["type"].as_str().unwrap_or("Other"));
                let head = parameters["response"]["encodedDataLength"].as_f64();
                *bytes.entry(request).or_default() += head.unwrap_or_default();
            }
            "Network.dataReceived" => *bytes.entry(request).or_default() += length(),
            // The whole, which replaces the sum of the parts.
            "Network.loadingFinished" => {
                bytes.insert(request, length());
            }
            _ => {}
        }
    }
    let mut by_type = BTreeMap::new();
    for (request, bytes) in bytes {
        let kind = kinds.get(request).copied().unwrap_or("Other");
        *by_type.entry(kind.to_owned()).or_default() += bytes;
    }
    by_type
}

fn findings(visits: &[Visit]) -> Findings {
    let mut found = Findings::default();
    let all = |of: &dyn Fn(&Visit) -> f64| visits.iter().map(of).collect::<Samples>();
    for (what, most, times) in [
        ("status visible", 500.0, all(&|visit| visit.visible)),
        ("live and usable", 1_500.0, all(&|visit| visit.live)),
    ] {
        found.add_some(&format!("{what}, median"), "ms", OURS, times.median());
        found.target(&format!("{what}, median"), Target::AtMost(most));
        found.add_some(&format!("{what}, slowest"), "ms", OURS, times.percentile(100.0));
    }
    let worst = |of: &dyn Fn(&Visit) -> f64| all(of).percentile(100.0);
    for (what, unit, value, most) in [
        ("layout shift while loading, worst", "CLS", worst(&|visit| shift(&visit.loaded, 0)), 0.0),
        (
            "layout shift by an event, worst",
            "CLS",
            worst(&|visit| shift(&visit.updated, visit.loaded.shifts.len())),
            // A new line of the history moves those below it. What web.dev calls good is the bound.
            0.1,
        ),
        (
            "tasks over 50 ms once live, worst",
            "",
            worst(&|visit| tasks_after(&visit.updated, visit.live)),
            0.0,
        ),
    ] {
        found.add_some(what, unit, OURS, value);
        found.target(what, Target::AtMost(most));
    }
    let longest = worst(&|visit| visit.loaded.long_tasks.iter().map(|task| task.1).fold(0.0, f64::max));
    found.add_some("longest task before", "ms", OURS, longest);
    let kinds: std::collections::BTreeSet<&String> =
        visits.iter().flat_map(|visit| visit.bytes.keys()).collect();
    for kind in kinds {
        let bytes = all(&|visit| visit.bytes.get(kind).copied().unwrap_or_default());
        found.add_some(&format!("on the wire: {kind}"), "bytes", OURS, bytes.median());
    }
    found.add_some("on the wire: all", "bytes", OURS, all(&|visit| visit.bytes.values().sum()).median());
    let by_element = visits.iter().filter(|visit| visit.loaded.sentence_painted.is_some()).count();
    found.remark(format!(
        "{} visits, a new browser each; painting told by Element Timing in {by_element}, by frame in the rest",
        visits.len()
    ));
    found.remark("the aim for live and usable is 1,150 ms");
    found
}

/// The sum of shifts after the first `known`. Stricter than CLS, which takes the worst burst.
fn shift(probe: &Probe, known: usize) -> f64 {
    probe.shifts.iter().skip(known).map(|shift| shift.1).fold(0.0, std::ops::Add::add)
}

fn tasks_after(probe: &Probe, live: f64) -> f64 {
    probe.long_tasks.iter().filter(|task| task.0 >= live).count() as f64
}
