//! Turns `locales/*.json` into the catalogue's methods and tables. Fails the build, naming file and
//! key, on a missing or extra message and on holes that differ from the English ones.

mod locales;

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use locales::{ENGLISH, Messages, holes};

/// The messages that put together one thing, a date or a clock, rather than a sentence around things.
const WHOLE: &str = "time.";

fn main() {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../locales");
    println!("cargo::rerun-if-changed={}", folder.display());
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales.rs");
    let all = locales::read_all(&folder).unwrap_or_else(|wrong| panic!("{wrong}"));
    let english = all.get(ENGLISH).unwrap_or_else(|| panic!("locales/{ENGLISH}.json is missing"));
    let mut code = methods(english);
    code.push_str("impl Catalogue {\n");
    let mut list = String::new();
    for (tag, messages) in &all {
        let name = if tag == ENGLISH { "ENGLISH".to_owned() } else { tag.to_uppercase().replace('-', "_") };
        let texts: Vec<String> = messages.values().map(|text| format!("{text:?}")).collect();
        let _ = writeln!(
            code,
            "    /// `locales/{tag}.json`.\n    pub const {name}: Self = Self {{ texts: &[{}] }};",
            texts.join(", ")
        );
        let _ = write!(list, "({tag:?}, Self::{name}), ");
    }
    let _ = writeln!(
        code,
        "    /// Every language there is, by the name of its file.\n    \
         pub const ALL: [(&'static str, Self); {}] = [{list}];\n}}",
        all.len()
    );
    let out = Path::new(&env::var("OUT_DIR").unwrap_or_default()).join("catalogue.rs");
    fs::write(&out, code).unwrap_or_else(|e| panic!("{}: {e}", out.display()));
}

fn methods(english: &Messages) -> String {
    let mut code =
        format!("/// How many messages there are.\npub const MESSAGES: usize = {};\n\n", english.len());
    code.push_str("impl Catalogue {\n");
    for (index, (key, text)) in english.iter().enumerate() {
        let name = key.replace('.', "_");
        let names = holes(text);
        if names.is_empty() {
            let _ = writeln!(
                code,
                "    /// `{key}`: \"{text}\"\n    pub fn {name}(&self) -> &'static str {{ self.texts[{index}] }}"
            );
        } else {
            let arguments: String = names.iter().map(|hole| format!(", {hole}: &str")).collect();
            let pairs: Vec<String> = names.iter().map(|hole| format!("({hole:?}, {hole})")).collect();
            let fill = if key.starts_with(WHOLE) { "fill" } else { "fill_apart" };
            let _ = writeln!(
                code,
                "    /// `{key}`: \"{text}\"\n    pub fn {name}(&self{arguments}) -> String {{ self.{fill}({index}, &[{}]) }}",
                pairs.join(", ")
            );
        }
    }
    code.push_str("}\n\n");
    code
}
