//! Makes what other people's pages load: the tag's script under its own name and under one that changes
//! with its content, and the list of their digests. It knows esbuild and the catalogue's files, and nothing
//! of the page that the tag's frame shows.

use std::{fs, path::Path};

use serde_json::{Map, Value, json};

use super::bundle::{files_below, minify_with};
use super::files::File;
use crate::{
    failure::{About as _, Failure, Outcome},
    project::Project,
};

/// Below `public/`, as the other names here.
const LOADER: &str = "embed/v1.js";
const INTEGRITY: &str = "embed/integrity.json";

/// What the tag says by itself, until its frame speaks: message by the name that the script knows it by.
const WORDS: [(&str, &str); 3] =
    [("title", "embed.title"), ("loading", "embed.loading"), ("failed", "embed.failed")];

/// Whether a file of `public/` is one of those that are made here.
pub(super) fn is_ours(name: &str) -> bool {
    name == LOADER
}

/// Whether a file of `public/` is the tag's script as an earlier release served it, for pages that name it
/// by its digest. It is served byte for byte.
pub(super) fn is_released(name: &str) -> bool {
    name.starts_with("embed/v1.") && name.ends_with(".js") && name != LOADER
}

/// `inline` is the script that the tag loads where it shows no frame.
pub(super) fn files(project: &Project, inline: &File) -> Outcome<Vec<File>> {
    let words = words(&project.path("locales"))?;
    let path = project.path("public").join(LOADER);
    let loader = fs::read(&path).about("read", &path)?;
    let names = [
        format!("--define:DOORSTEP_WORDS={words}"),
        format!("--define:DOORSTEP_INLINE=\"../{}\"", inline.path),
    ];
    let loader = minify_with(project, loader, &names)?;
    let versioned = File::versioned("embed/v1", "js", loader.clone());
    let loader = File::public(LOADER.to_owned(), loader);
    let integrity = integrity(&versioned, &[&loader, &versioned, inline]);
    Ok(vec![versioned, loader, integrity])
}

/// `{ "latest": "/embed/v1.….js", "files": { "/embed/v1.….js": "sha384-…", … } }`
fn integrity(latest: &File, files: &[&File]) -> File {
    let url = |file: &File| format!("/{}", file.path);
    let files: Map<String, Value> = files.iter().map(|file| (url(file), file.integrity().into())).collect();
    let text = format!("{:#}\n", json!({"latest": url(latest), "files": files}));
    File::public(INTEGRITY.to_owned(), text.into_bytes())
}

/// The tag's words in every language, by file: `{"en": {"title": "…", …}, …}`.
fn words(locales: &Path) -> Outcome<Value> {
    let mut all = Map::new();
    for path in files_below(locales)? {
        let text = fs::read_to_string(&path).about("read", &path)?;
        let messages: Value = serde_json::from_str(&text)
            .map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
        let language = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let words: Map<String, Value> = WORDS
            .iter()
            .filter_map(|(name, key)| Some(((*name).to_owned(), messages.get(key)?.clone())))
            .collect();
        // A region's file holds only what it says otherwise than its language.
        if !words.is_empty() {
            all.insert(language, words.into());
        }
    }
    Ok(all.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_made_here_are_told_from_released_ones() {
        assert!(is_ours("embed/v1.js") && !is_ours("embed/v1.d.ts"));
        assert!(is_released("embed/v1.0123456789ab.js"));
        for other in ["embed/v1.js", "embed/v1.d.ts", "v1.0123456789ab.js"] {
            assert!(!is_released(other), "{other}");
        }
    }

    #[test]
    fn the_digests_of_both_names_are_one() {
        let versioned = File::versioned("embed/v1", "js", b"1".to_vec());
        let list = integrity(&versioned, &[&File::public(LOADER.to_owned(), b"1".to_vec()), &versioned]);
        let list: Value = serde_json::from_slice(&list.bytes).unwrap();
        let latest = list["latest"].as_str().unwrap();
        assert!(latest.starts_with("/embed/v1.") && latest.ends_with(".js"), "{latest}");
        assert_eq!(list["files"][latest], list["files"]["/embed/v1.js"]);
        assert!(list["files"][latest].as_str().unwrap().starts_with("sha384-"));
    }
}
