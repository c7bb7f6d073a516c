//! The tools that building and testing need: one table of versions, found or installed.
//! Everything we install stays inside the checkout, under `target/tools`, but for system packages.
//! It knows nothing of what the tools are used for.

mod browser;
mod cargo;
pub(crate) mod lockfile;
mod npm;
mod python;
mod system;
mod toolchain;

use crate::{failure::Outcome, progress, project::Project};

pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The newest Trunk that the pinned Rust compiles.
pub(crate) const TRUNK: &str = "0.21.14";

/// npm package that brings `wasm-opt`; older ones do not read what this Rust emits.
pub(crate) const BINARYEN: &str = "132.0.0";

/// npm package that checks the types that shops write against.
pub(crate) const TYPESCRIPT: &str = "5.9.3";

/// npm package that bundles and minifies JavaScript and CSS.
pub(crate) const ESBUILD: &str = "0.28.2";

/// Drives Firefox; it goes with every Firefox since 128.
pub(crate) const GECKODRIVER: &str = "0.36.0";

/// npm package that looks for what bars people from a page.
pub(crate) const AXE: &str = "4.14.1";

/// PyPI package that reads calendars.
pub(crate) const ICALENDAR: &str = "7.3.0";

/// PyPI package that verifies webhooks: the reference implementation of Standard Webhooks.
pub(crate) const STANDARDWEBHOOKS: &str = "1.1.0";

// wasm-bindgen-cli is not in this table: it must equal the library's version in Cargo.lock.

/// What a command needs to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    /// To build the page and the server.
    Build,
    /// To test the page in a browser, and what leaves the server with other programs.
    Browser,
}

/// One thing that is there in the right version, or can be made to be.
pub(crate) struct Tool {
    name: String,
    is_there: Box<dyn Fn(&Project) -> bool>,
    install: Box<dyn Fn(&Project) -> Outcome>,
}

/// Installs what is missing. Says each step only where something is, so that a repeat is silent.
pub(crate) fn ensure(project: &Project, groups: &[Group]) -> Outcome {
    for tool in table(project, groups)? {
        if !(tool.is_there)(project) {
            install(project, &tool)?;
        }
    }
    Ok(())
}

/// The same, but lists what is there already too.
pub(crate) fn ensure_and_list(project: &Project, groups: &[Group]) -> Outcome {
    for tool in table(project, groups)? {
        if (tool.is_there)(project) {
            println!("▸ {}: there", tool.name);
        } else {
            install(project, &tool)?;
        }
    }
    Ok(())
}

fn install(project: &Project, tool: &Tool) -> Outcome {
    progress::step(&format!("install {}", tool.name), || (tool.install)(project))
}

fn table(project: &Project, groups: &[Group]) -> Outcome<Vec<Tool>> {
    let mut tools = Vec::new();
    for group in groups {
        match group {
            Group::Build => {
                tools.extend(toolchain::parts());
                tools.extend(npm::tools());
                tools.extend(cargo::tools(project)?);
            }
            Group::Browser => {
                tools.extend(browser::tools());
                tools.extend([cargo::geckodriver(), python::tool()]);
            }
        }
    }
    Ok(tools)
}
