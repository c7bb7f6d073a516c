//! A headless Chromium with a fresh profile and one page, driven over the DevTools protocol. It
//! opens, listens and asks; what the page is and what matters on it, only the benches know.

mod devtools;

use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;

use devtools::DevTools;
pub(crate) use devtools::Notice;

use crate::process::Program;
use crate::setting::Setting;

const START_LIMIT: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(50);
const FLAGS: [&str; 13] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--remote-debugging-port=0",
    "--window-size=412,823",
];

/// A browser showing one page. Dropping it ends the browser and deletes its profile.
#[derive(Debug)]
pub(crate) struct Browser {
    devtools: DevTools,
    _program: Program,
    _profile: TempDir,
}

impl Browser {
    /// Starts Chromium on an empty page.
    pub(crate) fn start(setting: &Setting) -> Result<Self> {
        let chromium = setting.chromium().context("chromium is not installed")?;
        let profile = setting.scratch("chromium")?;
        let mut command = Command::new(chromium);
        command.args(FLAGS).arg(format!("--user-data-dir={}", profile.path().display())).arg("about:blank");
        let mut program = Program::start(&mut command, profile.path().join("chromium.log"))?;
        let address = program.wait_for(START_LIMIT, listening).context("chromium")?;
        let mut devtools = DevTools::connect(&address)?;
        devtools.attach()?;
        devtools.call("Page.enable", json!({}))?;
        Ok(Self { devtools, _program: program, _profile: profile })
    }

    /// Calls a method of the DevTools protocol on the page.
    pub(crate) fn call(&mut self, method: &str, parameters: Value) -> Result<Value> {
        self.devtools.call(method, parameters)
    }

    /// Runs `script` in every document before its own scripts.
    pub(crate) fn run_first(&mut self, script: &str) -> Result<()> {
        let parameters = json!({"source": script});
        self.call("Page.addScriptToEvaluateOnNewDocument", parameters)?;
        Ok(())
    }

    /// Starts loading `url`, and returns while it loads.
    pub(crate) fn open(&mut self, url: &str) -> Result<()> {
        let answer = self.call("Page.navigate", json!({"url": url}))?;
        match answer["errorText"].as_str() {
            None | Some("") => Ok(()),
            Some(error) => bail!("{url}: {error}"),
        }
    }

    /// The JSON value of an expression in the page.
    pub(crate) fn value<T: DeserializeOwned>(&mut self, expression: &str) -> Result<T> {
        let parameters = json!({"expression": expression, "returnByValue": true});
        let mut answer = self.call("Runtime.evaluate", parameters)?;
        if let Some(error) = answer.get("exceptionDetails") {
            bail!("{expression}: {error}");
        }
        Ok(serde_json::from_value(answer["result"]["value"].take())?)
    }

    /// Asks `expression` again and again until it is true.
    pub(crate) fn wait_until(&mut self, expression: &str, limit: Duration) -> Result<()> {
        let deadline = Instant::now() + limit;
        while !self.value::<bool>(expression)? {
            if Instant::now() > deadline {
                let text: String = self.value("document.body.innerText.slice(0, 300)")?;
                bail!("after {limit:?} it is not so that {expression}; the page says: {text}");
            }
            std::thread::sleep(LOOK_AGAIN);
        }
        Ok(())
    }

    /// What the page has reported since the last time, without waiting.
    pub(crate) fn notices(&mut self) -> Result<Vec<Notice>> {
        // An answer comes after all that was reported before it.
        self.value::<u8>("0")?;
        Ok(self.devtools.take_notices())
    }
}

/// Finds in Chromium's log where it listens.
fn listening(log: &str) -> Option<String> {
    let line = log.lines().find_map(|line| line.strip_prefix("DevTools listening on "))?;
    let address = line.trim();
    let host = address.strip_prefix("ws://")?.split('/').next()?;
    TcpStream::connect(host).ok().map(|_| address.to_owned())
}
