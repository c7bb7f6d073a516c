//! What tenants set up for dialects, in SQL. Knows nothing of what stands in it.

use async_trait::async_trait;
use sqlx::SqliteConnection;

use crate::identity::TenantId;
use crate::store::StoreError;
use crate::store::orders::{DialectName, Entry, EntryKind, MOST_ENTRIES};
use crate::store::sqlite::errand::Errand;

/// Something to be set up.
pub(in crate::store::sqlite) struct PutEntry {
    pub(super) tenant: TenantId,
    pub(super) dialect: DialectName,
    pub(super) kind: EntryKind,
    pub(super) entry: Entry,
}

#[async_trait]
impl Errand for PutEntry {
    type Answer = bool;

    async fn run(self, connection: &mut SqliteConnection) -> Result<bool, StoreError> {
        let put = sqlx::query(
            "INSERT INTO dialect_entry (tenant_id, dialect, kind, entry_id, document)
             SELECT ?1, ?2, ?3, ?4, ?5
             WHERE (SELECT COUNT(*) FROM dialect_entry
                    WHERE tenant_id = ?1 AND dialect = ?2 AND kind = ?3 AND entry_id <> ?4) < ?6
             ON CONFLICT (tenant_id, dialect, kind, entry_id) DO UPDATE SET document = ?5",
        )
        .bind(self.tenant.0)
        .bind(self.dialect.0)
        .bind(self.kind.0)
        .bind(self.entry.id)
        .bind(self.entry.document)
        .bind(MOST_ENTRIES)
        .execute(connection)
        .await?;
        Ok(put.rows_affected() > 0)
    }
}

/// Something to be taken down.
pub(in crate::store::sqlite) struct DeleteEntry {
    pub(super) tenant: TenantId,
    pub(super) dialect: DialectName,
    pub(super) kind: EntryKind,
    pub(super) id: String,
}

#[async_trait]
impl Errand for DeleteEntry {
    type Answer = bool;

    async fn run(self, connection: &mut SqliteConnection) -> Result<bool, StoreError> {
        let deleted = sqlx::query(
            "DELETE FROM dialect_entry WHERE tenant_id = ?1 AND dialect = ?2 AND kind = ?3 AND entry_id = ?4",
        )
        .bind(self.tenant.0)
        .bind(self.dialect.0)
        .bind(self.kind.0)
        .bind(self.id)
        .execute(connection)
        .await?;
        Ok(deleted.rows_affected() > 0)
    }
}

/// What is set up of a kind, by id.
pub(super) async fn of(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    dialect: DialectName,
    kind: EntryKind,
) -> Result<Vec<Entry>, StoreError> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT entry_id, document FROM dialect_entry WHERE tenant_id = ?1 AND dialect = ?2 AND kind = ?3
         ORDER BY entry_id",
    )
    .bind(tenant.0)
    .bind(dialect.0)
    .bind(kind.0)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|(id, document)| Entry { id, document }).collect())
}

/// One of them.
pub(super) async fn one(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    dialect: DialectName,
    kind: EntryKind,
    id: &str,
) -> Result<Option<Entry>, StoreError> {
    let document: Option<String> = sqlx::query_scalar(
        "SELECT document FROM dialect_entry
         WHERE tenant_id = ?1 AND dialect = ?2 AND kind = ?3 AND entry_id = ?4",
    )
    .bind(tenant.0)
    .bind(dialect.0)
    .bind(kind.0)
    .bind(id)
    .fetch_optional(connection)
    .await?;
    Ok(document.map(|document| Entry { id: id.to_owned(), document }))
}
