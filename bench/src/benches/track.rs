//! The public view as fast as 64 connections get it, against nginx with the very same bytes in a
//! file: the same load generator, one after the other in one run.

use std::time::Duration;

use anyhow::Result;

use super::SAMPLE_VIEW;
use super::meter::Meter;
use crate::doorstep::Doorstep;
use crate::exchange::Exchange;
use crate::load::{self, Limit, Plan};
use crate::nginx::Nginx;
use crate::relay::Relay;
use crate::report::{Findings, OURS, Target};
use crate::setting::Setting;
use crate::wire;

const CONNECTIONS: usize = 64;
const SHIPMENTS: usize = 2_000;
/// So many events stand in the history of the view.
const EVENTS: u64 = 5;
const WARM_UP: Duration = Duration::from_secs(1);
const ONE: &str = "GET of one view";
const MANY: &str = "GET of 2,000 views in turn";

pub(super) fn measure(setting: &Setting) -> Result<Findings> {
    let mut found = Findings::default();
    let mut view = SAMPLE_VIEW.to_vec();
    if !setting.peer_only() {
        let doorstep = Doorstep::start(setting)?;
        doorstep.prepare(SHIPMENTS)?;
        view = fill(&doorstep)?;
        get(setting, &doorstep, OURS, ONE, &mut found, |_| Doorstep::track_path(0))?;
        get(setting, &doorstep, OURS, MANY, &mut found, |number| {
            Doorstep::track_path(usize::try_from(number).unwrap_or_default() % SHIPMENTS)
        })?;
    }
    found.remark(format!("{CONNECTIONS} connections, a body of {} bytes", view.len()));
    if let Some(nginx) = Nginx::start(setting, vec![view])? {
        get(setting, &nginx, "nginx", ONE, &mut found, |_| Nginx::static_path())?;
    }
    found.target(&format!("{ONE}, rate"), Target::AtLeastShareOf("nginx", 0.5));
    Ok(found)
}

/// Gives every shipment a history and returns the view of the first.
fn fill(doorstep: &Doorstep) -> Result<Vec<u8>> {
    let plan = Plan { connections: CONNECTIONS, limit: Limit::Count(SHIPMENTS as u64), interval: None };
    let write = |number: u64, out: &mut Vec<u8>| {
        let shipment = usize::try_from(number).unwrap_or_default();
        doorstep.post_events(shipment, number * EVENTS..(number + 1) * EVENTS, out);
    };
    load::run(doorstep.address(), plan, write, |_| {})?;
    let mut request = Vec::new();
    wire::get(&mut request, &Doorstep::track_path(0), "");
    Ok(Exchange::connect(doorstep.address())?.ask_well(&request)?.body)
}

fn get(
    setting: &Setting,
    server: &dyn Relay,
    column: &'static str,
    what: &str,
    found: &mut Findings,
    path: impl Fn(u64) -> String,
) -> Result<()> {
    let run = |time| {
        let plan = Plan { connections: CONNECTIONS, limit: Limit::For(time), interval: None };
        let write = |number, out: &mut Vec<u8>| wire::get(out, &path(number), "");
        load::run(server.address(), plan, write, |_| {})
    };
    run(WARM_UP)?;
    let meter = Meter::start(server.who())?;
    let outcome = run(Duration::from_secs(setting.size(8, 2)))?;
    let cost = meter.stop()?;
    found.add(&format!("{what}, rate"), "per second", column, outcome.per_second());
    for (name, percent) in [("median", 50.0), ("p99", 99.0)] {
        let latency = outcome.latency.percentile(percent);
        found.add_some(&format!("{what}, {name}"), "ms", column, latency);
    }
    let micros = cost.server_micros_per(outcome.answered);
    found.add(&format!("{what}, server time"), "µs", column, micros);
    let own = cost.own_micros_per(outcome.answered);
    found.add(&format!("{what}, load generator's time"), "µs", column, own);
    found.add(&format!("{what}, other programs busy"), "cores", column, cost.other_cores());
    Ok(())
}
