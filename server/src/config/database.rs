//! Where shipments are kept and how nodes tell each other, as people write it. What is planned and not
//! there yet is named as such, so that nobody hunts for a typing mistake.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Where shipments are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// In an SQLite file.
    Sqlite(PathBuf),
}

/// Why a text is no database; says what to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseUrlError {
    /// Planned.
    #[error("PostgreSQL is not supported yet; use sqlite:PATH")]
    Postgres,
    /// It would lose what it acknowledged.
    #[error("a database in memory would lose what was acknowledged; use sqlite:PATH with a file")]
    Memory,
    /// Anything else.
    #[error("must be sqlite:PATH, such as sqlite:doorstep.db")]
    Unknown,
}

impl FromStr for DatabaseUrl {
    type Err = DatabaseUrlError;

    fn from_str(text: &str) -> Result<Self, DatabaseUrlError> {
        if text.starts_with("postgres:") || text.starts_with("postgresql:") {
            return Err(DatabaseUrlError::Postgres);
        }
        let path = text.strip_prefix("sqlite:").ok_or(DatabaseUrlError::Unknown)?;
        let path = path.strip_prefix("//").unwrap_or(path);
        match path {
            "" => Err(DatabaseUrlError::Unknown),
            ":memory:" => Err(DatabaseUrlError::Memory),
            path if path.contains(['?', '\0']) => Err(DatabaseUrlError::Unknown),
            path => Ok(Self::Sqlite(path.into())),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Sqlite(path) = self;
        write!(f, "sqlite:{}", path.display())
    }
}

/// What tells other nodes of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BusUrl {
    /// Nothing: there is one node.
    Local,
}

/// Why a text is no bus; says what to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BusUrlError {
    /// Planned.
    #[error("NATS is not supported yet; use \"local\"")]
    Nats,
    /// Anything else.
    #[error("must be \"local\"")]
    Unknown,
}

impl FromStr for BusUrl {
    type Err = BusUrlError;

    fn from_str(text: &str) -> Result<Self, BusUrlError> {
        match text {
            "local" => Ok(Self::Local),
            text if text.starts_with("nats:") => Err(BusUrlError::Nats),
            _ => Err(BusUrlError::Unknown),
        }
    }
}

impl fmt::Display for BusUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("local")
    }
}
