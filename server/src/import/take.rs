//! One row against the store: made known where it is new, told on where it is known, refused where it
//! would change what cannot change. A row is taken whole or not at all, in one write.

use std::sync::Arc;
use std::time::Duration;

use doorstep_model::event::Event;
use doorstep_model::shipment::{Details, Shipment};
use doorstep_model::status::Status;
use doorstep_model::time::Timestamp;

use super::draft::Draft;
use super::mapping::Plan;
use super::news::news;
use super::report::{Remark, Taken};
use crate::identity::TenantId;
use crate::store::{Creation, NewShipment, Recording, Report, Store, StoreError};

/// What became of a row, or what the store failed at.
pub type Outcome = Result<Result<(Taken, Status), Vec<Remark>>, StoreError>;

/// Waits before the store is asked again when too many writes wait.
const PATIENCE: Duration = Duration::from_millis(20);

/// Takes a row.
///
/// # Errors
/// When the store fails; nothing of the row was taken then.
pub async fn take(
    store: &dyn Store,
    tenant: TenantId,
    plan: &Plan,
    draft: &Draft,
    now: Timestamp,
) -> Outcome {
    loop {
        match try_take(store, tenant, plan, draft, now).await {
            Err(StoreError::Busy) => tokio::time::sleep(PATIENCE).await,
            outcome => return outcome,
        }
    }
}

async fn try_take(
    store: &dyn Store,
    tenant: TenantId,
    plan: &Plan,
    draft: &Draft,
    now: Timestamp,
) -> Outcome {
    match store.shipment_of(tenant, &draft.tracking_id).await? {
        Some(known) => tell(store, tenant, plan, draft, &known, now).await,
        None => create(store, tenant, plan, draft, now).await,
    }
}

/// The same, with the language of the file's own words.
fn in_language(mut events: Vec<Event>, plan: &Plan) -> Vec<Event> {
    for event in &mut events {
        event.language.clone_from(&plan.language);
    }
    events
}

async fn create(store: &dyn Store, tenant: TenantId, plan: &Plan, draft: &Draft, now: Timestamp) -> Outcome {
    let events = match news(draft, plan.state.as_ref().map(|state| &state.stem), &[], &plan.source, now) {
        Ok(events) => in_language(events, plan),
        Err(contradiction) => return Ok(Err(vec![about_state(plan, draft, contradiction)])),
    };
    let count = events.len() as u64;
    let new = NewShipment {
        tracking_id: draft.tracking_id.clone(),
        details: draft.details.clone(),
        created_at: now,
        events,
        once: None,
    };
    Ok(match store.create_shipment(tenant, new).await? {
        Creation::Created(shipment) | Creation::Repeated(shipment) => {
            Ok((Taken::Created(count), shipment.journey().status))
        }
        Creation::Taken | Creation::KeyReused => {
            Err(vec![about_id(plan, draft, "this tracking id is taken")])
        }
    })
}

async fn tell(
    store: &dyn Store,
    tenant: TenantId,
    plan: &Plan,
    draft: &Draft,
    known: &Arc<Shipment>,
    now: Timestamp,
) -> Outcome {
    if let Some(field) = contradicted(known.details(), &draft.details) {
        let reason =
            format!("the {field} differs from what is known of this shipment; an import changes no details");
        return Ok(Err(vec![about_id(plan, draft, reason)]));
    }
    let stem = plan.state.as_ref().map(|state| &state.stem);
    let events = match news(draft, stem, known.events(), &plan.source, now) {
        Ok(events) => in_language(events, plan),
        Err(contradiction) => return Ok(Err(vec![about_state(plan, draft, contradiction)])),
    };
    if events.is_empty() {
        return Ok(Ok((Taken::Unchanged, known.journey().status)));
    }
    let report = Report { tracking_id: draft.tracking_id.clone(), events };
    Ok(match store.record(tenant, vec![report]).await? {
        Recording::Recorded(recorded) => match recorded.first() {
            Some(recorded) => {
                Ok((Taken::Changed(recorded.taken.len() as u64), recorded.shipment.journey().status))
            }
            None => Ok((Taken::Unchanged, known.journey().status)),
        },
        Recording::Unknown(_) => Err(vec![about_id(plan, draft, "this shipment was removed meanwhile")]),
        Recording::Full(_) => Err(vec![about_id(plan, draft, "this shipment takes no more events")]),
    })
}

/// What the row tells otherwise than is known. A person's data may have been erased since and is then
/// no contradiction.
fn contradicted(known: &Details, told: &Details) -> Option<&'static str> {
    fn differs<T: PartialEq>(known: Option<&T>, told: Option<&T>) -> bool {
        told.is_some() && known.is_some() && known != told
    }
    let (known_to, told_to) = (&known.recipient, &told.recipient);
    let (known_by, told_by) = (&known.courier, &told.courier);
    let fields = [
        ("zone", known.zone != told.zone),
        ("promise", told.promise.is_some() && known.promise != told.promise),
        ("reference", told.reference.is_some() && known.reference != told.reference),
        ("origin", told.origin.is_some() && known.origin != told.origin),
        ("recipient's name", differs(known_to.name.as_ref(), told_to.name.as_ref())),
        ("recipient's phone", differs(known_to.phone.as_ref(), told_to.phone.as_ref())),
        ("recipient's e-mail", differs(known_to.email.as_ref(), told_to.email.as_ref())),
        ("recipient's address", differs(known_to.address.as_ref(), told_to.address.as_ref())),
        ("courier's name", differs(known_by.name.as_ref(), told_by.name.as_ref())),
        ("courier's phone", differs(known_by.phone.as_ref(), told_by.phone.as_ref())),
    ];
    fields.into_iter().find(|(_, differs)| *differs).map(|(field, _)| field)
}

fn about_id(plan: &Plan, draft: &Draft, reason: impl std::fmt::Display) -> Remark {
    let column = plan.header.get(plan.tracking_id).map_or("", String::as_str);
    draft.place.remark(column, draft.tracking_id.as_str(), reason)
}

pub(super) fn about_state(plan: &Plan, draft: &Draft, reason: impl std::fmt::Display) -> Remark {
    let column =
        plan.state.as_ref().and_then(|state| plan.header.get(state.column)).map_or("", String::as_str);
    let word = draft.state.as_ref().map_or("", |state| state.word.as_str());
    draft.place.remark(column, word, reason)
}
