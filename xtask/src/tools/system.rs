//! Packages of the operating system, by apt-get where that is the package manager and we may use it.
//! Elsewhere it says what to install instead.

use std::process::Command;

use crate::{
    failure::{Failure, Outcome},
    progress,
    project::Project,
    shell,
};

pub(crate) fn install(project: &Project, packages: &[&str]) -> Outcome {
    let by_hand =
        format!("install {} with your system's package manager, then again", packages.join(" and "));
    if shell::find(project, "apt-get").is_none() {
        return Err(Failure::new("there is no apt-get here").mend(by_hand));
    }
    if !is_root(project) && !may_sudo(project) {
        return Err(Failure::new("installing system packages needs root, and sudo asks for a password")
            .mend(format!("`sudo apt-get install {}`", packages.join(" "))));
    }
    let installed = shell::run(&mut apt_get(project, "install", packages)).or_else(|_| {
        progress::note("the package lists may be stale; again after an update");
        shell::run(&mut apt_get(project, "update", &[]))?;
        shell::run(&mut apt_get(project, "install", packages))
    });
    installed.map_err(|failure| failure.mend(by_hand))
}

fn apt_get(project: &Project, action: &str, packages: &[&str]) -> Command {
    let mut command = if is_root(project) {
        shell::command(project, "apt-get")
    } else {
        let mut sudo = shell::command(project, "sudo");
        sudo.args(["--non-interactive", "apt-get"]);
        sudo
    };
    command.args(["--quiet", "--yes", "-o", "Dpkg::Use-Pty=0", action]);
    if action == "install" {
        command.arg("--no-install-recommends").args(packages);
    }
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn is_root(project: &Project) -> bool {
    shell::ask(shell::command(project, "id").arg("-u")).is_some_and(|id| id.trim() == "0")
}

fn may_sudo(project: &Project) -> bool {
    shell::ask(shell::command(project, "sudo").args(["--non-interactive", "true"])).is_some()
}
