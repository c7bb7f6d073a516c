//! What others' programs say of what we send: a script over the PyPI packages that `cargo xtask setup` installs.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// `DOORSTEP_PYTHON`, or where `cargo xtask setup` puts it.
fn python() -> PathBuf {
    let installed = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/tools/python/bin/python");
    std::env::var_os("DOORSTEP_PYTHON").map_or_else(|| PathBuf::from(installed), PathBuf::from)
}

/// Gives `input` to a script and reads the JSON that it prints.
///
/// # Errors
/// When Python or a package is missing, or the script fails.
pub async fn run(script: &str, input: &[u8]) -> Result<Value> {
    let mut program = Command::new(python())
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("starting Python: `cargo xtask setup` installs it with its packages")?;
    program.stdin.take().context("a pipe")?.write_all(input).await?;
    let output = program.wait_with_output().await?;
    ensure!(output.status.success(), "the script failed on:\n{}", String::from_utf8_lossy(input));
    Ok(serde_json::from_slice(&output.stdout)?)
}
