//! Builds again on every change and restarts the samples.
//! It watches by looking: no watcher library, and it works on every file system.

use std::{
    ffi::OsString,
    fs, io,
    path::Path,
    process::Child,
    thread,
    time::{Duration, Instant, SystemTime},
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

const STOPS_WITHIN: Duration = Duration::from_secs(5);

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
    if let Some(old) = old {
        stop(project, old);
    }
    shell::command(project, project.server_binary("debug"))
        .arg("demo")
        .args(flags)
        .spawn()
        .map_err(|error| Failure::new(format!("the server does not start: {error}")))
}

/// Asks first, so that the server removes its temporary database; then insists.
fn stop(project: &Project, mut server: Child) {
    let _ = shell::ask(shell::command(project, "kill").arg(server.id().to_string()));
    let patience = Instant::now() + STOPS_WITHIN;
    while Instant::now() < patience {
        if !matches!(server.try_wait(), Ok(None)) {
            return;
        }
        thread::sleep(Duration::from_millis(20));
    }
    // It may end by itself in between; then there is nothing to kill.
    let _ = server.kill();
    let _ = server.wait();
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
