//! `cargo xtask …`: the one entry point for setting up, running, testing and measuring Doorstep.
//! It drives other tools; the product's own code is never linked into it.

mod cli;
mod commands;
mod demo;
mod dev;
mod dist;
mod failure;
mod gallery;
mod icons;
mod progress;
mod project;
mod shell;
mod site;
mod size;
mod suite;
mod tools;
mod wasm;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run(std::env::args_os().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.is_told() {
                eprintln!("error: {failure}");
            }
            ExitCode::FAILURE
        }
    }
}
