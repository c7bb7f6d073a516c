//! Tools compiled from their published crates into the checkout.
//! They run for under a second a build, so they are compiled to be ready soon rather than to run fast:
//! unoptimised they cost half the time of the lowest level of optimising.

use std::fs;

use super::{GECKODRIVER, TRUNK, Tool, lockfile};
use crate::{failure::Outcome, progress, project::Project, shell};

pub(crate) fn tools(project: &Project) -> Outcome<[Tool; 2]> {
    let bindgen = lockfile::version_in(project, "wasm-bindgen")?;
    Ok([tool("trunk", "trunk", TRUNK.to_owned()), tool("wasm-bindgen-cli", "wasm-bindgen", bindgen)])
}

/// Firefox's driver, which Debian does not package.
pub(crate) fn geckodriver() -> Tool {
    tool("geckodriver", "geckodriver", GECKODRIVER.to_owned())
}

fn tool(package: &'static str, program: &'static str, version: String) -> Tool {
    let wanted = version.clone();
    Tool {
        name: format!("{package} {version} (compiled once, about two minutes)"),
        is_there: Box::new(move |project| {
            shell::ask(shell::command(project, program).arg("--version"))
                .is_some_and(|answer| names_version(&answer, &wanted))
        }),
        install: Box::new(move |project| install(project, package, &version)),
    }
}

/// First with the versions its authors tested, then, where one of those was withdrawn, with current ones.
fn install(project: &Project, package: &str, version: &str) -> Outcome {
    let locked = shell::run(cargo_install(project, package, version).arg("--locked"));
    let installed = locked.or_else(|_| {
        progress::note("the author's lock file does not resolve any more; again without it");
        shell::run(&mut cargo_install(project, package, version))
    });
    // Hundreds of megabytes that nothing reads again.
    let _ = fs::remove_dir_all(build_directory(project));
    installed
        .map_err(|failure| failure.mend(format!("`cargo install {package} --version {version}`, then again")))
}

fn cargo_install(project: &Project, package: &str, version: &str) -> std::process::Command {
    let mut command = shell::command(project, "cargo");
    command
        .args(["install", package, "--version", version, "--force", "--quiet"])
        .arg("--root")
        .arg(project.tools())
        .env("CARGO_TARGET_DIR", build_directory(project))
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
        .env("CARGO_PROFILE_RELEASE_STRIP", "symbols");
    command
}

fn build_directory(project: &Project) -> std::path::PathBuf {
    project.tools().join("build")
}

fn names_version(answer: &str, wanted: &str) -> bool {
    answer.split_whitespace().any(|word| word == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_must_match_whole() {
        assert!(names_version("trunk 0.21.14\n", "0.21.14"));
        assert!(!names_version("trunk 0.21.14\n", "0.21.1"));
        assert!(names_version("wasm-bindgen 0.2.130 (abc)", "0.2.130"));
    }
}
