//! Has the TypeScript compiler read the types that shops write against, with a page that uses all of them.

use crate::{failure::Outcome, project::Project, shell};

/// As strict as a careful shop compiles.
const STRICT: &[&str] = &[
    "--noEmit",
    "--strict",
    "--target",
    "es2022",
    "--lib",
    "es2022,dom",
    "--module",
    "esnext",
    "--moduleResolution",
    "bundler",
];

pub(super) fn check(project: &Project) -> Outcome {
    shell::run(shell::command(project, "tsc").args(STRICT).arg("tests/types/page.ts"))
}
