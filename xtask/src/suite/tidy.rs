//! House rules that no compiler checks: every module says what it is, files stay small, and nothing
//! committed names a package registry's host or a path of somebody's machine.
//! Pure rules over text, run on what git tracks or would track.

use std::fs;

use crate::{
    failure::{Failure, Outcome},
    progress,
    project::Project,
    shell,
};

const MOST_LINES: usize = 400;

/// Written in two parts, or this file would break its own rule.
const FORBIDDEN: &[&str] = &[
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("registry.", "npmjs.org"),
    concat!("files.", "pythonhosted.org"),
    concat!("pypi", ".org"),
    concat!("deb.", "debian.org"),
    concat!("/wo", "rk/main"),
    concat!("/wo", "rk/shared"),
    concat!("/tmp", "/brief"),
    concat!("/ro", "ot/"),
];

pub(crate) fn check(project: &Project) -> Outcome {
    let mut listing = shell::command(project, "git");
    listing.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let names = shell::ask(&mut listing).ok_or_else(|| {
        Failure::new("git cannot list the files").mend("run it in a clone, with git installed")
    })?;
    let mut complaints = Vec::new();
    let mut files = 0;
    for name in names.split('\0').filter(|name| !name.is_empty()) {
        // Deleted but not yet committed, or no text: nothing to read.
        if let Ok(text) = fs::read_to_string(project.path(name)) {
            files += 1;
            complaints.extend(complaints_about(name, &text));
        }
    }
    progress::note(&format!("{files} files read"));
    if complaints.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(complaints.join("\n  ")).mend("change the lines named above"))
    }
}

fn complaints_about(name: &str, text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let is_code = ["rs", "js", "css"].iter().any(|ending| name.ends_with(&format!(".{ending}")));
    if name.ends_with(".rs") && !text.starts_with("//!") {
        complaints
            .push(format!("{name}:1: begin the module with `//!`: what it is and what it must not know"));
    }
    let lines = text.lines().count();
    if is_code && lines > MOST_LINES {
        complaints.push(format!("{name}: {lines} lines, at most {MOST_LINES}: split it by behaviour"));
    }
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        if let Some(word) = FORBIDDEN.iter().find(|word| line.contains(**word)) {
            complaints.push(format!("{name}:{number}: names {word}, which has no place in the repository"));
        }
        if is_code && line.ends_with([' ', '\t']) {
            complaints.push(format!("{name}:{number}: ends in white space"));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_without_its_introduction_is_named() {
        assert_eq!(complaints_about("src/a.rs", "use std::fs;\n").len(), 1);
        assert!(complaints_about("src/a.rs", "//! What it is.\n").is_empty());
        assert!(complaints_about("a.toml", "x = 1\n").is_empty());
    }

    #[test]
    fn long_code_is_named_and_long_data_is_not() {
        let long = "//! x\n".repeat(MOST_LINES + 1);
        assert_eq!(complaints_about("src/a.rs", &long).len(), 1);
        assert!(complaints_about("src/a.rs", &"//! x\n".repeat(MOST_LINES)).is_empty());
        assert!(complaints_about("data.csv", &long).is_empty());
    }

    #[test]
    fn hosts_and_machine_paths_are_found_in_any_file() {
        for word in FORBIDDEN {
            let found = complaints_about("README.md", &format!("first\nsee {word} there\n"));
            assert!(found[0].starts_with("README.md:2:"), "{found:?}");
        }
    }
}
