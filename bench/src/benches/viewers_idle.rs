//! What a viewer who only waits costs in memory: all on one shipment, and each on a shipment of
//! their own. Every viewer has had its first frame before anything is weighed.

use std::thread::sleep;
use std::time::Duration;

use anyhow::Result;

use super::{each_relay, view_of};
use crate::relay::Relay;
use crate::report::{Findings, Target};
use crate::setting::Setting;
use crate::swarm::Swarm;

const SETTLE: Duration = Duration::from_secs(2);
const WARM_UP: usize = 50;

pub(super) fn measure(setting: &Setting) -> Result<Findings> {
    let viewers = setting.size(10_000, 1_000);
    let mut found = Findings::default();
    for (shipments, way) in [(1, "of one shipment"), (viewers, "of as many shipments")] {
        // A server of its own for each way: memory once taken is seldom given back.
        each_relay(setting, |relay| weigh(relay, viewers, shipments, way, &mut found))?;
        found.target(&format!("per viewer {way} (PSS)"), Target::NoMoreThan("nchan"));
    }
    found.remark(format!("{viewers} viewers; the kernel's socket memory is in no figure"));
    Ok(found)
}

fn weigh(
    relay: &dyn Relay,
    viewers: usize,
    shipments: usize,
    way: &str,
    found: &mut Findings,
) -> Result<Vec<Vec<u8>>> {
    relay.prepare(shipments)?;
    let watch = |count: usize| (0..count).map(|viewer| relay.watch(viewer % shipments));
    drop(Swarm::open(relay.address(), watch(WARM_UP), |_, _| {})?);
    sleep(SETTLE);
    let before = (relay.who().memory_bytes()?, relay.who().resident_bytes()?);
    let mut view = Vec::new();
    let swarm = Swarm::open(relay.address(), watch(viewers), |_, frame| {
        view = view_of(frame.data);
    })?;
    sleep(SETTLE);
    let after = (relay.who().memory_bytes()?, relay.who().resident_bytes()?);
    drop(swarm);
    let each = |before: u64, after: u64| (after as f64 - before as f64) / viewers as f64;
    let column = relay.column();
    let mut add = |what: &str, unit, value| {
        found.add(&format!("{what} {way} (PSS)"), unit, column, value);
    };
    add("per viewer", "bytes", each(before.0, after.0));
    add("whole server before", "MB", before.0 as f64 / 1e6);
    add("whole server after", "MB", after.0 as f64 / 1e6);
    let resident = each(before.1, after.1);
    found.add(&format!("per viewer {way} (RSS)"), "bytes", column, resident);
    Ok(vec![view])
}
