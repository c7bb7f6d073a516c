//! One-time codes that were sent by e-mail, in SQL. Knows them as hashes only, and nothing of how long one
//! holds.

use async_trait::async_trait;
use doorstep_model::id::TrackingId;
use doorstep_model::time::Timestamp;
use sqlx::SqliteConnection;

use super::errand::Errand;
use crate::identity::TenantId;
use crate::store::StoreError;
use crate::store::entrances::MOST_EMAIL_CODES;

/// So long codes are counted.
const COUNTED_MS: i64 = 60 * 60 * 1_000;

/// A code to be kept, in place of the one before.
pub(super) struct KeepEmailCode {
    pub(super) tenant: TenantId,
    pub(super) id: TrackingId,
    pub(super) hash: [u8; 32],
    pub(super) at: Timestamp,
}

#[async_trait]
impl Errand for KeepEmailCode {
    type Answer = bool;

    async fn run(self, connection: &mut SqliteConnection) -> Result<bool, StoreError> {
        let found: Option<(i64, i64)> = sqlx::query_as(
            "SELECT s.id, (SELECT COUNT(*) FROM email_code AS c WHERE c.shipment_id = s.id AND c.sent_at > ?3)
             FROM shipment AS s WHERE s.tenant_id = ?1 AND s.tracking_key = ?2",
        )
        .bind(self.tenant.0)
        .bind(self.id.key())
        .bind(self.at.millis() - COUNTED_MS)
        .fetch_optional(&mut *connection)
        .await?;
        let Some((shipment, sent)) = found else { return Ok(false) };
        if sent >= i64::from(MOST_EMAIL_CODES) {
            return Ok(false);
        }
        sqlx::query("DELETE FROM email_code WHERE shipment_id = ?1 AND sent_at <= ?2")
            .bind(shipment)
            .bind(self.at.millis() - COUNTED_MS)
            .execute(&mut *connection)
            .await?;
        sqlx::query("UPDATE email_code SET hash = NULL WHERE shipment_id = ?1")
            .bind(shipment)
            .execute(&mut *connection)
            .await?;
        sqlx::query("INSERT INTO email_code (shipment_id, sent_at, hash) VALUES (?1, ?2, ?3)")
            .bind(shipment)
            .bind(self.at.millis())
            .bind(&self.hash[..])
            .execute(connection)
            .await?;
        Ok(true)
    }
}

/// A code to be taken: it holds once.
pub(super) struct TakeEmailCode {
    pub(super) tenant: TenantId,
    pub(super) id: TrackingId,
    pub(super) hash: [u8; 32],
}

#[async_trait]
impl Errand for TakeEmailCode {
    type Answer = bool;

    async fn run(self, connection: &mut SqliteConnection) -> Result<bool, StoreError> {
        let taken = sqlx::query(
            "UPDATE email_code SET hash = NULL
             WHERE shipment_id = (SELECT id FROM shipment WHERE tenant_id = ?1 AND tracking_key = ?2)
                   AND hash = ?3",
        )
        .bind(self.tenant.0)
        .bind(self.id.key())
        .bind(&self.hash[..])
        .execute(connection)
        .await?;
        Ok(taken.rows_affected() > 0)
    }
}

/// The code that was sent last and when, unless it was taken.
pub(super) async fn last(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    id: &TrackingId,
) -> Result<Option<([u8; 32], Timestamp)>, StoreError> {
    let row: Option<(Vec<u8>, i64)> = sqlx::query_as(
        "SELECT c.hash, c.sent_at FROM shipment AS s JOIN email_code AS c ON c.shipment_id = s.id
         WHERE s.tenant_id = ?1 AND s.tracking_key = ?2 AND c.hash IS NOT NULL",
    )
    .bind(tenant.0)
    .bind(id.key())
    .fetch_optional(connection)
    .await?;
    let Some((hash, at)) = row else { return Ok(None) };
    let hash = hash.try_into().map_err(|_| StoreError::Corrupt(format!("e-mail code of {id}: hash")))?;
    Ok(Some((hash, Timestamp::from_millis(at))))
}
