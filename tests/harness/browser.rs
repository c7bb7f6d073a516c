//! Headless Chromium through ChromeDriver. Each session has a fresh profile and ends with its driver.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result};
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::{Child, Command};
use url::Url;

use crate::eventually;

/// How long a browser may take to end before its driver is killed all the same.
const ENDS_WITHIN: Duration = Duration::from_secs(10);

/// A browser with one window.
pub struct Browser {
    client: Client,
    /// First of what is dropped: a driver that is killed leaves its browser running.
    _session: Session,
    _driver: Child,
    _profile: TempDir,
}

/// A session that ends with this, and its browser with it; also when the test panics, outside of any
/// runtime that could still wait for an answer.
struct Session {
    port: u16,
    id: String,
}

impl Drop for Session {
    fn drop(&mut self) {
        let end = || {
            let mut socket = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
            socket.set_read_timeout(Some(ENDS_WITHIN))?;
            let head = format!("DELETE /session/{} HTTP/1.0\r\nHost: localhost\r\n\r\n", self.id);
            socket.write_all(head.as_bytes())?;
            // The driver answers when the browser is gone.
            socket.read(&mut [0; 64])
        };
        if let Err(error) = end() {
            eprintln!("a browser may be left running: {error}");
        }
    }
}

/// How a browser differs from a plain one.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Width and height of the window, CSS pixels.
    pub window: (u32, u32),
    /// `prefers-color-scheme: dark`.
    pub dark: bool,
    /// Whether scripts run.
    pub scripts: bool,
    /// What it asks for in `Accept-Language`, and its own locale.
    pub language: &'static str,
}

impl Default for Settings {
    fn default() -> Self {
        Self { window: (360, 800), dark: false, scripts: true, language: "en-US" }
    }
}

impl Browser {
    /// Opens a browser.
    ///
    /// # Errors
    /// When Chromium or ChromeDriver is missing (`cargo xtask setup` installs them) or does not start.
    pub async fn open(settings: &Settings) -> Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("starting chromedriver: `cargo xtask setup` installs it")?;
        let profile = tempfile::tempdir()?;
        let capabilities = capabilities(settings, profile.path());
        let url = format!("http://127.0.0.1:{port}");
        let client = eventually("a browser opens", || async {
            Ok(ClientBuilder::new(HttpConnector::new())
                .capabilities(capabilities.clone())
                .connect(&url)
                .await
                .ok())
        })
        .await?;
        let id = client.session_id().await?.context("the driver names no session")?;
        Ok(Self { client, _session: Session { port, id }, _driver: driver, _profile: profile })
    }

    /// Goes to `url`.
    ///
    /// # Errors
    /// When the browser does.
    pub async fn goto(&self, url: &str) -> Result<()> {
        Ok(self.client.goto(url).await?)
    }

    /// Runs `script` as a function's body and gives what it returns.
    ///
    /// # Errors
    /// When it throws.
    pub async fn run(&self, script: &str) -> Result<Value> {
        Ok(self.client.execute(script, Vec::new()).await?)
    }

    /// The attribute of the element that `selector` finds; `None` where there is no such element.
    ///
    /// # Errors
    /// When the browser does.
    pub async fn attribute(&self, selector: &str, name: &str) -> Result<Option<String>> {
        let script =
            format!("return document.querySelector({})?.getAttribute({})", json!(selector), json!(name));
        Ok(self.run(&script).await?.as_str().map(str::to_owned))
    }

    /// The text that a person reads in the element that `selector` finds.
    ///
    /// # Errors
    /// When the browser does.
    pub async fn text(&self, selector: &str) -> Result<Option<String>> {
        let script = format!("return document.querySelector({})?.innerText", json!(selector));
        Ok(self.run(&script).await?.as_str().map(str::to_owned))
    }

    /// Waits until the text of `selector` satisfies `fits`.
    ///
    /// # Errors
    /// When it does not in time; names what was there last.
    pub async fn reads(&self, selector: &str, fits: impl Fn(&str) -> bool) -> Result<String> {
        let last = std::cell::RefCell::new(None);
        let found = eventually("a text", || async {
            let text = self.text(selector).await?;
            last.replace(text.clone());
            Ok(text.filter(|text| fits(text)))
        });
        found.await.with_context(|| format!("{selector} reads {:?}", last.borrow()))
    }

    /// Waits until an attribute of `selector` has `value`.
    ///
    /// # Errors
    /// When it does not in time; names what was there last.
    pub async fn shows(&self, selector: &str, name: &str, value: &str) -> Result<()> {
        let last = std::cell::RefCell::new(None);
        let found = eventually("an attribute", || async {
            let now = self.attribute(selector, name).await?;
            last.replace(now.clone());
            Ok(now.filter(|now| now == value))
        });
        found.await.map(drop).with_context(|| format!("{selector} has {name}={:?}", last.borrow()))
    }

    /// The session itself, for what has no name here.
    pub fn session(&self) -> &Client {
        &self.client
    }

    /// A command of the Chrome DevTools Protocol.
    ///
    /// # Errors
    /// When the browser refuses it.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Result<Value> {
        let body = json!({"cmd": command, "params": parameters});
        Ok(self.client.issue_cmd(Devtools(body)).await?)
    }
}

/// ChromeDriver's own end point for DevTools commands.
#[derive(Debug)]
struct Devtools(Value);

impl WebDriverCompatibleCommand for Devtools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.0.to_string()))
    }
}

fn capabilities(settings: &Settings, profile: &Path) -> serde_json::Map<String, Value> {
    let (width, height) = settings.window;
    let mut arguments = vec![
        "--headless=new".to_owned(),
        "--no-sandbox".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-quic".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-sync".to_owned(),
        "--hide-scrollbars".to_owned(),
        format!("--window-size={width},{height}"),
        format!("--lang={}", settings.language),
        format!("--user-data-dir={}", profile.display()),
    ];
    if settings.dark {
        arguments.push("--blink-settings=preferredColorScheme=0".to_owned());
    }
    let mut preferences = json!({"intl.accept_languages": settings.language});
    if !settings.scripts {
        preferences["profile.managed_default_content_settings.javascript"] = json!(2);
    }
    let options = json!({"args": arguments, "prefs": preferences});
    serde_json::Map::from_iter([("goog:chromeOptions".to_owned(), options)])
}
