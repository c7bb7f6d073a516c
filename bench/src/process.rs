//! Starts the programs under measure, each in a process group of its own, and sees to it that no
//! group outlives this run: on drop, on a signal, and when the time is up. It knows nothing of
//! what the programs do.

use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rustix::process::{Pid, Signal, kill_process_group};

const GRACE: Duration = Duration::from_secs(3);
const LOG_TAIL: usize = 2_000;

/// The groups alive, for the ways out of the program that run no destructors.
static GROUPS: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

/// What lies there would otherwise stay behind on the same ways out.
static SCRATCH: OnceLock<PathBuf> = OnceLock::new();

/// A running program with all its children. Dropping it ends them.
#[derive(Debug)]
pub(crate) struct Program {
    child: Child,
    group: Pid,
    log: PathBuf,
}

impl Program {
    /// Starts `command`; what it prints goes to the file `log`.
    pub(crate) fn start(command: &mut Command, log: PathBuf) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let file = File::create(&log).with_context(|| format!("log file of {name}"))?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .process_group(0)
            .spawn()
            .with_context(|| format!("starting {name}"))?;
        let group = Pid::from_child(&child);
        groups().push(group);
        Ok(Self { child, group, log })
    }

    /// The id shared by all processes of the program.
    pub(crate) fn group(&self) -> i32 {
        self.group.as_raw_nonzero().get()
    }

    /// Calls `probe` until it gives something. Fails, with the end of the program's log, when the
    /// program ends first or `limit` passes.
    pub(crate) fn wait_for<T>(
        &mut self,
        limit: Duration,
        mut probe: impl FnMut(&str) -> Option<T>,
    ) -> Result<T> {
        let deadline = Instant::now() + limit;
        loop {
            if let Some(found) = probe(&self.log_text()) {
                return Ok(found);
            }
            let ended = self.child.try_wait()?;
            if ended.is_some() || Instant::now() > deadline {
                let state = ended.map_or("not ready in time".to_owned(), |code| code.to_string());
                let log = self.log_text();
                let tail = log.len().saturating_sub(LOG_TAIL);
                let tail = log.get(tail..).unwrap_or(&log).to_owned();
                anyhow::bail!("{state}; its log ends:\n{tail}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn log_text(&self) -> String {
        let bytes = std::fs::read(&self.log).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = kill_process_group(self.group, Signal::TERM);
        let deadline = Instant::now() + GRACE;
        while Instant::now() < deadline && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(10));
        }
        // Also ends children whose parent has left already.
        let _ = kill_process_group(self.group, Signal::KILL);
        let _ = self.child.wait();
        groups().retain(|group| *group != self.group);
    }
}

/// Names the directory to be deleted by [`end_all`]; only the first call counts.
pub(crate) fn delete_at_end(directory: PathBuf) {
    let _ = SCRATCH.set(directory);
}

/// Ends every program and this process with exit code `code`.
pub(crate) fn end_all(code: i32) -> ! {
    for group in groups().iter() {
        let _ = kill_process_group(*group, Signal::KILL);
    }
    if let Some(scratch) = SCRATCH.get() {
        let _ = std::fs::remove_dir_all(scratch);
    }
    std::process::exit(code)
}

/// A port of 127.0.0.1 that was free a moment ago.
pub(crate) fn free_port() -> Result<u16> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).context("looking for a port")?;
    Ok(listener.local_addr()?.port())
}

fn groups() -> std::sync::MutexGuard<'static, Vec<Pid>> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}
