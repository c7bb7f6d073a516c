//! What becomes of a job's slot: another one is chosen, or the job is cancelled and its place is free again.

use axum::Json;
use axum::extract::State;
use doorstep_model::handoff::Amendment;
use doorstep_model::reason::Reason;
use doorstep_model::shipment::{Shipment, Told};
use doorstep_model::status::Status;
use doorstep_model::text::Note;
use utoipa::ToSchema;

use super::change::{Change, Found, change, event};
use super::create::{expected, promise};
use super::job::Job;
use crate::dialects::DialectState;
use crate::dialects::instaleap::availability::{Chosen, capacity, chosen, use_of};
use crate::dialects::instaleap::docs::{ChangeFaults, RescheduleFaults};
use crate::dialects::instaleap::fault::{Code, Fault};
use crate::dialects::instaleap::wire::{Body, Done, Names, Retailer, Wrong};
use crate::dialects::instaleap::words::{Around, read};
use crate::store::orders::PlaceChange;

/// Another slot.
#[derive(Debug, serde::Deserialize, ToSchema)]
pub(in crate::dialects::instaleap) struct RescheduleBody {
    /// The slot that was chosen; offered for the same items, destination and store.
    slot_id: String,
}

/// Choose another slot
///
/// Of an offer for the same items, destination and store; 417 where it is over, full, used or of another. The place in
/// the slot before is free again. Not once the job has left the store. Tells `RESCHEDULED`. Takes the role manager.
#[utoipa::path(
    put,
    path = "/jobs/{jobId}/reschedule",
    tag = "jobs",
    operation_id = "rescheduleJob",
    security(("apiKey" = [])),
    params(("jobId" = String, Path, description = "The job")),
    request_body(content = RescheduleBody, content_type = "application/json"),
    responses((status = 200, description = "It holds", body = Done), RescheduleFaults),
)]
pub(in crate::dialects::instaleap) async fn reschedule(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
    Names([id]): Names<1>,
    body: Body<RescheduleBody>,
) -> Result<Json<Done>, Fault> {
    const WORD: &str = "RESCHEDULED";
    let tenant = known.client.tenant;
    super::change::find(&state, tenant, &id).await?;
    let chosen = chosen(&state, tenant, &body.read.slot_id).await?.ok_or(Code::SlotUnknown)?;
    let most = capacity(&state, tenant, &chosen.slot).await?;
    change(&state, tenant, &id, |found, now| {
        // A repeat.
        if found.job.slot_id == chosen.id.to_string() {
            return Ok(None);
        }
        if found.shipment.has_ended() || found.shipment.is_out_for_delivery() {
            return Err(Fault::new(Code::NotNow).because("the job has left the store, or is over"));
        }
        if chosen.slot.is_over(now) {
            return Err(Code::SlotExpired.into());
        }
        let mut job = found.job.clone();
        if !fits(found, &chosen) {
            return Err(Code::SlotChanged.into());
        }
        job.slot_id = chosen.id.to_string();
        job.slot = chosen.slot.clone();
        let name = format!("{WORD}-{}", found.version + 1);
        let mut told = event(&name, WORD, read(WORD, Around::default()), Some(now), (&known.source, now))?;
        told.eta = Some(expected(&job, &known.source, now));
        let amendments = vec![promised(&found.shipment, &job)];
        let places = move_place(found, &chosen, most);
        Ok(Some(Change { job: Some(job), events: vec![told], amendments, places }))
    })
    .await?;
    Ok(Done::of(WORD, &id))
}

/// Whether a slot was offered for what the job is.
fn fits(found: &Found, chosen: &Chosen) -> bool {
    let job = &found.job;
    let ids = |items: &[serde_json::Value]| {
        let id = |item: &serde_json::Value| (item.get("id").cloned(), item.get("quantity").cloned());
        items.iter().map(id).collect::<Vec<_>>()
    };
    chosen.slot.store_id == job.slot.store_id
        && chosen.offer.destination == job.destination
        // What became of an item meanwhile does not count.
        && ids(&chosen.offer.job_items) == ids(&job.job_items)
}

/// That the slot's end is what is promised now.
fn promised(shipment: &Shipment, job: &Job) -> Amendment {
    let promise = Some(promise(&job.slot));
    Amendment::Retold(Box::new(Told { promise, recipient: shipment.details().recipient.clone() }))
}

/// Out of the slot before, into the one that was chosen.
fn move_place(found: &Found, chosen: &Chosen, most: u32) -> Vec<PlaceChange> {
    let holder = found.job.id.clone();
    let (from, to) = (found.job.slot.pool(), chosen.slot.pool());
    vec![
        PlaceChange::Take { pool: use_of(&chosen.id), most: 1, holder: holder.clone(), until: None },
        PlaceChange::Leave { pool: to.clone(), holder: chosen.id.to_string() },
        PlaceChange::Leave { pool: from, holder: holder.clone() },
        PlaceChange::Take { pool: to, most, holder, until: None },
    ]
}

/// Why a job is cancelled.
#[derive(Debug, Default, serde::Deserialize, ToSchema)]
pub(in crate::dialects::instaleap) struct CancelBody {
    /// In your own words; the recipient may read it.
    #[serde(default)]
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// Cancel a job
///
/// Before it is over; its place in the slot is free again. Again answers the same. Tells `CANCELLED`, and a third-party
/// fleet is told, too. Takes the role manager.
#[utoipa::path(
    put,
    path = "/jobs/{jobId}/cancel",
    tag = "jobs",
    operation_id = "cancelJob",
    security(("apiKey" = [])),
    params(("jobId" = String, Path, description = "The job")),
    request_body(content = CancelBody, content_type = "application/json"),
    responses((status = 200, description = "It is cancelled", body = Done), ChangeFaults),
)]
pub(in crate::dialects::instaleap) async fn cancel(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
    Names([id]): Names<1>,
    body: Body<CancelBody>,
) -> Result<Json<Done>, Fault> {
    const WORD: &str = "CANCELLED";
    let mut wrong = Wrong::default();
    wrong.within(body.read.reason.as_deref().unwrap_or_default(), Note::MAX, "/reason");
    let note = wrong.parse(body.read.reason.as_deref(), "/reason", Note::parse);
    wrong.or(())?;
    change(&state, known.client.tenant, &id, |found, now| {
        // With the document, though it stays the same: whoever chooses another slot meanwhile decides again.
        let job = Some(found.job.clone());
        let places = vec![PlaceChange::Leave { pool: found.job.slot.pool(), holder: found.job.id.clone() }];
        if found.shipment.journey().status == Status::Cancelled {
            // A repeat, or it was cancelled by an event of another source, which knows of no place.
            return Ok(Some(Change { job, places, ..Change::default() }));
        }
        if found.shipment.has_ended() {
            return Err(Fault::new(Code::NotNow).because("the job is over"));
        }
        let mut told = event(WORD, WORD, read(WORD, Around::default()), Some(now), (&known.source, now))?;
        told.reason = Some(Reason::SenderCancelled);
        told.note.clone_from(&note);
        Ok(Some(Change { job, events: vec![told], places, ..Change::default() }))
    })
    .await?;
    Ok(Done::of(WORD, &id))
}
