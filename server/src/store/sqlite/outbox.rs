//! The outbox in SQL, one file for each thing that is done with it. Knows nothing of what is sent or how.

mod claim;
mod endpoints;
mod messages;
mod news;
mod replay;
mod settle;
mod tidy;

use async_trait::async_trait;
use doorstep_model::id::TrackingId;
use doorstep_model::time::Timestamp;

use super::SqliteStore;
use crate::identity::TenantId;
use crate::store::StoreError;
use crate::store::outbox::{
    Attempt, Claim, DeliveryId, DeliveryState, Message, MessagePage, MessagePageRequest, Outbox, Replay,
    Settled, Subject, Taken,
};
use crate::webhooks::{Auth, Disabled, Endpoint, EndpointId, EndpointPlan};

pub(super) use endpoints::watched;
pub(super) use news::write;

#[async_trait]
impl Outbox for SqliteStore {
    async fn add_endpoint(
        &self,
        tenant: TenantId,
        plan: EndpointPlan,
        at: Timestamp,
        most: u32,
    ) -> Result<Option<Endpoint>, StoreError> {
        self.queue.run(endpoints::Add { tenant, plan, at, most }).await
    }

    async fn endpoint(&self, tenant: TenantId, id: EndpointId) -> Result<Option<Endpoint>, StoreError> {
        endpoints::one(&mut *self.readers.acquire().await?, tenant, id).await
    }

    async fn endpoints(
        &self,
        tenant: TenantId,
        scope: Option<&TrackingId>,
    ) -> Result<Vec<Endpoint>, StoreError> {
        endpoints::of(&mut *self.readers.acquire().await?, tenant, scope).await
    }

    async fn change_endpoint(
        &self,
        before: &Endpoint,
        plan: EndpointPlan,
        disabled: Option<(Timestamp, Disabled)>,
    ) -> Result<Option<Endpoint>, StoreError> {
        let changed = self.queue.run(endpoints::Change { before: before.clone(), plan, disabled }).await?;
        self.news.notify_one();
        Ok(changed)
    }

    async fn rotate_endpoint(&self, before: &Endpoint, auth: Auth) -> Result<bool, StoreError> {
        self.queue.run(endpoints::Rotate { before: before.clone(), auth }).await
    }

    async fn remove_endpoint(&self, tenant: TenantId, id: EndpointId) -> Result<bool, StoreError> {
        self.queue.run(endpoints::Remove { tenant, id }).await
    }

    async fn tell_test(
        &self,
        tenant: TenantId,
        id: EndpointId,
        at: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let told = self.queue.run(news::TellTest { tenant, id, at }).await?;
        self.news.notify_one();
        Ok(told)
    }

    async fn messages(
        &self,
        tenant: TenantId,
        endpoint: EndpointId,
        state: Option<DeliveryState>,
        page: MessagePageRequest,
    ) -> Result<Option<MessagePage>, StoreError> {
        let connection = &mut *self.readers.acquire().await?;
        if endpoints::one(connection, tenant, endpoint).await?.is_none() {
            return Ok(None);
        }
        messages::page(connection, endpoint, state, page).await.map(Some)
    }

    async fn message(
        &self,
        tenant: TenantId,
        endpoint: EndpointId,
        message: &str,
    ) -> Result<Option<(Message, Vec<Attempt>)>, StoreError> {
        messages::one(&mut *self.readers.acquire().await?, tenant, endpoint, message).await
    }

    async fn replay(
        &self,
        tenant: TenantId,
        endpoint: EndpointId,
        which: Replay,
    ) -> Result<Option<u64>, StoreError> {
        let replayed = self.queue.run(replay::Again { tenant, endpoint, which }).await?;
        self.news.notify_one();
        Ok(replayed)
    }

    async fn next_try(&self) -> Result<Option<Timestamp>, StoreError> {
        claim::next_try(&mut *self.readers.acquire().await?).await
    }

    async fn claim(&self, claim: Claim) -> Result<Taken, StoreError> {
        let Claim { claimed_by, now, until, after, mut room } = claim;
        let (due, next) = claim::due(&mut *self.readers.acquire().await?, now, after, &mut room).await?;
        if due.is_empty() {
            return Ok(Taken { claimed: Vec::new(), next });
        }
        let claimed = self.queue.run(claim::Take { claimed_by, now, until, due }).await?;
        Ok(Taken { claimed, next })
    }

    async fn subject(&self, delivery: DeliveryId) -> Result<Subject, StoreError> {
        news::subject(&mut *self.readers.acquire().await?, delivery).await
    }

    async fn keep_rendering(
        &self,
        delivery: DeliveryId,
        claimed_by: i64,
        rendering: String,
    ) -> Result<bool, StoreError> {
        self.queue.run(settle::KeepRendering { delivery, claimed_by, rendering }).await
    }

    async fn settle(&self, settled: Settled) -> Result<(), StoreError> {
        self.queue.run(settle::Settle(settled)).await
    }

    async fn tidy_outbox(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.queue.run(tidy::Tidy { before }).await
    }

    async fn news_written(&self) {
        self.news.notified().await;
    }
}
