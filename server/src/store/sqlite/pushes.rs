//! Devices that are told of changes, in SQL. Whoever looks for those that are behind reads first, and writes
//! only where there are any: most shipments have none.

use std::collections::HashMap;

use async_trait::async_trait;
use doorstep_model::id::TrackingId;
use doorstep_model::time::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use super::SqliteStore;
use super::errand::Errand;
use crate::store::StoreError;
use crate::store::pushes::{Became, Claim, MOST_PUSHES, NewPush, Push, PushId, PushName, Pushes, Subscribed};

#[async_trait]
impl Pushes for SqliteStore {
    async fn subscribe(&self, id: &TrackingId, new: NewPush) -> Result<Subscribed, StoreError> {
        self.queue.run(Subscribe { id: id.clone(), new }).await
    }

    async fn unsubscribe(&self, id: &TrackingId, name: PushName) -> Result<bool, StoreError> {
        self.queue.run(Unsubscribe { id: id.clone(), name }).await
    }

    async fn claim_pushes(&self, claim: Claim) -> Result<Vec<Push>, StoreError> {
        let behind = behind(&mut *self.readers.acquire().await?, &claim).await?;
        if behind.is_empty() {
            return Ok(Vec::new());
        }
        self.queue.run(Take { behind, claim }).await
    }

    async fn settle_push(&self, push: PushId, became: Became) -> Result<(), StoreError> {
        self.queue.run(Settle { push, became }).await
    }

    async fn tidy_pushes(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.queue.run(Tidy { before }).await
    }
}

struct Subscribe {
    id: TrackingId,
    new: NewPush,
}

#[async_trait]
impl Errand for Subscribe {
    type Answer = Subscribed;

    async fn run(self, connection: &mut SqliteConnection) -> Result<Subscribed, StoreError> {
        let found: Option<(i64, i64, bool)> = sqlx::query_as(
            "SELECT s.id, (SELECT COUNT(*) FROM push AS p WHERE p.shipment_id = s.id),
                    EXISTS (SELECT 1 FROM push AS p WHERE p.shipment_id = s.id AND p.name = ?2)
             FROM shipment AS s WHERE s.tracking_key = ?1",
        )
        .bind(self.id.key())
        .bind(&self.new.name.0[..])
        .fetch_optional(&mut *connection)
        .await?;
        match found {
            None => return Ok(Subscribed::Unknown),
            Some((_, _, true)) => return Ok(Subscribed::Kept),
            Some((_, told, false)) if told >= i64::from(MOST_PUSHES) => return Ok(Subscribed::Full),
            Some((shipment, ..)) => {
                sqlx::query(
                    "INSERT INTO push (shipment_id, name, endpoint, made_at, sequence, told)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )
                .bind(shipment)
                .bind(&self.new.name.0[..])
                .bind(&self.new.endpoint)
                .bind(self.new.at.millis())
                .bind(i64::try_from(self.new.sequence).unwrap_or(i64::MAX))
                .bind(&self.new.told)
                .execute(connection)
                .await?;
            }
        }
        Ok(Subscribed::Kept)
    }
}

struct Unsubscribe {
    id: TrackingId,
    name: PushName,
}

#[async_trait]
impl Errand for Unsubscribe {
    type Answer = bool;

