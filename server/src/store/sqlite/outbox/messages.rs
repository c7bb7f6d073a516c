//! Messages for an endpoint, as its owner looks at them.

use doorstep_model::id::TrackingId;
use doorstep_model::time::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use super::endpoints;
use crate::identity::TenantId;
use crate::store::StoreError;
use crate::store::outbox::{Attempt, DeliveryId, DeliveryState, Message, MessagePage, MessagePageRequest};
use crate::webhooks::{EndpointId, Topic};

/// The most attempts of a message that are listed: the last ones.
const LISTED: i64 = 100;

/// `SELECT` of a message, and then whatever `$tail` says.
macro_rules! select_message {
    ($tail:literal) => {
        concat!(
            "SELECT d.id, n.message, n.topic, s.tracking_id, n.at, d.state, d.tries, d.next_at, d.done_at
             FROM delivery AS d JOIN news AS n ON n.id = d.news_id
             LEFT JOIN shipment AS s ON s.id = n.shipment_id ",
            $tail
        )
    };
}

/// One page.
pub(super) async fn page(
    connection: &mut SqliteConnection,
    endpoint: EndpointId,
    state: Option<DeliveryState>,
    page: MessagePageRequest,
) -> Result<MessagePage, StoreError> {
    const SQL: &str = select_message!(
        "WHERE d.endpoint_id = ?1 AND d.id < ?2 AND (?3 IS NULL OR d.state = ?3) ORDER BY d.id DESC LIMIT ?4"
    );
    let limit = page.limit as usize;
    // One more than the page takes tells whether the list goes on.
    let rows = sqlx::query(SQL)
        .bind(endpoint.0)
        .bind(page.older_than.map_or(i64::MAX, |delivery| delivery.0))
        .bind(state.map(DeliveryState::as_str))
        .bind(i64::from(page.limit) + 1)
        .fetch_all(connection)
        .await?;
    let messages = rows.iter().take(limit).map(read).collect::<Result<Vec<_>, _>>()?;
    let older = messages.last().filter(|_| rows.len() > limit).map(|last| last.delivery);
    Ok(MessagePage { messages, older })
}

/// One message with its attempts.
pub(super) async fn one(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    endpoint: EndpointId,
    message: &str,
) -> Result<Option<(Message, Vec<Attempt>)>, StoreError> {
    const SQL: &str = select_message!("WHERE n.message = ?1 AND d.endpoint_id = ?2");
    if endpoints::one(connection, tenant, endpoint).await?.is_none() {
        return Ok(None);
    }
    let row = sqlx::query(SQL).bind(message).bind(endpoint.0).fetch_optional(&mut *connection).await?;
    let Some(row) = row else { return Ok(None) };
    let message = read(&row)?;
    let rows = sqlx::query(
        "SELECT at, took_ms, status, failure, answer FROM attempt WHERE delivery_id = ?1
         ORDER BY number DESC LIMIT ?2",
    )
    .bind(message.delivery.0)
    .bind(LISTED)
    .fetch_all(connection)
    .await?;
    let attempts = rows.iter().rev().map(attempt).collect::<Result<_, _>>()?;
    Ok(Some((message, attempts)))
}

fn read(row: &SqliteRow) -> Result<Message, StoreError> {
    let id: i64 = row.try_get(0)?;
    let corrupt = |column: &str| StoreError::Corrupt(format!("delivery {id}: {column}"));
    let tracking_id: Option<&str> = row.try_get(3)?;
    let tracking_id = tracking_id.map(TrackingId::parse).transpose().map_err(|_| corrupt("tracking_id"))?;
    let time = |column: usize| {
        Ok::<_, StoreError>(row.try_get::<Option<i64>, _>(column)?.map(Timestamp::from_millis))
    };
    Ok(Message {
        delivery: DeliveryId(id),
        message: row.try_get(1)?,
        topic: Topic::from_bit(row.try_get(2)?).ok_or_else(|| corrupt("topic"))?,
        tracking_id,
        at: Timestamp::from_millis(row.try_get(4)?),
        state: row.try_get::<&str, _>(5)?.parse().map_err(|_| corrupt("state"))?,
        tries: row.try_get(6)?,
        next_try: time(7)?,
        done_at: time(8)?,
    })
}

fn attempt(row: &SqliteRow) -> Result<Attempt, StoreError> {
    Ok(Attempt {
        at: Timestamp::from_millis(row.try_get(0)?),
        took_ms: row.try_get(1)?,
        status: row.try_get(2)?,
        failure: row.try_get(3)?,
        answer: row.try_get(4)?,
    })
}
