//! Tells the crate where the built site lies that it is to carry (`DOORSTEP_SITE`, set by
//! `cargo xtask`), and to be built again when the site was. Without one it carries none.

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-env-changed=DOORSTEP_SITE");
    // They are carried too, and a new file is no change of any source.
    println!("cargo::rerun-if-changed=migrations");
    let nowhere = || PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("no-site");
    let site = env::var_os("DOORSTEP_SITE").map_or_else(nowhere, PathBuf::from);
    let manifest = site.join("manifest.json");
    if site.is_dir() {
        println!("cargo::rerun-if-changed={}", manifest.display());
    }
    // In the environment of the compiler, so that another manifest means another build.
    let text = fs::read_to_string(&manifest).unwrap_or_default();
    println!("cargo::rustc-env=DOORSTEP_SITE_MANIFEST={}", text.replace(['\n', '\r'], " "));
    println!("cargo::rustc-env=DOORSTEP_SITE_DIR={}", site.display());
}
