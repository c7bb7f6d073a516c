//! News in SQL: written with the changes that it is about, in their transaction, and fanned out there to the
//! endpoints that want it; read again when it is to be told.

use async_trait::async_trait;
use doorstep_model::id::EventId;
use doorstep_model::time::Timestamp;
use sqlx::{Row as _, SqliteConnection};

use super::super::errand::Errand;
use super::super::load;
use crate::identity::TenantId;
use crate::store::StoreError;
use crate::store::outbox::{DeliveryId, Subject};
use crate::store::plan::PlannedNews;
use crate::webhooks::{EndpointId, Topic};

/// Writes news and who is to be told of it, in the transaction that is open.
pub(in crate::store::sqlite) async fn write(
    connection: &mut SqliteConnection,
    news: &[PlannedNews],
) -> Result<(), StoreError> {
    let rows: Vec<_> = news
        .iter()
        .map(|news| {
            let PlannedNews { tenant, key, row, sequence, topic, event, at } = news;
            (tenant.0, row, sequence, topic.bit(), event.as_ref().map(EventId::as_str), at.millis(), key)
        })
        .collect();
    let rows = serde_json::to_string(&rows).map_err(|error| StoreError::Engine(error.into()))?;
    let (last_news, last_delivery) = lasts(connection).await?;
    // What nobody wants to hear is not written.
    let written = sqlx::query(
        "WITH j (v) AS MATERIALIZED (SELECT jsonb(value) FROM json_each(?1))
         INSERT INTO news (message, tenant_id, shipment_id, sequence, topic, event_id, at)
         SELECT 'msg_' || lower(hex(randomblob(16))), v ->> 0, v ->> 1, v ->> 2, v ->> 3, v ->> 4, v ->> 5
         FROM j WHERE EXISTS (SELECT 1 FROM endpoint AS e
                              WHERE e.tenant_id = v ->> 0 AND e.scope IN ('', v ->> 6)
                                    AND e.disabled_at IS NULL AND e.topics & (v ->> 3) <> 0)",
    )
    .bind(rows)
    .execute(&mut *connection)
    .await?;
    if written.rows_affected() == 0 {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO delivery (endpoint_id, news_id, shipment_id, state)
         SELECT e.id, n.id, n.shipment_id, 'waiting'
         FROM news AS n CROSS JOIN shipment AS s ON s.id = n.shipment_id
         CROSS JOIN endpoint AS e ON e.tenant_id = n.tenant_id AND e.scope IN ('', s.tracking_key)
         WHERE n.id > ?1 AND e.disabled_at IS NULL AND e.topics & n.topic <> 0
         ORDER BY n.id, e.id",
    )
    .bind(last_news)
    .execute(&mut *connection)
    .await?;
    begin_waiting(connection, last_delivery).await
}

/// The last rows, to tell those that are new from those that were there.
async fn lasts(connection: &mut SqliteConnection) -> Result<(i64, i64), StoreError> {
    let sql = "SELECT COALESCE((SELECT MAX(id) FROM news), 0), COALESCE((SELECT MAX(id) FROM delivery), 0)";
    let row = sqlx::query(sql).fetch_one(connection).await?;
    Ok((row.try_get(0)?, row.try_get(1)?))
}

/// Has those of the deliveries after `last` tried as soon as their endpoint takes anything before which none of
/// their shipment waits. Tests are of no shipment.
async fn begin_waiting(connection: &mut SqliteConnection, last: i64) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE delivery SET next_at =
             COALESCE((SELECT e.paused_until FROM endpoint AS e WHERE e.id = delivery.endpoint_id), 0)
         WHERE id > ?1 AND NOT EXISTS
             (SELECT 1 FROM delivery AS b
              WHERE b.endpoint_id = delivery.endpoint_id AND b.shipment_id = delivery.shipment_id
                    AND b.state = 'waiting' AND b.id < delivery.id)",
    )
    .bind(last)
    .execute(connection)
    .await?;
    Ok(())
}

/// A test to be told to one endpoint.
pub(super) struct TellTest {
    pub(super) tenant: TenantId,
    pub(super) id: EndpointId,
    pub(super) at: Timestamp,
}

#[async_trait]
impl Errand for TellTest {
    type Answer = Option<String>;

    async fn run(self, connection: &mut SqliteConnection) -> Result<Option<String>, StoreError> {
        let (_, last_delivery) = lasts(connection).await?;
        let told = sqlx::query(
            "INSERT INTO news (message, tenant_id, sequence, topic, at)
             SELECT 'msg_' || lower(hex(randomblob(16))), ?1, 0, ?3, ?4
             WHERE EXISTS (SELECT 1 FROM endpoint WHERE tenant_id = ?1 AND id = ?2 AND disabled_at IS NULL)
             RETURNING id, message",
        )
        .bind(self.tenant.0)
        .bind(self.id.0)
        .bind(Topic::Test.bit())
        .bind(self.at.millis())
        .fetch_optional(&mut *connection)
        .await?;
        let Some(told) = told else { return Ok(None) };
        let news: i64 = told.try_get(0)?;
        let deliver =
            sqlx::query("INSERT INTO delivery (endpoint_id, news_id, state) VALUES (?1, ?2, 'waiting')");
        deliver.bind(self.id.0).bind(news).execute(&mut *connection).await?;
        begin_waiting(connection, last_delivery).await?;
        Ok(told.try_get(1)?)
    }
}

/// What a message is about.
pub(super) async fn subject(
    connection: &mut SqliteConnection,
    delivery: DeliveryId,
) -> Result<Subject, StoreError> {
    let row = sqlx::query(
        "SELECT n.topic, n.at, n.shipment_id, n.sequence, n.event_id
         FROM delivery AS d JOIN news AS n ON n.id = d.news_id WHERE d.id = ?1",
    )
    .bind(delivery.0)
    .fetch_one(&mut *connection)
    .await?;
    let topic = Topic::from_bit(row.try_get(0)?);
    let topic =
        topic.ok_or_else(|| StoreError::Corrupt(format!("news of delivery {}: topic", delivery.0)))?;
    let at = Timestamp::from_millis(row.try_get(1)?);
    let shipment = match row.try_get::<Option<i64>, _>(2)? {
        Some(shipment) => load::as_of(connection, shipment, row.try_get(3)?).await?,
        None => None,
    };
    let event: Option<&str> = row.try_get(4)?;
    let event = event
        .zip(shipment.as_ref())
        .and_then(|(id, shipment)| shipment.events().iter().find(|event| event.id.as_str() == id).cloned());
    Ok(Subject { topic, at, shipment, event })
}
