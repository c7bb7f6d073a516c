//! Where things lie in the checkout.
//! It knows paths only, never what is built or how.

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};

/// The checkout this xtask belongs to.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    root: PathBuf,
}

impl Project {
    /// Cargo sets `CARGO_MANIFEST_DIR` for `cargo run`, which stays right when a checkout is moved.
    pub(crate) fn locate() -> Outcome<Self> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        match manifest.parent() {
            Some(root) if root.join("Trunk.toml").is_file() => Ok(Self { root: root.into() }),
            _ => Err(Failure::new("this is not inside the Doorstep checkout")
                .mend("run `cargo xtask` from the checkout")),
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    pub(crate) fn target(&self) -> PathBuf {
        self.path("target")
    }

    /// The built page with its manifest: what the server embeds.
    pub(crate) fn site(&self) -> PathBuf {
        self.path("target/site")
    }

    /// Tools that no package of the machine provides in the right version.
    pub(crate) fn tools(&self) -> PathBuf {
        self.path("target/tools")
    }

    pub(crate) fn server_binary(&self, profile: &str) -> PathBuf {
        let name = format!("doorstep{}", std::env::consts::EXE_SUFFIX);
        self.target().join(profile).join(name)
    }
}
