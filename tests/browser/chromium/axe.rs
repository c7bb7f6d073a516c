//! axe-core in the page that is looked at: what it finds there against WCAG 2.2, A and AA.

use anyhow::{Context as _, Result};
use harness::browser::Browser;
use serde_json::json;

/// Where `cargo xtask setup` puts it.
const AXE: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../target/tools/npm/node_modules/axe-core/axe.min.js");

const RULES: &str = "const done = arguments[arguments.length - 1];
    axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}).then(
        (found) => done(found.violations.flatMap((v) => v.nodes.map((n) => `${v.id} ${n.target} ${n.failureSummary}`))),
        (error) => done([`axe: ${error}`]));";

/// The program's text.
pub(super) struct Axe(String);

impl Axe {
    pub(super) fn read() -> Result<Self> {
        Ok(Self(std::fs::read_to_string(AXE).context("axe-core: `cargo xtask setup` installs it")?))
    }

    /// What it finds in the page as it appears now.
    pub(super) async fn finds(&self, page: &Browser) -> Result<Vec<String>> {
        if page.run("return typeof axe").await? == json!("undefined") {
            page.run(&self.0).await?;
        }
        let found = page.session().execute_async(RULES, Vec::new()).await?;
        let found = found.as_array().context("axe answers with a list")?;
        Ok(found.iter().map(|one| one.as_str().unwrap_or_default().to_owned()).collect())
    }
}
