//! What programs cost: processor time and memory of a whole process group, from `/proc`. Kernel
//! memory (socket buffers) is in none of these figures.

use anyhow::{Context as _, Result};
use procfs::process::{Process, Stat, all_processes};
use procfs::{CurrentSI as _, KernelStats, WithCurrentSystemInfo as _};

/// Whose cost is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Who {
    /// All processes of the group with this id.
    Group(i32),
    /// This process, the load generator itself.
    Myself,
}

impl Who {
    /// Seconds of processor time since the processes began, user and system; resolution 10 ms.
    pub(crate) fn cpu_seconds(self) -> Result<f64> {
        let ticks: u64 = self.processes()?.iter().map(|(_, stat)| stat.utime + stat.stime).sum();
        Ok(ticks as f64 / procfs::ticks_per_second() as f64)
    }

    /// Bytes of memory, pages shared among processes divided by their number of users (PSS).
    pub(crate) fn memory_bytes(self) -> Result<u64> {
        let mut total = 0;
        for (process, _) in self.processes()? {
            let rollup = process.smaps_rollup().context("smaps_rollup")?;
            for map in rollup.memory_map_rollup {
                total += map.extension.map.get("Pss").copied().unwrap_or_default();
            }
        }
        Ok(total)
    }

    /// Bytes of resident memory; pages shared among processes count for each.
    pub(crate) fn resident_bytes(self) -> Result<u64> {
        let processes = self.processes()?;
        Ok(processes.iter().map(|(_, stat)| stat.rss_bytes().get()).sum())
    }

    fn processes(self) -> Result<Vec<(Process, Stat)>> {
        let found = match self {
            Self::Myself => {
                let process = Process::myself().context("/proc/self")?;
                let stat = process.stat().context("/proc/self/stat")?;
                vec![(process, stat)]
            }
            Self::Group(group) => all_processes()
                .context("/proc")?
                .filter_map(|process| {
                    // A process may end between the listing and the reading.
                    let process = process.ok()?;
                    let stat = process.stat().ok()?;
                    (stat.pgrp == group && stat.state != 'Z').then_some((process, stat))
                })
                .collect(),
        };
        anyhow::ensure!(!found.is_empty(), "the measured program is gone");
        Ok(found)
    }
}

/// Seconds of processor time that all programs of the machine have had since it started, time in
/// interrupts left out.
pub(crate) fn machine_cpu_seconds() -> Result<f64> {
    let total = KernelStats::current().context("/proc/stat")?.total;
    let ticks = total.user + total.nice + total.system;
    Ok(ticks as f64 / procfs::ticks_per_second() as f64)
}

#[cfg(test)]
mod tests {
    use super::Who;

    #[test]
    fn sees_memory_that_is_taken_and_time_that_passes() {
        let (memory, cpu) = (Who::Myself.memory_bytes(), Who::Myself.cpu_seconds());
        let taken = vec![1_u8; 64 << 20];
        let mut sum = 0_u64;
        for round in 0..20_u8 {
            sum += taken.iter().map(|byte| u64::from(byte ^ round)).sum::<u64>();
        }
        assert!(std::hint::black_box(sum) > 0);
        let grown = Who::Myself.memory_bytes().expect("after") - memory.expect("before");
        assert!(grown >= 60 << 20, "{grown} bytes");
        assert!(Who::Myself.cpu_seconds().expect("after") > cpu.expect("before"));
        drop(taken);
    }
}
