//! The files of the hosted page and of what is embedded: built by Trunk, bundled, hashed, compressed and listed in a manifest,
//! in `target/site`, from where the server embeds them.
//! It knows nothing of the server, which renders the HTML around them.

mod bundle;
mod compress;
mod embed;
mod files;
mod inline;
mod manifest;
mod phone;
mod shadow;
mod shrink;
mod stamp;
mod trunk;
mod words;

use std::fs::{self, File};

use crate::{
    failure::{About as _, Outcome},
    progress,
    project::Project,
};

pub(crate) use files::Kind;
pub(crate) use manifest::{SiteFile, read as read_manifest};
pub(crate) use shrink::FEATURES;
pub(crate) use trunk::{Artefact, Recipe};

/// What the wasm is made from.
const WASM_INPUTS: &[&str] = &[
    "src",
    "model",
    "locales/en.json",
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    "index.html",
    "rust-toolchain.toml",
    "xtask/src/site/link.sh",
    "xtask/src/site/shrink.rs",
    "xtask/src/site/trunk.rs",
    "xtask/src/wasm",
    "xtask/src/wasm.rs",
];

/// What the files around the wasm are made from.
const PAGE_INPUTS: &[&str] =
    &["style", "public", "locales", "model/locales.rs", "xtask/src/site", "xtask/src/site.rs"];

/// Makes `target/site` current, doing only what its inputs ask for.
pub(crate) fn build(project: &Project, recipe: Recipe) -> Outcome {
    // Two terminals may build at once; the second waits, and then finds everything done.
    let lock = project.target().join("site.lock");
    let lock = File::create(&lock).and_then(|file| file.lock().map(|()| file)).about("lock", &lock)?;
    let built = build_alone(project, recipe);
    drop(lock);
    built
}

fn build_alone(project: &Project, recipe: Recipe) -> Outcome {
    let wasm_inputs = stamp::hash(project, WASM_INPUTS)?;
    let wasm_stamp = format!("{recipe:?} {wasm_inputs}");
    for artefact in Artefact::ALL {
        let (name, directory) = (artefact.name(), artefact.directory(project));
        if stamp::holds(&directory, &wasm_stamp) {
            progress::note(&format!("widget ({name}): unchanged, Trunk not run"));
            continue;
        }
        progress::step(&format!("build the widget ({name}) with Trunk"), || {
            fs::create_dir_all(&directory).about("create", &directory)?;
            trunk::build(project, artefact, recipe)?;
            match recipe {
                Recipe::Smallest => shrink::shrink(project, artefact)?,
                Recipe::Quickest => shrink::leave(project, artefact)?,
            }
            stamp::set(&directory, &wasm_stamp)
        })?;
    }

    let site_stamp = format!("{wasm_stamp} {}", stamp::hash(project, PAGE_INPUTS)?);
    if stamp::holds(&project.site(), &site_stamp) {
        progress::note("page files: unchanged");
        return Ok(());
    }
    progress::step("bundle, hash and compress the page's files", || {
        assemble(project, recipe)?;
        stamp::set(&project.site(), &site_stamp)
    })
}

/// Builds beside the old site and puts it in place at the end, so that a failure leaves the old one whole.
fn assemble(project: &Project, recipe: Recipe) -> Outcome {
    let next = project.target().join("site.next");
    let _ = fs::remove_dir_all(&next);
    let mut files = bundle::page_files(project)?;
    for file in &mut files {
        file.compress(match recipe {
            Recipe::Smallest => compress::Effort::Most,
            Recipe::Quickest => compress::Effort::None,
        })?;
        file.write_below(&next)?;
    }
    let path = next.join(manifest::NAME);
    fs::write(&path, manifest::render(&files)).about("write", &path)?;

    let site = project.site();
    let _ = fs::remove_dir_all(&site);
    fs::rename(&next, &site).about("put in place", &site)
}
