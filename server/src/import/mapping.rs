//! The mapping: a TOML file that says what each column of a file of orders is. Every column is used once
//! or ignored by name, so that nothing is dropped in silence; whatever does not fit is told with its
//! line before anything is read. Knows nothing of rows or the store.

mod file;
mod locate;
mod plan;
mod used;

use std::path::Path;

pub use locate::MappingErrors;
pub use plan::{EventPlan, Plan, PromisePlan, StatePlan, WordPlan};

use file::File;
use locate::Located;

/// A mapping as it was written, before it has met a file.
#[derive(Debug)]
pub struct Mapping {
    located: Located,
    file: File,
}

impl Mapping {
    /// Reads a mapping.
    ///
    /// # Errors
    /// When the file cannot be read or is no mapping; tells where.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| anyhow::anyhow!("cannot read the mapping {}: {error}", path.display()))?;
        Ok(Self::parse(&path.display().to_string(), &text)?)
    }

    /// Parses a mapping; `name` stands in the errors.
    ///
    /// # Errors
    /// [`MappingErrors`] for what is no TOML or has a key that mappings have not.
    pub fn parse(name: &str, text: &str) -> Result<Self, MappingErrors> {
        let located = Located::new(name, text);
        match toml::from_str(text) {
            Ok(file) => Ok(Self { located, file }),
            Err(error) => Err(located.error(error.span(), error.message())),
        }
    }

    /// The columns that it names, in no order.
    pub fn columns(&self) -> Vec<&str> {
        used::mentions(&self.file).into_iter().map(|mention| mention.as_ref().as_str()).collect()
    }

    /// The delimiter that it names.
    ///
    /// # Errors
    /// [`MappingErrors`] for one that is no single ASCII character.
    pub fn delimiter(&self) -> Result<Option<u8>, MappingErrors> {
        let Some(named) = self.file.file.as_ref().and_then(|file| file.delimiter.as_ref()) else {
            return Ok(None);
        };
        match named.as_ref().as_bytes() {
            [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => Ok(Some(*byte)),
            _ => Err(self.located.error(Some(named.span()), "delimiter must be one ASCII character")),
        }
    }

    /// What to do with each row of a file with this header.
    ///
    /// # Errors
    /// [`MappingErrors`] with everything that does not fit.
    pub fn plan(&self, header: &[String]) -> Result<Plan, MappingErrors> {
        let mut problems = self.located.collect();
        used::check(&self.file, header, &mut problems);
        let plan = plan::make(&self.file, header, &mut problems);
        problems.none_or(plan)
    }
}

#[cfg(test)]
mod tests;
