//! One run: chooses the benches, runs each within a time limit, and puts the report together.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use chrono::{DateTime, SecondsFormat, Utc};

use crate::args::Args;
use crate::benches::{ALL, Bench};
use crate::machine::Machine;
use crate::report::{self, Entry, Report};
use crate::setting::Setting;
use crate::{process, sockets};

/// No bench needs a third of this; one that hangs ends the run.
const BENCH_LIMIT: Duration = Duration::from_secs(300);

/// Runs what the command line asks for; false when a bench failed or, if so asked, missed a target.
pub(crate) fn run(args: &Args) -> Result<bool> {
    if args.list {
        for bench in &ALL {
            println!("{:14}{}", bench.name, bench.about);
        }
        return Ok(true);
    }
    let benches = chosen(&args.names)?;
    if !args.peer_only && !args.binary.is_file() {
        bail!("there is no {}: build it with `cargo xtask dist`, or use --peer-only", args.binary.display());
    }
    ctrlc::set_handler(|| process::end_all(130)).context("handling signals")?;
    sockets::raise_open_files()?;
    let setting = Setting::new(args)?;
    let started = Utc::now();
    let mut report = Report {
        started: started.to_rfc3339_opts(SecondsFormat::Secs, true),
        quick: args.quick,
        machine: Machine::look(setting.scratch_root()),
        benches: Vec::new(),
    };
    for bench in benches {
        eprintln!("{}…", bench.name);
        report.benches.push(measure(bench, &setting));
    }
    report::print(&report);
    write_json(args, started, &report)?;
    let bad = report.failed() || (args.strict && report.missed());
    Ok(!bad)
}

fn chosen(names: &[String]) -> Result<Vec<&'static Bench>> {
    if names.is_empty() {
        return Ok(ALL.iter().collect());
    }
    let find = |name: &String| {
        ALL.iter()
            .find(|bench| bench.name == name)
            .with_context(|| format!("no bench is called {name}; --list shows them"))
    };
    names.iter().map(find).collect()
}

fn measure(bench: &Bench, setting: &Setting) -> Entry {
    let (finished, watched) = mpsc::channel::<()>();
    let name = bench.name;
    std::thread::spawn(move || {
        if watched.recv_timeout(BENCH_LIMIT) == Err(mpsc::RecvTimeoutError::Timeout) {
            eprintln!("{name} took more than {BENCH_LIMIT:?}: giving up");
            process::end_all(3);
        }
    });
    let start = Instant::now();
    let result = match (bench.measure)(setting) {
        Ok(findings) => report::Result::Measured(findings),
        Err(error) => report::Result::Failed { error: format!("{error:#}") },
    };
    drop(finished);
    Entry { name, about: bench.about, seconds: start.elapsed().as_secs_f64(), result }
}

fn write_json(args: &Args, started: DateTime<Utc>, report: &Report) -> Result<()> {
    let file = args.directory.join(format!("{}.json", started.format("%Y%m%dT%H%M%SZ")));
    let json = serde_json::to_vec_pretty(report)?;
    std::fs::write(&file, json).with_context(|| format!("writing {}", file.display()))?;
    println!("\n{}", file.display());
    Ok(())
}
