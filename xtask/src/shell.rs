//! Runs other programs: quietly for a question, or in the open for work.
//! It knows nothing of what the programs do.

use std::{
    env,
    ffi::{OsStr, OsString},
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

use crate::{
    failure::{Failure, Outcome},
    project::Project,
};

/// A command in the checkout that finds our own tools first.
pub(crate) fn command(project: &Project, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(project.root())
        .stdin(Stdio::null())
        .env("PATH", search_path(project))
        .env("CARGO_TARGET_DIR", project.target());
    // `cargo run` describes the xtask package to its child; build scripts downstream that watch
    // these would see them change with every caller and rebuild.
    for (name, _) in env::vars_os() {
        if is_about_xtask(&name) {
            command.env_remove(name);
        }
    }
    command
}

/// Runs to the end with its output in the open.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|error| not_started(command, &error))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("`{}` failed ({status})", shown(command))))
    }
}

/// Standard output of a command that answers a question; `None` where it is missing or unwilling.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Feeds `input` to a filter and returns what it writes.
pub(crate) fn filter(command: &mut Command, input: Vec<u8>) -> Outcome<Vec<u8>> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| not_started(command, &error))?;
    // A thread of its own: a filter that answers before it has read everything would block us both.
    let feeder = child.stdin.take().map(|mut pipe| thread::spawn(move || pipe.write_all(&input)));
    let output = child.wait_with_output().map_err(|error| not_started(command, &error))?;
    let fed = feeder.is_none_or(|thread| matches!(thread.join(), Ok(Ok(()))));
    if output.status.success() && fed {
        Ok(output.stdout)
    } else {
        Err(Failure::new(format!("`{}` failed", shown(command))))
    }
}

/// Runs in the open and also hands every line of standard output to `line`.
/// The answer says whether the program ended well.
pub(crate) fn run_and_read(command: &mut Command, mut line: impl FnMut(&str)) -> Outcome<bool> {
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| not_started(command, &error))?;
    if let Some(output) = child.stdout.take() {
        each_line(output, |text| {
            println!("{text}");
            line(text);
        });
    }
    let status = child.wait().map_err(|error| not_started(command, &error))?;
    Ok(status.success())
}

/// Becomes the program, so that signals and the exit code are its own.
pub(crate) fn become_program(command: &mut Command) -> Outcome {
    command.stdin(Stdio::inherit());
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        let error = command.exec();
        Err(not_started(command, &error))
    }
    #[cfg(not(unix))]
    run(command)
}

/// Where a program lies on our search path.
pub(crate) fn find(project: &Project, program: &str) -> Option<PathBuf> {
    env::split_paths(&search_path(project))
        .map(|directory| directory.join(program))
        .find(|candidate| is_program(candidate))
}

fn search_path(project: &Project) -> OsString {
    let tools = project.tools();
    let ours = [tools.join("bin"), tools.join("npm/node_modules/.bin")];
    let inherited = env::var_os("PATH").unwrap_or_default();
    let all = ours.into_iter().chain(env::split_paths(&inherited));
    // Joining fails only for a directory with a separator in its name, which no search finds anyway.
    env::join_paths(all).unwrap_or(inherited)
}

fn is_about_xtask(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

fn is_program(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        path.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
    }
    #[cfg(not(unix))]
    path.is_file()
}

/// Invalid UTF-8 must not end the reading: the child would block on a full pipe.
fn each_line(output: impl Read, mut line: impl FnMut(&str)) {
    let mut reader = BufReader::new(output);
    let mut bytes = Vec::new();
    while reader.read_until(b'\n', &mut bytes).is_ok_and(|read| read > 0) {
        line(String::from_utf8_lossy(&bytes).trim_end());
        bytes.clear();
    }
}

fn not_started(command: &Command, error: &std::io::Error) -> Failure {
    Failure::new(format!("could not run `{}`: {error}", shown(command))).mend("cargo xtask setup")
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.take(6).map(|word| word.to_string_lossy().into_owned()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lines_that_are_not_utf8() {
        let mut lines = Vec::new();
        each_line(&b"a\xff\nb"[..], |line| lines.push(line.to_owned()));
        assert_eq!(lines, ["a\u{fffd}", "b"]);
    }

    #[test]
    fn only_what_describes_xtask_is_withheld() {
        assert!(is_about_xtask(OsStr::new("CARGO_PKG_NAME")));
        assert!(!is_about_xtask(OsStr::new("CARGO_HOME")));
        assert!(!is_about_xtask(OsStr::new("CARGO_PROFILE_DEV_DEBUG")));
    }
}
