//! One group of changes in one transaction: read what they touch, plan, write, commit. The number of
//! statements does not depend on how many changes there are. Knows no queue and no waiting caller.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use doorstep_model::shipment::Shipment;
use sqlx::{Connection as _, SqliteConnection};

use super::cache::Cache;
use super::{load, outbox, save};
use crate::identity::TenantId;
use crate::store::plan::{Answer, Change, Known, Plan, plan};
use crate::store::{Once, StoreError};

/// How often expired idempotency keys are looked for.
const FORGET: Duration = Duration::from_secs(60);

/// What a commit needs to remember from the last.
pub(super) struct Memory {
    /// Shipments as the last commit left them.
    pub(super) cache: Cache,
    /// Changes when another connection, of this process or another, commits to the file.
    pub(super) data_version: i64,
    /// The tenants that want to be told of news; `None` when that has to be read again.
    pub(super) watched: Option<Arc<HashSet<TenantId>>>,
    forgotten: Instant,
}

impl Memory {
    /// Of a connection that was just opened.
    pub(super) async fn new(connection: &mut SqliteConnection) -> Result<Self, StoreError> {
        let data_version = data_version(connection).await?;
        Ok(Self { cache: Cache::new(), data_version, watched: None, forgotten: Instant::now() })
    }

    /// Takes note of the data version; whether others wrote since the last time.
    pub(super) fn notice(&mut self, data_version: i64) -> bool {
        let others_wrote = self.data_version != data_version;
        if others_wrote {
            self.data_version = data_version;
            self.cache.clear();
            self.watched = None;
        }
        others_wrote
    }

    /// The tenants that want to be told of news. Remembered, because it is asked with every group and hardly
    /// ever changes.
    pub(super) async fn watched(
        &mut self,
        connection: &mut SqliteConnection,
    ) -> Result<Arc<HashSet<TenantId>>, StoreError> {
        if let Some(watched) = &self.watched {
            return Ok(Arc::clone(watched));
        }
        let watched = Arc::new(outbox::watched(connection).await?);
        self.watched = Some(Arc::clone(&watched));
        Ok(watched)
    }
}

/// A group that is durable.
pub(super) struct Committed {
    /// One a change, in their order.
    pub(super) answers: Vec<Result<Answer, StoreError>>,
    /// Each shipment that changed, once, as it is now.
    pub(super) changed: Vec<Arc<Shipment>>,
    /// How many events are new.
    pub(super) events: usize,
    /// Whether there is news to be told.
    pub(super) is_news: bool,
}

/// Makes the changes durable, all in one transaction. `others_wrote` is called when somebody else wrote
/// since the last call, whether or not the group succeeds.
///
/// # Errors
/// When the engine fails; then nothing was written.
pub(super) async fn commit(
    connection: &mut SqliteConnection,
    memory: &mut Memory,
    changes: Vec<Change>,
    others_wrote: impl FnOnce(),
) -> Result<Committed, StoreError> {
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
    // The lock is held: from here to the commit nobody else writes.
    if memory.notice(data_version(&mut tx).await?) {
        others_wrote();
    }
    let plan = write(&mut tx, memory, changes).await?;
    if let Some((_, made_at, ..)) = plan.once.last()
        && memory.forgotten.elapsed() > FORGET
    {
        save::forget_expired(&mut tx, *made_at).await?;
        memory.forgotten = Instant::now();
    }
    tx.commit().await?;
    Ok(remember(memory, plan))
}

/// Decides what the changes do and writes it, in the transaction that is open. Where that is taken back
/// afterwards, nothing wrong is remembered: what was given away by the cache is read again.
///
/// # Errors
/// When the engine fails.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    memory: &mut Memory,
    changes: Vec<Change>,
) -> Result<Plan, StoreError> {
    let known = read(connection, memory, &changes).await?;
    let plan = plan(known, changes);
    if !plan.is_empty() {
        save::plan(connection, &plan).await?;
    }
    Ok(plan)
}

/// The data version as this connection sees it; its own commits do not change it.
pub(super) async fn data_version(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("PRAGMA data_version").fetch_one(connection).await?)
}

async fn read(
    connection: &mut SqliteConnection,
    memory: &mut Memory,
    changes: &[Change],
) -> Result<Known, StoreError> {
    let mut known = Known { watched: memory.watched(connection).await?, ..Known::default() };
    let mut named: Vec<String> = Vec::new();
    let mut claimed: Vec<String> = Vec::new();
    let mut asked: Vec<&Once> = Vec::new();
    for change in changes {
        match change {
            Change::Create(_, new) => {
                claimed.push(new.tracking_id.key());
                asked.extend(&new.once);
            }
            Change::Record(_, reports) => {
                named.extend(reports.iter().map(|report| report.tracking_id.key()));
            }
            Change::Amend(_, amend) => named.push(amend.id.key()),
            Change::Check => {}
        }
    }
    named.sort_unstable();
    named.dedup();
    let mut missing: Vec<&str> = Vec::new();
    for key in &named {
        match memory.cache.take(key) {
            Some(kept) => drop(known.shipments.insert(key.clone(), Ok(kept))),
            None => missing.push(key),
        }
    }
    if !missing.is_empty() {
        known.shipments.extend(load::by_keys(connection, &missing).await?);
    }
    if !claimed.is_empty() {
        let claimed: Vec<&str> = claimed.iter().map(String::as_str).collect();
        known.taken = load::taken(connection, &claimed).await?;
        known.next_row = sqlx::query_scalar("SELECT COALESCE(MAX(id), 0) + 1 FROM shipment")
            .fetch_one(&mut *connection)
            .await?;
    }
    if !asked.is_empty() {
        known.earlier = load::earlier(connection, &asked).await?;
    }
    Ok(known)
}

/// Takes note of what a plan, now durable, has made of the shipments.
pub(super) fn remember(memory: &mut Memory, plan: Plan) -> Committed {
    let Plan { created, changed, unchanged, events, news, answers, .. } = plan;
    unchanged.into_iter().for_each(|kept| memory.cache.put(kept));
    let changed = created.into_iter().chain(changed).map(|kept| {
        let shipment = Arc::clone(&kept.shipment);
        memory.cache.put(kept);
        shipment
    });
    Committed { changed: changed.collect(), events: events.len(), is_news: !news.is_empty(), answers }
}
