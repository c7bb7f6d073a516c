//! The command line.

use std::path::PathBuf;

use clap::Parser;

/// Measures Doorstep under load, beside nginx with nchan where that is installed.
///
/// All traffic stays on this machine. Prints a table and writes the same figures as JSON.
#[derive(Debug, Parser)]
#[command(name = "doorstep-bench", version)]
pub(crate) struct Args {
    /// Which benches to run; all of them where none is named.
    pub(crate) names: Vec<String>,

    /// Lists the benches and ends.
    #[arg(long)]
    pub(crate) list: bool,

    /// Smaller numbers, for a look; the figures do not count.
    #[arg(long)]
    pub(crate) quick: bool,

    /// Exits with 1 when a target is missed, not only when a bench fails.
    #[arg(long)]
    pub(crate) strict: bool,

    /// Measures only nginx and nchan, without a Doorstep.
    #[arg(long)]
    pub(crate) peer_only: bool,

    /// The server to measure; build it with `cargo xtask dist`.
    #[arg(long, default_value = "target/release/doorstep")]
    pub(crate) binary: PathBuf,

    /// Where reports are written and scratch databases lie; on a real disk, not in memory.
    #[arg(long, default_value = "target/bench")]
    pub(crate) directory: PathBuf,
}
