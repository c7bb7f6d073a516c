//! The server under test: one process of the built binary on a database of its own, which can be
//! stopped politely, killed and started again on the same address.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context as _, Result, bail, ensure};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::api::Api;
use crate::eventually;

/// A running server.
pub struct Server {
    address: SocketAddr,
    folder: TempDir,
    process: Child,
    extra: Vec<String>,
}

/// The binary under test: `DOORSTEP_BIN`, or where `cargo xtask dist` puts it.
pub(crate) fn binary() -> PathBuf {
    let built = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/release/doorstep");
    std::env::var_os("DOORSTEP_BIN").map_or_else(|| PathBuf::from(built), PathBuf::from)
}

impl Server {
    /// Starts one on a free port with an empty database.
    ///
    /// # Errors
    /// When the binary is missing or does not come up.
    pub async fn start() -> Result<Self> {
        Self::start_with(&[]).await
    }

    /// Starts one with further flags of `doorstep serve`.
    ///
    /// # Errors
    /// When the binary is missing or does not come up.
    pub async fn start_with(flags: &[&str]) -> Result<Self> {
        ensure!(binary().exists(), "{} is missing: run `cargo xtask dist` first", binary().display());
        let folder = tempfile::tempdir()?;
        let address = free_address()?;
        let extra: Vec<String> = flags.iter().map(ToString::to_string).collect();
        let process = spawn(address, &folder, &extra)?;
        let server = Self { address, folder, process, extra };
        server.answers().await?;
        Ok(server)
    }

    /// Kills it as a power cut would (SIGKILL), and waits until it is gone.
    ///
    /// # Errors
    /// When there is nothing to kill.
    pub async fn kill(&mut self) -> Result<()> {
        self.process.kill().await.context("killing the server")
    }

    /// Asks it to stop (SIGTERM) and waits for its end; fails when that was not clean.
    ///
    /// # Errors
    /// When it does not end by itself with success.
    pub async fn stop(&mut self) -> Result<()> {
        let id = self.process.id().context("the server is not running")?;
        Command::new("kill").arg(id.to_string()).status().await?;
        let status = tokio::time::timeout(std::time::Duration::from_secs(30), self.process.wait()).await??;
        ensure!(status.success(), "the server ended with {status}");
        Ok(())
    }

    /// Starts it again, on the same address and database.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn start_again(&mut self) -> Result<()> {
        self.process = spawn(self.address, &self.folder, &self.extra)?;
        self.answers().await
    }

    /// A client of a tenant of that name, with a key of its own.
    ///
    /// # Errors
    /// When `doorstep client create` fails.
    pub async fn client(&self, tenant: &str) -> Result<Api> {
        self.client_as(tenant, "manager").await
    }

    /// The same with another role.
    ///
    /// # Errors
    /// When `doorstep client create` fails.
    pub async fn client_as(&self, tenant: &str, role: &str) -> Result<Api> {
        let output = Command::new(binary())
            .args(["client", "create", "--tenant", tenant, "--name", "test", "--role", role, "--database"])
            .arg(database(&self.folder))
            .output()
            .await?;
        ensure!(output.status.success(), "client create: {}", String::from_utf8_lossy(&output.stderr));
        let printed = String::from_utf8(output.stdout)?;
        let key = printed.lines().last().context("client create printed no key")?;
        Ok(Api::new(self.url(""), key.trim().to_owned()))
    }

    /// A URL on this server.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What the server has logged so far.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn log(&self) -> Result<String> {
        Ok(std::fs::read_to_string(self.folder.path().join("log"))?)
    }

    /// Everything in its folder: the database with what stands beside it, and the log.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn files(&self) -> Result<Vec<(PathBuf, Vec<u8>)>> {
        let entries = std::fs::read_dir(self.folder.path())?;
        let paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
        paths.into_iter().map(|path| Ok((path.clone(), std::fs::read(path)?))).collect()
    }

    /// What is counted, as Prometheus would read it. The address stands in the log.
    ///
    /// # Errors
    /// When the log does not name the metrics' address, or nothing answers there.
    pub async fn metrics(&self) -> Result<String> {
        let log = self.log()?;
        let address = log
            .split_whitespace()
            .rev()
            .find(|word| word.starts_with("http://") && word.ends_with("/metrics"))
            .context("the log does not name the metrics' address")?;
        Ok(reqwest::get(address).await?.text().await?)
    }

    async fn answers(&self) -> Result<()> {
        let ready = self.url("/readyz");
        let found = eventually("the server answers", || async {
            Ok(reqwest::get(&ready).await.ok().filter(|answer| answer.status().is_success()))
        });
        match found.await {
            Ok(_) => Ok(()),
            Err(error) => bail!("{error:#}; its log:\n{}", self.log().unwrap_or_default()),
        }
    }
}

fn database(folder: &TempDir) -> String {
    format!("sqlite:{}", folder.path().join("doorstep.db").display())
}

/// A port that was free a moment ago. The server must come back on the same one, so that it cannot
/// choose for itself.
fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

fn spawn(address: SocketAddr, folder: &TempDir, extra: &[String]) -> Result<Child> {
    let log = std::fs::File::options().create(true).append(true).open(folder.path().join("log"))?;
    Command::new(binary())
        .args(["serve", "--listen", &address.to_string(), "--metrics-listen", "127.0.0.1:0"])
        .args(["--rate-limit", "off", "--database", &database(folder)])
        .args(extra)
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("starting {}", binary().display()))
}
