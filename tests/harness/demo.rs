//! `doorstep demo` as a process of its own, on a free port, until it is dropped.

use std::process::Stdio;

use anyhow::{Context as _, Result};
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::{eventually, server};

/// A running demo.
pub struct Demo {
    links: Value,
    _folder: TempDir,
    _process: Child,
}

impl Demo {
    /// Starts one and waits until its samples are there.
    ///
    /// # Errors
    /// When the binary is missing or does not come up.
    pub async fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("links.json");
        let process = Command::new(server::binary())
            .args(["demo", "--listen", "127.0.0.1:0", "--links"])
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("starting the demo")?;
        let read = eventually("the demo writes its links", || async { Ok(std::fs::read(&file).ok()) });
        let links = serde_json::from_slice(&read.await?)?;
        Ok(Self { links, _folder: folder, _process: process })
    }

    /// The text at a place of its links, or nothing.
    pub fn link(&self, pointer: &str) -> &str {
        self.links.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }
}
