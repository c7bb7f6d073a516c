//! The browser that tests drive, and its WebDriver.
//! Distributions ship the two as a pair; versions are theirs, so none is demanded.

use super::{Tool, system};
use crate::{project::Project, shell};

const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome"];
const DRIVER: &str = "chromedriver";

pub(crate) fn tool() -> Tool {
    Tool {
        name: "chromium and its driver".to_owned(),
        is_there: Box::new(is_there),
        install: Box::new(|project| system::install(project, &["chromium", "chromium-driver"])),
    }
}

fn is_there(project: &Project) -> bool {
    let browser = BROWSERS.iter().any(|name| shell::find(project, name).is_some());
    browser && shell::find(project, DRIVER).is_some()
}
