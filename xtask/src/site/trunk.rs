//! Runs Trunk, once for the hosted page and once for each kind of embed, in release by the recipe that gives
//! the smallest wasm. It knows cargo's and Trunk's switches, and nothing of what becomes of the output.

use std::{path::PathBuf, process::Command};

use crate::{failure::Outcome, project::Project, shell};

/// Which of the widgets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Artefact {
    /// The hosted page's, with the router.
    Page,
    /// The one in other people's pages, which touches neither address nor history, with what everybody may see.
    Embed,
    /// The same with what only the recipient sees, for a frame that is to become theirs.
    EmbedRecipient,
}

impl Artefact {
    pub(crate) const ALL: [Self; 3] = [Self::Page, Self::Embed, Self::EmbedRecipient];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Embed => "embed",
            Self::EmbedRecipient => "embed-recipient",
        }
    }

    /// Where Trunk leaves it.
    pub(crate) fn directory(self, project: &Project) -> PathBuf {
        project.target().join("trunk").join(self.name())
    }

    /// wasm-bindgen's glue, as it is bundled.
    pub(super) fn glue(self, project: &Project) -> PathBuf {
        self.directory(project).join("glue.js")
    }

    /// The module, as it is served.
    pub(super) fn module(self, project: &Project) -> PathBuf {
        self.directory(project).join("widget.wasm")
    }

    /// The same before it was optimised: its functions still have their names.
    pub(crate) fn named(self, project: &Project) -> PathBuf {
        self.directory(project).join("named.wasm")
    }

    /// What our scripts import from the glue.
    pub(super) fn exports(self) -> &'static [&'static str] {
        match self {
            Self::Page | Self::EmbedRecipient => &["default", "start"],
            Self::Embed => &["default", "start", "mount"],
        }
    }
}

/// How the wasm is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Recipe {
    /// For release: std rebuilt for size, panics trap at once, wasm-opt.
    Smallest,
    /// For development: seconds instead of minutes.
    Quickest,
}

/// Stable cargo has no switch for these, so they come by environment, where a developer's plain
/// `cargo` never meets them. `RUSTC_BOOTSTRAP` lets the pinned stable compiler accept them.
const SMALLEST: &[(&str, &str)] = &[
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
    ("CARGO_UNSTABLE_PANIC_IMMEDIATE_ABORT", "true"),
    ("CARGO_PROFILE_WASM_RELEASE_PANIC", "immediate-abort"),
    ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "-C linker-flavor=wasm-ld"),
];

/// Leaves out what no page calls.
const LINKER: &str = "xtask/src/site/link.sh";

pub(crate) fn build(project: &Project, artefact: Artefact, recipe: Recipe) -> Outcome {
    shell::run(&mut command(project, artefact, recipe))
        .map_err(|failure| failure.mend("the compiler's message above says what to mend"))
}

fn command(project: &Project, artefact: Artefact, recipe: Recipe) -> Command {
    let mut command = shell::command(project, "trunk");
    command
        .args(["build", "--log", "warn"])
        .arg("--dist")
        .arg(artefact.directory(project))
        .args(match artefact {
            Artefact::Page => &[][..],
            Artefact::Embed => &["--no-default-features", "true"],
            Artefact::EmbedRecipient => &["--no-default-features", "true", "--features", "recipient"],
        })
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        // Its own backtrace would bury the compiler's message.
        .env("RUST_BACKTRACE", "0")
        // Trunk takes this variable for a flag of its own and refuses "1".
        .env_remove("NO_COLOR");
    match recipe {
        // A target directory of its own: `RUSTC_BOOTSTRAP` changes what build scripts of
        // dependencies answer, and would make every other build compile anew.
        Recipe::Smallest => command
            .arg("--release")
            .envs(SMALLEST.iter().copied())
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", project.path(LINKER))
            .env("CARGO_TARGET_DIR", project.target().join("wasm")),
        Recipe::Quickest => command.env("CARGO_TARGET_DIR", project.target().join("wasm-dev")),
    };
    command
}
