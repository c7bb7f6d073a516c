//! A plan of requests, closed-loop or paced, and what came of it. A status other than 2xx ends the
//! run: a figure made of refusals would be worthless.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::samples::Samples;
use crate::traffic::{self, Answered, Next, Traffic};

/// When to stop sending.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Limit {
    Count(u64),
    For(Duration),
}

/// How to send.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) connections: usize,
    pub(crate) limit: Limit,
    /// With an interval, request `n` is due at `n` intervals after the start whether or not
    /// earlier ones are answered, as far as a connection is free; its latency counts from then.
    /// The clock of the loop ticks in milliseconds, so shorter intervals come in small bursts.
    pub(crate) interval: Option<Duration>,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) answered: u64,
    /// From the start to the last answer.
    pub(crate) seconds: f64,
    /// Milliseconds from due or sent to answered.
    pub(crate) latency: Samples,
}

impl Outcome {
    pub(crate) fn per_second(&self) -> f64 {
        self.answered as f64 / self.seconds
    }
}

/// Sends requests 0, 1, 2…, each written by `write`; `seen` gets every good answer.
pub(crate) fn run(
    address: SocketAddr,
    plan: Plan,
    write: impl FnMut(u64, &mut Vec<u8>),
    seen: impl FnMut(&Answered<'_>),
) -> Result<Outcome> {
    let start = Instant::now();
    let mut load =
        Load { plan, start, next: 0, write, seen, last: start, answered: 0, latency: Samples::default() };
    traffic::drive(address, plan.connections, &mut load)?;
    Ok(Outcome {
        answered: load.answered,
        seconds: load.last.duration_since(start).as_secs_f64(),
        latency: load.latency,
    })
}

struct Load<W, S> {
    plan: Plan,
    start: Instant,
    next: u64,
    write: W,
    seen: S,
    last: Instant,
    answered: u64,
    latency: Samples,
}

impl<W, S> Load<W, S> {
    fn due(&self, number: u64) -> Option<Instant> {
        let interval = self.plan.interval?;
        Some(self.start + Duration::from_secs_f64(interval.as_secs_f64() * number as f64))
    }
}

impl<W, S> Traffic for Load<W, S>
where
    W: FnMut(u64, &mut Vec<u8>),
    S: FnMut(&Answered<'_>),
{
    fn next(&mut self, now: Instant, out: &mut Vec<u8>) -> Next {
        let over = match self.plan.limit {
            Limit::Count(count) => self.next >= count,
            Limit::For(time) => now.duration_since(self.start) >= time,
        };
        if over {
            return Next::Done;
        }
        if let Some(due) = self.due(self.next)
            && due > now
        {
            return Next::Wait(due);
        }
        let tag = self.next;
        self.next += 1;
        (self.write)(tag, out);
        Next::Send(tag)
    }

    fn answered(&mut self, answer: Answered<'_>) -> Result<()> {
        if !(200..300).contains(&answer.status) {
            let body = String::from_utf8_lossy(answer.body);
            bail!("request {} was answered {}: {body}", answer.tag, answer.status);
        }
        let from = self.due(answer.tag).unwrap_or(answer.sent);
        let latency = answer.at.saturating_duration_since(from);
        self.latency.add(latency.as_secs_f64() * 1e3);
        self.answered += 1;
        self.last = answer.at;
        (self.seen)(&answer);
        Ok(())
    }
}
