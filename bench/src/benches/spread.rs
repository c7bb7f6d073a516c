//! A steady stream of durable events over many shipments with a few viewers each: is every event
//! seen, is none seen twice, and how long after its answer? Servers may skip a view that a newer
//! one has overtaken; every event then counts as seen when a view at least as new comes.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, ensure};

use super::meter::Meter;
use super::{each_relay, view_of};
use crate::load::{self, Limit, Outcome, Plan};
use crate::order::{Order, order_of};
use crate::relay::Relay;
use crate::report::{Findings, Target};
use crate::samples::Samples;
use crate::setting::Setting;
use crate::swarm::Swarm;

const CONNECTIONS: usize = 64;
/// Viewers of one shipment, in turn: 18,000 for 10,000, within the 20,000 files many systems allow.
const VIEWERS: [usize; 5] = [1, 2, 1, 2, 3];
const SLICE: Duration = Duration::from_millis(100);
/// How long viewers may take to have the last events.
const CATCH_UP: Duration = Duration::from_secs(5);

/// One event that was answered.
#[derive(Debug, Clone, Copy)]
struct Told {
    order: Order,
    answered: Instant,
}

/// One frame that a viewer read; frames it cannot place have no order.
#[derive(Debug, Clone, Copy)]
struct Seen {
    order: Option<Order>,
    at: Instant,
}

pub(super) fn measure(setting: &Setting) -> Result<Findings> {
    let shipments = setting.size(10_000, 1_000);
    let rate = setting.size(2_000, 500);
    let seconds = setting.size(20, 4);
    let mut found = Findings::default();
    each_relay(setting, |relay| spread(relay, shipments, rate, seconds, &mut found))?;
    for (what, target) in [
        ("lost (event and viewer)", 0.0),
        ("doubled or out of order", 0.0),
        ("viewers cut off", 0.0),
        ("answered to viewer, p99", 50.0),
    ] {
        found.target(what, Target::AtMost(target));
    }
    found.target("answered events", Target::AtLeast(rate as f64 * 0.99));
    found.remark(format!("{shipments} shipments, {rate} events/s due for {seconds} s"));
    Ok(found)
}

fn spread(
    relay: &dyn Relay,
    shipments: usize,
    rate: u64,
    seconds: u64,
    found: &mut Findings,
) -> Result<Vec<Vec<u8>>> {
    relay.prepare(shipments)?;
    let viewers: Vec<usize> = (0..shipments)
        .flat_map(|shipment| std::iter::repeat_n(shipment, VIEWERS[shipment % VIEWERS.len()]))
        .collect();
    let mut seen: Vec<Vec<Seen>> = vec![Vec::new(); viewers.len()];
    let mut view = Vec::new();
    let requests = viewers.iter().map(|shipment| relay.watch(*shipment));
    let mut swarm = Swarm::open(relay.address(), requests, |viewer, frame| {
        let order = order_of(frame.id);
        seen[viewer].push(Seen { order, at: Instant::now() });
        view = view_of(frame.data);
    })?;

    let plan = Plan {
        connections: CONNECTIONS,
        limit: Limit::Count(rate * seconds),
        interval: Some(Duration::from_secs_f64(1.0 / rate as f64)),
    };
    let meter = Meter::start(relay.who())?;
    let (told, outcome) = thread::scope(|scope| {
        let telling = scope.spawn(|| tell(relay, relay.address(), plan, shipments));
        let mut deadline = None;
        loop {
            swarm.pump(Instant::now() + SLICE, |viewer, _, frame, at| {
                let order = order_of(frame.id);
                seen[viewer].push(Seen { order, at });
                ControlFlow::Continue(())
            })?;
            if telling.is_finished() {
                let until = *deadline.get_or_insert_with(|| Instant::now() + CATCH_UP);
                if Instant::now() >= until {
                    break;
                }
            }
        }
        telling.join().map_err(|_| anyhow!("the telling thread panicked"))?
    })?;
    let cost = meter.stop()?;

    let tally = Tally::count(&viewers, &seen, &told);
    let column = relay.column();
    found.add("answered events", "per second", column, outcome.per_second());
    found.add("viewers", "", column, viewers.len() as f64);
    found.add("lost (event and viewer)", "", column, tally.lost as f64);
    found.add("doubled or out of order", "", column, tally.doubled as f64);
    found.add("viewers cut off", "", column, swarm.lost() as f64);
    found.add("overtaken and skipped", "", column, tally.skipped as f64);
    for (name, percent) in [("median", 50.0), ("p99", 99.0), ("slowest", 100.0)] {
        let what = format!("answered to viewer, {name}");
        found.add_some(&what, "ms", column, tally.delay.percentile(percent));
    }
    for (name, percent) in [("median", 50.0), ("p99", 99.0)] {
        let what = format!("due to answered, {name}");
        found.add_some(&what, "ms", column, outcome.latency.percentile(percent));
    }
    let deliveries = tally.delay.len() as u64;
    found.add("server time per delivery, posts included", "µs", column, cost.server_micros_per(deliveries));
    found.add("other programs busy", "cores", column, cost.other_cores());
    Ok(vec![view])
}

