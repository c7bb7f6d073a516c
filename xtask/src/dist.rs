//! Builds the server with the page inside, for release and for development.
//! It knows that the server takes the page from `DOORSTEP_SITE`, and nothing else of it.

use std::process::Command;

use crate::{failure::Outcome, progress, project::Project, shell, site, site::Recipe, tools, tools::Group};

/// Where the server's build finds the page's files.
pub(crate) const SITE_VARIABLE: &str = "DOORSTEP_SITE";

/// One release binary with the page inside, at `target/release/doorstep`.
pub(crate) fn release(project: &Project) -> Outcome {
    tools::ensure(project, &[Group::Build])?;
    site::build(project, Recipe::Smallest)?;
    progress::step("build the server in release", || server(project, &["--release"]))?;
    progress::note(&format!("{}", project.server_binary("release").display()));
    Ok(())
}

/// The same quickly built, to try changes with.
pub(crate) fn development(project: &Project) -> Outcome {
    site::build(project, Recipe::Quickest)?;
    progress::step("build the server", || server(project, &[]))
}

/// The server around whatever page lies in `target/site`.
pub(crate) fn server(project: &Project, profile: &[&str]) -> Outcome {
    shell::run(
        cargo(project).args(["build", "--package", "doorstep-server", "--bin", "doorstep"]).args(profile),
    )
}

/// Cargo, told of the page in every call: a variable that comes and goes would rebuild the server each time.
pub(crate) fn cargo(project: &Project) -> Command {
    let mut command = shell::command(project, "cargo");
    command.env(SITE_VARIABLE, project.site());
    command
}
