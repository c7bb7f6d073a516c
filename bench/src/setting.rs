//! What a bench needs to know of the run: which programs to measure, where scratch files lie, how
//! large to go. Benches take their programs from here, never from the command line.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use crate::args::Args;
use crate::process;

const NCHAN_MODULES: [&str; 3] = [
    "/usr/lib/nginx/modules/ngx_nchan_module.so",
    "/usr/lib64/nginx/modules/ngx_nchan_module.so",
    "/usr/local/nginx/modules/ngx_nchan_module.so",
];

/// The setting of one run.
#[derive(Debug)]
pub(crate) struct Setting {
    binary: PathBuf,
    scratch: TempDir,
    nginx: Option<PathBuf>,
    nchan_module: Option<PathBuf>,
    chromium: Option<PathBuf>,
    quick: bool,
    peer_only: bool,
}

impl Setting {
    pub(crate) fn new(args: &Args) -> Result<Self> {
        std::fs::create_dir_all(&args.directory)
            .with_context(|| format!("making {}", args.directory.display()))?;
        let scratch = scratch_in(&std::path::absolute(&args.directory)?, "scratch")?;
        process::delete_at_end(scratch.path().to_path_buf());
        let binary = std::path::absolute(&args.binary)?;
        Ok(Self {
            binary,
            scratch,
            nginx: program("nginx"),
            nchan_module: NCHAN_MODULES.iter().map(PathBuf::from).find(|path| path.is_file()),
            chromium: ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(program),
            quick: args.quick,
            peer_only: args.peer_only,
        })
    }

    pub(crate) fn binary(&self) -> &Path {
        &self.binary
    }

    pub(crate) fn nginx(&self) -> Option<&Path> {
        self.nginx.as_deref()
    }

    pub(crate) fn nchan_module(&self) -> Option<&Path> {
        self.nchan_module.as_deref()
    }

    pub(crate) fn chromium(&self) -> Option<&Path> {
        self.chromium.as_deref()
    }

    /// True when only the peer's figures are wanted.
    pub(crate) fn peer_only(&self) -> bool {
        self.peer_only
    }

    /// The full number, or the smaller one of a quick run.
    pub(crate) fn size<T>(&self, full: T, quick: T) -> T {
        if self.quick { quick } else { full }
    }

    /// A directory that is deleted when dropped, on the disk of the build, not in memory.
    pub(crate) fn scratch(&self, name: &str) -> Result<TempDir> {
        scratch_in(self.scratch.path(), name)
    }

    /// Where scratch directories are made.
    pub(crate) fn scratch_root(&self) -> &Path {
        self.scratch.path()
    }
}

fn scratch_in(parent: &Path, name: &str) -> Result<TempDir> {
    tempfile::Builder::new()
        .prefix(&format!("{name}-"))
        .tempdir_in(parent)
        .context("making a scratch directory")
}

/// Looks for a program on the path, and where daemons lie that a user's path may not hold.
fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from))
        .map(|directory| directory.join(name))
        .find(|file| file.is_file())
}
