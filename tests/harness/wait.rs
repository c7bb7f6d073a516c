//! Waiting for something to come true, without guessing how long it takes.

use std::future::Future;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// How long anything may take on a slow machine before a test gives up on it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Asks `probe` until it answers with `Some`; fails naming `what` when patience ends.
///
/// # Errors
/// When it does not come true in 30 s, or when `probe` fails.
pub async fn eventually<T, F>(what: &str, mut probe: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<Option<T>>>,
{
    let began = Instant::now();
    loop {
        if let Some(found) = probe().await? {
            return Ok(found);
        }
        if began.elapsed() > PATIENCE {
            bail!("waited {} s in vain: {what}", PATIENCE.as_secs());
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}
