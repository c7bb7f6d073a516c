//! A shipment begun anew: the same number and place in the list, a growing sequence, everything else as
//! if it had just been made known. In a transaction of its own, because it is seldom and takes back what
//! groups rely on never being taken back.

use std::sync::Arc;

use doorstep_model::shipment::Shipment;
use sqlx::{Connection as _, SqliteConnection};

use super::group::{self, Memory};
use super::{load, save};
use crate::identity::TenantId;
use crate::store::plan::{Answer, Change, Kept, Plan, PlannedNews};
use crate::store::{Creation, NewShipment, StoreError};
use crate::webhooks::Topic;

/// A shipment to be begun anew, and whose it is.
pub(super) struct Anew {
    pub(super) tenant: TenantId,
    pub(super) new: NewShipment,
}

/// Makes the new beginning durable. `others_wrote` is called when somebody else wrote since the last
/// change.
///
/// # Errors
/// When the engine fails; then nothing was written.
pub(super) async fn begin(
    connection: &mut SqliteConnection,
    memory: &mut Memory,
    anew: Anew,
    others_wrote: impl Fn(),
) -> Result<Creation, StoreError> {
    let Anew { tenant, new } = anew;
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
    if memory.notice(group::data_version(&mut tx).await?) {
        others_wrote();
    }
    let Some(former) = load::by_key(&mut tx, &new.tracking_id.key()).await? else {
        tx.rollback().await?;
        return create(connection, memory, tenant, new, others_wrote).await;
    };
    if former.tenant != tenant {
        return Ok(Creation::Taken);
    }
    let (kept, events) = begun(&former, new);
    save::anew(&mut tx, &kept).await?;
    let news = if memory.watched(&mut tx).await?.contains(&tenant) { vec![told(&kept)] } else { Vec::new() };
    save::plan(&mut tx, &Plan { events, changed: vec![kept.clone()], news, ..Plan::default() }).await?;
    tx.commit().await?;
    let shipment = Arc::clone(&kept.shipment);
    memory.cache.put(kept);
    Ok(Creation::Created(shipment))
}

/// That it was made known, with all that its first events made of it.
fn told(kept: &Kept) -> PlannedNews {
    let Kept { row, tenant, shipment } = kept;
    PlannedNews {
        tenant: *tenant,
        key: shipment.tracking_id().key(),
        row: *row,
        sequence: shipment.sequence(),
        topic: Topic::Created,
        event: None,
        at: shipment.created_at(),
    }
}

async fn create(
    connection: &mut SqliteConnection,
    memory: &mut Memory,
    tenant: TenantId,
    new: NewShipment,
    others_wrote: impl Fn(),
) -> Result<Creation, StoreError> {
    let changes = vec![Change::Create(tenant, Box::new(new))];
    let committed = group::commit(connection, memory, changes, others_wrote).await?;
    match committed.answers.into_iter().next() {
        Some(Ok(Answer::Created(creation))) => Ok(creation),
        Some(Err(error)) => Err(error),
        other => Err(StoreError::Engine(anyhow::anyhow!("a creation was answered by {other:?}"))),
    }
}

/// The shipment as it begins, and its events with the sequence at which each was taken. Viewers hold
/// sequences of the former one, so that of the new one goes on from there.
fn begun(former: &Kept, new: NewShipment) -> (Kept, Vec<(i64, u64, doorstep_model::event::Event)>) {
    let first = former.shipment.sequence() + 1;
    let mut shipment = Shipment::new(new.tracking_id, new.details, new.created_at, Vec::new(), first);
    let mut events = new.events;
    let taken = shipment.record(events.iter().cloned());
    let mut numbers = taken.iter().zip(first + 1..);
    let mut next = numbers.next();
    let mut rows = Vec::with_capacity(taken.len());
    for event in events.drain(..) {
        if let Some((id, sequence)) = next
            && *id == event.id
        {
            rows.push((former.row, sequence, event));
            next = numbers.next();
        }
    }
    (Kept { row: former.row, tenant: former.tenant, shipment: Arc::new(shipment) }, rows)
}

#[cfg(test)]
mod tests;
