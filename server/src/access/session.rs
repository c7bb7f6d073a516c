//! Sessions: what a link or a retailer's token is exchanged for. A session's token rotates; the one before
//! holds until the new one was presented, because the answer that brought it may have been lost, and for
//! [`GRACE_MS`] more, because a page asks several things at once. Whoever comes with it later has stolen it
//! or was stolen from: the session ends. How long a session lives at all follows from its shipment
//! ([`Shipment::access_ends`](doorstep_model::shipment::Shipment::access_ends)).

use doorstep_model::id::TrackingId;
use doorstep_model::time::Timestamp;

use super::{LinkId, SecretHash};
use crate::identity::TenantId;

/// After so long a token is replaced at the next request, in milliseconds: 15 minutes.
pub const ROTATES_MS: i64 = 15 * 60 * 1_000;

/// So long the token before still holds once the present one was presented, in milliseconds: one minute.
/// As long a present one that was not may be on its way, before another is made in its place.
pub const GRACE_MS: i64 = 60 * 1_000;

/// A session that is not used for so long ends, in milliseconds: 14 days.
pub const IDLE_MS: i64 = 14 * 24 * 60 * 60 * 1_000;

/// A proof of who one is holds for so long, in milliseconds: 15 minutes.
pub const STEPPED_UP_MS: i64 = 15 * 60 * 1_000;

/// Names a session within the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionId(pub i64);

/// A session to be opened.
#[derive(Clone, Copy, Debug)]
pub struct NewSession {
    /// Of its token.
    pub token: SecretHash,
    /// When it is opened.
    pub at: Timestamp,
    /// Until when its holder counts as the person, where it begins so (a retailer's token may say it).
    pub stepped_up_until: Option<Timestamp>,
}

/// A session that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Itself.
    pub id: SessionId,
    /// Whose shipment it opens.
    pub tenant: TenantId,
    /// Which shipment it opens, and no other.
    pub tracking_id: TrackingId,
    /// The link it came from; a retailer's token leaves none.
    pub link: Option<LinkId>,
    /// Of the token that holds.
    pub token: SecretHash,
    /// Since when that one holds.
    pub token_at: Timestamp,
    /// Of the token before.
    pub token_before: Option<SecretHash>,
    /// When the token that holds was first presented; nobody knows before whether it arrived.
    pub token_seen: Option<Timestamp>,
    /// Until when its holder counts as the person.
    pub stepped_up_until: Option<Timestamp>,
}

impl Session {
    /// Whether its holder counts as the person at `now`.
    pub fn is_stepped_up(&self, now: Timestamp) -> bool {
        self.stepped_up_until.is_some_and(|until| now < until)
    }
}
