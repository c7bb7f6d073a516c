//! From an event's answer to the changed page in a real browser, one event after the other. The
//! browser notes the moment itself; its clock is laid beside ours by asking it the time.

use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use super::nothing_to_measure;
use crate::browser::Browser;
use crate::doorstep::Doorstep;
use crate::exchange::Exchange;
use crate::relay::Relay as _;
use crate::report::{Findings, OURS, Target};
use crate::samples::Samples;
use crate::setting::Setting;

const PROBE: &str = include_str!("../browser/sequence_probe.js");
const LIVE: &str = "document.getElementById('doorstep')?.dataset.live === 'live'";
const CLOCK: &str = "performance.timeOrigin + performance.now()";
const LIVE_LIMIT: Duration = Duration::from_secs(20);
const SHOWN_LIMIT: Duration = Duration::from_secs(5);
/// Long enough for the browser to come to rest between two events.
const PAUSE: Duration = Duration::from_millis(150);
const CLOCK_TRIES: usize = 25;

pub(super) fn measure(setting: &Setting) -> Result<Findings> {
    if setting.peer_only() {
        return Ok(nothing_to_measure());
    }
    let doorstep = Doorstep::start(setting)?;
    doorstep.prepare(1)?;
    let mut browser = Browser::start(setting)?;
    browser.run_first(PROBE)?;
    browser.open(&doorstep.page(0))?;
    browser.wait_until(LIVE, LIVE_LIMIT)?;
    let clock = Clock::read(&mut browser)?;

    let events = setting.size(40, 10);
    let mut teller = Exchange::connect(doorstep.address())?;
    let (mut after_answer, mut after_send) = (Samples::default(), Samples::default());
    for number in 1..=events {
        sleep(PAUSE);
        let mut request = Vec::new();
        doorstep.tell(0, number, &mut request);
        let answer = teller.ask_well(&request)?;
        let order = doorstep.order(&answer.body).context("an answer without a sequence")?;
        let find = format!("window.__sequences.find(([shown]) => shown >= {order})");
        sleep(PAUSE);
        browser.wait_until(&format!("{find} !== undefined"), SHOWN_LIMIT)?;
        let (_, shown): (u64, f64) = browser.value(&find)?;
        after_answer.add(shown - clock.browser_millis(answer.answered));
        after_send.add(shown - clock.browser_millis(answer.sent));
    }

    let mut found = Findings::default();
    for (name, percent) in [("median", 50.0), ("p90", 90.0), ("slowest", 100.0)] {
        found.add_some(&format!("answered to shown, {name}"), "ms", OURS, after_answer.percentile(percent));
    }
    found.add_some("sent to shown, median", "ms", OURS, after_send.median());
    found.target("answered to shown, median", Target::AtMost(100.0));
    found.remark(format!("{events} events; clocks laid side by side to ±{:.1} ms", clock.error_millis));
    found.remark("below zero: the page had changed before the answer was read");
    Ok(found)
}

/// The browser's clock beside ours. Both run on the kernel's monotonic clock, so once is enough.
struct Clock {
    ours: Instant,
    browser_millis: f64,
    error_millis: f64,
}

impl Clock {
    /// Asks the time again and again and keeps the answer that was quickest.
    fn read(browser: &mut Browser) -> Result<Self> {
        let mut best: Option<Self> = None;
        for _ in 0..CLOCK_TRIES {
            let asked = Instant::now();
            let browser_millis = browser.value(CLOCK)?;
            let half = asked.elapsed() / 2;
            let error_millis = half.as_secs_f64() * 1e3;
            if best.as_ref().is_none_or(|best| error_millis < best.error_millis) {
                best = Some(Self { ours: asked + half, browser_millis, error_millis });
            }
        }
        best.context("the browser's clock")
    }

    fn browser_millis(&self, at: Instant) -> f64 {
        let after = at.saturating_duration_since(self.ours).as_secs_f64();
        let before = self.ours.saturating_duration_since(at).as_secs_f64();
        self.browser_millis + (after - before) * 1e3
    }
}
