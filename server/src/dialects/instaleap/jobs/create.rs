//! `POST /jobs`: a slot becomes a job. Document, shipment, first event and the place in the slot become durable together
//! or not at all.

use axum::Json;
use axum::extract::State;
use doorstep_model::code::{DeliveryCode, Digits};
use doorstep_model::eta::{Confidence, Eta, Promise, Window};
use doorstep_model::handoff::Handoff;
use doorstep_model::id::{EditId, TrackingId};
use doorstep_model::person::Recipient;
use doorstep_model::preferences::{Editor, Preference, Preferences, Receipt};
use doorstep_model::rules::{CodeWithContactless, Rules};
use doorstep_model::shipment::Details;
use doorstep_model::text::{Place as Label, Source};
use doorstep_model::time::Timestamp;
use doorstep_model::views::Days as _;
use http::StatusCode;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::body::{JobBody, Understood};
use super::change::{event, no_place};
use super::job::{FleetTask, Job};
use super::made::{JobMade, link};
use crate::api::KnownClient;
use crate::dialects::DialectState;
use crate::dialects::instaleap::availability::{Chosen, Offered, capacity, chosen, use_of};
use crate::dialects::instaleap::docs::CreateFaults;
use crate::dialects::instaleap::fault::{Code, Fault};
use crate::dialects::instaleap::place::Place;
use crate::dialects::instaleap::setup::shop::Shop;
use crate::dialects::instaleap::setup::{STORES, kept_one};
use crate::dialects::instaleap::wire::{Body, Retailer, Wrong};
use crate::dialects::instaleap::words::{Around, read};
use crate::dialects::instaleap::{fleets, ids};
use crate::store::NewShipment;
use crate::store::orders::{Filed, Filing, OrderStep, PlaceChange};
use crate::vault::Vault;
use crate::zones::ZoneDays;

/// Digits of a delivery code here.
const DIGITS: u8 = 4;
/// The name of the edit that a creation makes.
const EDIT: &str = "created";

/// Create a job
///
/// With a slot that is still valid; else 417, and another slot has to be chosen. Items, origin and destination are those
/// of the slot. The same body again, with the same slot, answers the same job with 200, so that a request which was
/// perhaps not heard may be repeated. The answer comes when all of it is durable. Takes the role manager.
#[utoipa::path(
    post,
    path = "/jobs",
    tag = "jobs",
    operation_id = "createJob",
    security(("apiKey" = [])),
    request_body(content = JobBody, content_type = "application/json"),
    responses(
        (status = 201, description = "It is known and durable", body = JobMade),
        (status = 200, description = "It was created before, by the same body", body = JobMade),
        CreateFaults,
    ),
)]
pub(in crate::dialects::instaleap) async fn create(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
    body: Body<JobBody>,
) -> Result<(StatusCode, Json<JobMade>), Fault> {
    let (tenant, now) = (known.client.tenant, state.app.clock.now());
    let mut wrong = Wrong::default();
    let understood = body.read.understand(&mut wrong);
    wrong.or(())?;
    let Value::Object(told) = body.raw else { return Err(Code::Malformed.into()) };
    let fingerprint = fingerprint(&told)?;
    let chosen = chosen(&state, tenant, &body.read.slot_id).await?.ok_or(Code::SlotUnknown)?;
    let id = ids::job_of(&chosen.id);
    if let Some(order) = state.app.store.order(tenant, &Job::key(&id)).await? {
        return repeated(&state, &known, Job::read(&order)?, &fingerprint).await;
    }
    if chosen.slot.is_over(now) {
        return Err(Code::SlotExpired.into());
    }
    unchanged(&body.read, &chosen)?;
    state.app.limits.client_events(known.client.id, 1).map_err(crate::problem::Problem::from)?;
    let most = capacity(&state, tenant, &chosen.slot).await?;
    let shop: Option<Shop> = kept_one(&state, tenant, STORES, &chosen.slot.store_id).await?;
    let rules = state.app.store.settings(tenant).await?.rules;
    let job = job(&id, told, fingerprint, &chosen, shop.as_ref(), now);
    let shipment = shipment(&job, understood, rules, &known.source, &state.app.vault, now)?;
    let pool = chosen.slot.pool();
    let places = vec![
        PlaceChange::Take { pool: use_of(&chosen.id), most: 1, holder: id.clone(), until: None },
        // The place that an extension held is the one that the job takes.
        PlaceChange::Leave { pool: pool.clone(), holder: chosen.id.to_string() },
        PlaceChange::Take { pool, most, holder: id.clone(), until: None },
    ];
    let announced = fleets::announce(&state, tenant, &job).await?;
    let step = OrderStep::Make(job.facets(), job.document()?);
    let filing =
        Filing { shipment: Some(Box::new(shipment)), places, ..Filing::of(Job::key(&id), step, now) };
    let filed = state.app.store.file(tenant, filing).await;
    // Where the job exists, it was created beside us, and its fleet may be told by what we announced.
    if !matches!(filed, Ok(Filed::Done(_) | Filed::Exists(_))) {
        fleets::withdraw(&state, tenant, announced).await;
    }
    match filed? {
        Filed::Done(_) => {
            metrics::counter!("doorstep_shipments_created_total").increment(1);
            Ok((StatusCode::CREATED, Json(link(&state, &known, job).await?)))
        }
        Filed::Exists(order) => repeated(&state, &known, Job::read(&order)?, &job.fingerprint).await,
        Filed::NoPlace(pool) => Err(no_place(&pool)),
        // Only somebody who has seen the slot's name could have made a shipment of the job's.
        Filed::TrackingIdTaken => Err(Code::SlotUsed.into()),
        _ => Err(Code::Internal.into()),
    }
}

