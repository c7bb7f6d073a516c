//! Where a device is told: a URL that its browser's push service made up, which works for whoever knows it.
//! It is shown nowhere and logged by its host alone.

use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use crate::outbound::{Outbound, Target};
use crate::store::pushes::PushName;

/// The most bytes of an endpoint; those in use have some 200.
const MOST_BYTES: usize = 1_024;

/// An endpoint that may be called.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint(Target);

impl Endpoint {
    /// What `text` is, as a caller typed it.
    ///
    /// # Errors
    /// What is wrong with it, without repeating it.
    pub fn parse(text: &str, outbound: &Outbound) -> Result<Self, String> {
        if text.len() > MOST_BYTES {
            return Err(format!("must be at most {MOST_BYTES} bytes long"));
        }
        let target = Target::from_str(text).map_err(|error| error.to_string())?;
        outbound.permits(&target).map_err(|refused| refused.to_string())?;
        Ok(Self(target))
    }

    /// One that was parsed before and kept; it may have become one that may not be called.
    pub(super) fn kept(text: &str) -> Option<Self> {
        Target::from_str(text).ok().map(Self)
    }

    /// Where it leads.
    pub fn target(&self) -> &Target {
        &self.0
    }

    /// What names it to whoever knows it, and tells nobody else anything.
    pub fn name(&self) -> PushName {
        let digest: [u8; 32] = Sha256::digest(self.0.as_str()).into();
        let mut name = [0; 16];
        name.copy_from_slice(&digest[..16]);
        PushName(name)
    }
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Endpoint(at {})", self.0.authority())
    }
}
