//! Processor time over a stretch of a bench: the server's, the load generator's, and what the rest
//! of the machine took from both, without which no two runs can be compared.

use std::time::Instant;

use anyhow::Result;

use crate::usage::{Who, machine_cpu_seconds};

/// A stretch that has begun.
#[derive(Debug)]
pub(super) struct Meter {
    server: Who,
    server_seconds: f64,
    own_seconds: f64,
    machine_seconds: f64,
    start: Instant,
}

/// What a stretch has cost.
#[derive(Debug)]
pub(super) struct Cost {
    server_seconds: f64,
    own_seconds: f64,
    machine_seconds: f64,
    wall_seconds: f64,
}

impl Meter {
    pub(super) fn start(server: Who) -> Result<Self> {
        Ok(Self {
            server,
            server_seconds: server.cpu_seconds()?,
            own_seconds: Who::Myself.cpu_seconds()?,
            machine_seconds: machine_cpu_seconds()?,
            start: Instant::now(),
        })
    }

    pub(super) fn stop(&self) -> Result<Cost> {
        Ok(Cost {
            server_seconds: self.server.cpu_seconds()? - self.server_seconds,
            own_seconds: Who::Myself.cpu_seconds()? - self.own_seconds,
            machine_seconds: machine_cpu_seconds()? - self.machine_seconds,
            wall_seconds: self.start.elapsed().as_secs_f64(),
        })
    }
}

impl Cost {
    /// Microseconds of the server's time for each of `count` things.
    pub(super) fn server_micros_per(&self, count: u64) -> f64 {
        self.server_seconds * 1e6 / count as f64
    }

    /// Microseconds of the load generator's time for each of `count` things.
    pub(super) fn own_micros_per(&self, count: u64) -> f64 {
        self.own_seconds * 1e6 / count as f64
    }

    /// Cores the server kept busy.
    pub(super) fn server_cores(&self) -> f64 {
        self.server_seconds / self.wall_seconds
    }

    /// Cores that programs outside of the bench kept busy; near 0 where a figure can be trusted.
    pub(super) fn other_cores(&self) -> f64 {
        let others = self.machine_seconds - self.server_seconds - self.own_seconds;
        others.max(0.0) / self.wall_seconds
    }
}
