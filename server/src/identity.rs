//! Who calls: tenants, their clients, roles and keys. Keys are shown once and kept only as hashes.
//! Knows nothing of HTTP headers or SQL.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use sha2::{Digest as _, Sha256};

/// Names a tenant within the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TenantId(pub i64);

/// Names a client within the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientId(pub i64);

/// An API client of a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Itself.
    pub id: ClientId,
    /// Whose it is.
    pub tenant: TenantId,
    /// What people call it; the source of the events it reports.
    pub name: String,
    /// What it may do.
    pub role: Role,
}

/// What an API client may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum Role {
    /// Creates shipments, reports events, reads all of its tenant's.
    Manager,
    /// Reads its tenant's shipments and changes nothing.
    Reader,
    /// Reports events and reads what a carrier needs to bring a shipment.
    Carrier,
}

impl Role {
    /// The word it is kept and typed by.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Manager => "manager",
            Self::Reader => "reader",
            Self::Carrier => "carrier",
        }
    }
}

impl FromStr for Role {
    type Err = doorstep_model::text::UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "manager" => Ok(Self::Manager),
            "reader" => Ok(Self::Reader),
            "carrier" => Ok(Self::Carrier),
            _ => Err(doorstep_model::text::UnknownWord),
        }
    }
}

/// What a tenant is called: 1 to 64 of `a-z 0-9 -`, starting with a letter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TenantName(String);

/// A text that is no tenant name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a tenant's name has 1 to 64 of a-z, 0-9 and '-', and starts with a letter")]
pub struct TenantNameError;

impl TenantName {
    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TenantName {
    type Err = TenantNameError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let fits = (1..=64).contains(&raw.len())
            && raw.starts_with(|c: char| c.is_ascii_lowercase())
            && raw.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if fits { Ok(Self(raw.to_owned())) } else { Err(TenantNameError) }
    }
}

/// An API key in clear: `ds_` and 256 random bits. Shown once, never kept, never logged.
pub struct ApiKey(String);

impl ApiKey {
    /// A new one.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn random() -> anyhow::Result<Self> {
        let mut bytes = [0; 32];
        OsRng.try_fill_bytes(&mut bytes)?;
        Ok(Self(format!("ds_{}", URL_SAFE_NO_PAD.encode(bytes))))
    }

    /// To be shown to its owner, once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub fn hash(&self) -> KeyHash {
        KeyHash::of(&self.0)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(…)")
    }
}

/// SHA-256 of an API key. A plain hash serves, because a key has 256 random bits and cannot be guessed;
/// looking it up by its hash takes the same time whether it nearly matches or not.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyHash(pub [u8; 32]);

impl KeyHash {
    /// The hash of what a caller presented.
    pub fn of(presented: &str) -> Self {
        Self(Sha256::digest(presented.as_bytes()).into())
    }
}

impl fmt::Debug for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyHash(…)")
    }
}
