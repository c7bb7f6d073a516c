//! Orders in SQL: the filing of one in a transaction of its own, what is set up, places that are limited.
//! Knows nothing of any dialect.

pub(super) mod entries;
pub(super) mod file;
pub(super) mod forget;
mod list;
mod places;
pub(super) mod rows;

use async_trait::async_trait;
use doorstep_model::id::TrackingId;
use doorstep_model::time::Timestamp;

use super::SqliteStore;
use crate::identity::TenantId;
use crate::store::StoreError;
use crate::store::orders::{
    DialectName, Entry, EntryKind, Filed, Filing, Order, OrderFilter, OrderKey, OrderPage, OrderPageRequest,
    Orders,
};

#[async_trait]
impl Orders for SqliteStore {
    async fn file(&self, tenant: TenantId, filing: Filing) -> Result<Filed, StoreError> {
        self.queue.file(file::File { tenant, filing }).await
    }

    async fn order(&self, tenant: TenantId, key: &OrderKey) -> Result<Option<Order>, StoreError> {
        rows::by_key(&mut *self.readers.acquire().await?, tenant, key).await
    }

    async fn order_named(&self, tenant: TenantId, key: &OrderKey) -> Result<Option<Order>, StoreError> {
        rows::by_name(&mut *self.readers.acquire().await?, tenant, key).await
    }

    async fn orders(
        &self,
        tenant: TenantId,
        dialect: DialectName,
        filter: &OrderFilter,
        page: OrderPageRequest,
    ) -> Result<OrderPage, StoreError> {
        list::page(&mut *self.readers.acquire().await?, tenant, dialect, filter, page).await
    }

    async fn order_of(
        &self,
        tenant: TenantId,
        dialect: DialectName,
        id: &TrackingId,
    ) -> Result<Option<Order>, StoreError> {
        rows::by_shipment(&mut *self.readers.acquire().await?, tenant, dialect, id).await
    }

    async fn places_taken(
        &self,
        tenant: TenantId,
        dialect: DialectName,
        pools: &[String],
        at: Timestamp,
    ) -> Result<Vec<u32>, StoreError> {
        places::taken(&mut *self.readers.acquire().await?, tenant, dialect, pools, at).await
    }

    async fn forget_orders(
        &self,
        tenant: TenantId,
        dialect: DialectName,
        status: &'static str,
        before: Timestamp,
    ) -> Result<u64, StoreError> {
        self.queue.run(forget::Forget { tenant, dialect, status, before }).await
    }

    async fn entries(
        &self,
        tenant: TenantId,
        dialect: DialectName,
        kind: EntryKind,
    ) -> Result<Vec<Entry>, StoreError> {
        entries::of(&mut *self.readers.acquire().await?, tenant, dialect, kind).await
    }

    async fn entry(
        &self,
        tenant: TenantId,
        dialect: DialectName,
        kind: EntryKind,
        id: &str,
    ) -> Result<Option<Entry>, StoreError> {
        entries::one(&mut *self.readers.acquire().await?, tenant, dialect, kind, id).await
    }

    async fn put_entry(
        &self,
        tenant: TenantId,
        dialect: DialectName,
        kind: EntryKind,
        entry: Entry,
    ) -> Result<bool, StoreError> {
        self.queue.run(entries::PutEntry { tenant, dialect, kind, entry }).await
    }

    async fn delete_entry(
        &self,
        tenant: TenantId,
        dialect: DialectName,
        kind: EntryKind,
        id: &str,
    ) -> Result<bool, StoreError> {
        self.queue.run(entries::DeleteEntry { tenant, dialect, kind, id: id.to_owned() }).await
    }
}
