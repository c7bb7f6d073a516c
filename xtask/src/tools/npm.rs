//! Tools published as npm packages, in a directory of their own inside the checkout.
//! No package script runs at installation: these two need none.

use super::{BINARYEN, ESBUILD, Tool, system};
use crate::{failure::Outcome, project::Project, shell};

pub(crate) fn tools() -> [Tool; 2] {
    [
        Tool {
            name: "node and npm".to_owned(),
            is_there: Box::new(|project| {
                ["node", "npm"].iter().all(|program| shell::find(project, program).is_some())
            }),
            install: Box::new(|project| system::install(project, &["nodejs", "npm"])),
        },
        Tool {
            name: format!("wasm-opt (binaryen {BINARYEN}) and esbuild {ESBUILD}"),
            is_there: Box::new(|project| has_wasm_opt(project) && has_esbuild(project)),
            install: Box::new(install),
        },
    ]
}

fn install(project: &Project) -> Outcome {
    shell::run(
        shell::command(project, "npm")
            .arg("install")
            .arg("--prefix")
            .arg(project.tools().join("npm"))
            .args(["--no-save", "--no-audit", "--no-fund", "--ignore-scripts"])
            .args(["--loglevel=error", "--no-progress"])
            .arg(format!("binaryen@{BINARYEN}"))
            .arg(format!("esbuild@{ESBUILD}")),
    )
}

/// wasm-opt names only the major version: "wasm-opt version 132 (version_132)".
fn has_wasm_opt(project: &Project) -> bool {
    let wanted = BINARYEN.split('.').next();
    shell::ask(shell::command(project, "wasm-opt").arg("--version"))
        .is_some_and(|answer| answer.split_whitespace().nth(2) == wanted)
}

fn has_esbuild(project: &Project) -> bool {
    shell::ask(shell::command(project, "esbuild").arg("--version"))
        .is_some_and(|answer| answer.trim() == ESBUILD)
}
