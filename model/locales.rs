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
    check(&files)
}

/// The same of files that are read.
fn check(files: &BTreeMap<String, Messages>) -> Result<BTreeMap<String, Messages>, String> {
    let mut all = BTreeMap::new();
    for (tag, messages) in files {
        let whole = whole(tag, messages, files)?;
        if let Some(english) = files.get(ENGLISH) {
            compare(tag, english, &whole)?;
        }
        all.insert(tag.clone(), whole);
    }
    Ok(all)
}

fn read(path: &Path) -> Result<Messages, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    parse(&text).map_err(|error| format!("{}: {error}", path.display()))
}

fn parse(text: &str) -> serde_json::Result<Messages> {
    serde_json::from_str(text).map(|Once(messages)| messages)
}

/// Messages each of which is said once: JSON lets a key stand twice, and the later would win in silence.
struct Once(Messages);

impl<'de> serde::Deserialize<'de> for Once {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Once;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("messages by key")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Once, A::Error> {
                let mut messages = Messages::new();
                while let Some((key, text)) = map.next_entry::<String, String>()? {
                    if messages.contains_key(&key) {
                        return Err(serde::de::Error::custom(format_args!("{key:?} stands twice")));
                    }
                    messages.insert(key, text);
                }
                Ok(Once(messages))
            }
        }

        deserializer.deserialize_map(Visitor)
    }
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
        if text.matches('{').count() != text.matches('}').count() {
            return Err(format!("locales/{tag}.json: {key:?} has a brace alone"));
        }
        if text.is_empty() && !english[key].is_empty() {
            return Err(format!("locales/{tag}.json: {key:?} says nothing"));
        }
        // The widget's file of words holds one message a line.
        if text.contains('\n') {
            return Err(format!("locales/{tag}.json: {key:?} has more than one line"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong where English says `{a: "…{x}…", b: "…"}` and German says `german`.
    fn wrong(german: &str) -> String {
        let english = r#"{"a": "with {x}", "b": "plain", "c": ""}"#;
        let read = |text| parse(text).map_err(|error| error.to_string());
        let files = read(english).and_then(|english| {
            Ok(BTreeMap::from([(ENGLISH.to_owned(), english), ("de".to_owned(), read(german)?)]))
        });
        files.and_then(|files| check(&files)).err().unwrap_or_default()
    }

    #[test]
    fn what_english_says_is_said_whole_and_nothing_besides() {
        assert_eq!(wrong(r#"{"a": "mit {x}", "b": "schlicht", "c": ""}"#), "");
        assert_eq!(wrong(r#"{"extends": "en", "a": "mit {x}"}"#), "");
        for (german, says) in [
            (r#"{"a": "mit {x}", "c": ""}"#, r#"locales/de.json: missing ["b"], extra []"#),
            (r#"{"a": "{x}", "b": "b", "c": "", "d": "d"}"#, r#"locales/de.json: missing [], extra ["d"]"#),
            (
                r#"{"a": "mit", "b": "b", "c": ""}"#,
                r#"locales/de.json: "a" has the holes {}, English has {"x"}"#,
            ),
            (
                r#"{"a": "{y}", "b": "b", "c": ""}"#,
                r#"locales/de.json: "a" has the holes {"y"}, English has {"x"}"#,
            ),
            (r#"{"a": "{x", "b": "b", "c": ""}"#, r#"locales/de.json: "a" has a brace alone"#),
            (r#"{"a": "{x}", "b": "", "c": ""}"#, r#"locales/de.json: "b" says nothing"#),
            (r#"{"a": "{x}", "b": "1\n2", "c": ""}"#, r#"locales/de.json: "b" has more than one line"#),
            (r#"{"extends": "fr"}"#, "locales/de.json: extends no whole language"),
        ] {
            assert_eq!(wrong(german), says, "{german}");
        }
        assert!(wrong(r#"{"a": "{x}", "b": "1", "b": "2"}"#).contains(r#""b" stands twice"#));
    }
}
