//! How a job is found and changed: read, decided, filed on the version that was read, and decided again where somebody
//! else was faster. Knows no call.

use std::sync::Arc;

use doorstep_model::event::Event;
use doorstep_model::flags::FlagChange;
use doorstep_model::handoff::{Amendment, Refusal};
use doorstep_model::id::EventId;
use doorstep_model::shipment::Shipment;
use doorstep_model::text::{Source, SourceWord};
use doorstep_model::time::Timestamp;

use super::job::Job;
use crate::dialects::DialectState;
use crate::dialects::instaleap::fault::{Code, Fault};
use crate::dialects::instaleap::words::Move;
use crate::identity::TenantId;
use crate::store::orders::{Filed, Filing, OrderStep, PlaceChange};

/// How often somebody else may be faster.
const MOST_RACES: usize = 16;

/// The most bytes that a job grows to by what is changed about it.
const MOST_BYTES: usize = 1024 * 1024;

/// A job that was found.
pub(in crate::dialects::instaleap) struct Found {
    /// As it is kept.
    pub(in crate::dialects::instaleap) job: Job,
    /// The version of that.
    pub(in crate::dialects::instaleap) version: u64,
    /// What everybody watches.
    pub(in crate::dialects::instaleap) shipment: Arc<Shipment>,
}

/// What becomes of a job.
#[derive(Default)]
pub(in crate::dialects::instaleap) struct Change {
    /// As it is to be kept, where that changes.
    pub(in crate::dialects::instaleap) job: Option<Job>,
    /// What happened.
    pub(in crate::dialects::instaleap) events: Vec<Event>,
    /// What is done about handing it over.
    pub(in crate::dialects::instaleap) amendments: Vec<Amendment>,
    /// Places taken and left.
    pub(in crate::dialects::instaleap) places: Vec<PlaceChange>,
}

/// The job of that name.
pub(in crate::dialects::instaleap) async fn find(
    state: &DialectState,
    tenant: TenantId,
    id: &str,
) -> Result<Found, Fault> {
    let order = state.app.store.order(tenant, &Job::key(id)).await?.ok_or(Code::NotFound)?;
    let job = Job::read(&order)?.ok_or(Code::NotFound)?;
    let id = order.tracking_id.as_ref().ok_or(Code::NotFound)?;
    let shipment = state.app.store.shipment_of(tenant, id).await?.ok_or(Code::NotFound)?;
    Ok(Found { job, version: order.version, shipment })
}

/// Changes a job as `decide` says of what stands; `None` leaves it as it is.
pub(in crate::dialects::instaleap) async fn change(
    state: &DialectState,
    tenant: TenantId,
    id: &str,
    mut decide: impl FnMut(&Found, Timestamp) -> Result<Option<Change>, Fault> + Send,
) -> Result<Found, Fault> {
    for _ in 0..MOST_RACES {
        let now = state.app.clock.now();
        let found = find(state, tenant, id).await?;
        let Some(change) = decide(&found, now)? else { return Ok(found) };
        let step = match &change.job {
            Some(job) => OrderStep::Change(found.version, job.facets(), bounded(job, &found.job)?),
            None => OrderStep::Keep,
        };
        let Change { job, events, amendments, places } = change;
        let key = Job::key(id);
        let filing = Filing { events, amendments, places, ..Filing::of(key, step, now) };
        match state.app.store.file(tenant, filing).await? {
            Filed::Done(done) => {
                let shipment = done.shipment.unwrap_or(found.shipment);
                return Ok(Found { job: job.unwrap_or(found.job), version: done.order.version, shipment });
            }
            // Somebody else was faster, with the document or with what the recipient edits.
            Filed::Stale(Some(_)) | Filed::Refused(_, Refusal::Conflict | Refusal::Replaced) => {}
            Filed::Stale(None) => return Err(Code::NotFound.into()),
            Filed::NoPlace(pool) => return Err(no_place(&pool)),
            Filed::Full => return Err(Fault::new(Code::NotNow).because("the job takes no more events")),
            Filed::Refused(_, refusal) => return Err(refused(refusal)),
            Filed::Exists(_) | Filed::TrackingIdTaken => return Err(Code::Internal.into()),
        }
    }
    Err(Code::Unavailable.into())
}

/// The document of a job, unless it has grown too large: who changes it may bring a field of a new name each time.
fn bounded(job: &Job, before: &Job) -> Result<String, Fault> {
    let document = job.document()?;
    if document.len() > MOST_BYTES && document.len() > before.document()?.len() {
        return Err(
            Fault::new(Code::NotNow).because("the job takes no more: what is kept of it is a mebibyte")
        );
    }
    Ok(document)
}

/// Why there was no place: the slot is full, or it was used before.
pub(in crate::dialects::instaleap) fn no_place(pool: &str) -> Fault {
    if pool.starts_with("slot/") { Code::SlotUsed.into() } else { Code::SlotFull.into() }
}

/// Why something about handing it over was refused.
pub(in crate::dialects::instaleap) fn refused(refusal: Refusal) -> Fault {
    match refusal {
        Refusal::NoCode => Code::DeliveryCodeAbsent.into(),
        Refusal::Locked => Code::DeliveryCodeLocked.into(),
        Refusal::TooLate => Fault::new(Code::NotNow).because("the last step has started, or the job is over"),
        Refusal::TooEarly => Fault::new(Code::NotNow).because("not before it is on its way to the recipient"),
        Refusal::CutOff => Fault::new(Code::NotNow).because("it is too late to change that"),
        Refusal::Excluded => {
            Fault::new(Code::NotNow).because("a job with a delivery code is handed over in person")
        }
        Refusal::Conflict | Refusal::Replaced => Code::Unavailable.into(),
        Refusal::NoProof | Refusal::Full => Code::Internal.into(),
    }
}

/// What a word says happened. `at` is when it happened, where that is known.
pub(in crate::dialects::instaleap) fn event(
    id: &str,
    word: &str,
    moves: Move,
    at: Option<Timestamp>,
    (source, now): (&Source, Timestamp),
) -> Result<Event, Fault> {
    let id = EventId::parse(id).map_err(|_| Fault::from(Code::Internal))?;
    Ok(Event {
        id,
        occurred_at: at,
        received_at: now,
        source: source.clone(),
        source_word: SourceWord::parse(word).ok(),
        status: moves.status,
        movement: moves.movement,
        reason: moves.reason,
        flags: FlagChange::default(),
        eta: None,
        place: None,
        note: None,
        courier: None,
        next: None,
        language: None,
    })
}
