//! Messages that are told again. They keep their names, bytes and places: what waits of the same shipment waits
//! for them.

use async_trait::async_trait;
use sqlx::{Row as _, SqliteConnection};

use super::super::errand::Errand;
use super::endpoints::{line_up, one};
use crate::identity::TenantId;
use crate::store::StoreError;
use crate::store::outbox::Replay;
use crate::webhooks::EndpointId;

/// Messages to be told again.
pub(super) struct Again {
    pub(super) tenant: TenantId,
    pub(super) endpoint: EndpointId,
    pub(super) which: Replay,
}

#[async_trait]
impl Errand for Again {
    type Answer = Option<u64>;

    async fn run(self, connection: &mut SqliteConnection) -> Result<Option<u64>, StoreError> {
        let Self { tenant, endpoint, which } = self;
        let Some(found) = one(connection, tenant, endpoint).await? else { return Ok(None) };
        let replayed = match which {
            Replay::One(message) => match by_name(connection, endpoint, &message).await? {
                Some(delivery) => again(connection, "id = ?2", endpoint, delivery).await?,
                None => return Ok(None),
            },
            Replay::GivenUpSince(since) => {
                again(connection, "state = 'given_up' AND done_at >= ?2", endpoint, since.millis()).await?
            }
        };
        if found.disabled.is_none() {
            line_up(connection, endpoint).await?;
        }
        Ok(Some(replayed))
    }
}

async fn by_name(
    connection: &mut SqliteConnection,
    endpoint: EndpointId,
    message: &str,
) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT d.id FROM news AS n JOIN delivery AS d ON d.news_id = n.id
               WHERE n.message = ?1 AND d.endpoint_id = ?2";
    let row = sqlx::query(sql).bind(message).bind(endpoint.0).fetch_optional(connection).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

async fn again(
    connection: &mut SqliteConnection,
    which: &'static str,
    endpoint: EndpointId,
    value: i64,
) -> Result<u64, StoreError> {
    // One that waits, or is on its way, loses nothing but its place in the schedule.
    let sql = format!(
        "UPDATE delivery SET state = 'waiting', tries = 0, done_at = NULL, next_at = NULL
         WHERE endpoint_id = ?1 AND {which}"
    );
    let sql = sqlx::AssertSqlSafe(sql);
    let replayed = sqlx::query(sql).bind(endpoint.0).bind(value).execute(connection).await?;
    Ok(replayed.rows_affected())
}
