//! Starts what a reader wants to see at once: the release with live samples, or the load tools.
//! Flags pass through; what they mean is the started program's affair.

use std::ffi::OsString;

use crate::{dist, failure::Outcome, progress, project::Project, shell};

/// Where the samples are shown unless a flag says otherwise.
pub(crate) const ADDRESS: &str = "127.0.0.1:8080";

/// Becomes `doorstep demo`, which prints its links.
pub(crate) fn start(project: &Project, flags: Vec<OsString>) -> Outcome {
    dist::release(project)?;
    progress::note("starting; Ctrl-C ends it");
    let mut command = shell::command(project, project.server_binary("release"));
    command.arg("demo").args(with_address(flags));
    shell::become_program(&mut command)
}

/// Becomes the load tools, built in release.
pub(crate) fn bench(project: &Project, flags: Vec<OsString>) -> Outcome {
    dist::release(project)?;
    progress::step("build the load tools in release", || {
        shell::run(dist::cargo(project).args(["build", "--release", "--package", "doorstep-bench"]))
    })?;
    let name = format!("doorstep-bench{}", std::env::consts::EXE_SUFFIX);
    let mut command = shell::command(project, project.target().join("release").join(name));
    shell::become_program(command.args(flags))
}

/// The server refuses a flag given twice, so ours must give way.
pub(crate) fn with_address(flags: Vec<OsString>) -> Vec<OsString> {
    let is_listen = |flag: &OsString| {
        let flag = flag.to_string_lossy();
        flag == "--listen" || flag.starts_with("--listen=")
    };
    let mut all = Vec::new();
    if !flags.iter().any(is_listen) {
        all.extend(["--listen".into(), ADDRESS.into()]);
    }
    all.extend(flags);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_caller_replaces_ours() {
        let words = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert_eq!(with_address(words("--speed 9")), words("--listen 127.0.0.1:8080 --speed 9"));
        assert_eq!(with_address(words("--listen a:1")), words("--listen a:1"));
        assert_eq!(with_address(words("--listen=a:1")), words("--listen=a:1"));
    }
}
