//! Sessions in SQL. A session that ended is gone; knows tokens as hashes only, and nothing of how long one
//! holds, but that what nobody can use any more is forgotten.

use async_trait::async_trait;
use doorstep_model::id::TrackingId;
use doorstep_model::time::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use super::errand::Errand;
use crate::access::{AGAIN_MS, IDLE_MS, LinkId, NewSession, ROTATES_MS, SecretHash, Session, SessionId};
use crate::identity::TenantId;
use crate::store::StoreError;

/// What a session comes from.
pub(super) enum Entrance {
    /// The link with that hash.
    Link(SecretHash),
    /// The word of the tenant.
    Tenant(TenantId),
}

/// A session to be opened, where its entrance is open.
pub(super) struct OpenSession {
    pub(super) id: TrackingId,
    pub(super) entrance: Entrance,
    pub(super) new: NewSession,
}

#[async_trait]
impl Errand for OpenSession {
    type Answer = Option<Session>;

    async fn run(self, connection: &mut SqliteConnection) -> Result<Option<Session>, StoreError> {
        let entered: Option<(i64, Option<i64>)> = match self.entrance {
            Entrance::Link(hash) => {
                let used = sqlx::query_as(
                    "UPDATE link SET used_at = ?3
                     WHERE hash = ?2 AND used_at IS NULL AND revoked_at IS NULL
                           AND shipment_id = (SELECT id FROM shipment WHERE tracking_key = ?1)
                     RETURNING shipment_id, id",
                );
                let used = used.bind(self.id.key()).bind(hash.0.to_vec()).bind(self.new.at.millis());
                match used.fetch_optional(&mut *connection).await? {
                    Some(entered) => Some(entered),
                    None => return again(connection, &self.id, &hash, &self.new).await,
                }
            }
            Entrance::Tenant(tenant) => {
                let sql = "SELECT id, NULL FROM shipment WHERE tenant_id = ?1 AND tracking_key = ?2";
                let found = sqlx::query_as(sql).bind(tenant.0).bind(self.id.key());
                found.fetch_optional(&mut *connection).await?
            }
        };
        let Some((shipment, link)) = entered else { return Ok(None) };
        forget_idle(connection, self.new.at).await?;
        sqlx::query(
            "INSERT INTO session (shipment_id, link_id, token, token_at, stepped_up_until)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )
        .bind(shipment)
        .bind(link)
        .bind(&self.new.token.0[..])
        .bind(self.new.at.millis())
        .bind(self.new.stepped_up_until.map(Timestamp::millis))
        .execute(&mut *connection)
        .await?;
        by_token(connection, &self.new.token).await
    }
}

/// The session of a link that was exchanged already, under another token, as long as nobody used it.
async fn again(
    connection: &mut SqliteConnection,
    id: &TrackingId,
    link: &SecretHash,
    new: &NewSession,
) -> Result<Option<Session>, StoreError> {
    let replaced = sqlx::query(
        "UPDATE session SET token = ?4, token_at = ?5, stepped_up_until = ?6
         WHERE token_seen IS NULL AND token_before IS NULL
               AND link_id = (SELECT l.id FROM link AS l JOIN shipment AS s ON s.id = l.shipment_id
                              WHERE s.tracking_key = ?1 AND l.hash = ?2 AND l.used_at >= ?3
                                    AND l.revoked_at IS NULL)",
    );
    let replaced = replaced.bind(id.key()).bind(&link.0[..]).bind(new.at.millis() - AGAIN_MS);
    let replaced = replaced.bind(&new.token.0[..]).bind(new.at.millis());
    let replaced = replaced.bind(new.stepped_up_until.map(Timestamp::millis));
    if replaced.execute(&mut *connection).await?.rows_affected() == 0 {
        return Ok(None);
    }
    by_token(connection, &new.token).await
}

/// A token that was presented for the first time.
pub(super) struct PresentToken {
    pub(super) session: SessionId,
    pub(super) token: SecretHash,
    pub(super) at: Timestamp,
}

#[async_trait]
impl Errand for PresentToken {
    type Answer = bool;

