//! `doorstep serve`: puts the settings together and runs the server with them.

use std::io::Write as _;

use anyhow::Context as _;
use axum::Router;

use super::{Usage, log};
use crate::config::{Config, Flags};
use crate::limits::Networks;
use crate::server::{self, Extras};
use crate::state::AppState;

/// Run the server until it is told to stop (SIGTERM or Ctrl-C).
///
/// Settings come from flags, from the environment, from a TOML file and from defaults, in this order.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    flags: Flags,
    /// Print the settings as a TOML file, with their documentation, and stop.
    #[arg(long)]
    print_config: bool,
    /// Private networks of push services; for tests, whose push service is no public one. Whoever knows a tracking
    /// id may name a push service, so this opens what stands here to everybody.
    #[arg(long, hide = true, default_value = "", value_name = "NETWORKS")]
    push_allow: Networks,
}

/// Runs the server; prints its URL on stdout once it answers.
pub(super) fn run(args: Args) -> anyhow::Result<()> {
    let config = Config::resolve(args.flags).map_err(|error| Usage(format!("{error:#}")))?;
    if args.print_config {
        return write!(std::io::stdout(), "{}", config.to_toml()).context("stdout cannot be written");
    }
    log::begin(&config.log, config.log_format).map_err(|error| Usage(format!("{error:#}")))?;
    let mail = server::mail(&config)?;
    let runtime = tokio::runtime::Runtime::new().context("the runtime cannot be started")?;
    let extras = Extras { mail, push_allow: args.push_allow, more: |_: &AppState| Router::new() };
    runtime.block_on(server::run(config, extras, |ready| {
        // Whoever waits for the URL reads a line; that nobody reads it any more is no reason to stop.
        let _ = writeln!(std::io::stdout(), "http://{}", ready.address);
    }))
}
