//! A plan into rows. Each table takes all its rows in one statement, as JSON: a statement costs a hop to
//! the connection's thread, so their number must not grow with the events. The inner `jsonb` is made
//! once a row; reading `value` twelve times would print and parse it twelve times.

use std::sync::Arc;

use doorstep_model::shipment::Shipment;
use doorstep_model::time::Timestamp;
use sqlx::SqliteConnection;

use super::outbox;
use crate::store::StoreError;
use crate::store::plan::{Kept, ONCE_LASTS_MS, Plan};
use crate::store::row::NewRow;

/// Writes a plan, in the transaction that is open.
pub(super) async fn plan(connection: &mut SqliteConnection, plan: &Plan) -> Result<(), StoreError> {
    if !plan.created.is_empty() {
        let sql = "WITH j (v) AS MATERIALIZED (SELECT jsonb(value) FROM json_each(?1))
             INSERT INTO shipment (id, tenant_id, tracking_key, tracking_id, created_at, details)
             SELECT v ->> 0, v ->> 1, v ->> 2, v ->> 3, v ->> 4, v ->> 5 FROM j";
        run(connection, sql, plan.created.iter().map(created)).await?;
        let sql = "INSERT INTO standing (shipment_id, tenant_id, updated_at, sequence, status)
             SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?1)";
        run(connection, sql, plan.created.iter().map(standing)).await?;
    }
    if !plan.changed.is_empty() {
        let sql = "WITH j (v) AS MATERIALIZED (SELECT jsonb(value) FROM json_each(?1))
             UPDATE standing SET updated_at = j.v ->> 2, sequence = j.v ->> 3, status = j.v ->> 4
             FROM j WHERE standing.shipment_id = j.v ->> 0";
        run(connection, sql, plan.changed.iter().map(standing)).await?;
    }
    if !plan.events.is_empty() {
        let sql = "WITH j (v) AS MATERIALIZED (SELECT jsonb(value) FROM json_each(?1))
             INSERT INTO event (shipment_id, event_id, sequence, occurred_at, received_at, source,
                                source_word, status, reason, place, note, more)
             SELECT v ->> 0, v ->> 1, v ->> 2, v ->> 3, v ->> 4, v ->> 5, v ->> 6, v ->> 7, v ->> 8,
                    v ->> 9, v ->> 10, v ->> 11 FROM j";
        let rows = plan.events.iter();
        let rows = rows.map(|(shipment, sequence, event)| {
            Ok(NewRow { shipment: *shipment, sequence: *sequence, event })
        });
        run(connection, sql, rows).await?;
    }
    if !plan.amended.is_empty() {
        let sql = "INSERT OR REPLACE INTO handoff (shipment_id, handoff)
             SELECT value ->> 0, value ->> 1 FROM json_each(?1)";
        run(connection, sql, plan.amended.iter().map(amended)).await?;
    }
    if !plan.retold.is_empty() {
        let sql =
            "UPDATE shipment SET details = value ->> 1 FROM json_each(?1) WHERE shipment.id = value ->> 0";
        run(connection, sql, plan.retold.iter().map(retold)).await?;
    }
    if !plan.once.is_empty() {
        let sql = "INSERT OR REPLACE INTO once (client_id, once_key, made_at, shipment_id,
                                                created_sequence, fingerprint)
             SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, unhex(value ->> 5)
             FROM json_each(?1)";
        let rows = plan.once.iter();
        let rows = rows.map(|(once, at, row, sequence)| {
            Ok((once.client.0, &once.key, at.millis(), row, sequence, hex(&once.fingerprint)))
        });
        run(connection, sql, rows).await?;
    }
    if !plan.news.is_empty() {
        outbox::write(connection, &plan.news).await?;
    }
    Ok(())
}

/// Brings a shipment's row to a new beginning and takes back its events and what was done about handing
/// it over, in the transaction that is open. Requests that made it known before cannot be repeated any
/// more. Links and sessions stay: who watches a sample goes on watching the next round.
pub(super) async fn anew(connection: &mut SqliteConnection, kept: &Kept) -> Result<(), StoreError> {
    let shipment = &kept.shipment;
    let details = serde_json::to_string(shipment.details()).map_err(|e| StoreError::Engine(e.into()))?;
    for sql in [
        "DELETE FROM event WHERE shipment_id = ?1",
        "DELETE FROM once WHERE shipment_id = ?1",
        "DELETE FROM handoff WHERE shipment_id = ?1",
        "DELETE FROM picture WHERE shipment_id = ?1",
    ] {
        sqlx::query(sql).bind(kept.row).execute(&mut *connection).await?;
    }
    sqlx::query("UPDATE shipment SET tracking_id = ?2, created_at = ?3, details = ?4 WHERE id = ?1")
        .bind(kept.row)
        .bind(shipment.tracking_id().as_str())
        .bind(shipment.created_at().millis())
        .bind(details)
        .execute(connection)
        .await?;
    Ok(())
}

/// Forgets requests that may not be repeated any more at `now`; a bounded number, so that no group waits
/// long.
pub(super) async fn forget_expired(
    connection: &mut SqliteConnection,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "DELETE FROM once WHERE (client_id, once_key) IN
                   (SELECT client_id, once_key FROM once WHERE made_at <= ?1 LIMIT 5000)";
    sqlx::query(sql).bind(now.millis() - ONCE_LASTS_MS).execute(connection).await?;
    Ok(())
}

async fn run<R: serde::Serialize>(
    connection: &mut SqliteConnection,
    sql: &'static str,
    rows: impl Iterator<Item = Result<R, StoreError>>,
) -> Result<(), StoreError> {
    let rows: Vec<R> = rows.collect::<Result<_, _>>()?;
    let rows = serde_json::to_string(&rows).map_err(|error| StoreError::Engine(error.into()))?;
    sqlx::query(sql).bind(rows).execute(connection).await?;
    Ok(())
}

fn created(kept: &Kept) -> Result<impl serde::Serialize, StoreError> {
    let shipment = &kept.shipment;
    let id = shipment.tracking_id();
    let details = serde_json::to_string(shipment.details()).map_err(|e| StoreError::Engine(e.into()))?;
    Ok((kept.row, kept.tenant.0, id.key(), id.as_str().to_owned(), shipment.created_at().millis(), details))
}

fn amended((row, shipment): &(i64, Arc<Shipment>)) -> Result<(i64, String), StoreError> {
    let handoff = serde_json::to_string(shipment.handoff()).map_err(|e| StoreError::Engine(e.into()))?;
    Ok((*row, handoff))
}

fn retold((row, shipment): &(i64, Arc<Shipment>)) -> Result<(i64, String), StoreError> {
    let details = serde_json::to_string(shipment.details()).map_err(|e| StoreError::Engine(e.into()))?;
    Ok((*row, details))
}

/// What changes with every event: when it last changed, its sequence, its status.
fn standing(kept: &Kept) -> Result<(i64, i64, i64, u64, &'static str), StoreError> {
    let shipment = &kept.shipment;
    let journey = shipment.journey();
    let updated_at = journey.heard_at.map_or(shipment.created_at(), |at| at.max(shipment.created_at()));
    Ok((kept.row, kept.tenant.0, updated_at.millis(), shipment.sequence(), journey.status.as_str()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
