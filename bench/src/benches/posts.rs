//! Durable posts of one event each, as fast as 64 connections get their answers.

use std::time::Duration;

use anyhow::Result;

use super::meter::Meter;
use super::nothing_to_measure;
use crate::doorstep::Doorstep;
use crate::load::{self, Limit, Plan};
use crate::relay::Relay as _;
use crate::report::{Findings, OURS, Target};
use crate::setting::Setting;

const CONNECTIONS: usize = 64;
const SHIPMENTS: usize = 2_000;

pub(super) fn measure(setting: &Setting) -> Result<Findings> {
    if setting.peer_only() {
        return Ok(nothing_to_measure());
    }
    let doorstep = Doorstep::start(setting)?;
    doorstep.prepare(SHIPMENTS)?;
    let plan = Plan {
        connections: CONNECTIONS,
        limit: Limit::For(Duration::from_secs(setting.size(10, 2))),
        interval: None,
    };
    let meter = Meter::start(doorstep.who())?;
    let write = |number: u64, out: &mut Vec<u8>| {
        let shipment = usize::try_from(number).unwrap_or_default() % SHIPMENTS;
        doorstep.tell(shipment, number + 1, out);
    };
    let outcome = load::run(doorstep.address(), plan, write, |_| {})?;
    let cost = meter.stop()?;

    let mut found = Findings::default();
    found.add("posts", "per second", OURS, outcome.per_second());
    found.target("posts", Target::AtLeast(3_000.0));
    for (what, percent) in [("answer, median", 50.0), ("answer, p99", 99.0), ("answer, slowest", 100.0)] {
        found.add_some(what, "ms", OURS, outcome.latency.percentile(percent));
    }
    found.add("server time per post", "µs", OURS, cost.server_micros_per(outcome.answered));
    found.add("load generator's time per post", "µs", OURS, cost.own_micros_per(outcome.answered));
    found.add("server busy", "cores", OURS, cost.server_cores());
    found.add("other programs busy", "cores", OURS, cost.other_cores());
    found.remark(format!("{CONNECTIONS} connections, {SHIPMENTS} shipments, {:.1} s", outcome.seconds));
    Ok(found)
}
