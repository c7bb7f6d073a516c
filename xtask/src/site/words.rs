//! The widget's words: one file a language, the messages in the catalogue's order, one a line. The widget
//! holds none of them and reads the one that its page names. Knows the catalogue's files, and nothing of
//! what they say.

#[path = "../../../model/locales.rs"]
mod locales;

use super::files::File;
use crate::{
    failure::{Failure, Outcome},
    project::Project,
};

pub(super) fn files(project: &Project) -> Outcome<Vec<File>> {
    let all = locales::read_all(&project.path("locales")).map_err(Failure::new)?;
    let lines = |messages: &locales::Messages| messages.values().cloned().collect::<Vec<_>>().join("\n");
    Ok(all.iter().map(|(tag, messages)| File::words(tag, lines(messages).into_bytes())).collect())
}

/// The messages' keys, in the order of their lines.
pub(super) fn keys(project: &Project) -> Outcome<Vec<String>> {
    let mut all = locales::read_all(&project.path("locales")).map_err(Failure::new)?;
    Ok(all.remove(locales::ENGLISH).unwrap_or_default().into_keys().collect())
}
