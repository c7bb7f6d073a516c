//! What a retailer changes about a job beside slot and payment: external data, the comment, the car of whoever collects.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use doorstep_model::handoff::Amendment;
use doorstep_model::id::EditId;
use doorstep_model::preferences::{Edit, Editor};
use doorstep_model::text::Comment;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::change::{Change, change, event};
use crate::dialects::DialectState;
use crate::dialects::instaleap::docs::ChangeFaults;
use crate::dialects::instaleap::fault::{Code, Fault};
use crate::dialects::instaleap::ids;
use crate::dialects::instaleap::wire::{Body, Done, Names, Retailer, Wrong};
use crate::dialects::instaleap::words::{Around, read};

/// Replace the external data
///
/// All of it, as it comes. Tells `EXTERNAL_DATA_UPDATED`. Takes the role manager.
#[utoipa::path(
    put,
    path = "/jobs/{jobId}/external_data",
    tag = "jobs",
    operation_id = "updateExternalData",
    security(("apiKey" = [])),
    params(("jobId" = String, Path, description = "The job")),
    request_body(content = Object, content_type = "application/json"),
    responses((status = 200, description = "It holds", body = Done), ChangeFaults),
)]
pub(in crate::dialects::instaleap) async fn external_data(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
    Names([id]): Names<1>,
    body: Body<BTreeMap<String, Value>>,
) -> Result<Json<Done>, Fault> {
    const WORD: &str = "EXTERNAL_DATA_UPDATED";
    change(&state, known.client.tenant, &id, |found, now| {
        let mut job = found.job.clone();
        job.told.insert("external_data".to_owned(), body.raw.clone());
        let name = format!("{WORD}-{}", found.version + 1);
        let told = event(&name, WORD, read(WORD, Around::default()), Some(now), (&known.source, now))?;
        Ok(Some(Change { job: Some(job), events: vec![told], ..Change::default() }))
    })
    .await?;
    Ok(Done::of(WORD, &id))
}

/// A comment of a job.
#[derive(Debug, serde::Deserialize, ToSchema)]
pub(in crate::dialects::instaleap) struct CommentBody {
    /// For the courier to read, at most 500 characters; empty takes it back.
    #[schema(max_length = 4000)]
    job_comment: String,
}

/// Edit the comment
///
/// As the recipient may in the widget. Webhooks hear of both as `JOB_COMMENT_UPDATED`. Takes the role manager.
#[utoipa::path(
    put,
    path = "/jobs/{jobId}/job-comment",
    tag = "jobs",
    operation_id = "updateJobComment",
    security(("apiKey" = [])),
    params(("jobId" = String, Path, description = "The job")),
    request_body(content = CommentBody, content_type = "application/json"),
    responses((status = 200, description = "It holds", body = Done), ChangeFaults),
)]
pub(in crate::dialects::instaleap) async fn comment(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
    Names([id]): Names<1>,
    body: Body<CommentBody>,
) -> Result<Json<Done>, Fault> {
    let mut wrong = Wrong::default();
    wrong.within(&body.read.job_comment, Comment::MAX_SCALARS, "/job_comment");
    let value = wrong.parse(Some(&body.read.job_comment), "/job_comment", Comment::parse);
    wrong.or(())?;
    let name = EditId::parse(&ids::random()?).map_err(|_| Fault::from(Code::Internal))?;
    change(&state, known.client.tenant, &id, |found, _| {
        let stands = found.shipment.handoff().preferences.comment.as_ref();
        if stands.and_then(|stands| stands.value.as_ref()) == value.as_ref() {
            return Ok(None);
        }
        let base = stands.map_or(0, |stands| stands.version);
        let edit = Edit { value: value.clone(), base, id: name.clone(), by: Editor::Client };
        Ok(Some(Change { amendments: vec![Amendment::Comment(edit)], ..Change::default() }))
    })
    .await?;
    Ok(Done::of("JOB_COMMENT_UPDATED", &id))
}

/// The car of whoever collects it.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[expect(dead_code, reason = "read to refuse a wrong type; kept as it came")]
pub(in crate::dialects::instaleap) struct CurbsideBody {
    /// The car's colour.
    #[serde(default)]
    car_color: Option<String>,
    /// Its plate.
    #[serde(default)]
    car_plate: Option<String>,
    /// Where it stands.
    #[serde(default)]
    parking_zone: Option<String>,
    /// Its make and model.
    #[serde(default)]
    car_model: Option<String>,
}

/// Say which car
///
/// Only of a job that was created with `curbside`, until it is over. Fields that are left out stay as they are. Takes the
/// role manager.
#[utoipa::path(
    put,
    path = "/jobs/{jobId}/curbside-details",
    tag = "jobs",
    operation_id = "updateCurbsideDetails",
    security(("apiKey" = [])),
    params(("jobId" = String, Path, description = "The job")),
    request_body(content = CurbsideBody, content_type = "application/json"),
    responses((status = 200, description = "It holds", body = Done), ChangeFaults),
)]
pub(in crate::dialects::instaleap) async fn curbside(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
    Names([id]): Names<1>,
    body: Body<CurbsideBody>,
) -> Result<Json<Done>, Fault> {
    let Value::Object(told) = body.raw else { return Err(Code::Malformed.into()) };
    change(&state, known.client.tenant, &id, |found, _| {
        if found.job.told.get("curbside") != Some(&Value::Bool(true)) {
            return Err(Fault::new(Code::NotNow).because("the job was created without curbside"));
        }
        if found.shipment.has_ended() {
            return Err(Fault::new(Code::NotNow).because("the job is over"));
        }
        let mut job = found.job.clone();
        let mut details = match job.curbside_details.take() {
            Some(Value::Object(details)) => details,
            _ => Map::new(),
        };
        details.extend(told.clone());
        job.curbside_details = Some(Value::Object(details));
        Ok(Some(Change { job: Some(job), ..Change::default() }))
    })
    .await?;
    Ok(Done::of("CURBSIDE_DETAILS_UPDATED", &id))
}
