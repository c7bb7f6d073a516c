//! Why a command stopped, and the step that mends it.
//! It knows nothing of the commands themselves.

use std::{fmt, io, path::Path};

pub(crate) type Outcome<T = ()> = Result<T, Failure>;

/// What went wrong in one sentence, and what the reader can do about it.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    mend: Option<String>,
}

impl Failure {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), mend: None }
    }

    /// For a command whose own report says everything already.
    pub(crate) fn told() -> Self {
        Self { what: String::new(), mend: None }
    }

    pub(crate) fn is_told(&self) -> bool {
        self.what.is_empty()
    }

    /// Adds the mending step, unless a cause deeper down already named a closer one.
    pub(crate) fn mend(mut self, step: impl Into<String>) -> Self {
        self.mend.get_or_insert_with(|| step.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        match &self.mend {
            Some(step) => write!(f, "\n  to mend it: {step}"),
            None => Ok(()),
        }
    }
}

/// Names the file in errors that would otherwise only say "not found".
pub(crate) trait About<T> {
    fn about(self, doing: &str, path: &Path) -> Outcome<T>;
}

impl<T> About<T> for io::Result<T> {
    fn about(self, doing: &str, path: &Path) -> Outcome<T> {
        self.map_err(|error| Failure::new(format!("could not {doing} {}: {error}", path.display())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_mending_step_wins() {
        let failure = Failure::new("no npm").mend("install npm").mend("run setup");
        assert_eq!(failure.to_string(), "no npm\n  to mend it: install npm");
    }
}
