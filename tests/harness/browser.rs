//! A browser through WebDriver, of the engine that this run takes. Each session has a fresh profile and ends
//! with its driver.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Child;
use url::Url;

use crate::engine::Engine;
use crate::eventually;

/// How long a browser may take to end before its driver is killed all the same.
const ENDS_WITHIN: Duration = Duration::from_secs(10);

/// A browser with one window.
pub struct Browser {
    engine: Engine,
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
        let end = || -> std::io::Result<()> {
            let mut socket = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
            socket.set_read_timeout(Some(ENDS_WITHIN))?;
            // ChromeDriver hangs up on HTTP/1.0.
            let (id, port) = (&self.id, self.port);
            let head = format!(
                "DELETE /session/{id} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n"
            );
            socket.write_all(head.as_bytes())?;
            // The driver answers when the browser is gone.
            socket.read_exact(&mut [0; 12])
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
    /// When the browser or its driver is missing (`cargo xtask setup` installs them), does not start, or
    /// cannot be as `settings` want it.
    pub async fn open(settings: &Settings) -> Result<Self> {
        let engine = Engine::of_this_run()?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let mut command = engine.driver(port, settings)?;
        let driver = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("starting the browser's driver: `cargo xtask setup` installs it")?;
        let profile = tempfile::tempdir()?;
        let capabilities = engine.capabilities(settings, profile.path())?;
        let url = format!("http://127.0.0.1:{port}");
        let refused = std::cell::RefCell::new(None);
        let opened = eventually("a browser opens", || async {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            match builder.capabilities(capabilities.clone()).connect(&url).await {
                Ok(client) => Ok(Some(client)),
                Err(error) => {
                    refused.replace(Some(error));
                    Ok(None)
                }
            }
        });
        let client = opened.await.with_context(|| format!("{engine:?}: {:?}", refused.borrow()))?;
        let id = client.session_id().await?.context("the driver names no session")?;
        let browser =
            Self { engine, client, _session: Session { port, id }, _driver: driver, _profile: profile };
        if engine == Engine::WebKit {
            let (width, height) = settings.window;
            browser.client.set_window_size(width, height).await?;
        }
        Ok(browser)
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

    /// Waits until there is an element that `selector` finds.
    ///
    /// # Errors
    /// When there is none in time.
    pub async fn finds(&self, selector: &str) -> Result<()> {
        self.comes_true(selector, &format!("!!document.querySelector({})", json!(selector))).await
    }

    /// Waits until a JavaScript expression is `true`.
    ///
    /// # Errors
    /// When it is not in time; names `what`.
    pub async fn comes_true(&self, what: &str, expression: &str) -> Result<()> {
        let script = format!("return {expression}");
        eventually(what, || async { Ok(self.run(&script).await?.as_bool().filter(|holds| *holds)) })
            .await
            .map(drop)
    }

    /// Presses the first element that `selector` finds and that is not off.
    ///
    /// # Errors
    /// When there is none in time.
    pub async fn press(&self, selector: &str) -> Result<()> {
        let press = format!(
            "(() => {{ const found = [...document.querySelectorAll({})].find((e) => e.ariaDisabled !== 'true' && !e.disabled);
                found?.click(); return !!found; }})()",
            json!(selector)
        );
        self.comes_true(selector, &press).await
    }

    /// The session itself, for what has no name here.
    pub fn session(&self) -> &Client {
        &self.client
    }

    /// The engine it runs on.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Tells the browser that there is no network, or that there is one again. Whether anything still
    /// passes is [`crate::road::Road`]'s part: engines do not agree about the loopback.
    ///
    /// # Errors
    /// When the browser refuses it.
    pub async fn set_offline(&self, offline: bool) -> Result<()> {
        match self.engine {
            Engine::Chromium => {
                let network = json!({"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
                self.devtools("Network.enable", json!({})).await?;
                self.devtools("Network.emulateNetworkConditions", network).await?;
            }
            Engine::Firefox => {
                self.vendor("moz/context", json!({"context": "chrome"})).await?;
                let done = self.run(&format!("Services.io.offline = {offline}")).await;
                self.vendor("moz/context", json!({"context": "content"})).await?;
                done?;
            }
            // MiniBrowser has no such switch; the page's own view of it lasts until it is left.
            Engine::WebKit => {
                let event = if offline { "offline" } else { "online" };
                let online = !offline;
                self.run(&format!(
                    "Object.defineProperty(navigator, 'onLine', {{value: {online}, configurable: true}});
                     window.dispatchEvent(new Event('{event}'))"
                ))
                .await?;
            }
        }
        Ok(())
    }

    /// A command of the Chrome DevTools Protocol.
    ///
    /// # Errors
    /// When the browser refuses it, or is not Chromium.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Result<Value> {
        ensure!(self.engine == Engine::Chromium, "{command} is Chromium's alone");
        self.vendor("goog/cdp/execute", json!({"cmd": command, "params": parameters})).await
    }

    async fn vendor(&self, path: &'static str, body: Value) -> Result<Value> {
        Ok(self.client.issue_cmd(Vendor { path, body }).await?)
    }
}

/// A driver's own end point.
#[derive(Debug)]
struct Vendor {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Vendor {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}
