//! What tests take from PyPI, in an environment of its own inside the checkout: the calendar program's
//! parser that reads our feed as others will, and the verifier that others check our webhooks with.

use super::{ICALENDAR, STANDARDWEBHOOKS, Tool, system};
use crate::{failure::Outcome, project::Project, shell};

/// The packages with their versions.
const PACKAGES: [(&str, &str); 2] = [("icalendar", ICALENDAR), ("standardwebhooks", STANDARDWEBHOOKS)];

pub(crate) fn tool() -> Tool {
    Tool {
        name: format!("{} (Python)", PACKAGES.map(|(name, version)| format!("{name} {version}")).join(", ")),
        is_there: Box::new(is_there),
        install: Box::new(install),
    }
}

fn is_there(project: &Project) -> bool {
    PACKAGES.iter().all(|(name, version)| {
        let script = format!("import importlib.metadata as m; print(m.version({name:?}))");
        let mut ask = shell::command(project, python(project));
        shell::ask(ask.args(["-c", &script])).is_some_and(|answer| answer.trim() == *version)
    })
}

fn install(project: &Project) -> Outcome {
    if shell::find(project, "python3").is_none() || !has_venv(project) {
        system::install(project, &["python3", "python3-venv"])?;
    }
    let environment = project.tools().join("python");
    shell::run(shell::command(project, "python3").args(["-m", "venv"]).arg(&environment))?;
    shell::run(
        shell::command(project, python(project))
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(PACKAGES.map(|(name, version)| format!("{name}=={version}"))),
    )
    .map_err(|failure| failure.mend("`cargo xtask setup`, with a network"))
}

/// Debian ships Python without what makes environments.
fn has_venv(project: &Project) -> bool {
    shell::ask(shell::command(project, "python3").args(["-c", "import ensurepip, venv; print('yes')"]))
        .is_some()
}

fn python(project: &Project) -> std::path::PathBuf {
    project.tools().join("python/bin/python")
}
