//! What is forgotten of orders, in SQL: those that became nothing, and places that were held for a while, when their
//! time is over.

use async_trait::async_trait;
use doorstep_model::time::Timestamp;
use sqlx::SqliteConnection;

use crate::identity::TenantId;
use crate::store::StoreError;
use crate::store::orders::DialectName;
use crate::store::sqlite::errand::Errand;

/// The most of each that are forgotten at once, so that nobody waits long behind it.
const MOST: i64 = 500;

/// Which are to be forgotten.
pub(in crate::store::sqlite) struct Forget {
    pub(super) tenant: TenantId,
    pub(super) dialect: DialectName,
    pub(super) status: &'static str,
    pub(super) before: Timestamp,
}

#[async_trait]
impl Errand for Forget {
    type Answer = u64;

    async fn run(self, connection: &mut SqliteConnection) -> Result<u64, StoreError> {
        let forgotten = sqlx::query(
            "DELETE FROM dialect_order WHERE id IN (
                 SELECT id FROM dialect_order
                 WHERE tenant_id = ?1 AND dialect = ?2 AND status = ?3 AND ends_at < ?4 AND shipment_id IS NULL
                 LIMIT ?5)",
        )
        .bind(self.tenant.0)
        .bind(self.dialect.0)
        .bind(self.status)
        .bind(self.before.millis())
        .bind(MOST)
        .execute(&mut *connection)
        .await?;
        let places = sqlx::query(
            "DELETE FROM dialect_place WHERE tenant_id = ?1 AND dialect = ?2 AND (pool, holder) IN (
                 SELECT pool, holder FROM dialect_place
                 WHERE tenant_id = ?1 AND dialect = ?2 AND until < ?3 LIMIT ?4)",
        );
        let places = places.bind(self.tenant.0).bind(self.dialect.0).bind(self.before.millis()).bind(MOST);
        places.execute(connection).await?;
        Ok(forgotten.rows_affected())
    }
}
