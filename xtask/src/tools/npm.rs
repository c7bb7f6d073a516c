//! Tools published as npm packages, in a directory of their own inside the checkout.
//! No package script runs at installation: these need none.

use std::fs;

use super::{AXE, BINARYEN, ESBUILD, TYPESCRIPT, Tool, system};
use crate::{failure::Outcome, project::Project, shell};

/// What is installed, in one go: npm takes away what an installation does not name.
const PACKAGES: &[(&str, &str)] =
    &[("binaryen", BINARYEN), ("esbuild", ESBUILD), ("axe-core", AXE), ("typescript", TYPESCRIPT)];

pub(crate) fn tools() -> [Tool; 2] {
    let names: Vec<_> = PACKAGES.iter().map(|(name, version)| format!("{name} {version}")).collect();
    [
        Tool {
            name: "node and npm".to_owned(),
            is_there: Box::new(|project| {
                ["node", "npm"].iter().all(|program| shell::find(project, program).is_some())
            }),
            install: Box::new(|project| system::install(project, &["nodejs", "npm"])),
        },
        Tool {
            name: names.join(", "),
            is_there: Box::new(|project| PACKAGES.iter().all(|package| has(project, package))),
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
            .args(PACKAGES.iter().map(|(name, version)| format!("{name}@{version}"))),
    )
}

fn has(project: &Project, (name, version): &(&str, &str)) -> bool {
    let description = project.tools().join("npm/node_modules").join(name).join("package.json");
    fs::read(description).is_ok_and(|text| version_of(&text).is_some_and(|installed| installed == *version))
}

fn version_of(description: &[u8]) -> Option<String> {
    let description: serde_json::Value = serde_json::from_slice(description).ok()?;
    description["version"].as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_says_its_version() {
        assert_eq!(version_of(br#"{"name": "esbuild", "version": "0.28.2"}"#).as_deref(), Some("0.28.2"));
        assert_eq!(version_of(b"{}"), None);
        assert_eq!(version_of(b"half a file {"), None);
    }
}
