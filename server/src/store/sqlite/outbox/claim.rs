//! Which messages are to be tried now. Endpoints are found by leaping over the index, whatever waits for them, in
//! turn and a bounded number at a time, so that one with a long row of messages takes nothing from the others.
//! That is read; written is only what there is room for.

use async_trait::async_trait;
use doorstep_model::time::Timestamp;
use sqlx::{Row as _, SqliteConnection};

use super::super::errand::Errand;
use super::endpoints::{self, columns};
use crate::identity::TenantId;
use crate::store::StoreError;
use crate::store::outbox::{Claimed, DeliveryId, Room};
use crate::webhooks::{EndpointId, Receiver};

/// How many endpoints are leapt over at a time, and the most of them for which messages are taken.
const LEAPS: usize = 256;
const MOST_ENDPOINTS: usize = 64;

/// So many messages are to be taken for an endpoint.
pub(super) struct Due {
    endpoint: EndpointId,
    messages: u32,
}

/// The endpoints behind `after` for which there is something to try and room, which is taken; and where to go on,
/// unless that was the last.
pub(super) async fn due(
    connection: &mut SqliteConnection,
    now: Timestamp,
    after: EndpointId,
    room: &mut Room,
) -> Result<(Vec<Due>, Option<EndpointId>), StoreError> {
    let rows = sqlx::query(
        "WITH RECURSIVE waiting (id) AS (
             SELECT MIN(endpoint_id) FROM delivery WHERE next_at IS NOT NULL AND endpoint_id > ?2
             UNION ALL
             SELECT (SELECT MIN(d.endpoint_id) FROM delivery AS d
                     WHERE d.next_at IS NOT NULL AND d.endpoint_id > waiting.id)
             FROM waiting WHERE waiting.id IS NOT NULL
             LIMIT ?3)
         SELECT e.id, e.tenant_id, e.receiver,
                (SELECT COUNT(*) FROM (SELECT 1 FROM delivery AS d
                                       WHERE d.endpoint_id = e.id AND d.next_at <= ?1 LIMIT ?4))
         FROM waiting CROSS JOIN endpoint AS e ON e.id = waiting.id ORDER BY waiting.id",
    )
    .bind(now.millis())
    .bind(after.0)
    .bind(i64::try_from(LEAPS).unwrap_or(i64::MAX))
    .bind(room.per_receiver)
    .fetch_all(connection)
    .await?;
    let mut due = Vec::new();
    for row in &rows {
        let endpoint = EndpointId(row.try_get(0)?);
        let receiver = Receiver { tenant: TenantId(row.try_get(1)?), authority: row.try_get(2)? };
        let messages = room.take(&receiver, row.try_get(3)?);
        if messages > 0 {
            due.push(Due { endpoint, messages });
        }
        if due.len() == MOST_ENDPOINTS {
            return Ok((due, Some(endpoint)));
        }
    }
    let last = rows.last().filter(|_| rows.len() == LEAPS);
    Ok((due, last.map(|row| row.try_get(0).map(EndpointId)).transpose()?))
}

/// Messages to be claimed.
pub(super) struct Take {
    pub(super) claimed_by: i64,
    pub(super) now: Timestamp,
    pub(super) until: Timestamp,
    pub(super) due: Vec<Due>,
}

#[async_trait]
impl Errand for Take {
    type Answer = Vec<Claimed>;

    async fn run(self, connection: &mut SqliteConnection) -> Result<Vec<Claimed>, StoreError> {
        let mut taken: Vec<i64> = Vec::new();
        for due in &self.due {
            taken.extend(self.take(connection, due).await?);
        }
        if taken.is_empty() { Ok(Vec::new()) } else { claimed(connection, &taken).await }
    }
}

impl Take {
    async fn take(&self, connection: &mut SqliteConnection, due: &Due) -> Result<Vec<i64>, StoreError> {
        let taken = sqlx::query_scalar(
            "UPDATE delivery SET next_at = ?3, claimed_by = ?4 WHERE id IN
                 (SELECT d.id FROM delivery AS d WHERE d.endpoint_id = ?1 AND d.next_at <= ?2
                  ORDER BY d.next_at, d.id LIMIT ?5)
             RETURNING id",
        )
        .bind(due.endpoint.0)
        .bind(self.now.millis())
        .bind(self.until.millis())
        .bind(self.claimed_by)
        .bind(due.messages);
        Ok(taken.fetch_all(connection).await?)
    }
}

async fn claimed(connection: &mut SqliteConnection, taken: &[i64]) -> Result<Vec<Claimed>, StoreError> {
    const SQL: &str = concat!(
        "SELECT d.id, d.claimed_by, n.message, d.tries, d.rendering, ",
        columns!(),
        " FROM json_each(?1) AS k CROSS JOIN delivery AS d ON d.id = k.value
         CROSS JOIN news AS n ON n.id = d.news_id CROSS JOIN endpoint AS e ON e.id = d.endpoint_id"
    );
    let taken = serde_json::to_string(taken).map_err(|error| StoreError::Engine(error.into()))?;
    let rows = sqlx::query(SQL).bind(taken).fetch_all(connection).await?;
    let claimed = |row: &sqlx::sqlite::SqliteRow| {
        Ok(Claimed {
            delivery: DeliveryId(row.try_get(0)?),
            claimed_by: row.try_get(1)?,
            message: row.try_get(2)?,
            tries: row.try_get(3)?,
            rendering: row.try_get(4)?,
            endpoint: endpoints::read(row, 5)?,
        })
    };
    endpoints::readable(rows.iter().map(claimed))
}

/// When the next message is to be tried.
pub(super) async fn next_try(connection: &mut SqliteConnection) -> Result<Option<Timestamp>, StoreError> {
    let sql = "SELECT MIN(next_at) FROM delivery WHERE next_at IS NOT NULL";
    let next: Option<i64> = sqlx::query_scalar(sql).fetch_one(connection).await?;
    Ok(next.map(Timestamp::from_millis))
}
