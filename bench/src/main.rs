//! `doorstep-bench`: measures a release build of Doorstep on this machine, beside nginx with nchan
//! where that is installed, and writes what it found as a table and as JSON.

mod args;
mod benches;
mod browser;
mod doorstep;
mod exchange;
mod host;
mod load;
mod machine;
mod nginx;
mod order;
mod process;
mod relay;
mod report;
mod run;
mod samples;
mod scan;
mod setting;
mod sockets;
mod swarm;
mod traffic;
mod usage;
mod wire;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    match run::run(&args::Args::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("doorstep-bench: {error:#}");
            ExitCode::from(2)
        }
    }
}