/// What a slot that was used before answers: the same job to the same body.
async fn repeated(
    state: &DialectState,
    known: &KnownClient,
    job: Option<Job>,
    fingerprint: &str,
) -> Result<(StatusCode, Json<JobMade>), Fault> {
    let same = job.filter(|job| job.fingerprint == fingerprint).ok_or(Code::SlotUsed)?;
    Ok((StatusCode::OK, Json(link(state, known, same).await?)))
}

/// The same for every spelling of the same body.
fn fingerprint(told: &Map<String, Value>) -> Result<String, Fault> {
    let canonical = serde_json::to_vec(told).map_err(|_| Fault::from(Code::Internal))?;
    let digest: [u8; 32] = Sha256::digest(canonical).into();
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// That the body says nothing else than the slot of what goes where.
fn unchanged(body: &JobBody, chosen: &Chosen) -> Result<(), Fault> {
    let said = |told: &Option<Value>| told.clone().filter(|told| !told.is_null());
    // As places, not as they were spelled: `4` is `4.0`, and what is `null` is not said.
    let same_place = |told: &Option<Value>, kept: Option<&Place>| {
        said(told).is_none_or(|told| serde_json::from_value(told).ok().as_ref() == kept && kept.is_some())
    };
    let offer = &chosen.offer;
    let items = said(&body.job_items);
    let unchanged = same_place(&body.origin, offer.origin.as_ref())
        && same_place(&body.destination, Some(&offer.destination))
        && items.is_none_or(|told| told.as_array() == Some(&offer.job_items));
    if unchanged { Ok(()) } else { Err(Code::SlotChanged.into()) }
}

fn job(
    id: &str,
    told: Map<String, Value>,
    fingerprint: String,
    chosen: &Chosen,
    shop: Option<&Shop>,
    now: Timestamp,
) -> Job {
    let offer = &chosen.offer;
    let of_the_shop = || shop.map(|shop| shop.address.clone()).unwrap_or_default();
    Job {
        id: id.to_owned(),
        told,
        fingerprint,
        slot_id: chosen.id.to_string(),
        slot: chosen.slot.clone(),
        origin: offer.origin.clone().unwrap_or_else(of_the_shop),
        destination: offer.destination.clone(),
        job_items: offer.job_items.clone(),
        curbside_details: None,
        fleet: shop.and_then(|shop| shop.fleet_id.clone()).map(FleetTask::first),
        created_at: now,
    }
}

fn shipment(
    job: &Job,
    understood: Understood,
    rules: Rules,
    source: &Source,
    vault: &Vault,
    now: Timestamp,
) -> Result<NewShipment, Fault> {
    let tracking_id = TrackingId::parse(&job.id).map_err(|_| Fault::from(Code::Internal))?;
    let Understood { reference, name, email, phone, comment, contactless, has_code } = understood;
    let code = if has_code { Some(draw(vault, &tracking_id)?) } else { None };
    let preferences = Preferences { comment: first(comment, now)?, contactless: first(contactless, now)? };
    let slot = &job.slot;
    let details = Details {
        promise: Some(promise(slot)),
        reference,
        recipient: Recipient { name, phone, email, address: job.destination.line() },
        origin: Label::parse(&slot.store_name).ok(),
        // Instaleap's body asks for both at once: then the recipient confirms the photo, and the code is released.
        rules: Rules { code_with_contactless: CodeWithContactless::ConfirmPhoto, ..rules },
        handoff: Handoff { preferences, code, ..Handoff::default() },
        ..Details::in_zone(slot.zone.clone())
    };
    let around = Around { ahead: slot.from > now, ..Around::default() };
    let mut created = event("CREATED-1", "CREATED", read("CREATED", around), Some(now), (source, now))?;
    created.eta = Some(expected(job, source, now));
    let events = vec![created];
    Ok(NewShipment { tracking_id, details, created_at: now, events, once: None })
}

/// That it is there by the end of its slot.
pub(super) fn promise(slot: &Offered) -> Promise {
    Promise { day: ZoneDays.day(slot.to, &slot.zone), until: slot.to }
}

/// That it is expected within its slot.
pub(super) fn expected(job: &Job, source: &Source, now: Timestamp) -> Eta {
    Eta {
        window: Window::Between { from: job.slot.from, until: job.slot.to },
        as_of: now,
        confidence: Some(Confidence::Medium),
        source: source.clone(),
        cause: None,
    }
}

fn draw(vault: &Vault, id: &TrackingId) -> Result<DeliveryCode, Fault> {
    let digits = Digits::new(DIGITS).map_err(|_| Fault::from(Code::Internal))?;
    let drawn = vault.draw_code(digits, id).map_err(|error| {
        tracing::error!(error = format!("{error:#}"), "a delivery code could not be drawn");
        Fault::from(Code::Internal)
    })?;
    Ok(DeliveryCode::new(drawn))
}

/// A preference that was told with the creation.
fn first<T>(value: Option<T>, now: Timestamp) -> Result<Option<Preference<T>>, Fault> {
    let Some(value) = value else { return Ok(None) };
    Ok(Some(Preference {
        value: Some(value),
        version: 1,
        edited_at: now,
        edited_by: Editor::Client,
        edit: EditId::parse(EDIT).map_err(|_| Fault::from(Code::Internal))?,
        receipt: Receipt::Saved,
    }))
}
