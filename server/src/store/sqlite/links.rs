//! Links to shipments in SQL. Knows secrets as hashes only, and nothing of when a link's time is over.

use async_trait::async_trait;
use doorstep_model::id::TrackingId;
use doorstep_model::time::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use super::errand::Errand;
use crate::access::{AGAIN_MS, Link, LinkId, NewLink, SecretHash};
use crate::identity::TenantId;
use crate::store::StoreError;

/// The most links that are listed.
const LISTED: i64 = 100;

/// A link to be made to a shipment of a tenant.
pub(super) struct AddLink {
    pub(super) tenant: TenantId,
    pub(super) id: TrackingId,
    pub(super) new: NewLink,
}

#[async_trait]
impl Errand for AddLink {
    type Answer = Option<Link>;

    async fn run(self, connection: &mut SqliteConnection) -> Result<Option<Link>, StoreError> {
        let row = sqlx::query(
            "INSERT INTO link (shipment_id, hash, made_at, made_by)
             SELECT id, ?3, ?4, ?5 FROM shipment WHERE tenant_id = ?1 AND tracking_key = ?2
             RETURNING id, made_at, made_by, used_at, revoked_at",
        )
        .bind(self.tenant.0)
        .bind(self.id.key())
        .bind(&self.new.hash.0[..])
        .bind(self.new.made_at.millis())
        .bind(self.new.made_by.as_str())
        .fetch_optional(connection)
        .await?;
        row.as_ref().map(link).transpose()
    }
}

/// Links to be revoked, with the sessions that came from them.
pub(super) struct RevokeLinks {
    pub(super) tenant: TenantId,
    pub(super) id: TrackingId,
    /// All of them, and all sessions, where no one is named.
    pub(super) which: Option<LinkId>,
    pub(super) at: Timestamp,
}

#[async_trait]
impl Errand for RevokeLinks {
    type Answer = u64;

    async fn run(self, connection: &mut SqliteConnection) -> Result<u64, StoreError> {
        let which = self.which.map(|link| link.0);
        let revoked = sqlx::query(
            "UPDATE link SET revoked_at = ?4
             WHERE shipment_id = (SELECT id FROM shipment WHERE tenant_id = ?1 AND tracking_key = ?2)
                   AND (?3 IS NULL OR id = ?3) AND revoked_at IS NULL",
        )
        .bind(self.tenant.0)
        .bind(self.id.key())
        .bind(which)
        .bind(self.at.millis())
        .execute(&mut *connection)
        .await?;
        sqlx::query(
            "DELETE FROM session
             WHERE shipment_id = (SELECT id FROM shipment WHERE tenant_id = ?1 AND tracking_key = ?2)
                   AND (?3 IS NULL OR link_id = ?3)",
        )
        .bind(self.tenant.0)
        .bind(self.id.key())
        .bind(which)
        .execute(connection)
        .await?;
        Ok(revoked.rows_affected())
    }
}

/// The links to a shipment of a tenant, newest first.
pub(super) async fn of(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    id: &TrackingId,
) -> Result<Vec<Link>, StoreError> {
    let rows = sqlx::query(
        "SELECT l.id, l.made_at, l.made_by, l.used_at, l.revoked_at
         FROM shipment AS s JOIN link AS l ON l.shipment_id = s.id
         WHERE s.tenant_id = ?1 AND s.tracking_key = ?2 ORDER BY l.id DESC LIMIT ?3",
    )
    .bind(tenant.0)
    .bind(id.key())
    .bind(LISTED)
    .fetch_all(connection)
    .await?;
    rows.iter().map(link).collect()
}

/// Whether that link, to that shipment, can be exchanged at `at`. Asked before the writer is, so that whoever
/// tries secrets keeps no writer busy.
pub(super) async fn is_open(
    connection: &mut SqliteConnection,
    id: &TrackingId,
    hash: &SecretHash,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let found = sqlx::query(
        "SELECT 1 FROM link AS l JOIN shipment AS s ON s.id = l.shipment_id
         WHERE l.hash = ?2 AND l.revoked_at IS NULL AND s.tracking_key = ?1
               AND (l.used_at IS NULL
                    OR l.used_at >= ?3
                       AND EXISTS (SELECT 1 FROM session AS n WHERE n.link_id = l.id
                                          AND n.token_seen IS NULL AND n.token_before IS NULL))",
    )
    .bind(id.key())
    .bind(&hash.0[..])
    .bind(at.millis() - AGAIN_MS)
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

fn link(row: &SqliteRow) -> Result<Link, StoreError> {
    let id: i64 = row.try_get(0)?;
    let made_by: &str = row.try_get(2)?;
    let made_by = made_by.parse().map_err(|_| StoreError::Corrupt(format!("link {id}: made_by")))?;
    Ok(Link {
        id: LinkId(id),
        made_at: Timestamp::from_millis(row.try_get(1)?),
        made_by,
        used_at: row.try_get::<Option<i64>, _>(3)?.map(Timestamp::from_millis),
        revoked_at: row.try_get::<Option<i64>, _>(4)?.map(Timestamp::from_millis),
    })
}
