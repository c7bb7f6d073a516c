//! The filing of an order: one transaction from reading what stands to the commit. What happens to the
//! shipment goes the same way as any change ([`crate::store::plan`]); a filing only adds what stands beside
//! it. Each has a transaction of its own, because one that is refused must leave nothing behind.

use std::sync::Arc;

use doorstep_model::event::Event;
use doorstep_model::handoff::{Amended, Amendment};
use doorstep_model::shipment::Shipment;
use doorstep_model::time::Timestamp;
use sqlx::{Connection as _, SqliteConnection};

use super::{places, rows};
use crate::identity::TenantId;
use crate::store::orders::{Filed, FiledOrder, Filing, Order, OrderId, OrderKey, OrderStep};
use crate::store::plan::{Amend, Answer, Change};
use crate::store::sqlite::group::{self, Committed, Memory};
use crate::store::sqlite::{load, work};
use crate::store::{Creation, NewShipment, Recording, Report, StoreError};

/// An order to be filed, and whose it is.
pub(in crate::store::sqlite) struct File {
    pub(in crate::store::sqlite) tenant: TenantId,
    pub(in crate::store::sqlite) filing: Filing,
}

impl File {
    /// What it costs to hold, as [`Change::weight`] counts.
    pub(in crate::store::sqlite) fn weight(&self) -> usize {
        let Filing { shipment, events, amendments, places, work, .. } = &self.filing;
        let first = shipment.as_ref().map_or(0, |new| new.events.len());
        2 + first + events.len() + 2 * amendments.len() + places.len() + work.len()
    }
}

/// How a filing ended, and what of it is to be told.
pub(in crate::store::sqlite) struct Ended {
    pub(in crate::store::sqlite) filed: Filed,
    /// Each shipment that changed.
    pub(in crate::store::sqlite) changed: Vec<Arc<Shipment>>,
    /// Whether there is news.
    pub(in crate::store::sqlite) is_news: bool,
}

impl Ended {
    /// It was refused, and there is nothing to tell.
    fn refused(filed: Filed) -> Self {
        Self { filed, changed: Vec::new(), is_news: false }
    }
}

/// Makes a filing durable. `others_wrote` is called when somebody else wrote since the last change.
///
/// # Errors
/// When the engine fails; then nothing was written.
pub(in crate::store::sqlite) async fn file(
    connection: &mut SqliteConnection,
    memory: &mut Memory,
    File { tenant, filing }: File,
    others_wrote: impl FnOnce(),
) -> Result<Ended, StoreError> {
    // Whatever returns before the commit drops the transaction, and so takes everything back.
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
    if memory.notice(group::data_version(&mut tx).await?) {
        others_wrote();
    }
    let Filing { key, step, at, shipment, events, amendments, places, work } = filing;
    let found = rows::by_key(&mut tx, tenant, &key).await?;
    let Stepped { mut order, writing } = match stepped(found, key, step, at) {
        Ok(stepped) => stepped,
        Err(refused) => return Ok(Ended::refused(refused)),
    };
    if let Some(pool) = places::change(&mut tx, tenant, order.key.dialect, &places, at).await? {
        return Ok(Ended::refused(Filed::NoPlace(pool)));
    }
    let is_linked = shipment.is_some();
    let mut changes = Vec::new();
    link(&mut order, tenant, shipment, &mut changes)?;
    happen(&order, tenant, at, events, amendments, &mut changes)?;

    let plan = group::write(&mut tx, memory, changes).await?;
    let mut done = FiledOrder { order, shipment: None, taken: 0, amended: Vec::new() };
    for answer in &plan.answers {
        if let Some(refused) = hear(answer, &mut done)? {
            return Ok(Ended::refused(refused));
        }
    }
    match writing {
        Writing::New => done.order.id = rows::insert(&mut tx, tenant, &done.order).await?,
        Writing::Anew => rows::update(&mut tx, &done.order).await?,
        Writing::Nothing if is_linked => rows::update(&mut tx, &done.order).await?,
        Writing::Nothing => {}
    }
    if let (None, Some(id)) = (&done.shipment, &done.order.tracking_id) {
        done.shipment = load::by_key(&mut tx, &id.key()).await?.map(|kept| kept.shipment);
    }
    work::change(&mut tx, tenant, done.order.key.dialect, work).await?;
    tx.commit().await?;
    let Committed { changed, is_news, .. } = group::remember(memory, plan);
    Ok(Ended { filed: Filed::Done(Box::new(done)), changed, is_news })
}

