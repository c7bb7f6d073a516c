//! Durable posts of 100 events each: all for one shipment, and each for another of many.

use std::time::Duration;

use anyhow::Result;

use super::meter::Meter;
use super::nothing_to_measure;
use crate::doorstep::Doorstep;
use crate::load::{self, Limit, Plan};
use crate::relay::Relay as _;
use crate::report::{Findings, OURS, Target};
use crate::setting::Setting;

const CONNECTIONS: usize = 16;
const BATCH: u64 = 100;
/// Half of them for each way of posting.
const SHIPMENTS: usize = 4_000;
/// Far more events than either way posts, so that no id comes twice.
const SECOND_WAY_FROM: u64 = 40_000_000;

pub(super) fn measure(setting: &Setting) -> Result<Findings> {
    if setting.peer_only() {
        return Ok(nothing_to_measure());
    }
    let doorstep = Doorstep::start(setting)?;
    doorstep.prepare(SHIPMENTS)?;
    let mut found = Findings::default();
    run(setting, &doorstep, &mut found, "to one shipment", |number, out| {
        let shipment = index(number) % (SHIPMENTS / 2);
        doorstep.post_events(shipment, number * BATCH..(number + 1) * BATCH, out);
    })?;
    run(setting, &doorstep, &mut found, "to many shipments", |number, out| {
        let first = SECOND_WAY_FROM + number * BATCH;
        let shipment = |event| SHIPMENTS / 2 + index(event) % (SHIPMENTS / 2);
        doorstep.post_events_of(first..first + BATCH, shipment, out);
    })?;
    found.remark(format!("{CONNECTIONS} connections, batches of {BATCH}, {} shipments", SHIPMENTS / 2));
    Ok(found)
}

fn run(
    setting: &Setting,
    doorstep: &Doorstep,
    found: &mut Findings,
    way: &str,
    write: impl FnMut(u64, &mut Vec<u8>),
) -> Result<()> {
    let plan = Plan {
        connections: CONNECTIONS,
        limit: Limit::For(Duration::from_secs(setting.size(10, 2))),
        interval: None,
    };
    let meter = Meter::start(doorstep.who())?;
    let outcome = load::run(doorstep.address(), plan, write, |_| {})?;
    let cost = meter.stop()?;
    let rate = format!("events {way}");
    found.add(&rate, "per second", OURS, outcome.per_second() * BATCH as f64);
    found.target(&rate, Target::AtLeast(20_000.0));
    for (what, percent) in [("median", 50.0), ("p99", 99.0)] {
        let what = format!("answer {way}, {what}");
        found.add_some(&what, "ms", OURS, outcome.latency.percentile(percent));
    }
    let events = outcome.answered * BATCH;
    found.add(&format!("server time per event {way}"), "µs", OURS, cost.server_micros_per(events));
    found.add(&format!("other programs busy {way}"), "cores", OURS, cost.other_cores());
    Ok(())
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or_default()
}
