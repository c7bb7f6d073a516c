//! The browsers that tests drive, and the WebDriver of each.
//! Distributions ship them as pairs; versions are theirs, so none is demanded. Firefox's driver alone is
//! compiled, by `cargo`.

use std::path::Path;

use super::{Tool, system};
use crate::{project::Project, shell};

const CHROMIUM: &[&str] = &["chromium", "chromium-browser", "google-chrome"];
const FIREFOX: &[&str] = &["firefox-esr", "firefox"];

/// On no search path.
const MINI_BROWSER: &str = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";

pub(crate) fn tools() -> [Tool; 3] {
    [
        Tool {
            name: "chromium and its driver".to_owned(),
            is_there: Box::new(|project| has_any(project, CHROMIUM) && has_any(project, &["chromedriver"])),
            install: Box::new(|project| system::install(project, &["chromium", "chromium-driver"])),
        },
        Tool {
            name: "firefox".to_owned(),
            is_there: Box::new(|project| has_any(project, FIREFOX)),
            install: Box::new(|project| system::install(project, &["firefox-esr"])),
        },
        Tool {
            name: "webkit, its driver and a screen for it".to_owned(),
            is_there: Box::new(|project| {
                let programs = ["WebKitWebDriver", "xvfb-run", "xauth"];
                Path::new(MINI_BROWSER).is_file() && programs.iter().all(|name| has_any(project, &[name]))
            }),
            install: Box::new(|project| system::install(project, &["webkit2gtk-driver", "xvfb", "xauth"])),
        },
    ]
}

fn has_any(project: &Project, programs: &[&str]) -> bool {
    programs.iter().any(|name| shell::find(project, name).is_some())
}
