//! What a viewer who only waits costs in memory: all on one shipment, and each on a shipment of
//! their own. Every viewer has had its first frame before anything is weighed. The mark to beat is
//! stricter: a viewer of nchan who has been sent nothing yet, and so has cost it no buffers.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::{SAMPLE_VIEW, each_relay, view_of};
use crate::nginx::Nginx;
use crate::relay::Relay;
use crate::report::{Findings, Target};
use crate::setting::Setting;
use crate::sockets;
use crate::swarm::Swarm;

const ANSWER_LIMIT: Duration = Duration::from_secs(10);
const SETTLE: Duration = Duration::from_secs(2);
/// The column of nchan's viewers who have been sent nothing.
const MUTE: &str = "nchan-mute";
const WARM_UP: usize = 50;

pub(super) fn measure(setting: &Setting) -> Result<Findings> {
    let viewers = setting.size(10_000, 1_000);
    let mut found = Findings::default();
    for (shipments, way) in [(1, "of one shipment"), (viewers, "of as many shipments")] {
        // A server of its own for each way: memory once taken is seldom given back.
        each_relay(setting, |relay| weigh(relay, viewers, shipments, way, &mut found))?;
    }
    weigh_mute(setting, viewers, &mut found)?;
    found.target("per viewer of one shipment (PSS)", Target::NoMoreThan(MUTE));
    found.target("per viewer of as many shipments (PSS)", Target::NoMoreThan("nchan"));
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

fn weigh_mute(setting: &Setting, viewers: usize, found: &mut Findings) -> Result<()> {
    let Some(nginx) = Nginx::start(setting, vec![SAMPLE_VIEW.to_vec()])? else {
        return Ok(());
    };
    let hold = |number| hold(nginx.address(), number, &Nginx::watch_mutely(0));
    drop((0..WARM_UP).map(hold).collect::<Result<Vec<_>>>()?);
    sleep(SETTLE);
    let before = nginx.who().memory_bytes()?;
    let held = (0..viewers).map(hold).collect::<Result<Vec<_>>>()?;
    sleep(SETTLE);
    let each = (nginx.who().memory_bytes()? as f64 - before as f64) / viewers as f64;
    drop(held);
    found.add("per viewer of one shipment (PSS)", "bytes", MUTE, each);
    Ok(())
}

/// Opens a stream that is held and never read again after its head.
fn hold(address: SocketAddr, number: usize, request: &[u8]) -> Result<TcpStream> {
    let mut stream = sockets::connect(address, number)?;
    stream.set_read_timeout(Some(ANSWER_LIMIT))?;
    stream.write_all(request)?;
    let mut status = [0; 12];
    stream.read_exact(&mut status)?;
    ensure!(&status == b"HTTP/1.1 200", "a stream was answered {}", status.escape_ascii());
    Ok(stream)
}
