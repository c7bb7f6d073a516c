//! How a try ended: noted with its attempt, and what waited behind the message goes on when it is done. A claim
//! that somebody else took over meanwhile changes nothing any more.

use async_trait::async_trait;
use sqlx::{Row as _, SqliteConnection};

use super::super::errand::Errand;
use super::endpoints::hold;
use crate::store::StoreError;
use crate::store::outbox::{Attempt, DeliveryId, Effect, Next, Settled};
use crate::webhooks::{Disabled, EndpointId};

/// What is sent of a claimed message, to be kept.
pub(super) struct KeepRendering {
    pub(super) delivery: DeliveryId,
    pub(super) claimed_by: i64,
    pub(super) rendering: String,
}

#[async_trait]
impl Errand for KeepRendering {
    type Answer = bool;

    async fn run(self, connection: &mut SqliteConnection) -> Result<bool, StoreError> {
        let sql = "UPDATE delivery SET rendering = ?3
                   WHERE id = ?1 AND claimed_by = ?2 AND state = 'waiting' AND rendering IS NULL";
        let keep = sqlx::query(sql).bind(self.delivery.0).bind(self.claimed_by).bind(self.rendering);
        Ok(keep.execute(connection).await?.rows_affected() > 0)
    }
}

/// A try that ended.
pub(super) struct Settle(pub(super) Settled);

#[async_trait]
impl Errand for Settle {
    type Answer = ();

    fn changes_endpoints(&self) -> bool {
        self.0.endpoint == Effect::Gone
    }

    async fn run(self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let Self(settled) = self;
        let row = sqlx::query("SELECT endpoint_id FROM delivery WHERE id = ?1");
        let Some(row) = row.bind(settled.delivery.0).fetch_optional(&mut *connection).await? else {
            // Its endpoint was removed meanwhile.
            return Ok(());
        };
        let endpoint = EndpointId(row.try_get(0)?);
        if let Some(attempt) = &settled.attempt {
            note(connection, settled.delivery, attempt).await?;
        }
        if !move_on(connection, &settled).await? {
            return Ok(());
        }
        if matches!(settled.next, Next::Done(_)) {
            let_next(connection, settled.delivery).await?;
        }
        affect(connection, endpoint, &settled).await
    }
}

async fn note(
    connection: &mut SqliteConnection,
    delivery: DeliveryId,
    attempt: &Attempt,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO attempt (delivery_id, number, at, took_ms, status, failure, answer)
         SELECT ?1, COALESCE(MAX(number), 0) + 1, ?2, ?3, ?4, ?5, ?6 FROM attempt WHERE delivery_id = ?1",
    )
    .bind(delivery.0)
    .bind(attempt.at.millis())
    .bind(attempt.took_ms)
    .bind(attempt.status)
    .bind(&attempt.failure)
    .bind(&attempt.answer)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes what becomes of the message; says whether the claim still held. One that is tried again waits as long as
/// its endpoint is paused, and behind one of its shipment that was replayed meanwhile.
async fn move_on(connection: &mut SqliteConnection, settled: &Settled) -> Result<bool, StoreError> {
    let tried = settled.attempt.is_some();
    let (state, next, done) = match settled.next {
        Next::Done(state) => (state.as_str(), None, Some(settled.at.millis())),
        Next::Again(at) => ("waiting", Some(at.millis()), None),
    };
    let moved = sqlx::query(
        "UPDATE delivery SET state = ?3, done_at = ?5, claimed_by = NULL, tries = tries + ?6,
             next_at = (SELECT MAX(?4, COALESCE(e.paused_until, 0)) FROM endpoint AS e
                        WHERE e.id = delivery.endpoint_id AND e.disabled_at IS NULL
                              AND NOT EXISTS (SELECT 1 FROM delivery AS b
                                              WHERE b.endpoint_id = delivery.endpoint_id
                                                    AND b.shipment_id = delivery.shipment_id
                                                    AND b.state = 'waiting' AND b.id < delivery.id))
         WHERE id = ?1 AND claimed_by = ?2 AND state = 'waiting'",
    )
    .bind(settled.delivery.0)
    .bind(settled.claimed_by)
    .bind(state)
    .bind(next)
    .bind(done)
    .bind(tried)
    .execute(connection)
    .await?;
    Ok(moved.rows_affected() > 0)
}

/// Has the message tried that waits behind one that is done, unless the endpoint is to be told nothing.
async fn let_next(connection: &mut SqliteConnection, done: DeliveryId) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE delivery SET next_at =
             COALESCE((SELECT e.paused_until FROM endpoint AS e WHERE e.id = delivery.endpoint_id), 0)
         WHERE id = (SELECT MIN(w.id) FROM delivery AS d
                     JOIN delivery AS w ON w.endpoint_id = d.endpoint_id AND w.shipment_id = d.shipment_id
                     JOIN endpoint AS e ON e.id = d.endpoint_id
                     WHERE d.id = ?1 AND w.state = 'waiting' AND e.disabled_at IS NULL)
               AND next_at IS NULL",
    )
    .bind(done.0)
    .execute(connection)
    .await?;
    Ok(())
}

async fn affect(
    connection: &mut SqliteConnection,
    endpoint: EndpointId,
    settled: &Settled,
) -> Result<(), StoreError> {
    let at = settled.at.millis();
    if settled.endpoint == Effect::None {
        return Ok(());
    }
    if settled.endpoint == Effect::Reached {
        // What was on its way already says nothing against a pause that was asked for since.
        let sql = "UPDATE endpoint SET failing_since = NULL,
                       paused_until = CASE WHEN paused_until > ?2 THEN paused_until END
                   WHERE id = ?1 AND (failing_since IS NOT NULL OR paused_until IS NOT NULL)";
        sqlx::query(sql).bind(endpoint.0).bind(at).execute(connection).await?;
        return Ok(());
    }
    let failing =
        sqlx::query("UPDATE endpoint SET failing_since = ?2 WHERE id = ?1 AND failing_since IS NULL");
    failing.bind(endpoint.0).bind(at).execute(&mut *connection).await?;
    match settled.endpoint {
        Effect::Paused(until) => {
            let sql = "UPDATE endpoint SET paused_until = MAX(COALESCE(paused_until, 0), ?2) WHERE id = ?1
                       RETURNING paused_until";
            let pause = sqlx::query_scalar(sql).bind(endpoint.0).bind(until.millis());
            let until: i64 = pause.fetch_one(&mut *connection).await?;
            // Those on their way keep their claims.
            let sql = "UPDATE delivery SET next_at = ?2
                       WHERE endpoint_id = ?1 AND next_at < ?2 AND claimed_by IS NULL";
            sqlx::query(sql).bind(endpoint.0).bind(until).execute(connection).await?;
        }
        Effect::Gone => {
            let sql = "UPDATE endpoint SET disabled_at = ?2, disabled_why = ?3
                       WHERE id = ?1 AND disabled_at IS NULL";
            let disable = sqlx::query(sql).bind(endpoint.0).bind(at).bind(Disabled::Gone.as_str());
            disable.execute(&mut *connection).await?;
            hold(connection, endpoint).await?;
        }
        Effect::None | Effect::Reached | Effect::Failed => {}
    }
    Ok(())
}
