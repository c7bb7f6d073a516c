//! Which messages are to be tried now. Each endpoint has its own room, so that one with a long row of messages
//! takes nothing from the others; endpoints are found by leaping over the index, whatever waits for them.

use async_trait::async_trait;
use doorstep_model::time::Timestamp;
use sqlx::{Row as _, SqliteConnection};

use super::super::errand::Errand;
use super::endpoints::{self, columns};
use crate::store::StoreError;
use crate::store::outbox::{Claim, Claimed, DeliveryId};
use crate::webhooks::EndpointId;

/// The most endpoints of one claim; the others come with the next.
const MOST_ENDPOINTS: i64 = 64;

/// Messages to be claimed.
pub(super) struct Take(pub(super) Claim);

#[async_trait]
impl Errand for Take {
    type Answer = Vec<Claimed>;

    async fn run(self, connection: &mut SqliteConnection) -> Result<Vec<Claimed>, StoreError> {
        let Self(claim) = self;
        let mut taken: Vec<i64> = Vec::new();
        for endpoint in due(connection, &claim).await? {
            let room = claim.room.get(&endpoint).copied().unwrap_or(claim.per_endpoint);
            let left = claim.most.saturating_sub(u32::try_from(taken.len()).unwrap_or(u32::MAX));
            taken.extend(take(connection, &claim, endpoint, room.min(left)).await?);
        }
        if taken.is_empty() { Ok(Vec::new()) } else { claimed(connection, &taken).await }
    }
}

/// Endpoints for which there is something to try and room, in no order, so that none is always last.
async fn due(connection: &mut SqliteConnection, claim: &Claim) -> Result<Vec<EndpointId>, StoreError> {
    let full: Vec<i64> =
        claim.room.iter().filter(|(_, room)| **room == 0).map(|(endpoint, _)| endpoint.0).collect();
    let full = serde_json::to_string(&full).map_err(|error| StoreError::Engine(error.into()))?;
    let due: Vec<i64> = sqlx::query_scalar(
        "WITH RECURSIVE waiting (id) AS (
             SELECT MIN(endpoint_id) FROM delivery WHERE next_at IS NOT NULL
             UNION ALL
             SELECT (SELECT MIN(d.endpoint_id) FROM delivery AS d
                     WHERE d.next_at IS NOT NULL AND d.endpoint_id > waiting.id)
             FROM waiting WHERE waiting.id IS NOT NULL)
         SELECT id FROM waiting
         WHERE id IS NOT NULL AND id NOT IN (SELECT value FROM json_each(?2))
               AND EXISTS (SELECT 1 FROM delivery AS d WHERE d.endpoint_id = waiting.id AND d.next_at <= ?1)
         ORDER BY random() LIMIT ?3",
    )
    .bind(claim.now.millis())
    .bind(full)
    .bind(MOST_ENDPOINTS)
    .fetch_all(connection)
    .await?;
    Ok(due.into_iter().map(EndpointId).collect())
}

async fn take(
    connection: &mut SqliteConnection,
    claim: &Claim,
    endpoint: EndpointId,
    room: u32,
) -> Result<Vec<i64>, StoreError> {
    let taken = sqlx::query_scalar(
        "UPDATE delivery SET next_at = ?3, claimed_by = ?4 WHERE id IN
             (SELECT d.id FROM delivery AS d WHERE d.endpoint_id = ?1 AND d.next_at <= ?2
              ORDER BY d.next_at, d.id LIMIT ?5)
         RETURNING id",
    )
    .bind(endpoint.0)
    .bind(claim.now.millis())
    .bind(claim.until.millis())
    .bind(claim.node)
    .bind(room);
    Ok(taken.fetch_all(connection).await?)
}

async fn claimed(connection: &mut SqliteConnection, taken: &[i64]) -> Result<Vec<Claimed>, StoreError> {
    const SQL: &str = concat!(
        "SELECT d.id, n.message, d.tries, d.rendering, ",
        columns!(),
        " FROM json_each(?1) AS k CROSS JOIN delivery AS d ON d.id = k.value
         CROSS JOIN news AS n ON n.id = d.news_id CROSS JOIN endpoint AS e ON e.id = d.endpoint_id"
    );
    let taken = serde_json::to_string(taken).map_err(|error| StoreError::Engine(error.into()))?;
    let rows = sqlx::query(SQL).bind(taken).fetch_all(connection).await?;
    let claimed = |row: &sqlx::sqlite::SqliteRow| {
        Ok(Claimed {
            delivery: DeliveryId(row.try_get(0)?),
            message: row.try_get(1)?,
            tries: row.try_get(2)?,
            rendering: row.try_get(3)?,
            endpoint: endpoints::read(row, 4)?,
        })
    };
    rows.iter().map(claimed).collect()
}

/// When the next message is to be tried.
pub(super) async fn next_try(connection: &mut SqliteConnection) -> Result<Option<Timestamp>, StoreError> {
    let sql = "SELECT MIN(next_at) FROM delivery WHERE next_at IS NOT NULL";
    let next: Option<i64> = sqlx::query_scalar(sql).fetch_one(connection).await?;
    Ok(next.map(Timestamp::from_millis))
}
