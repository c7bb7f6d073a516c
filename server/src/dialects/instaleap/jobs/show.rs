//! `GET /jobs/{jobId}`: the body that created a job, as it is now, with where it stands. What the recipient edited in the
//! widget stands in `job_comment` and `contact_less`. The delivery code is in no answer.

use axum::Json;
use axum::extract::State;
use doorstep_model::id::EditId;
use doorstep_model::preferences::{Contactless, Editor, Handover, Preference};
use doorstep_model::shipment::Shipment;
use doorstep_model::status::Status;
use doorstep_model::time::Timestamp;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::body::{DOOR, RECEPTION};
use super::change::{Found, find};
use super::job::Job;
use crate::dialects::DialectState;
use crate::dialects::instaleap::docs::ShowFaults;
use crate::dialects::instaleap::fault::Fault;
use crate::dialects::instaleap::wire::{Names, Reader};
use crate::dialects::instaleap::words;

/// A job: every field of the body that created it, and these.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the document's schema of what is merged by hand")]
#[schema(as = Job)]
pub(in crate::dialects::instaleap) struct JobShown {
    /// Its id.
    id: String,
    /// The same.
    job_id: String,
    /// Your own order number.
    client_reference: String,
    /// Who receives it.
    #[schema(value_type = Object)]
    recipient: Value,
    /// The slot.
    slot: SlotTaken,
    /// Where it is sent from.
    #[schema(value_type = Object)]
    origin: Value,
    /// Where it goes.
    #[schema(value_type = Object)]
    destination: Value,
    /// What it is.
    #[schema(value_type = Vec<Object>)]
    job_items: Value,
    /// The last event of the table that was told; absent before the first.
    last_event: Option<LastEvent>,
    /// Where it stands, in Doorstep's words.
    status: Status,
    /// When it was created.
    created_at: Timestamp,
    /// For the courier to read, as the recipient last edited it.
    job_comment: Option<String>,
    /// How it is to be left, as the recipient last edited it; `null` where it is handed over in person.
    #[schema(value_type = Option<Object>)]
    contact_less: Option<Value>,
    /// The car of whoever collects it.
    #[schema(value_type = Option<Object>)]
    curbside_details: Option<Value>,
    /// The third-party fleet's task.
    #[schema(value_type = Option<Object>)]
    fleet: Option<Value>,
}

/// A slot that a job has.
#[derive(serde::Serialize, ToSchema)]
pub(in crate::dialects::instaleap) struct SlotTaken {
    /// Its id.
    id: String,
    /// From when.
    from: Timestamp,
    /// Until when.
    to: Timestamp,
    /// Of which store.
    store_id: String,
    /// How it is fulfilled.
    operational_model: String,
}

/// The last event.
#[derive(serde::Serialize, ToSchema)]
pub(in crate::dialects::instaleap) struct LastEvent {
    /// Its word.
    r#type: String,
    /// When.
    created_at: Timestamp,
}

/// Read a job
///
/// As it stands. Takes the role manager or reader.
#[utoipa::path(
    get,
    path = "/jobs/{jobId}",
    tag = "jobs",
    operation_id = "showJob",
    security(("apiKey" = [])),
    params(("jobId" = String, Path, description = "The job")),
    responses((status = 200, description = "The job", body = JobShown), ShowFaults),
)]
pub(in crate::dialects::instaleap) async fn show(
    Reader(known): Reader,
    State(state): State<DialectState>,
    Names([id]): Names<1>,
) -> Result<Json<Value>, Fault> {
    let Found { job, shipment, .. } = find(&state, known.client.tenant, &id).await?;
    Ok(Json(Value::Object(whole(&job, &shipment))))
}

/// All of a job, as calls and webhooks show it.
pub(in crate::dialects::instaleap) fn whole(job: &Job, shipment: &Shipment) -> Map<String, Value> {
    let mut shown = edited(&job.told, shipment);
    let slot = SlotTaken {
        id: job.slot_id.clone(),
        from: job.slot.from,
        to: job.slot.to,
        store_id: job.slot.store_id.clone(),
        operational_model: job.slot.operational_model.clone(),
    };
    let last = shipment.events().iter().rev().find_map(|event| {
        let word = words::told_as(event)?;
        Some(LastEvent { r#type: word.to_owned(), created_at: event.at() })
    });
    let fleet = job.fleet.as_ref().map(|task| {
        let status = task.status.unwrap_or(crate::dialects::fleet::FleetStatus::Processing);
        json!({ "fleet_id": task.fleet_id, "task_id": task.id(&job.id), "status": status })
    });
    let added = [
        ("id", json!(job.id)),
        ("job_id", json!(job.id)),
        ("slot", json!(slot)),
        ("origin", json!(job.origin)),
        ("destination", json!(job.destination)),
        ("job_items", json!(job.job_items)),
        ("status", json!(shipment.journey().status)),
        ("created_at", json!(job.created_at)),
    ];
    shown.extend(added.map(|(name, value)| (name.to_owned(), value)));
    let maybe = [
        ("last_event", last.map(|last| json!(last))),
        ("curbside_details", job.curbside_details.clone()),
        ("fleet", fleet),
    ];
    shown.extend(maybe.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    shown
}

/// What was told, with comment and contactless choice as they were edited since.
fn edited(told: &Map<String, Value>, shipment: &Shipment) -> Map<String, Value> {
    let mut shown = told.clone();
    let preferences = &shipment.handoff().preferences;
    if let Some(comment) = preferences.comment.as_ref().filter(is_edited) {
        shown.insert("job_comment".to_owned(), json!(comment.value));
    }
    if let Some(choice) = preferences.contactless.as_ref().filter(is_edited) {
        shown.insert("contact_less".to_owned(), choice.value.as_ref().map_or(Value::Null, contact_less));
    }
    shown
}

/// Whether it is no longer what the creation told.
fn is_edited<T>(preference: &&Preference<T>) -> bool {
    let first = EditId::parse("created").is_ok_and(|created| preference.edit == created);
    !(preference.version == 1 && preference.edited_by == Editor::Client && first)
}

/// A choice in Instaleap's words; `null` for one that is handed over in person.
fn contact_less(choice: &Contactless) -> Value {
    let comment = match choice.handover {
        Handover::InPerson => return Value::Null,
        Handover::AtDoor => DOOR,
        Handover::AtReception => RECEPTION,
    };
    let mut object = Map::from_iter([("comment".to_owned(), json!(comment))]);
    if let Some(receiver) = &choice.cash_receiver {
        object.insert("cash_receiver".to_owned(), json!(receiver));
    }
    if let Some(phone) = &choice.phone {
        object.insert("phone_number".to_owned(), json!(phone));
    }
    Value::Object(object)
}
