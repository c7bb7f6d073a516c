//! The log on stderr, as text or JSON. What is logged is up to each place that logs; here is only how, and
//! that a panic tells its place and never its words, which may hold anything.

use anyhow::Context as _;
use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// Begins logging, for the whole process; see the setting `log` for what `filter` may say.
///
/// # Errors
/// When `filter` is none, or logging was begun already.
pub(super) fn begin(filter: &str, format: LogFormat) -> anyhow::Result<()> {
    let filter =
        EnvFilter::builder().parse(filter).with_context(|| format!("{filter:?} is no log filter"))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let begun = match format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    begun.map_err(|error| anyhow::anyhow!(error))?;
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panicked");
    }));
    Ok(())
}
