//! Where in a mapping something is wrong: turns the places of values into lines and columns, and
//! gathers all complaints so that one look mends them all.

use std::fmt;
use std::ops::Range;

/// Everything that is wrong with a mapping, in the order in which it stands there.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub struct MappingErrors(Vec<String>);

impl fmt::Display for MappingErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

/// A mapping's text, to find lines in.
#[derive(Debug)]
pub(super) struct Located {
    name: String,
    text: String,
}

impl Located {
    pub(super) fn new(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), text: text.to_owned() }
    }

    /// A single complaint.
    pub(super) fn error(&self, span: Option<Range<usize>>, message: &str) -> MappingErrors {
        MappingErrors(vec![self.line(span, message)])
    }

    /// A place to gather complaints.
    pub(super) fn collect(&self) -> Problems<'_> {
        Problems { located: self, found: Vec::new() }
    }

    fn line(&self, span: Option<Range<usize>>, message: &str) -> String {
        let Some(before) = span.and_then(|span| self.text.get(..span.start)) else {
            return format!("{}: {message}", self.name);
        };
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        format!("{}:{line}:{column}: {message}", self.name)
    }
}

/// Complaints about one mapping.
#[derive(Debug)]
pub(super) struct Problems<'a> {
    located: &'a Located,
    found: Vec<(usize, String)>,
}

impl Problems<'_> {
    /// About the value at `span`.
    pub(super) fn at(&mut self, span: Range<usize>, message: impl fmt::Display) {
        self.found.push((span.start, self.located.line(Some(span), &message.to_string())));
    }

    /// About the mapping as a whole.
    pub(super) fn about(&mut self, message: impl fmt::Display) {
        self.found.push((usize::MAX, self.located.line(None, &message.to_string())));
    }

    /// `made`, when nothing was found wrong.
    pub(super) fn none_or<T>(mut self, made: Option<T>) -> Result<T, MappingErrors> {
        match made {
            Some(made) if self.found.is_empty() => Ok(made),
            _ => {
                self.found.sort();
                Err(MappingErrors(self.found.into_iter().map(|(_, message)| message).collect()))
            }
        }
    }
}
