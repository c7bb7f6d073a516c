//! Makes Trunk's output smaller without changing what it does: what no page calls is dropped, names that only
//! glue and module know become short, and wasm-opt goes over the rest. wasm-bindgen's names hold hashes, which
//! do not compress, and dependencies export whole classes that a page never makes. It knows how wasm-bindgen
//! writes its glue, and nothing of what the widget is.

use std::{collections::BTreeSet, fs, path::PathBuf};

use serde_json::{Map, Value};

use super::trunk::Artefact;
use crate::{
    failure::{About as _, Failure, Outcome},
    project::Project,
    shell,
    wasm::Module,
};

const GLUE: &str = "doorstep-widget.js";
const MODULE: &str = "doorstep-widget_bg.wasm";

/// As wasm-bindgen calls the glue's side of the module.
const SIDE: &str = "./doorstep-widget_bg.js";

/// What is known to glue and module alone, by the beginnings of wasm-bindgen's names.
const INNER: &str = "^(__wbg_|__wbindgen_|__externref_|wasm_bindgen_)";

/// Named, because a module stripped of its names no longer says which features it uses.
pub(crate) const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Both are in the artefact's folder afterwards, and the module with the names of its functions beside them.
pub(super) fn shrink(project: &Project, artefact: Artefact) -> Outcome {
    let folder = artefact.directory(project);
    let path = folder.join(MODULE);
    let mut module = fs::read(&path).about("read", &path)?;
    let glue = folder.join(GLUE);
    let text = fs::read_to_string(&glue).about("read", &glue)?;
    // Nor is one kept by what would free it.
    let mut text = text.replace("new FinalizationRegistry", "/* @__PURE__ */ new FinalizationRegistry");
    let work = Work { project, artefact, glue: folder.join("pruned.js") };
    // What is not imported needs no glue, and what no glue calls needs no import.
    loop {
        let called = work.bundled(&text, &[])?;
        let called: BTreeSet<_> = identifiers(&called).collect();
        let keep = |name| called.contains(name).then_some(name);
        module = Module::read(&module)?.renamed(None, keep)?;
        module = work.optimised(&module, &["--remove-unused-module-elements", "--debuginfo"])?;
        let imports: BTreeSet<_> = Module::read(&module)?.imports()?.into_iter().collect();
        let pruned = without(&text, &imports);
        if pruned == text {
            break;
        }
        text = pruned;
    }
    let named = artefact.named(project);
    fs::write(&named, &module).about("write", &named)?;

    let module = work.optimised(&module, &["-Oz", "--strip-debug", "--strip-producers"])?;
    let module = Module::read(&module)?;
    let text = without(&text, &module.imports()?.into_iter().collect()).replace(SIDE, "w");
    let cache = folder.join("names.json");
    fs::write(&cache, "{}").about("write", &cache)?;
    let mangle = [format!("--mangle-props={INNER}"), format!("--mangle-cache={}", cache.display())];
    let text = work.bundled(&text, &mangle)?;
    let names = fs::read(&cache).about("read", &cache)?;
    let names: Map<String, Value> = serde_json::from_slice(&names)
        .map_err(|error| Failure::new(format!("{}: {error}", cache.display())))?;
    let short = |name| Some(names.get(name).and_then(Value::as_str).unwrap_or(name));
    let module = module.renamed(Some("w"), short)?;
    for (path, bytes) in [(artefact.glue(project), text.into_bytes()), (artefact.module(project), module)] {
        fs::write(&path, bytes).about("write", &path)?;
    }
    Ok(())
}

/// Leaves both as they are, where a build is to be quick.
pub(super) fn leave(project: &Project, artefact: Artefact) -> Outcome {
    let folder = artefact.directory(project);
    let files = [(GLUE, artefact.glue(project)), (MODULE, artefact.module(project))];
    for (name, path) in files {
        fs::copy(folder.join(name), &path).about("copy to", &path)?;
    }
    Ok(())
}

struct Work<'a> {
    project: &'a Project,
    artefact: Artefact,
    glue: PathBuf,
}

impl Work<'_> {
    /// The glue `text` with nothing in it but what the artefact's own exports need.
    fn bundled(&self, text: &str, more: &[String]) -> Outcome<String> {
        fs::write(&self.glue, text).about("write", &self.glue)?;
        let entry = format!("export {{ {} }} from \"glue\"", self.artefact.exports().join(", "));
        let bundled = shell::filter(
            shell::command(self.project, "esbuild")
                .arg(format!("--alias:glue={}", self.glue.display()))
                // A class that nobody makes is kept by what is said about it where it is defined.
                .args(["--define:Symbol.dispose=false", "--minify-syntax"])
                .args(["--bundle", "--format=esm", "--log-level=error"])
                .args(more),
            entry.into_bytes(),
        )?;
        String::from_utf8(bundled).map_err(|error| Failure::new(format!("esbuild writes no text: {error}")))
    }

    fn optimised(&self, module: &[u8], passes: &[&str]) -> Outcome<Vec<u8>> {
        let [before, after] = ["before", "after"].map(|name| self.glue.with_file_name(name));
        fs::write(&before, module).about("write", &before)?;
        shell::run(
            shell::command(self.project, "wasm-opt")
                .args(passes)
                .args(FEATURES)
                .arg(&before)
                .arg("-o")
                .arg(&after),
        )?;
        fs::read(&after).about("read", &after)
    }
}

fn identifiers(script: &str) -> impl Iterator<Item = &str> {
    script.split(|character: char| !character.is_ascii_alphanumeric() && !matches!(character, '_' | '$'))
}

/// The glue without the functions that the module does not import. Each stands there as
/// `        name: function(…) {`, until `        },` or `        }, arguments); },`.
fn without(glue: &str, imports: &BTreeSet<String>) -> String {
    let mut dropping = false;
    let kept = glue.split_inclusive('\n').filter(|line| {
        let function = line.strip_prefix("        ").and_then(|line| line.split_once(": function("));
        if let Some((name, _)) = function.filter(|(name, _)| identifiers(name).eq([*name])) {
            dropping = !imports.contains(name);
        }
        let drops = dropping;
        dropping &= !line.starts_with("        },");
        !drops
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "\
    const import0 = {
        __wbg_kept_1: function(arg0) {
            return { a: function(b) {} };
        },
        __wbg_dropped_2: function() { return handleError(function (arg0) {
            if (arg0) {
                wasm.f();
            }
        }, arguments); },
        __wbg_kept_3: function() { return handleError(function (arg0) {
        }, arguments); },
    };
";

    #[test]
    fn only_what_is_not_imported_falls_away() {
        let imports = ["__wbg_kept_1", "__wbg_kept_3"].map(str::to_owned).into();
        let pruned = without(SCRIPT, &imports);
        assert!(!pruned.contains("dropped") && !pruned.contains("wasm.f"), "{pruned}");
        assert_eq!(pruned.lines().count(), SCRIPT.lines().count() - 5, "{pruned}");
        let all = ["__wbg_kept_1", "__wbg_dropped_2", "__wbg_kept_3"].map(str::to_owned).into();
        assert_eq!(without(SCRIPT, &all), SCRIPT);
    }

    #[test]
    fn identifiers_are_whole() {
        let found: Vec<_> = identifiers("wasm.a_1(b$)").filter(|name| !name.is_empty()).collect();
        assert_eq!(found, ["wasm", "a_1", "b$"]);
    }
}
