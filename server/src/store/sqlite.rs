//! The store in one SQLite file. Every write goes through one task that commits the requests that wait
//! in groups; reads go to a small pool that cannot write. Several processes may use one file; what the
//! others write is noticed within [`writer::POLL`].

mod anew;
mod cache;
mod clients;
mod connect;
mod email_codes;
mod entrances;
mod errand;
mod group;
mod links;
mod list;
mod load;
mod logos;
mod orders;
mod outbox;
mod pictures;
mod pushes;
mod queue;
mod save;
mod sessions;
mod settings;
#[cfg(test)]
mod tests;
mod work;
mod writer;

use std::sync::Arc;

use async_trait::async_trait;
use doorstep_model::handoff::Amendment;
use doorstep_model::id::TrackingId;
use doorstep_model::shipment::Shipment;
use doorstep_model::time::Timestamp;
use sqlx::SqlitePool;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::plan::{Amend, Answer, Change};
use super::{
    AmendedShipment, Creation, Filter, NewShipment, Observer, Page, PageRequest, Picture, Recording, Report,
    Store, StoreError,
};
use crate::access::TenantSettings;
use crate::identity::{Client, KeyHash, Role, TenantId, TenantName};
use queue::Queue;
use writer::Writer;

/// The store in one SQLite file.
pub struct SqliteStore {
    queue: Queue,
    readers: SqlitePool,
    closing: CancellationToken,
    writing: TaskTracker,
    /// Told when news was written.
    news: Arc<Notify>,
}

impl SqliteStore {
    /// Opens the file at `path`, makes it where there is none and brings its tables up to date. Tells
    /// `observer` of every change from now on. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// [`StoreError::Engine`] when the file cannot be opened or its tables not brought up to date.
    pub async fn open(path: &str, observer: Arc<dyn Observer>) -> Result<Self, StoreError> {
        writer::describe_metrics();
        let options = connect::options(path);
        let connection = connect::writer(&options).await?;
        let readers = connect::readers(&options).await?;
        let (queue, jobs) = queue::queue();
        let closing = CancellationToken::new();
        let writing = TaskTracker::new();
        let news = Arc::new(Notify::new());
        let told = Arc::clone(&news);
        let writer =
            Writer::new(connection, options, jobs, closing.clone(), readers.clone(), observer, told).await?;
        writing.spawn(writer.run());
        writing.close();
        Ok(Self { queue, readers, closing, writing, news })
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn create_client(
        &self,
        tenant: &TenantName,
        name: &str,
        role: Role,
        key: KeyHash,
    ) -> Result<Client, StoreError> {
        let client = clients::NewClient { tenant: tenant.clone(), name: name.to_owned(), role, key };
        self.queue.run(client).await
    }

    async fn client_by_key(&self, key: &KeyHash) -> Result<Option<Client>, StoreError> {
        clients::by_key(&mut *self.readers.acquire().await?, key).await
    }

    async fn tenant_by_name(&self, name: &TenantName) -> Result<Option<TenantId>, StoreError> {
        clients::tenant_by_name(&mut *self.readers.acquire().await?, name).await
    }

    async fn create_shipment(&self, tenant: TenantId, new: NewShipment) -> Result<Creation, StoreError> {
        match self.queue.change(Change::Create(tenant, Box::new(new))).await? {
            Answer::Created(creation) => Ok(creation),
            other => Err(crossed(&other)),
        }
    }

    async fn begin_anew(&self, tenant: TenantId, new: NewShipment) -> Result<Creation, StoreError> {
        self.queue.begin_anew(anew::Anew { tenant, new }).await
    }

    async fn record(&self, tenant: TenantId, reports: Vec<Report>) -> Result<Recording, StoreError> {
        match self.queue.change(Change::Record(tenant, reports)).await? {
            Answer::Recorded(recording) => Ok(recording),
            other => Err(crossed(&other)),
        }
    }

    async fn amend(
        &self,
        tenant: TenantId,
        id: &TrackingId,
        amendment: Amendment,
        at: Timestamp,
    ) -> Result<Option<AmendedShipment>, StoreError> {
        let amend = Amend { id: id.clone(), amendment, at };
        match self.queue.change(Change::Amend(tenant, Box::new(amend))).await? {
            Answer::Amended(amended) => Ok(amended),
            other => Err(crossed(&other)),
        }
    }

    async fn settings(&self, tenant: TenantId) -> Result<TenantSettings, StoreError> {
        settings::of(&mut *self.readers.acquire().await?, tenant).await
    }

    async fn save_settings(&self, tenant: TenantId, settings: TenantSettings) -> Result<(), StoreError> {
        self.queue.run(settings::SaveSettings { tenant, settings }).await
    }

    async fn keep_picture(
        &self,
        tenant: TenantId,
        id: &TrackingId,
        proof: u32,
        picture: Picture,
    ) -> Result<(), StoreError> {
        self.queue.run(pictures::KeepPicture { tenant, id: id.clone(), proof, picture }).await
    }

    async fn picture(
        &self,
        tenant: TenantId,
        id: &TrackingId,
        proof: u32,
    ) -> Result<Option<Picture>, StoreError> {
        pictures::of(&mut *self.readers.acquire().await?, tenant, id, proof).await
    }

    async fn shipment_of(
        &self,
        tenant: TenantId,
        id: &TrackingId,
    ) -> Result<Option<Arc<Shipment>>, StoreError> {
        let found = load::by_key(&mut *self.readers.acquire().await?, &id.key()).await?;
        Ok(found.filter(|kept| kept.tenant == tenant).map(|kept| kept.shipment))
    }

    async fn shipments_of(
        &self,
        tenant: TenantId,
        filter: Filter,
        page: PageRequest,
    ) -> Result<Page, StoreError> {
        list::page(&mut *self.readers.acquire().await?, tenant, &filter, page).await
    }

    async fn shipment(&self, id: &TrackingId) -> Result<Option<Arc<Shipment>>, StoreError> {
        let found = load::by_key(&mut *self.readers.acquire().await?, &id.key()).await?;
        Ok(found.map(|kept| kept.shipment))
    }

    async fn tenant_of(&self, id: &TrackingId) -> Result<Option<TenantId>, StoreError> {
        let found = load::by_key(&mut *self.readers.acquire().await?, &id.key()).await?;
        Ok(found.map(|kept| kept.tenant))
    }

    async fn check(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT id FROM shipment LIMIT 1").fetch_optional(&self.readers).await?;
        self.queue.change(Change::Check).await.map(drop)
    }

    async fn close(&self) {
        self.closing.cancel();
        self.writing.wait().await;
    }
}

fn crossed(answer: &Answer) -> StoreError {
    StoreError::Engine(anyhow::anyhow!("the writer answered another question: {answer:?}"))
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::PoolClosed => Self::Closed,
            // The engine already waited its busy time for another process.
            sqlx::Error::Database(cause) if is_busy(&*cause) => Self::Busy,
            other => Self::Engine(other.into()),
        }
    }
}

/// SQLITE_BUSY, whichever its extended code.
fn is_busy(cause: &dyn sqlx::error::DatabaseError) -> bool {
    let code = cause.code().and_then(|code| code.parse::<i32>().ok());
    code.is_some_and(|code| code & 0xff == 5)
}
