//! How recipients get in: links, the sessions that come from them, one-time codes. Secrets are known as
//! hashes only; when a link's time is over is for the caller to ask.

use async_trait::async_trait;
use doorstep_model::id::TrackingId;
use doorstep_model::time::Timestamp;

use super::StoreError;
use crate::access::{Link, LinkId, NewLink, NewSession, SecretHash, Session, SessionId};
use crate::identity::TenantId;

/// How many one-time codes may be sent for a shipment within an hour.
pub const MOST_EMAIL_CODES: u32 = 5;

/// Links, sessions and one-time codes.
#[async_trait]
pub trait Entrances: Send + Sync {
    /// Makes a link to a shipment of `tenant`; `None` where the tenant has none of that id.
    async fn add_link(
        &self,
        tenant: TenantId,
        id: &TrackingId,
        new: NewLink,
    ) -> Result<Option<Link>, StoreError>;

    /// The links to a shipment of `tenant`, newest first, at most 100.
    async fn links(&self, tenant: TenantId, id: &TrackingId) -> Result<Vec<Link>, StoreError>;

    /// Revokes one link to a shipment, or all of them, and ends the sessions that came from what is
    /// revoked; with all links, those that came from a token too. Says how many links were not revoked
    /// before.
    async fn revoke_links(
        &self,
        tenant: TenantId,
        id: &TrackingId,
        which: Option<LinkId>,
        at: Timestamp,
    ) -> Result<u64, StoreError>;

    /// Exchanges the link with that hash, to that shipment, for a session. Again, within [`AGAIN_MS`], only
    /// as long as no token of that session was presented: it is the same session then, and its token is
    /// replaced. `None` for a link that is unknown, foreign, used or revoked; nothing is written then.
    /// Whether its time is over is for the caller to ask before.
    ///
    /// [`AGAIN_MS`]: crate::access::AGAIN_MS
    async fn exchange_link(
        &self,
        id: &TrackingId,
        link: &SecretHash,
        new: NewSession,
    ) -> Result<Option<Session>, StoreError>;

    /// Opens a session without a link; `None` where the tenant has no shipment of that id.
    async fn open_session(
        &self,
        tenant: TenantId,
        id: &TrackingId,
        new: NewSession,
    ) -> Result<Option<Session>, StoreError>;

    /// The session of that token, the present one or the one before, as long as it was neither ended nor
    /// its link revoked.
    async fn session(&self, token: &SecretHash) -> Result<Option<Session>, StoreError>;

    /// Notes that `token` was presented, if it is still the session's present one; says whether it was.
    async fn present_token(
        &self,
        session: SessionId,
        token: SecretHash,
        at: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Replaces a session's token, if it is still `from`; says whether it was. `before` goes on being
    /// accepted: `from` itself, or the one before it as long as `from` was never presented and so was lost.
    async fn rotate_session(
        &self,
        session: SessionId,
        from: SecretHash,
        before: SecretHash,
        to: SecretHash,
        at: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Notes until when a session's holder counts as the person.
    async fn step_up_session(&self, session: SessionId, until: Timestamp) -> Result<(), StoreError>;

    /// Ends a session.
    async fn end_session(&self, session: SessionId) -> Result<(), StoreError>;

    /// Keeps the hash of the one-time code that was sent by e-mail, in place of the one before. Says
    /// `false`, and keeps nothing, when [`MOST_EMAIL_CODES`] were kept for that shipment within the hour.
    async fn keep_email_code(
        &self,
        tenant: TenantId,
        id: &TrackingId,
        hash: [u8; 32],
        at: Timestamp,
    ) -> Result<bool, StoreError>;

    /// The hash of the one-time code that was sent last and when, unless it was taken.
    async fn email_code(
        &self,
        tenant: TenantId,
        id: &TrackingId,
    ) -> Result<Option<([u8; 32], Timestamp)>, StoreError>;

    /// Forgets the one-time code with that hash; says whether it was there. It holds once.
    async fn take_email_code(
        &self,
        tenant: TenantId,
        id: &TrackingId,
        hash: [u8; 32],
    ) -> Result<bool, StoreError>;
}
