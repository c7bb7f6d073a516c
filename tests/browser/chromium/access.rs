//! What bars people from the page: axe-core over every scene, in light, dark and forced colours, on the
//! narrowest screen and a wide one.

use anyhow::{Context as _, Result, ensure};
use harness::browser::Browser;
use serde_json::json;

use super::look::{Colours, appear};
use crate::scenes::{self, Looker};

/// Where `cargo xtask setup` puts it.
const AXE: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../target/tools/npm/node_modules/axe-core/axe.min.js");

const RULES: &str = "const done = arguments[arguments.length - 1];
    axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}).then(
        (found) => done(found.violations.flatMap((v) => v.nodes.map((n) => `${v.id} ${n.target} ${n.failureSummary}`))),
        (error) => done([`axe: ${error}`]));";

/// Collects what is found in each scene.
struct Auditor {
    axe: String,
    found: Vec<String>,
    looks: usize,
}

impl Auditor {
    fn new() -> Result<Self> {
        let axe = std::fs::read_to_string(AXE).context("axe-core: `cargo xtask setup` installs it")?;
        Ok(Self { axe, found: Vec::new(), looks: 0 })
    }

    fn verdict(self) -> Result<()> {
        ensure!(self.looks > 5, "only {} looks", self.looks);
        ensure!(
            self.found.is_empty(),
            "{} of {} looks:\n{}",
            self.found.len(),
            self.looks,
            self.found.join("\n")
        );
        Ok(())
    }
}

impl Looker for Auditor {
    async fn look(&mut self, page: &Browser, scene: &str) -> Result<()> {
        if page.run("return typeof axe").await? == json!("undefined") {
            page.run(&self.axe).await?;
        }
        for width in [320, 1280] {
            for colours in Colours::ALL {
                appear(page, width, 800, colours).await?;
                let scroll = page.run("return document.documentElement.scrollWidth").await?;
                if scroll.as_u64().is_none_or(|scroll| scroll > u64::from(width)) {
                    self.found.push(format!("{scene} {width}: scrolls sideways, {scroll}"));
                }
                let found = page.session().execute_async(RULES, Vec::new()).await?;
                for one in found.as_array().context("axe answers with a list")? {
                    self.found
                        .push(format!("{scene} {width} {colours:?}: {}", one.as_str().unwrap_or_default()));
                }
                self.looks += 1;
            }
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_bars_anybody_from_what_everybody_sees() -> Result<()> {
    let mut auditor = Auditor::new()?;
    scenes::public("en", &mut auditor).await?;
    auditor.verdict()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_bars_the_recipient_from_editing() -> Result<()> {
    let mut auditor = Auditor::new()?;
    scenes::editing("en", &mut auditor).await?;
    auditor.verdict()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_bars_the_recipient_from_receiving() -> Result<()> {
    let mut auditor = Auditor::new()?;
    scenes::receiving("en", &mut auditor).await?;
    auditor.verdict()
}
