//! The command line: which commands there are, how they end and how errors are told. What a command does
//! stands in its own file; the settings of the server stand in [`crate::config`].

mod beside;
mod client;
mod demo;
mod import;
mod log;
mod openapi;
mod serve;

use std::process::{ExitCode, Termination};

use clap::{Parser, Subcommand};

/// Live delivery status: where a shipment stands, on an open page, at once.
#[derive(Parser)]
#[command(name = "doorstep", version, propagate_version = true, max_term_width = 110)]
struct Doorstep {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve(Box<serve::Args>),
    Demo(demo::Args),
    Client(client::Args),
    Import(import::Args),
    Openapi(openapi::Args),
}

/// A command line whose parts are right by themselves and not together; the exit code says so.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Usage(pub(crate) String);

/// Runs the command line. Exit codes: 0 when all went well, 1 when it failed, 2 when it was called wrongly;
/// a command may have others of its own.
pub fn main() -> ExitCode {
    let outcome = match Doorstep::parse().command {
        Command::Serve(args) => serve::run(*args).map(Termination::report),
        Command::Demo(args) => demo::run(args).map(Termination::report),
        Command::Client(args) => client::run(args).map(Termination::report),
        Command::Import(args) => import::run(args).map(Termination::report),
        Command::Openapi(args) => openapi::run(args).map(Termination::report),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            // One line, the outermost first: what failed, where, why.
            eprintln!("doorstep: {error:#}");
            ExitCode::from(if error.is::<Usage>() { 2 } else { 1 })
        }
    }
}

#[cfg(test)]
mod tests;
