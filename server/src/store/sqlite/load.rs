//! Shipments out of their rows. One statement gives any number of shipments, each in one row with its
//! events as JSON: one consistent state, and one hop to the connection's thread.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use doorstep_model::event::Event;
use doorstep_model::handoff::Handoff;
use doorstep_model::id::TrackingId;
use doorstep_model::shipment::{Details, Shipment};
use doorstep_model::time::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use crate::identity::{ClientId, TenantId};
use crate::store::plan::{Earlier, Kept};
use crate::store::row::EventRow;
use crate::store::{Once, StoreError};

/// `SELECT` of a shipment `s` that stands at `n`, with its events, and then whatever `$tail` says.
macro_rules! select_shipment {
    ($tail:literal) => {
        select_shipment!("", $tail)
    };
    ($more:literal, $tail:literal) => {
        concat!(
            "SELECT s.id, s.tenant_id, s.tracking_id, s.created_at, n.sequence, s.details,
                (SELECT json_group_array(json_array(
                     e.shipment_id, e.event_id, e.sequence, e.occurred_at, e.received_at, e.source,
                     e.source_word, e.status, e.reason, e.place, e.note, e.more))
                 FROM event AS e WHERE e.shipment_id = s.id),
                (SELECT h.handoff FROM handoff AS h WHERE h.shipment_id = s.id)",
            $more,
            " ",
            $tail
        )
    };
}

/// The shipment of that key, any tenant's.
pub(super) async fn by_key(connection: &mut SqliteConnection, key: &str) -> Result<Option<Kept>, StoreError> {
    const SQL: &str = select_shipment!(
        "FROM shipment AS s JOIN standing AS n ON n.shipment_id = s.id WHERE s.tracking_key = ?1"
    );
    let row = sqlx::query(SQL).bind(key).fetch_optional(connection).await?;
    row.map(|row| kept(&row, None)).transpose()
}

/// The shipments of these keys, or why one does not read back.
pub(super) async fn by_keys(
    connection: &mut SqliteConnection,
    keys: &[&str],
) -> Result<Vec<(String, Result<Kept, String>)>, StoreError> {
    const SQL: &str = select_shipment!(
        ", s.tracking_key",
        "FROM json_each(?1) AS k CROSS JOIN shipment AS s ON s.tracking_key = k.value
         CROSS JOIN standing AS n ON n.shipment_id = s.id"
    );
    let rows = sqlx::query(SQL).bind(json(keys)?).fetch_all(connection).await?;
    rows.iter().map(|row| Ok((row.try_get(8)?, readable(kept(row, None))?))).collect()
}

/// The shipments of these rows, newest first.
pub(super) async fn by_rows(
    connection: &mut SqliteConnection,
    rows: &[i64],
) -> Result<Vec<Arc<Shipment>>, StoreError> {
    const SQL: &str = select_shipment!(
        "FROM json_each(?1) AS k CROSS JOIN shipment AS s ON s.id = k.value
         CROSS JOIN standing AS n ON n.shipment_id = s.id ORDER BY s.id DESC"
    );
    let rows = sqlx::query(SQL).bind(json(rows)?).fetch_all(connection).await?;
    rows.iter().map(|row| kept(row, None).map(|kept| kept.shipment)).collect()
}

/// The shipment of that row as its events left it at `sequence`, with what was done about handing it over since.
pub(super) async fn as_of(
    connection: &mut SqliteConnection,
    row: i64,
    sequence: i64,
) -> Result<Option<Arc<Shipment>>, StoreError> {
    const SQL: &str = select_shipment!(
        ", ?2",
        "FROM shipment AS s JOIN standing AS n ON n.shipment_id = s.id WHERE s.id = ?1"
    );
    let row = sqlx::query(SQL).bind(row).bind(sequence).fetch_optional(connection).await?;
    let read = |row: &SqliteRow| {
        let shipment = kept(row, Some(unsigned(row, 8)?))?.shipment;
        Ok(Arc::new(Arc::unwrap_or_clone(shipment).with_handoff(handoff(row)?)))
    };
    row.as_ref().map(read).transpose()
}

/// Which of these keys are taken.
pub(super) async fn taken(
    connection: &mut SqliteConnection,
    keys: &[&str],
) -> Result<HashSet<String>, StoreError> {
    let sql = "SELECT s.tracking_key FROM json_each(?1) AS k
               CROSS JOIN shipment AS s ON s.tracking_key = k.value";
    let found: Vec<String> = sqlx::query_scalar(sql).bind(json(keys)?).fetch_all(connection).await?;
    Ok(found.into_iter().collect())
}

