//! `cargo xtask test`: runs every step, tells what each found, and fails when any did.
//! Which steps there are stands in `steps`; this module only runs them.

mod count;
mod layering;
mod report;
mod steps;
mod tidy;
mod types;

use std::{collections::BTreeSet, process::Command, time::Instant};

use crate::{
    dist,
    failure::{Failure, Outcome},
    progress,
    project::Project,
    shell, tools,
    tools::Group,
};
use count::Counts;
use report::{Row, Verdict};
use steps::{Run, STEPS, Step};

pub(crate) use tidy::check as tidy;

/// Goes on after a failure, so that one run tells everything that is wrong.
pub(crate) fn run(project: &Project, wanted: &[String]) -> Outcome {
    let chosen = choose(wanted)?;
    tools::ensure(project, &[Group::Build, Group::Browser])?;
    let mut rows = Vec::new();
    let mut failed = BTreeSet::new();
    for step in chosen {
        println!("\n━━ {}", step.name);
        let start = Instant::now();
        let verdict = match step.needs.iter().find(|need| failed.contains(*need)) {
            Some(need) => Verdict::Skipped(format!("{need} failed")),
            None => judge(execute(project, step), step),
        };
        if !matches!(verdict, Verdict::Passed(_)) {
            failed.insert(step.name);
        }
        rows.push(Row { name: step.name, verdict, time: start.elapsed(), mend: step.mend });
    }
    print!("\n{}", report::render(&rows));
    if failed.is_empty() { Ok(()) } else { Err(Failure::told()) }
}

/// All steps, or those named and what they need.
fn choose(wanted: &[String]) -> Outcome<Vec<&'static Step>> {
    if let Some(unknown) = wanted.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
        let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        return Err(Failure::new(format!("there is no step `{unknown}`"))
            .mend(format!("one of: {}", names.join(", "))));
    }
    let is_wanted = |step: &Step| {
        wanted.is_empty()
            || wanted.iter().any(|name| name == step.name)
            || STEPS
                .iter()
                .any(|other| other.needs.contains(&step.name) && wanted.iter().any(|name| name == other.name))
    };
    Ok(STEPS.iter().filter(|step| is_wanted(step)).collect())
}

fn execute(project: &Project, step: &Step) -> Outcome<(Counts, bool)> {
    match step.run {
        Run::Own(check) => check(project).map(|()| (Counts::default(), true)),
        Run::Cargo(arguments) => {
            shell::run(dist::cargo(project).args(arguments)).map(|()| (Counts::default(), true))
        }
        Run::Tests(arguments) => count(&mut tests(project, arguments)),
        Run::TestsIn(engine, arguments) => count(&mut tests_in(project, engine, arguments)),
    }
}

fn count(command: &mut Command) -> Outcome<(Counts, bool)> {
    let mut counts = Counts::default();
    let ended_well = shell::run_and_read(command, |line| counts.read(line))?;
    Ok((counts, ended_well))
}

fn tests(project: &Project, arguments: &[&str]) -> Command {
    let mut command = dist::cargo(project);
    command
        .args(["test", "--no-fail-fast"])
        .args(arguments)
        .env("DOORSTEP_BIN", project.server_binary("debug"));
    command
}

/// The browser's tests in another engine. WebKit draws on an X server, which lasts as long as they run.
fn tests_in(project: &Project, engine: &str, arguments: &[&str]) -> Command {
    let inner = tests(project, &["--package", "doorstep-tests", "--test", "browser", "--"]);
    let mut command = if engine == "webkit" {
        let mut command = shell::command(project, "xvfb-run");
        command.arg("--auto-servernum").arg(inner.get_program());
        command
    } else {
        shell::command(project, inner.get_program())
    };
    let variables = inner.get_envs().filter_map(|(name, value)| Some((name, value?)));
    command.args(inner.get_args()).args(arguments).envs(variables).env("DOORSTEP_ENGINE", engine);
    command
}

fn judge(outcome: Outcome<(Counts, bool)>, step: &Step) -> Verdict {
    match outcome {
        Err(failure) => {
            eprintln!("error: {failure}");
            Verdict::Failed(Counts::one_failed())
        }
        Ok((counts, ended_well)) => match step.run {
            Run::Own(_) | Run::Cargo(_) => Verdict::Passed(Counts::one_passed()),
            Run::Tests(_) | Run::TestsIn(..) if ended_well && counts.failed == 0 && counts.passed > 0 => {
                Verdict::Passed(counts)
            }
            Run::Tests(_) | Run::TestsIn(..) => {
                progress::note("no test ran, or some failed, or they did not compile");
                // Tests that do not compile report no failure of their own.
                Verdict::Failed(Counts { failed: counts.failed.max(1), ..counts })
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_step_brings_what_it_needs() {
        let names: Vec<_> = choose(&["browser".to_owned()]).unwrap().iter().map(|step| step.name).collect();
        assert!(names.contains(&"page") && names.contains(&"browser") && !names.contains(&"format"));
        assert!(choose(&["brwoser".to_owned()]).is_err());
        assert_eq!(choose(&[]).unwrap().len(), STEPS.len());
    }

    #[test]
    fn what_a_step_needs_comes_before_it() {
        for (index, step) in STEPS.iter().enumerate() {
            for need in step.needs {
                assert!(
                    STEPS[..index].iter().any(|earlier| earlier.name == *need),
                    "{need} before {}",
                    step.name
                );
            }
        }
    }
}
