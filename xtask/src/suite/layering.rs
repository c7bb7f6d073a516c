//! Asserts which crates may not depend on which, by what `cargo tree` resolves.
//! The rules are data; docs/ARCHITECTURE.md says why they are so.

use crate::{
    dist,
    failure::{Failure, Outcome},
    project::Project,
    shell,
    tools::WASM_TARGET,
};

struct Rule {
    package: &'static str,
    /// What it is built for; `None` is this machine.
    target: Option<&'static str>,
    features: &'static [&'static str],
    /// Names of packages, or their beginnings where they end in `*`.
    never: &'static [&'static str],
}

const IO: &[&str] = &[
    "tokio*",
    "axum*",
    "hyper*",
    "tower*",
    "sqlx*",
    "rusqlite",
    "libsqlite3-sys",
    "reqwest",
    "mio",
    "socket2",
    "tracing*",
    "rand",
    "getrandom",
    "leptos*",
    "web-sys",
    "js-sys",
    "wasm-bindgen",
    "gloo-*",
    "doorstep-server",
    "doorstep-widget",
];

const SERVER: &[&str] =
    &["doorstep-server", "axum*", "hyper*", "tokio*", "sqlx*", "libsqlite3-sys", "mio", "socket2", "utoipa*"];

const RULES: &[Rule] = &[
    Rule { package: "doorstep-model", target: None, features: &[], never: IO },
    Rule { package: "doorstep-model", target: Some(WASM_TARGET), features: &[], never: IO },
    Rule { package: "doorstep-widget", target: Some(WASM_TARGET), features: &[], never: SERVER },
    // What is embedded must not touch history, links or head of the page around it.
    Rule {
        package: "doorstep-widget",
        target: Some(WASM_TARGET),
        features: &["--no-default-features"],
        never: &["leptos_router", "leptos_meta"],
    },
    Rule {
        package: "doorstep-server",
        target: None,
        features: &[],
        never: &["doorstep-widget", "leptos*", "xtask", "doorstep-bench"],
    },
    Rule { package: "xtask", target: None, features: &[], never: &["doorstep-*", "syn", "tokio", "clap"] },
];

pub(crate) fn check(project: &Project) -> Outcome {
    let mut broken = Vec::new();
    for rule in RULES {
        let mut command = dist::cargo(project);
        command.args([
            "tree",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--format",
            "{p}",
            "--package",
            rule.package,
        ]);
        command.args(rule.features);
        if let Some(target) = rule.target {
            command.args(["--target", target]);
        }
        let tree = shell::ask(&mut command).ok_or_else(|| {
            Failure::new(format!("`cargo tree` cannot resolve {}", rule.package))
                .mend("`cargo metadata` says why")
        })?;
        broken.extend(offenders(rule, &tree));
    }
    if broken.is_empty() { Ok(()) } else { Err(Failure::new(broken.join("\n  "))) }
}

fn offenders(rule: &Rule, tree: &str) -> Vec<String> {
    let mut names: Vec<_> = tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
    names.sort_unstable();
    names.dedup();
    let is_forbidden = |name: &str| {
        rule.never.iter().any(|never| match never.strip_suffix('*') {
            Some(beginning) => name.starts_with(beginning),
            None => name == *never,
        })
    };
    names
        .into_iter()
        .filter(|name| *name != rule.package && is_forbidden(name))
        .map(|name| {
            format!("{} must not depend on {name} (`cargo tree --invert {name}` shows how)", rule.package)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_whole_names_and_beginnings_but_not_the_package_itself() {
        let never = &["rand", "tokio*", "doorstep-*"];
        let rule = Rule { package: "doorstep-model", target: None, features: &[], never };
        let tree = "doorstep-model v0.1.0\nrandom-word v1.0.0\ntokio-util v0.7.0 (*)\nserde v1.0.0\n";
        let found = offenders(&rule, tree);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("tokio-util"));
    }
}