/// Earlier requests under these keys, with their shipments as they were created.
pub(super) async fn earlier(
    connection: &mut SqliteConnection,
    asked: &[&Once],
) -> Result<HashMap<(ClientId, String), Result<Earlier, String>>, StoreError> {
    const SQL: &str = select_shipment!(
        ", o.client_id, o.once_key, o.fingerprint, o.made_at, o.created_sequence",
        "FROM json_each(?1) AS k
         CROSS JOIN once AS o ON o.client_id = k.value ->> 0 AND o.once_key = k.value ->> 1
         CROSS JOIN shipment AS s ON s.id = o.shipment_id
         CROSS JOIN standing AS n ON n.shipment_id = s.id"
    );
    let slots: Vec<(i64, &str)> = asked.iter().map(|once| (once.client.0, once.key.as_str())).collect();
    let rows = sqlx::query(SQL).bind(json(&slots)?).fetch_all(connection).await?;
    let earlier = |row: &SqliteRow| {
        let slot = (ClientId(row.try_get(8)?), row.try_get(9)?);
        Ok((slot, readable(earlier_request(row))?))
    };
    rows.iter().map(earlier).collect()
}

fn earlier_request(row: &SqliteRow) -> Result<Earlier, StoreError> {
    let fingerprint: Vec<u8> = row.try_get(10)?;
    let shipment = kept(row, Some(unsigned(row, 12)?))?.shipment;
    let fingerprint = fingerprint
        .try_into()
        .map_err(|_| StoreError::Corrupt(format!("request of {}: fingerprint", shipment.tracking_id())))?;
    Ok(Earlier { fingerprint, made_at: Timestamp::from_millis(row.try_get(11)?), shipment })
}

/// A shipment; as it was created, at the sequence `until`, where that is given.
fn kept(row: &SqliteRow, until: Option<u64>) -> Result<Kept, StoreError> {
    let id: i64 = row.try_get(0)?;
    let corrupt = |column: &str, why: &dyn std::fmt::Display| {
        StoreError::Corrupt(format!("shipment row {id}: {column} {why}"))
    };
    let tracking_id = TrackingId::parse(row.try_get(2)?).map_err(|why| corrupt("tracking_id", &why))?;
    let details: Details = serde_json::from_str(row.try_get(5)?).map_err(|why| corrupt("details", &why))?;
    let events: Vec<EventRow> =
        serde_json::from_str(row.try_get(6)?).map_err(|why| corrupt("events", &why))?;
    let events: Vec<Event> = events
        .into_iter()
        .filter(|event| until.is_none_or(|until| event.sequence <= until))
        .map(EventRow::into_event)
        .collect::<Result<_, _>>()?;
    let sequence = match until {
        Some(until) => until,
        None => unsigned(row, 4)?,
    };
    let handoff = if until.is_some() { None } else { handoff(row)? };
    let created_at = Timestamp::from_millis(row.try_get(3)?);
    let shipment = Shipment::new(tracking_id, details, created_at, events, sequence);
    let shipment = Arc::new(shipment.with_handoff(handoff));
    Ok(Kept { row: id, tenant: TenantId(row.try_get(1)?), shipment })
}

/// What became of handing a shipment over.
fn handoff(row: &SqliteRow) -> Result<Option<Handoff>, StoreError> {
    let handoff: Option<&str> = row.try_get(7)?;
    let corrupt = |why| StoreError::Corrupt(format!("handoff of a shipment {why}"));
    handoff.map(serde_json::from_str).transpose().map_err(corrupt)
}

fn unsigned(row: &SqliteRow, column: usize) -> Result<u64, StoreError> {
    let number: i64 = row.try_get(column)?;
    u64::try_from(number).map_err(|_| StoreError::Corrupt(format!("a sequence is {number}")))
}

/// Sets a row that does not read back apart from an engine that fails: it must fail its own request only.
fn readable<T>(read: Result<T, StoreError>) -> Result<Result<T, String>, StoreError> {
    match read {
        Ok(value) => Ok(Ok(value)),
        Err(StoreError::Corrupt(why)) => Ok(Err(why)),
        Err(error) => Err(error),
    }
}

fn json(value: &(impl serde::Serialize + ?Sized)) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Engine(error.into()))
}
