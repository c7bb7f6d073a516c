//! Processor time over a stretch of a bench, the server's and the load generator's apart.

use std::time::Instant;

use anyhow::Result;

use crate::usage::Who;

/// A stretch that has begun.
#[derive(Debug)]
pub(super) struct Meter {
    server: Who,
    server_seconds: f64,
    own_seconds: f64,
    start: Instant,
}

/// What a stretch has cost.
#[derive(Debug)]
pub(super) struct Cost {
    pub(super) server_seconds: f64,
    pub(super) own_seconds: f64,
    pub(super) wall_seconds: f64,
}

impl Meter {
    pub(super) fn start(server: Who) -> Result<Self> {
        Ok(Self {
            server,
            server_seconds: server.cpu_seconds()?,
            own_seconds: Who::Myself.cpu_seconds()?,
            start: Instant::now(),
        })
    }

    pub(super) fn stop(&self) -> Result<Cost> {
        Ok(Cost {
            server_seconds: self.server.cpu_seconds()? - self.server_seconds,
            own_seconds: Who::Myself.cpu_seconds()? - self.own_seconds,
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
}
