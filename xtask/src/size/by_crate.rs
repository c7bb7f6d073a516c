//! What each crate costs in the module, by the names of its functions.
//! A shared generic counts for the crate that wrote it, so read it as a hint of where to look.

use std::{collections::BTreeMap, fs};

use super::wasm;
use crate::{
    failure::{About as _, Outcome},
    progress::grouped,
    project::Project,
    shell,
    site::{Artefact, FEATURES},
};

/// Optimises the module as the page's is, but keeps the names that the page does without.
pub(crate) fn print(project: &Project, artefact: Artefact) -> Outcome {
    let named = artefact.named(project);
    let optimised = named.with_extension("optimised.wasm");
    shell::run(
        shell::command(project, "wasm-opt")
            .args(["-Oz", "--debuginfo"])
            .args(FEATURES)
            .arg(&named)
            .arg("-o")
            .arg(&optimised),
    )?;
    let module = fs::read(&optimised).about("read", &optimised)?;
    let mut crates: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let mut code = 0;
    for function in wasm::functions(&module)? {
        let name = function.name.as_deref().map_or_else(|| "(no name)".to_owned(), crate_of);
        let (functions, bytes) = crates.entry(name).or_default();
        *functions += 1;
        *bytes += function.bytes;
        code += function.bytes;
    }
    let mut rows: Vec<_> = crates.into_iter().collect();
    rows.sort_by_key(|(_, (_, bytes))| std::cmp::Reverse(*bytes));
    println!(
        "{:>10} {:>6} {:>10}  crate, in the wasm of the {} (code, before compression)",
        "bytes",
        "share",
        "functions",
        artefact.name()
    );
    for (name, (functions, bytes)) in rows {
        let share = 100.0 * bytes as f64 / code.max(1) as f64;
        println!("{:>10} {share:>5.1}% {functions:>10}  {name}", grouped(bytes));
    }
    println!("{:>10} {:>6} {:>10}  all code", grouped(code), "", "");
    Ok(())
}

/// The crate that a function's path begins with: of `<T as Trait>::method` that of `T`.
fn crate_of(name: &str) -> String {
    let demangled = format!("{:#}", rustc_demangle::demangle(name));
    let mut path = demangled.as_str();
    loop {
        let stripped = ["<", "&", "[", "(", "*", "mut ", "const ", "dyn ", "impl "]
            .iter()
            .find_map(|prefix| path.strip_prefix(prefix));
        match stripped {
            Some(rest) => path = rest.trim_start(),
            None => break,
        }
    }
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let end = path.find(|character| !is_part(character)).unwrap_or(path.len());
    let (first, rest) = path.split_at(end);
    // With a disambiguator: `alloc[1a2b]::vec::…`.
    let rest = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(rest, |(_, rest)| rest);
    if rest.starts_with("::") && !first.is_empty() {
        first.to_owned()
    } else {
        "(glue and closures)".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crate_is_found_in_every_shape_of_name() {
        for (name, expected) in [
            ("leptos::mount::mount_to_body", "leptos"),
            ("<alloc::vec::Vec<T> as core::ops::Drop>::drop", "alloc"),
            ("<&mut serde_json::Deserializer<R>>::end", "serde_json"),
            ("_ZN4core3fmt5write17h0123456789abcdefE", "core"),
            ("<alloc[1a2b]::string::String>::push", "alloc"),
            ("__wbindgen_malloc", "(glue and closures)"),
            ("", "(glue and closures)"),
        ] {
            assert_eq!(crate_of(name), expected, "{name}");
        }
    }
}
