//! `doorstep demo`: the same server as `serve`, with sample shipments that live through their journeys
//! again and again.

mod mail;

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;

use super::{Usage, log};
use crate::config::{Config, DatabaseUrl, Flags, OrOff};
use crate::demo;
use crate::demo::timetable::Speed;
use crate::limits::Networks;
use crate::server::{self, Extras};
use crate::state::AppState;
use mail::Shown;

/// Run a server with sample shipments that live through real journeys again and again.
///
/// Makes the tenant "demo" and prints its API keys and a tracking link for each sample.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Address and port to answer on; port 0 takes a free one.
    #[arg(long, env = "DOORSTEP_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// How many minutes of a journey pass in a second, from 0.01 to 100. At 2 a journey takes about two
    /// minutes and something happens on each page every few seconds.
    #[arg(long, value_name = "N", default_value = "2")]
    speed: Speed,
    /// Where shipments are kept; a temporary file that is removed at the end when not given.
    #[arg(long, env = "DOORSTEP_DATABASE", value_name = "sqlite:PATH")]
    database: Option<DatabaseUrl>,
    /// Write the links and keys to this file as JSON, for scripts; once it is there, every page is too.
    #[arg(long, value_name = "FILE")]
    links: Option<PathBuf>,
    /// Address and port for /metrics, or "off".
    #[arg(long, env = "DOORSTEP_METRICS_LISTEN", value_name = "ADDRESS", default_value = "off")]
    metrics_listen: OrOff<SocketAddr>,
    /// A TOML file with settings for what no flag here says; see `doorstep serve --print-config`.
    #[arg(long, env = "DOORSTEP_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Runs the demo until it is told to stop.
pub(super) fn run(args: Args) -> anyhow::Result<()> {
    let Args { listen, speed, database, links, metrics_listen, config } = args;
    let mut flags = Flags::default();
    flags.config = config;
    let settings = Config::resolve(flags).map_err(|error| Usage(format!("{error:#}")))?;
    // Dropped, and with it removed, when the server has stopped and the database is closed.
    let temporary = tempfile::tempdir().context("no temporary folder can be made")?;
    let database = database.unwrap_or_else(|| DatabaseUrl::Sqlite(temporary.path().join("demo.db")));
    let config = Config { listen, metrics_listen, database, ..settings };
    log::begin(&config.log, config.log_format).map_err(|error| Usage(format!("{error:#}")))?;

    let runtime = tokio::runtime::Runtime::new().context("the runtime cannot be started")?;
    let mail = if config.smtp.0.is_some() { server::mail(&config)? } else { Arc::new(Shown) };
    let (failed, failure) = std::sync::mpsc::channel();
    let started = demo::desk::Started::default();
    let at_desk = Arc::clone(&started);
    let more = |state: &AppState| demo::desk::router(state.clone(), at_desk);
    let extras = Extras { mail, push_allow: Networks::default(), more };
    runtime.block_on(server::run(config, extras, |ready| {
        tokio::spawn(async move {
            let told = match demo::start(&ready.state, ready.address, speed).await {
                Ok(links_and_keys) => tell(started.get_or_init(|| links_and_keys), links.as_deref()),
                Err(error) => Err(error),
            };
            if let Err(error) = told {
                let _ = failed.send(error);
                ready.state.stopping.cancel();
            }
        });
    }))?;
    failure.try_recv().map_or(Ok(()), Err)
}

fn tell(started: &demo::links::Links, file: Option<&std::path::Path>) -> anyhow::Result<()> {
    if let Some(file) = file {
        started.write(file)?;
    }
    write!(std::io::stdout(), "{started}").context("stdout cannot be written")
}
