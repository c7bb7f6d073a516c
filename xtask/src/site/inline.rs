//! Makes the script that shows the widget in somebody else's page itself: with the module of what is embedded, the
//! page's styles as a shadow root takes them, and where each language's words are. The tag's script loads it when
//! it is needed. It knows esbuild, and nothing of the tag.

use std::fs;

use serde_json::{Map, Value};

use super::bundle::{bundled, minify};
use super::files::{File, Role};
use super::shadow;
use super::trunk::Artefact;
use crate::{
    failure::{About as _, Outcome},
    project::Project,
};

/// Below `public/`.
const SCRIPT: &str = "embed/inline.js";
const STYLE: &str = "embed/inline.css";

/// Whether a file of `public/` is one of those that are made here.
pub(super) fn is_ours(name: &str) -> bool {
    name == SCRIPT || name == STYLE
}

pub(super) fn script(project: &Project, module: &File, style: &File, words: &[File]) -> Outcome<File> {
    let sheet = Artefact::Embed.directory(project).join("inline.css");
    let own = project.path("public").join(STYLE);
    let mut text = minify(project, "css", fs::read(&own).about("read", &own)?, &[])?;
    text.extend(shadow::of(&String::from_utf8_lossy(&style.bytes)).into_bytes());
    fs::write(&sheet, text).about("write", &sheet)?;
    let texts: Map<String, Value> =
        words.iter().filter_map(|file| Some((file.language()?.to_owned(), file.beside().into()))).collect();
    let names = [
        format!("--alias:doorstep-style={}", sheet.display()),
        "--loader:.css=text".to_owned(),
        format!("--define:DOORSTEP_WASM_INTEGRITY=\"{}\"", module.integrity()),
        format!("--define:DOORSTEP_TEXTS={}", Value::from(texts)),
    ];
    let bytes = bundled(project, Artefact::Embed, SCRIPT, module, &names)?;
    Ok(File::hashed(Role::Inline, "js", bytes))
}