    async fn run(self, connection: &mut SqliteConnection) -> Result<bool, StoreError> {
        let sql = "UPDATE session SET token_seen = coalesce(token_seen, ?3) WHERE id = ?1 AND token = ?2";
        let seen = sqlx::query(sql).bind(self.session.0).bind(&self.token.0[..]).bind(self.at.millis());
        Ok(seen.execute(connection).await?.rows_affected() == 1)
    }
}

/// A token to be replaced.
pub(super) struct RotateSession {
    pub(super) session: SessionId,
    pub(super) from: SecretHash,
    pub(super) before: SecretHash,
    pub(super) to: SecretHash,
    pub(super) at: Timestamp,
}

#[async_trait]
impl Errand for RotateSession {
    type Answer = bool;

    async fn run(self, connection: &mut SqliteConnection) -> Result<bool, StoreError> {
        let sql = "UPDATE session SET token = ?4, token_at = ?5, token_before = ?3, token_seen = NULL
                   WHERE id = ?1 AND token = ?2
                         AND (token = ?3 OR token_before = ?3 AND token_seen IS NULL)";
        let rotated = sqlx::query(sql)
            .bind(self.session.0)
            .bind(&self.from.0[..])
            .bind(&self.before.0[..])
            .bind(&self.to.0[..])
            .bind(self.at.millis())
            .execute(connection)
            .await?;
        Ok(rotated.rows_affected() == 1)
    }
}

/// A session whose holder counts as the person for a while.
pub(super) struct StepUpSession {
    pub(super) session: SessionId,
    pub(super) until: Timestamp,
}

#[async_trait]
impl Errand for StepUpSession {
    type Answer = ();

    async fn run(self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let stepped = sqlx::query("UPDATE session SET stepped_up_until = ?2 WHERE id = ?1");
        stepped.bind(self.session.0).bind(self.until.millis()).execute(connection).await?;
        Ok(())
    }
}

/// A session to be ended.
pub(super) struct EndSession(pub(super) SessionId);

#[async_trait]
impl Errand for EndSession {
    type Answer = ();

    async fn run(self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM session WHERE id = ?1").bind(self.0.0).execute(connection).await?;
        Ok(())
    }
}

/// The session of that token, the present one or the one before.
pub(super) async fn by_token(
    connection: &mut SqliteConnection,
    token: &SecretHash,
) -> Result<Option<Session>, StoreError> {
    let row = sqlx::query(
        "SELECT n.id, s.tenant_id, s.tracking_id, n.link_id, n.token, n.token_at, n.token_before,
                n.token_seen, n.stepped_up_until
         FROM session AS n JOIN shipment AS s ON s.id = n.shipment_id
         WHERE n.token = ?1 OR n.token_before = ?1",
    )
    .bind(&token.0[..])
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(session).transpose()
}

/// Forgets sessions that nobody used for so long that they ended; a few, as many as come. A token in use is
/// replaced at the first request after its time, so its age tells the session's idleness that closely.
async fn forget_idle(connection: &mut SqliteConnection, now: Timestamp) -> Result<(), StoreError> {
    let sql = "DELETE FROM session WHERE id IN (SELECT id FROM session WHERE token_at < ?1 LIMIT 20)";
    sqlx::query(sql).bind(now.millis() - IDLE_MS - ROTATES_MS).execute(connection).await?;
    Ok(())
}

fn session(row: &SqliteRow) -> Result<Session, StoreError> {
    let id: i64 = row.try_get(0)?;
    let corrupt = |column: &str| StoreError::Corrupt(format!("session {id}: {column}"));
    let hash = |bytes: &[u8]| bytes.try_into().map(SecretHash).map_err(|_| corrupt("token"));
    let before: Option<&[u8]> = row.try_get(6)?;
    Ok(Session {
        id: SessionId(id),
        tenant: TenantId(row.try_get(1)?),
        tracking_id: TrackingId::parse(row.try_get(2)?).map_err(|_| corrupt("tracking_id"))?,
        link: row.try_get::<Option<i64>, _>(3)?.map(LinkId),
        token: hash(row.try_get(4)?)?,
        token_at: Timestamp::from_millis(row.try_get(5)?),
        token_before: before.map(hash).transpose()?,
        token_seen: row.try_get::<Option<i64>, _>(7)?.map(Timestamp::from_millis),
        stepped_up_until: row.try_get::<Option<i64>, _>(8)?.map(Timestamp::from_millis),
    })
}
