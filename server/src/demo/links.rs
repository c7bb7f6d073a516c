//! Where the demo can be watched and with which keys it can be called: for people on the terminal, for
//! scripts in a file.

use std::fmt;
use std::path::Path;

use anyhow::Context as _;
use serde::Serialize;

/// Everything that one needs to use the demo.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Links {
    /// Where the server answers.
    pub url: String,
    /// A shop's page with the tag in it.
    pub shop: String,
    /// A link a scenario.
    pub links: Vec<Link>,
    /// API keys of the tenant `demo`.
    pub keys: Keys,
}

/// Where one scenario can be watched.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// What it shows.
    pub scenario: String,
    /// Its number, the same in every round.
    pub tracking_id: String,
    /// Its page, as everybody sees it.
    pub url: String,
    /// Its recipient's link. It opens once; `/demo` makes more of them.
    pub recipient_url: String,
    /// The last four digits of the recipient's phone, by which they prove who they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_digits: Option<String>,
}

/// API keys, one a role.
#[derive(Clone, Serialize)]
pub struct Keys {
    /// Creates shipments, reports events, reads all.
    pub manager: String,
    /// Reads.
    pub reader: String,
    /// Reports events and reads what a carrier needs.
    pub carrier: String,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Links {
    /// Writes them as JSON, readable by their owner only; whoever waits for the file sees it whole.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        let failed = || format!("cannot write the links to {}", path.display());
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        // A temporary file is its owner's alone from the beginning.
        let mut file = tempfile::NamedTempFile::new_in(folder).with_context(failed)?;
        serde_json::to_writer_pretty(&mut file, self).with_context(failed)?;
        file.persist(path).with_context(failed)?;
        Ok(())
    }
}

impl fmt::Display for Links {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Doorstep's demo runs at {}\n", self.url)?;
        for link in &self.links {
            writeln!(f, "  {:<32} {}", link.scenario, link.url)?;
        }
        writeln!(f, "\nAs recipient or courier of any of them: {}/demo", self.url)?;
        writeln!(f, "In a shop's page, by the tag:           {}", self.shop)?;
        writeln!(f, "\nAPI keys of the tenant \"demo\":\n")?;
        writeln!(f, "  {:<10} {}", "manager", self.keys.manager)?;
        writeln!(f, "  {:<10} {}", "reader", self.keys.reader)?;
        writeln!(f, "  {:<10} {}\n", "carrier", self.keys.carrier)?;
        writeln!(f, "Ctrl-C ends it.")
    }
}
