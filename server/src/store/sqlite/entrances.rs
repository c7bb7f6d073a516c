//! How recipients get in, on this engine: which errand or look-up answers which use case.

use async_trait::async_trait;
use doorstep_model::id::TrackingId;
use doorstep_model::time::Timestamp;

use super::{SqliteStore, email_codes, links, sessions};
use crate::access::{Link, LinkId, NewLink, NewSession, SecretHash, Session, SessionId};
use crate::identity::TenantId;
use crate::store::StoreError;
use crate::store::entrances::Entrances;

#[async_trait]
impl Entrances for SqliteStore {
    async fn add_link(
        &self,
        tenant: TenantId,
        id: &TrackingId,
        new: NewLink,
    ) -> Result<Option<Link>, StoreError> {
        self.queue.run(links::AddLink { tenant, id: id.clone(), new }).await
    }

    async fn links(&self, tenant: TenantId, id: &TrackingId) -> Result<Vec<Link>, StoreError> {
        links::of(&mut *self.readers.acquire().await?, tenant, id).await
    }

    async fn revoke_links(
        &self,
        tenant: TenantId,
        id: &TrackingId,
        which: Option<LinkId>,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        self.queue.run(links::RevokeLinks { tenant, id: id.clone(), which, at }).await
    }

    async fn exchange_link(
        &self,
        id: &TrackingId,
        link: &SecretHash,
        new: NewSession,
    ) -> Result<Option<Session>, StoreError> {
        if !links::is_open(&mut *self.readers.acquire().await?, id, link, new.at).await? {
            return Ok(None);
        }
        let entrance = sessions::Entrance::Link(*link);
        self.queue.run(sessions::OpenSession { id: id.clone(), entrance, new }).await
    }

    async fn open_session(
        &self,
        tenant: TenantId,
        id: &TrackingId,
        new: NewSession,
    ) -> Result<Option<Session>, StoreError> {
        let entrance = sessions::Entrance::Tenant(tenant);
        self.queue.run(sessions::OpenSession { id: id.clone(), entrance, new }).await
    }

    async fn session(&self, token: &SecretHash) -> Result<Option<Session>, StoreError> {
        sessions::by_token(&mut *self.readers.acquire().await?, token).await
    }

    async fn present_token(
        &self,
        session: SessionId,
        token: SecretHash,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        self.queue.run(sessions::PresentToken { session, token, at }).await
    }

    async fn rotate_session(
        &self,
        session: SessionId,
        from: SecretHash,
        before: SecretHash,
        to: SecretHash,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        self.queue.run(sessions::RotateSession { session, from, before, to, at }).await
    }

    async fn step_up_session(&self, session: SessionId, until: Timestamp) -> Result<(), StoreError> {
        self.queue.run(sessions::StepUpSession { session, until }).await
    }

    async fn end_session(&self, session: SessionId) -> Result<(), StoreError> {
        self.queue.run(sessions::EndSession(session)).await
    }

    async fn keep_email_code(
        &self,
        tenant: TenantId,
        id: &TrackingId,
        hash: [u8; 32],
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        self.queue.run(email_codes::KeepEmailCode { tenant, id: id.clone(), hash, at }).await
    }

    async fn email_code(
        &self,
        tenant: TenantId,
        id: &TrackingId,
    ) -> Result<Option<([u8; 32], Timestamp)>, StoreError> {
        email_codes::last(&mut *self.readers.acquire().await?, tenant, id).await
    }

    async fn take_email_code(
        &self,
        tenant: TenantId,
        id: &TrackingId,
        hash: [u8; 32],
    ) -> Result<bool, StoreError> {
        self.queue.run(email_codes::TakeEmailCode { tenant, id: id.clone(), hash }).await
    }
}
