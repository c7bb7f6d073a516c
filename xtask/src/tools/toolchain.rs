//! The parts of the pinned Rust toolchain: the wasm target, and std's sources to rebuild it for size.
//! It looks into the sysroot, which answers at once and also without rustup.

use std::path::{Path, PathBuf};

use super::{Tool, WASM_TARGET};
use crate::{
    failure::{Failure, Outcome},
    project::Project,
    shell,
};

pub(crate) fn parts() -> [Tool; 2] {
    [
        Tool {
            name: format!("Rust target {WASM_TARGET}"),
            is_there: Box::new(|project| has(project, &format!("lib/rustlib/{WASM_TARGET}/lib"))),
            install: Box::new(|project| rustup(project, &["target", "add", WASM_TARGET])),
        },
        Tool {
            name: "Rust component rust-src".to_owned(),
            is_there: Box::new(|project| has(project, "lib/rustlib/src/rust/library/std/Cargo.toml")),
            install: Box::new(|project| rustup(project, &["component", "add", "rust-src"])),
        },
    ]
}

fn has(project: &Project, inside: &str) -> bool {
    sysroot(project).is_some_and(|root| root.join(inside).exists())
}

fn sysroot(project: &Project) -> Option<PathBuf> {
    let answer = shell::ask(shell::command(project, "rustc").args(["--print", "sysroot"]))?;
    Some(Path::new(answer.trim()).to_owned())
}

fn rustup(project: &Project, arguments: &[&str]) -> Outcome {
    if shell::find(project, "rustup").is_none() {
        return Err(Failure::new("the toolchain lacks a part, and rustup is not here to add it").mend(
            format!(
                "install Rust by rustup, or add to your toolchain what `rustup {}` would",
                arguments.join(" ")
            ),
        ));
    }
    shell::run(shell::command(project, "rustup").args(arguments))
        .map_err(|failure| failure.mend(format!("`rustup {}` in the checkout", arguments.join(" "))))
}