/// An order as it is to stand, and what that takes.
struct Stepped {
    order: Order,
    writing: Writing,
}

enum Writing {
    New,
    Anew,
    Nothing,
}

/// What a step makes of what was found.
fn stepped(found: Option<Order>, key: OrderKey, step: OrderStep, at: Timestamp) -> Result<Stepped, Filed> {
    match (step, found) {
        (OrderStep::Make(..), Some(found)) => Err(Filed::Exists(Box::new(found))),
        (OrderStep::Make(facets, document), None) => {
            let order = Order {
                // Known once its row is written.
                id: OrderId(0),
                key,
                tracking_id: None,
                version: 1,
                created_at: at,
                updated_at: at,
                facets,
                document,
            };
            Ok(Stepped { order, writing: Writing::New })
        }
        (OrderStep::Change(version, facets, document), Some(found)) if found.version == version => {
            let updated_at = at.max(found.updated_at);
            let order = Order { version: version + 1, updated_at, facets, document, ..found };
            Ok(Stepped { order, writing: Writing::Anew })
        }
        (OrderStep::Keep, Some(order)) => Ok(Stepped { order, writing: Writing::Nothing }),
        (_, found) => Err(Filed::Stale(found.map(Box::new))),
    }
}

/// Links an order to the shipment that it becomes.
fn link(
    order: &mut Order,
    tenant: TenantId,
    shipment: Option<Box<NewShipment>>,
    changes: &mut Vec<Change>,
) -> Result<(), StoreError> {
    let Some(new) = shipment else { return Ok(()) };
    if order.tracking_id.is_some() {
        return Err(misused("an order was to become a second shipment"));
    }
    order.tracking_id = Some(new.tracking_id.clone());
    changes.push(Change::Create(tenant, new));
    Ok(())
}

/// What happens to an order's shipment.
fn happen(
    order: &Order,
    tenant: TenantId,
    at: Timestamp,
    events: Vec<Event>,
    amendments: Vec<Amendment>,
    changes: &mut Vec<Change>,
) -> Result<(), StoreError> {
    if events.is_empty() && amendments.is_empty() {
        return Ok(());
    }
    let Some(id) = &order.tracking_id else {
        return Err(misused("something was to happen to an order without a shipment"));
    };
    if !events.is_empty() {
        changes.push(Change::Record(tenant, vec![Report { tracking_id: id.clone(), events }]));
    }
    changes.extend(
        amendments
            .into_iter()
            .map(|amendment| Change::Amend(tenant, Box::new(Amend { id: id.clone(), amendment, at }))),
    );
    Ok(())
}

/// Notes what became of one change; gives how the filing ends where the change was refused.
fn hear(answer: &Result<Answer, StoreError>, done: &mut FiledOrder) -> Result<Option<Filed>, StoreError> {
    match answer.as_ref().map_err(StoreError::again)? {
        Answer::Created(Creation::Created(shipment)) => done.shipment = Some(Arc::clone(shipment)),
        Answer::Created(Creation::Taken) => return Ok(Some(Filed::TrackingIdTaken)),
        Answer::Recorded(Recording::Recorded(recorded)) => {
            for recorded in recorded {
                done.taken += recorded.taken.len();
                done.shipment = Some(Arc::clone(&recorded.shipment));
            }
        }
        Answer::Recorded(Recording::Full(_)) => return Ok(Some(Filed::Full)),
        Answer::Amended(Some(amended)) => {
            if let Amended::Refused(refusal) = amended.amended {
                return Ok(Some(Filed::Refused(done.amended.len(), refusal)));
            }
            done.amended.push(amended.amended);
            done.shipment = Some(Arc::clone(&amended.shipment));
        }
        other => return Err(StoreError::Engine(anyhow::anyhow!("a filing was answered by {other:?}"))),
    }
    Ok(None)
}

fn misused(why: &str) -> StoreError {
    StoreError::Engine(anyhow::anyhow!("{why}"))
}
