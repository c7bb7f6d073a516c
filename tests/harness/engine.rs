//! The browsers that the tests drive, each by its own WebDriver: what starts one and what it is told to be.
//! Which one a run takes, `DOORSTEP_ENGINE` says. Knows nothing of what the tests do with it.

use std::path::Path;

use anyhow::{Result, bail, ensure};
use serde_json::{Map, Value, json};
use tokio::process::Command;

use crate::browser::Settings;

/// Where Debian keeps WebKit's browser, which is on no search path.
const MINI_BROWSER: &str = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";

/// A browser's engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chromium by ChromeDriver.
    Chromium,
    /// Firefox by geckodriver.
    Firefox,
    /// WebKitGTK's MiniBrowser by WebKitWebDriver; it needs an X server (`xvfb-run`).
    WebKit,
}

impl Engine {
    /// The engine of this run: `DOORSTEP_ENGINE`, or Chromium.
    ///
    /// # Errors
    /// When it names none that we know.
    pub fn of_this_run() -> Result<Self> {
        match std::env::var("DOORSTEP_ENGINE").as_deref() {
            Err(_) | Ok("" | "chromium") => Ok(Self::Chromium),
            Ok("firefox") => Ok(Self::Firefox),
            Ok("webkit") => Ok(Self::WebKit),
            Ok(other) => bail!("DOORSTEP_ENGINE={other}: one of chromium, firefox, webkit"),
        }
    }

    /// The program that drives it on `port`.
    ///
    /// # Errors
    /// When it would have no screen to draw on.
    pub(crate) fn driver(self, port: u16, settings: &Settings) -> Result<Command> {
        let mut command = match self {
            Self::Chromium => Command::new("chromedriver"),
            Self::Firefox => Command::new("geckodriver"),
            Self::WebKit => Command::new("WebKitWebDriver"),
        };
        command.arg(format!("--port={port}"));
        match self {
            Self::Chromium => {}
            // Going offline is a switch of the whole browser, which no page has.
            Self::Firefox => drop(command.arg("--allow-system-access")),
            Self::WebKit => {
                ensure!(
                    std::env::var_os("DISPLAY").is_some(),
                    "WebKit needs an X server: run it by `xvfb-run`"
                );
                command.env("GDK_BACKEND", "x11");
                let theme = if settings.dark { "Adwaita:dark" } else { "Adwaita" };
                command.env("GTK_THEME", theme);
            }
        }
        Ok(command)
    }

    /// What the browser is asked to be.
    ///
    /// # Errors
    /// When this engine cannot be that.
    pub(crate) fn capabilities(self, settings: &Settings, profile: &Path) -> Result<Map<String, Value>> {
        Ok(match self {
            Self::Chromium => chromium(settings, profile),
            Self::Firefox => firefox(settings),
            Self::WebKit => {
                ensure!(settings.scripts, "MiniBrowser's driver itself needs scripts");
                let options = json!({"binary": MINI_BROWSER, "args": ["--automation"]});
                one("webkitgtk:browserOptions", options)
            }
        })
    }
}

fn one(name: &str, value: Value) -> Map<String, Value> {
    Map::from_iter([(name.to_owned(), value)])
}

fn chromium(settings: &Settings, profile: &Path) -> Map<String, Value> {
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
    one("goog:chromeOptions", json!({"args": arguments, "prefs": preferences}))
}

fn firefox(settings: &Settings) -> Map<String, Value> {
    let (width, height) = settings.window;
    let arguments = ["-headless".to_owned(), format!("--width={width}"), format!("--height={height}")];
    let preferences = json!({
        "intl.accept_languages": settings.language,
        "javascript.enabled": settings.scripts,
        // 0 is dark, 1 is light.
        "layout.css.prefers-color-scheme.content-override": i32::from(!settings.dark),
        // Offline means the loopback too.
        "network.disable-localhost-when-offline": true,
    });
    one("moz:firefoxOptions", json!({"args": arguments, "prefs": preferences}))
}
