//! Facts about the machine and its tools, without which a figure means nothing. Reads `/proc` and
//! asks programs for their versions; measures nothing.

use std::path::Path;
use std::process::Command;

use procfs::{CpuInfo, Current as _, LoadAverage, Meminfo};
use serde::Serialize;

/// Where a report was made. Unknown facts are empty, never guessed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Machine {
    pub(crate) cores: usize,
    pub(crate) cpu: String,
    pub(crate) memory_bytes: u64,
    /// Of the minute before the run: well above 0, others were using the machine.
    pub(crate) load_before: f32,
    pub(crate) kernel: String,
    pub(crate) rustc: String,
    pub(crate) commit: String,
    /// The kind of file system that holds the databases; on `tmpfs` nothing is durable.
    pub(crate) database_filesystem: String,
}

impl Machine {
    /// Looks around; databases are to lie in `directory`.
    pub(crate) fn look(directory: &Path) -> Self {
        let cpu = CpuInfo::current().ok();
        Self {
            cores: std::thread::available_parallelism().map_or(0, usize::from),
            cpu: cpu.and_then(|info| info.model_name(0).map(str::to_owned)).unwrap_or_default(),
            memory_bytes: Meminfo::current().map_or(0, |info| info.mem_total),
            load_before: LoadAverage::current().map_or(0.0, |load| load.one),
            kernel: std::fs::read_to_string("/proc/sys/kernel/osrelease")
                .unwrap_or_default()
                .trim()
                .to_owned(),
            rustc: first_line("rustc", &["--version"]),
            commit: first_line("git", &["describe", "--always", "--dirty", "--abbrev=12"]),
            database_filesystem: first_line(
                "stat",
                &["--file-system", "--format=%T", &directory.to_string_lossy()],
            ),
        }
    }
}

fn first_line(program: &str, arguments: &[&str]) -> String {
    Command::new(program)
        .args(arguments)
        .output()
        .ok()
        .filter(|output| output.status.success())
        .and_then(|output| {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            text.lines().next().map(str::to_owned)
        })
        .unwrap_or_default()
}