/// Tells events at their times; returns what was answered, by shipment, in the order of answers.
fn tell(
    relay: &dyn Relay,
    address: SocketAddr,
    plan: Plan,
    shipments: usize,
) -> Result<(HashMap<usize, Vec<Told>>, Outcome)> {
    let mut told: HashMap<usize, Vec<Told>> = HashMap::new();
    let mut unreadable = 0;
    let write = |number, out: &mut Vec<u8>| {
        relay.tell(scattered(number, shipments), number + 1, out);
    };
    let outcome = load::run(address, plan, write, |answer| match relay.order(answer.body) {
        Some(order) => {
            let shipment = told.entry(scattered(answer.tag, shipments)).or_default();
            shipment.push(Told { order, answered: answer.at });
        }
        None => unreadable += 1,
    })?;
    ensure!(unreadable == 0, "{unreadable} answers without a sequence");
    Ok((told, outcome))
}

/// What became of the events.
#[derive(Debug, Default)]
struct Tally {
    lost: u64,
    doubled: u64,
    skipped: u64,
    /// Milliseconds from answer to viewer, one for each event and viewer; 0 where the viewer was
    /// faster than the answer.
    delay: Samples,
}

impl Tally {
    fn count(viewers: &[usize], seen: &[Vec<Seen>], told: &HashMap<usize, Vec<Told>>) -> Self {
        let mut tally = Self::default();
        for (shipment, seen) in viewers.iter().zip(seen) {
            let told = told.get(shipment).map(Vec::as_slice).unwrap_or_default();
            tally.viewer(seen, told);
        }
        tally
    }

    fn viewer(&mut self, seen: &[Seen], told: &[Told]) {
        let disorder = seen.windows(2).filter(|pair| pair[0].order >= pair[1].order);
        self.doubled += disorder.count() as u64;
        for event in told {
            let new_enough = |seen: &&Seen| seen.order >= Some(event.order);
            match seen.iter().find(new_enough) {
                None => self.lost += 1,
                Some(found) => {
                    let delay = found.at.saturating_duration_since(event.answered);
                    self.delay.add(delay.as_secs_f64() * 1e3);
                    self.skipped += u64::from(found.order != Some(event.order));
                }
            }
        }
    }
}

/// A shipment for event `number`, as good as random and the same in every run (splitmix64).
fn scattered(number: u64, shipments: usize) -> usize {
    let mut bits = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    usize::try_from((bits ^ (bits >> 31)) % shipments as u64).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::time::{Duration, Instant};

    use super::{Seen, Tally, Told, scattered};

    fn tally(seen: &[(u64, u64)], told: &[(u64, u64)]) -> Tally {
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let seen = seen.iter().map(|&(order, millis)| Seen { order: Some(order), at: at(millis) });
        let told = told.iter().map(|&(order, millis)| Told { order, answered: at(millis) });
        let told = HashMap::from([(7, told.collect())]);
        Tally::count(&[7], &[seen.collect()], &told)
    }

    #[test]
    fn every_event_counts_from_its_answer() {
        let tally = tally(&[(1, 0), (2, 15), (3, 19)], &[(2, 10), (3, 20)]);
        assert_eq!((tally.lost, tally.doubled, tally.skipped), (0, 0, 0));
        assert_eq!((tally.delay.percentile(0.0), tally.delay.percentile(100.0)), (Some(0.0), Some(5.0)));
    }

    #[test]
    fn overtaken_views_are_skipped_not_lost() {
        let tally = tally(&[(1, 0), (4, 30)], &[(2, 10), (3, 20), (4, 25)]);
        assert_eq!((tally.lost, tally.doubled, tally.skipped), (0, 0, 2));
        assert_eq!(tally.delay.percentile(100.0), Some(20.0));
    }

    #[test]
    fn the_missing_and_the_repeated_are_counted() {
        let tally = tally(&[(1, 0), (2, 30), (2, 31), (1, 32)], &[(2, 10), (3, 20)]);
        assert_eq!((tally.lost, tally.doubled), (1, 2));
    }

    #[test]
    fn events_reach_nearly_all_shipments() {
        let hit: std::collections::HashSet<_> = (0..10_000).map(|n| scattered(n, 1_000)).collect();
        assert!(hit.len() > 990 && hit.iter().all(|shipment| *shipment < 1_000), "{}", hit.len());
    }
}