    async fn run(self, connection: &mut SqliteConnection) -> Result<bool, StoreError> {
        let gone = sqlx::query(
            "DELETE FROM push
             WHERE name = ?2 AND shipment_id = (SELECT id FROM shipment WHERE tracking_key = ?1)",
        );
        let gone = gone.bind(self.id.key()).bind(&self.name.0[..]).execute(connection).await?;
        Ok(gone.rows_affected() > 0)
    }
}

/// Those that are behind and may be told now, the longest waiting first, as far as their services have room. Where
/// there are none at all the engine finds that out once, whatever is named.
async fn behind(connection: &mut SqliteConnection, claim: &Claim) -> Result<Vec<i64>, StoreError> {
    let json = |texts: Vec<String>| serde_json::Value::from(texts).to_string();
    let named = claim.of.as_ref().map(|ids| json(ids.iter().map(TrackingId::key).collect()));
    let told = |service: &str| claim.being_told.get(service).copied().unwrap_or_default();
    let full = claim.being_told.keys().filter(|service| told(service) >= claim.per_service);
    let sql = match named {
        Some(_) => {
            "SELECT p.id, p.service FROM push AS p JOIN standing AS n ON n.shipment_id = p.shipment_id
             WHERE EXISTS (SELECT 1 FROM push) AND n.sequence > p.sequence AND p.not_before <= ?1
                   AND p.service NOT IN (SELECT value FROM json_each(?3))
                   AND p.shipment_id IN (SELECT s.id FROM json_each(?4) AS k
                                         JOIN shipment AS s ON s.tracking_key = k.value)
             ORDER BY p.not_before, p.id LIMIT ?2"
        }
        None => {
            "SELECT p.id, p.service FROM push AS p JOIN standing AS n ON n.shipment_id = p.shipment_id
             WHERE n.sequence > p.sequence AND p.not_before <= ?1
                   AND p.service NOT IN (SELECT value FROM json_each(?3))
             ORDER BY p.not_before, p.id LIMIT ?2"
        }
    };
    let full = json(full.cloned().collect());
    let found = sqlx::query_as(sql).bind(claim.now.millis()).bind(claim.most).bind(full).bind(named);
    let found: Vec<(i64, String)> = found.fetch_all(connection).await?;
    let mut room: HashMap<String, u32> = HashMap::new();
    let mut with_room = Vec::new();
    for (push, service) in found {
        let left = claim.per_service.saturating_sub(told(&service));
        let left = room.entry(service).or_insert(left);
        if *left > 0 {
            *left -= 1;
            with_room.push(push);
        }
    }
    Ok(with_room)
}

/// Takes those of `behind` that nobody took since.
struct Take {
    behind: Vec<i64>,
    claim: Claim,
}

#[async_trait]
impl Errand for Take {
    type Answer = Vec<Push>;

    async fn run(self, connection: &mut SqliteConnection) -> Result<Vec<Push>, StoreError> {
        let rows = sqlx::query(
            "UPDATE push SET not_before = ?2
             WHERE id IN (SELECT value FROM json_each(?1)) AND not_before <= ?3
             RETURNING id, (SELECT s.tracking_id FROM shipment AS s WHERE s.id = shipment_id),
                       endpoint, told, tries",
        )
        .bind(serde_json::Value::from(self.behind).to_string())
        .bind(self.claim.until.millis())
        .bind(self.claim.now.millis())
        .fetch_all(connection)
        .await?;
        rows.iter().map(push).collect()
    }
}

struct Settle {
    push: PushId,
    became: Became,
}

#[async_trait]
impl Errand for Settle {
    type Answer = ();

    async fn run(self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let count = |sequence: u64| i64::try_from(sequence).unwrap_or(i64::MAX);
        let settled = match &self.became {
            Became::Told { sequence, told } => {
                let sql = "UPDATE push SET sequence = ?2, told = ?3, not_before = 0, tries = 0 WHERE id = ?1";
                sqlx::query(sql).bind(self.push.0).bind(count(*sequence)).bind(told)
            }
            Became::Nothing { sequence } => {
                let sql = "UPDATE push SET sequence = ?2, not_before = 0, tries = 0 WHERE id = ?1";
                sqlx::query(sql).bind(self.push.0).bind(count(*sequence))
            }
            Became::Later { at } => {
                let sql = "UPDATE push SET not_before = ?2, tries = tries + 1 WHERE id = ?1";
                sqlx::query(sql).bind(self.push.0).bind(at.millis())
            }
            Became::Over => sqlx::query("DELETE FROM push WHERE id = ?1").bind(self.push.0),
        };
        settled.execute(connection).await?;
        Ok(())
    }
}

/// The most that are forgotten at once.
const FORGOTTEN: i64 = 2_000;

struct Tidy {
    before: Timestamp,
}

#[async_trait]
impl Errand for Tidy {
    type Answer = u64;

    async fn run(self, connection: &mut SqliteConnection) -> Result<u64, StoreError> {
        let sql = "DELETE FROM push WHERE id IN
                       (SELECT id FROM push WHERE made_at < ?1 ORDER BY made_at LIMIT ?2)";
        let forgotten =
            sqlx::query(sql).bind(self.before.millis()).bind(FORGOTTEN).execute(connection).await?;
        Ok(forgotten.rows_affected())
    }
}

fn push(row: &SqliteRow) -> Result<Push, StoreError> {
    let id: i64 = row.try_get(0)?;
    let corrupt = |column: &str| StoreError::Corrupt(format!("push {id}: {column}"));
    Ok(Push {
        id: PushId(id),
        tracking_id: TrackingId::parse(row.try_get(1)?).map_err(|_| corrupt("tracking_id"))?,
        endpoint: row.try_get(2)?,
        told: row.try_get(3)?,
        tries: u32::try_from(row.try_get::<i64, _>(4)?).map_err(|_| corrupt("tries"))?,
    })
}
