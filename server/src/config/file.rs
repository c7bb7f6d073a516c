//! The TOML file of settings. Every value is read as the text that its flag would take, so that a setting
//! has one syntax wherever it stands.

use std::fmt::{Display, Write as _};
use std::path::Path;
use std::str::FromStr;

use anyhow::{Context as _, bail};
use toml::{Table, Value};

/// What of a file has not been taken yet.
#[derive(Default)]
pub(super) struct File {
    values: Table,
    name: String,
}

/// Reads the file at `path`.
pub(super) fn read(path: &Path) -> anyhow::Result<File> {
    let name = path.display().to_string();
    let text =
        std::fs::read_to_string(path).with_context(|| format!("the settings in {name} cannot be read"))?;
    let values = text.parse().with_context(|| format!("{name} is no TOML"))?;
    Ok(File { values, name })
}

impl File {
    /// The value at `key`, where there is one.
    pub(super) fn take<T: FromStr>(&mut self, key: &str) -> anyhow::Result<Option<T>>
    where
        T::Err: std::error::Error + Send + Sync + 'static,
    {
        let Some(value) = self.values.remove(key) else { return Ok(None) };
        let place = || format!("{key} in {}", self.name);
        let text = text(&value).with_context(place)?;
        text.parse().map(Some).with_context(place)
    }

    /// Checks that nothing is left.
    pub(super) fn finish(self, known: &[String]) -> anyhow::Result<()> {
        if let Some(unknown) = self.values.keys().next() {
            bail!("{unknown} in {} is no setting; there are {}", self.name, known.join(", "));
        }
        Ok(())
    }
}

/// A scalar as text; a list with commas between.
fn text(value: &Value) -> anyhow::Result<String> {
    Ok(match value {
        Value::String(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Boolean(true) => "on".to_owned(),
        Value::Boolean(false) => "off".to_owned(),
        Value::Array(list) => list.iter().map(text).collect::<Result<Vec<_>, _>>()?.join(","),
        _ => bail!("must be a text, a whole number, true, false or a list of these"),
    })
}

/// Writes one setting with its documentation.
pub(super) fn write(into: &mut String, key: &str, doc: &[&str], value: &impl Display) {
    if !into.is_empty() {
        into.push('\n');
    }
    for line in doc {
        let _ = writeln!(into, "#{line}");
    }
    let _ = writeln!(into, "{key} = {}", Value::String(value.to_string()));
}
