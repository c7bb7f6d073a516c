//! The commands of `cargo xtask`: names, help, and what each calls.
//! The work itself is in the other modules.

use std::ffi::OsString;

use crate::{
    cli::{none, passed_on},
    demo, dev, dist,
    failure::Outcome,
    gallery, icons,
    project::Project,
    site::{self, Recipe},
    size, suite,
    tools::{self, Group},
};

#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) name: &'static str,
    /// One line for the overview.
    pub(crate) about: &'static str,
    pub(crate) help: &'static str,
    pub(crate) run: fn(&Project, Vec<OsString>) -> Outcome,
}

pub(crate) const COMMANDS: &[Command] = &[
    Command {
        name: "setup",
        about: "install what is missing; says what it does",
        help: "\
Usage: cargo xtask setup

Looks for each tool in the version that the checkout needs and installs what is missing,
inside the checkout (target/tools) but for system packages: node, npm, chromium, firefox-esr and
WebKit's driver with an X server by apt-get.
Does nothing where all is there. Every other command sets up what it needs itself.",
        run: |project, words| {
            none(&words)?;
            tools::ensure_and_list(project, &[Group::Build, Group::Browser])
        },
    },
    Command {
        name: "demo",
        about: "build and start the server with live samples",
        help: "\
Usage: cargo xtask demo [-- FLAGS]

Sets up what is missing, builds the release, and starts `doorstep demo`, which prints its links.
FLAGS go to it; without --listen it listens on 127.0.0.1:8080. `cargo xtask demo -- --help` lists them.",
        run: |project, words| demo::start(project, passed_on(words)),
    },
    Command {
        name: "dev",
        about: "the same, built quickly and again on every change",
        help: "\
Usage: cargo xtask dev [-- FLAGS]

Builds widget and server without optimising, starts `doorstep demo` with FLAGS, and does it again
whenever a source changes. A build that fails leaves the last good server running.",
        run: |project, words| dev::watch(project, passed_on(words)),
    },
    Command {
        name: "test",
        about: "run every check and test, browser included",
        help: "\
Usage: cargo xtask test [STEP…]

Sets up what is missing, runs every step (or the named ones with what they need), goes on after a
failure, and ends with a table and a line `N passed, N failed`. Needs no terminal.",
        run: |project, words| {
            let names: Vec<_> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
            suite::run(project, &names)
        },
    },
    Command {
        name: "tidy",
        about: "check the house rules that no compiler knows (part of test)",
        help: "\
Usage: cargo xtask tidy

Every module says what it is, code files stay small, nothing names a registry's host or a path of
somebody's machine.",
        run: |project, words| {
            none(&words)?;
            suite::tidy(project)
        },
    },
    Command {
        name: "size",
        about: "what the hosted page and an embed cost on the wire, against budgets.toml",
        help: "\
Usage: cargo xtask size

Prints what each crate costs in the wasm of the hosted page and in that of an embed, and the brotli bytes of
each, all in: every file that it fetches and its HTML as the server sends it. Fails above a budget.",
        run: |project, words| {
            none(&words)?;
            tools::ensure(project, &[Group::Build])?;
            site::build(project, Recipe::Smallest)?;
            dist::server(project, &[])?;
            size::explain(project)
        },
    },
    Command {
        name: "gallery",
        about: "draw every state of the page into target/gallery",
        help: "\
Usage: cargo xtask gallery [LANGUAGE…]

Builds the page and draws each of its states in a browser, at 360 and 1280 pixels, in light, dark and forced
colours, in each LANGUAGE (en and ar unless named). Leaves target/gallery/index.html, which shows them all.",
        run: |project, words| {
            let languages: Vec<_> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
            gallery::draw(project, &languages)
        },
    },
    Command {
        name: "icons",
        about: "draw the icons of the installed page anew",
        help: "\
Usage: cargo xtask icons

Draws public/icons/*.png from public/favicon.svg in Chromium. They are committed: only a change of the
drawing needs it.",
        run: |project, words| {
            none(&words)?;
            icons::draw(project)
        },
    },
    Command {
        name: "bench",
        about: "measure the release under load",
        help: "\
Usage: cargo xtask bench [-- ARGUMENTS]

Builds the release and the load tools and runs those with ARGUMENTS.
`cargo xtask bench -- --help` lists them.",
        run: |project, words| demo::bench(project, passed_on(words)),
    },
    Command {
        name: "dist",
        about: "build one release binary with the page inside",
        help: "\
Usage: cargo xtask dist

Leaves target/release/doorstep, which needs no other file to run.",
        run: |project, words| {
            none(&words)?;
            dist::release(project)
        },
    },
    Command {
        name: "widget",
        about: "build the page's files into target/site (part of dist)",
        help: "\
Usage: cargo xtask widget

Builds the widget with Trunk by the smallest-size recipe, bundles the scripts and styles, gives
them hashed names, compresses them, and lists them in target/site/manifest.json.",
        run: |project, words| {
            none(&words)?;
            tools::ensure(project, &[Group::Build])?;
            site::build(project, Recipe::Smallest)
        },
    },
];
