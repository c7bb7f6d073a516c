//! Turns `locales/*.json` into the catalogue's methods and tables. Fails the build, naming file and
//! key, on a missing or extra message and on holes that differ from the English ones.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

type Messages = BTreeMap<String, String>;

fn main() {
    let locales = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../locales");
    println!("cargo::rerun-if-changed={}", locales.display());
    let english = read(&locales.join("en.json"));
    let mut code = methods(&english);
    let mut tables = String::new();
    let mut paths: Vec<_> = fs::read_dir(&locales)
        .unwrap_or_else(|e| panic!("{}: {e}", locales.display()))
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    paths.sort();
    for path in paths {
        let messages = read(&path);
        compare(&path, &english, &messages);
        let tag = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
        let constant = if tag == "en" { "ENGLISH".to_owned() } else { tag.to_uppercase().replace('-', "_") };
        let texts: Vec<String> = messages.values().map(|text| format!("{text:?}")).collect();
        let _ = writeln!(
            tables,
            "    /// `locales/{tag}.json`.\n    pub const {constant}: Self = Self {{ texts: &[{}] }};",
            texts.join(", ")
        );
    }
    let _ = write!(code, "impl Catalogue {{\n{tables}}}\n");
    let out = Path::new(&env::var("OUT_DIR").unwrap_or_default()).join("catalogue.rs");
    fs::write(&out, code).unwrap_or_else(|e| panic!("{}: {e}", out.display()));
}

fn read(path: &Path) -> Messages {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The names between braces, in the order in which they first stand.
fn holes(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for part in text.split('{').skip(1) {
        let name = part.split('}').next().unwrap_or_default();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn compare(path: &Path, english: &Messages, other: &Messages) {
    let keys = |messages: &Messages| messages.keys().cloned().collect::<BTreeSet<_>>();
    let (ours, theirs) = (keys(english), keys(other));
    let missing: Vec<_> = ours.difference(&theirs).collect();
    let extra: Vec<_> = theirs.difference(&ours).collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "{}: missing {missing:?}, extra {extra:?}",
        path.display()
    );
    for (key, text) in english {
        let set = |text: &str| holes(text).into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
        let (want, have) = (set(text), set(&other[key]));
        assert!(want == have, "{}: {key:?} has the holes {have:?}, English has {want:?}", path.display());
    }
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
            let _ = writeln!(
                code,
                "    /// `{key}`: \"{text}\"\n    pub fn {name}(&self{arguments}) -> String {{ self.fill({index}, &[{}]) }}",
                pairs.join(", ")
            );
        }
    }
    code.push_str("}\n\n");
    code
}
