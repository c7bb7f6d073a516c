//! One event to all viewers of one shipment, round after round: when the first, the middle and the
//! last of them have it, and what a delivery costs the server.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, ensure};

use super::meter::Meter;
use super::{each_relay, view_of};
use crate::exchange::Exchange;
use crate::order::order_of;
use crate::relay::Relay;
use crate::report::{Findings, Target};
use crate::samples::Samples;
use crate::setting::Setting;
use crate::swarm::Swarm;

const ROUND_LIMIT: Duration = Duration::from_secs(10);
/// Long enough for a frame sent twice to be noticed.
const PAUSE: Duration = Duration::from_millis(200);
const LAST: &str = "sent to last viewer, median";
const COST: &str = "server time per delivery";

pub(super) fn measure(setting: &Setting) -> Result<Findings> {
    let viewers = setting.size(10_000, 1_000);
    let rounds = setting.size(21, 5);
    let mut found = Findings::default();
    each_relay(setting, |relay| fan_out(relay, viewers, rounds, &mut found))?;
    found.target(LAST, Target::NoMoreThan("nchan"));
    found.target(COST, Target::NoMoreThan("nchan"));
    found.remark(format!("{viewers} viewers, {rounds} rounds after one to warm up"));
    Ok(found)
}

/// What one round saw.
struct Round {
    view: Vec<u8>,
    wire_bytes: usize,
    sent: Instant,
    answered: Instant,
    /// When each viewer had the frame, in that order.
    arrivals: Vec<Instant>,
}

fn fan_out(relay: &dyn Relay, viewers: usize, rounds: usize, found: &mut Findings) -> Result<Vec<Vec<u8>>> {
    relay.prepare(1)?;
    let mut views = vec![Vec::new()];
    let requests = (0..viewers).map(|_| relay.watch(0));
    let mut swarm = Swarm::open(relay.address(), requests, |_, frame| {
        views[0] = view_of(frame.data);
    })?;
    let mut teller = Exchange::connect(relay.address())?;
    views.push(round(relay, &mut swarm, &mut teller, viewers, 1)?.view);

    let meter = Meter::start(relay.who())?;
    let mut seen = Vec::new();
    for number in 0..rounds as u64 {
        seen.push(round(relay, &mut swarm, &mut teller, viewers, number + 2)?);
    }
    let cost = meter.stop()?;

    let column = relay.column();
    let mut add = |what: &str, of: &dyn Fn(&Round) -> Duration| {
        let times: Samples = seen.iter().map(|round| of(round).as_secs_f64() * 1e3).collect();
        found.add_some(&format!("{what}, median"), "ms", column, times.median());
        found.add_some(&format!("{what}, worst round"), "ms", column, times.percentile(100.0));
    };
    let after = |from: Instant, arrival: Option<&Instant>| {
        arrival.map_or(ROUND_LIMIT, |at| at.saturating_duration_since(from))
    };
    add("sent to answered", &|round| round.answered - round.sent);
    add("sent to first viewer", &|round| after(round.sent, round.arrivals.first()));
    add("sent to middle viewer", &|round| after(round.sent, round.arrivals.get(viewers / 2)));
    add("sent to last viewer", &|round| after(round.sent, round.arrivals.last()));
    add("answered to last viewer", &|round| after(round.answered, round.arrivals.last()));
    let deliveries = (viewers * rounds) as u64;
    found.add(COST, "µs", column, cost.server_micros_per(deliveries));
    let own = cost.own_micros_per(deliveries);
    found.add("load generator's time per delivery", "µs", column, own);
    found.add("other programs busy", "cores", column, cost.other_cores());
    let frames: Samples = seen.iter().map(|round| round.wire_bytes as f64).collect();
    found.add_some("frame", "bytes", column, frames.median());
    views.extend(seen.into_iter().map(|round| round.view));
    Ok(views)
}

fn round(
    relay: &dyn Relay,
    swarm: &mut Swarm,
    teller: &mut Exchange,
    viewers: usize,
    number: u64,
) -> Result<Round> {
    let mut request = Vec::new();
    relay.tell(0, number, &mut request);
    let (mut view, mut wire_bytes) = (Vec::new(), 0);
    let mut orders = HashSet::new();
    let mut arrivals = Vec::with_capacity(viewers);
    let answer = thread::scope(|scope| {
        let telling = scope.spawn(|| teller.ask_well(&request));
        swarm.pump(Instant::now() + ROUND_LIMIT, |_, _, frame, at| {
            if arrivals.is_empty() {
                view = view_of(frame.data);
                wire_bytes = frame.wire_bytes;
            }
            orders.insert(order_of(frame.id));
            arrivals.push(at);
            if arrivals.len() < viewers { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        telling.join().map_err(|_| anyhow!("the telling thread panicked"))?
    })?;
    let had = arrivals.len();
    ensure!(had == viewers && swarm.lost() == 0, "{had} of {viewers} viewers had the frame");
    let order = relay.order(&answer.body).context("an answer without a sequence")?;
    ensure!(orders == HashSet::from([Some(order)]), "told as {order}, seen as {orders:?}");
    let mut again = 0;
    swarm.pump(Instant::now() + PAUSE, |_, _, _, _| {
        again += 1;
        ControlFlow::Continue(())
    })?;
    ensure!(again == 0, "{again} frames came twice");
    Ok(Round { view, wire_bytes, sent: answer.sent, answered: answer.answered, arrivals })
}
