//! Reads `locales/*.json` for whoever makes something of them at build time: the catalogue's methods (this
//! package's build script) and the widget's files of words (`xtask`). Checks that each language says all that
//! English says, with the same holes; knows nothing of what the messages mean.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Message by key. Their order is the catalogue's.
pub(crate) type Messages = BTreeMap<String, String>;

/// The language that the others are held against.
pub(crate) const ENGLISH: &str = "en";

/// In a file: the language of which it holds only what it says differently.
const EXTENDS: &str = "extends";

/// The messages of each language by its tag, or the file and key that are wrong.
pub(crate) fn read_all(locales: &Path) -> Result<BTreeMap<String, Messages>, String> {
    let about = |error: &dyn std::fmt::Display| format!("{}: {error}", locales.display());
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(locales).map_err(|error| about(&error))? {
        let path = entry.map_err(|error| about(&error))?.path();
        let tag = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
        if path.extension().is_some_and(|extension| extension == "json") {
            files.insert(tag, read(&path)?);
        }
    }
    let mut all = BTreeMap::new();
    for (tag, messages) in &files {
        let whole = whole(tag, messages, &files)?;
        if let Some(english) = files.get(ENGLISH) {
            compare(tag, english, &whole)?;
        }
        all.insert(tag.clone(), whole);
    }
    Ok(all)
}

fn read(path: &Path) -> Result<Messages, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

fn whole(tag: &str, messages: &Messages, files: &BTreeMap<String, Messages>) -> Result<Messages, String> {
    let Some(base) = messages.get(EXTENDS) else { return Ok(messages.clone()) };
    let base = files.get(base).filter(|base| !base.contains_key(EXTENDS));
    let mut whole = base.ok_or_else(|| format!("locales/{tag}.json: extends no whole language"))?.clone();
    let own = messages.iter().filter(|(key, _)| *key != EXTENDS);
    whole.extend(own.map(|(key, text)| (key.clone(), text.clone())));
    Ok(whole)
}

/// The names between braces, in the order in which they first stand.
pub(crate) fn holes(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for part in text.split('{').skip(1) {
        let name = part.split('}').next().unwrap_or_default();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn compare(tag: &str, english: &Messages, other: &Messages) -> Result<(), String> {
    let missing: Vec<_> = english.keys().filter(|key| !other.contains_key(*key)).collect();
    let extra: Vec<_> = other.keys().filter(|key| !english.contains_key(*key)).collect();
    if !missing.is_empty() || !extra.is_empty() {
        return Err(format!("locales/{tag}.json: missing {missing:?}, extra {extra:?}"));
    }
    for (key, text) in other {
        let set = |text: &str| holes(text).into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
        let (want, have) = (set(&english[key]), set(text));
        if want != have {
            return Err(format!("locales/{tag}.json: {key:?} has the holes {have:?}, English has {want:?}"));
        }
        // The widget's file of words holds one message a line.
        if text.contains('\n') {
            return Err(format!("locales/{tag}.json: {key:?} has more than one line"));
        }
    }
    Ok(())
}
