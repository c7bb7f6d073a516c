//! Links: `/t/{trackingId}#k={secret}`. A link is exchanged for one session and is used up once that was
//! used; it can be revoked, and with it every session that came from it.

use std::str::FromStr;

use doorstep_model::text::UnknownWord;
use doorstep_model::time::Timestamp;

use super::SecretHash;

/// So long a link whose session was never used may be exchanged again, in milliseconds: 10 minutes. The
/// answer with the session's token may have been lost.
pub const AGAIN_MS: i64 = 10 * 60 * 1_000;

/// Names a link within the store, and to the API clients of its tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkId(pub i64);

/// Who made a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkMaker {
    /// An API client of the tenant.
    Client,
    /// The recipient, in place of another link.
    Recipient,
}

impl LinkMaker {
    /// The word it is kept by.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Recipient => "recipient",
        }
    }
}

impl FromStr for LinkMaker {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "client" => Ok(Self::Client),
            "recipient" => Ok(Self::Recipient),
            _ => Err(UnknownWord),
        }
    }
}

/// A link to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewLink {
    /// Of its secret.
    pub hash: SecretHash,
    /// When it is made.
    pub made_at: Timestamp,
    /// By whom.
    pub made_by: LinkMaker,
}

/// A link that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Itself.
    pub id: LinkId,
    /// When it was made.
    pub made_at: Timestamp,
    /// By whom.
    pub made_by: LinkMaker,
    /// When it was first exchanged for a session.
    pub used_at: Option<Timestamp>,
    /// When it was revoked; nothing that came from it opens anything since.
    pub revoked_at: Option<Timestamp>,
}
