//! The steps of `cargo xtask test`, in order: the one list to extend.
//! It names what is run and how a failure is mended; running is elsewhere.

use super::{layering, tidy, types};
use crate::{dist, failure::Outcome, project::Project, site, site::Recipe, size, tools::WASM_TARGET};

pub(crate) struct Step {
    pub(crate) name: &'static str,
    /// Skipped where one of these failed; they come earlier in the list.
    pub(crate) needs: &'static [&'static str],
    pub(crate) run: Run,
    /// What to do when it fails.
    pub(crate) mend: &'static str,
}

pub(crate) enum Run {
    Own(fn(&Project) -> Outcome),
    Cargo(&'static [&'static str]),
    /// `cargo test` with these arguments; each test counts.
    Tests(&'static [&'static str]),
    /// The same in the browser of that name, under an X server where it needs one.
    TestsIn(&'static str, &'static [&'static str]),
}

pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "format",
        needs: &[],
        run: Run::Cargo(&["fmt", "--all", "--", "--check"]),
        mend: "cargo fmt --all",
    },
    Step { name: "tidy", needs: &[], run: Run::Own(tidy::check), mend: "change the lines named above" },
    Step { name: "types", needs: &[], run: Run::Own(types::check), mend: "change public/embed/v1.d.ts" },
    Step {
        name: "layering",
        needs: &[],
        run: Run::Own(layering::check),
        mend: "move the code, or the dependency, to the crate that may know it",
    },
    Step {
        name: "model on wasm",
        needs: &[],
        run: Run::Cargo(&["check", "--package", "doorstep-model", "--target", WASM_TARGET]),
        mend: "the model must build without an operating system",
    },
    // Before whatever compiles the server, which carries the page and would be compiled twice otherwise.
    Step {
        name: "page",
        needs: &[],
        run: Run::Own(|project| site::build(project, Recipe::Smallest)),
        mend: "cargo xtask widget",
    },
    Step {
        name: "clippy",
        needs: &[],
        run: Run::Cargo(&["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]),
        mend: "cargo clippy --workspace --all-targets",
    },
    Step {
        name: "clippy on wasm",
        needs: &[],
        run: Run::Cargo(&[
            "clippy",
            "--package",
            "doorstep-widget",
            "--target",
            WASM_TARGET,
            "--",
            "--deny",
            "warnings",
        ]),
        mend: "cargo clippy --package doorstep-widget --target wasm32-unknown-unknown",
    },
    Step {
        name: "clippy on embed",
        needs: &[],
        run: Run::Cargo(&[
            "clippy",
            "--package",
            "doorstep-widget",
            "--no-default-features",
            "--target",
            WASM_TARGET,
            "--",
            "--deny",
            "warnings",
        ]),
        mend: "cargo clippy --package doorstep-widget --no-default-features --target wasm32-unknown-unknown",
    },
    Step {
        name: "tests",
        needs: &[],
        run: Run::Tests(&["--workspace", "--exclude", "doorstep-tests"]),
        mend: "cargo test --workspace --exclude doorstep-tests",
    },
    Step {
        name: "server",
        needs: &["page"],
        run: Run::Own(|project| dist::server(project, &[])),
        mend: "cargo build --package doorstep-server",
    },
    Step { name: "size", needs: &["page", "server"], run: Run::Own(size::check), mend: "cargo xtask size" },
    // The real server and the real widget in a browser.
    Step {
        name: "browser",
        needs: &["page", "server"],
        run: Run::Tests(&["--package", "doorstep-tests"]),
        mend: "cargo xtask test browser",
    },
    // The same suite, but for what asks by Chromium's own protocol.
    Step {
        name: "firefox",
        needs: &["page", "server"],
        run: Run::TestsIn("firefox", &["--skip", "chromium::"]),
        mend: "cargo xtask test firefox",
    },
    // MiniBrowser cannot be without scripts.
    Step {
        name: "webkit",
        needs: &["page", "server"],
        run: Run::TestsIn("webkit", &["--skip", "chromium::", "--skip", "a_browser_without_scripts"]),
        mend: "cargo xtask test webkit",
    },
];
