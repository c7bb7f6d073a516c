//! Builds again on every change and restarts the samples.
//! It watches by looking: no watcher library, and it works on every file system.

use std::{
    ffi::OsString,
    fs, io,
    path::Path,
    process::Child,
    thread,
    time::{Duration, SystemTime},
};

use crate::{
    demo, dist,
    failure::{Failure, Outcome},
    progress,
    project::Project,
    shell, tools,
    tools::Group,
};

const WATCHED: &[&str] = &[
    "src",
    "model",
    "server",
    "style",
    "public",
    "locales",
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    "index.html",
];

const LOOK_EVERY: Duration = Duration::from_millis(400);

/// Runs until it is stopped. A build that fails leaves the last good server running.
pub(crate) fn watch(project: &Project, flags: Vec<OsString>) -> Outcome {
    tools::ensure(project, &[Group::Build])?;
    let flags = demo::with_address(flags);
    let mut running: Option<Child> = None;
    loop {
        let built_from = newest(project);
        match dist::development(project) {
            Ok(()) => running = Some(restart(project, running.take(), &flags)?),
            Err(failure) => eprintln!("error: {failure}"),
        }
        progress::note("watching for changes; Ctrl-C ends it");
        while newest(project) == built_from {
            thread::sleep(LOOK_EVERY);
        }
    }
}

fn restart(project: &Project, old: Option<Child>, flags: &[OsString]) -> Outcome<Child> {
    if let Some(mut old) = old {
        // It may have ended by itself; then there is nothing to kill.
        let _ = old.kill();
        let _ = old.wait();
    }
    shell::command(project, project.server_binary("debug"))
        .arg("demo")
        .args(flags)
        .spawn()
        .map_err(|error| Failure::new(format!("the server does not start: {error}")))
}

/// Time of the last change and number of files: a deleted file changes no time.
fn newest(project: &Project) -> (SystemTime, u64) {
    let mut seen = (SystemTime::UNIX_EPOCH, 0);
    for watched in WATCHED {
        // Editors replace files while we look; what is missed now is seen by the next look.
        let _ = look(&project.path(watched), &mut seen);
    }
    seen
}

fn look(path: &Path, seen: &mut (SystemTime, u64)) -> io::Result<()> {
    let data = fs::metadata(path)?;
    if data.is_dir() {
        for entry in fs::read_dir(path)? {
            look(&entry?.path(), seen)?;
        }
    } else {
        *seen = (seen.0.max(data.modified()?), seen.1 + 1);
    }
    Ok(())
}
