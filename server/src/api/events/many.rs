//! `POST /events`: what happened to many shipments at once.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use doorstep_model::id::{EventId, TrackingId};
use serde_json::Value;
use utoipa::ToSchema;

use super::body::NamedEventBody;
use super::recorded::ToldOf;
use super::{Hearing, MOST};
use crate::api::docs::ReportProblems;
use crate::api::extract::{AcceptsJson, ApiJson, Caller, Faults, Form, Refusals, Reporters, read_object};
use crate::api::wire;
use crate::api::{ApiState, count_unmapped};
use crate::problem::{FieldError, Problem, ProblemKind};
use crate::store::{Recording, Report};

/// Events of one or many shipments.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NamedEventList {
    /// In any order; what they tell counts by when it happened.
    #[serde(deserialize_with = "wire::objects::<_, _, MOST>")]
    #[schema(min_items = 1, max_items = 1000)]
    events: Vec<NamedEventBody>,
}

/// What became of the events.
#[derive(Debug, serde::Serialize, ToSchema)]
pub(super) struct ToldOfMany {
    /// One entry a shipment, in the order in which they were first named.
    shipments: Vec<ToldOf>,
}

/// Report events of many shipments
///
/// Up to 1,000 events, each with the tracking id of its shipment. Either all events are taken or none;
/// `errors` of a refusal says which stand in the way. Takes the role manager or carrier.
#[utoipa::path(
    post,
    path = "/events",
    tag = "events",
    operation_id = "reportEventsOfMany",
    security(("apiKey" = [])),
    request_body(content = NamedEventList, content_type = "application/json"),
    responses((status = 200, description = "All of it is durable", body = ToldOfMany), ReportProblems),
)]
pub(super) async fn report_many(
    _: AcceptsJson,
    caller: Caller<Reporters>,
    State(state): State<ApiState>,
    ApiJson(body): ApiJson<NamedEventList>,
) -> Result<Json<ToldOfMany>, Problem> {
    let hearing = Hearing { now: state.app.clock.now(), source: &caller.source };
    let batch = Batch::hear(body, &hearing)?;
    state.app.limits.client_events(caller.client.id, batch.count)?;
    let told: Vec<Vec<EventId>> = batch
        .reports
        .iter()
        .map(|report| report.events.iter().map(|event| event.id.clone()).collect())
        .collect();
    let Batch { reports, places, .. } = batch;
    let located = |kind, refused: Vec<usize>, message: &str| {
        let places = refused.iter().filter_map(|&report| places.get(report)).flatten();
        let error = |i: &usize| FieldError::new(format!("/events/{i}/trackingId"), message);
        Err(Problem::new(kind).errors(places.map(error).collect()))
    };
    match state.app.store.record(caller.client.tenant, reports).await? {
        Recording::Recorded(recorded) => {
            let shipments = recorded.into_iter().zip(told).map(|(recorded, told)| ToldOf::of(recorded, told));
            Ok(Json(ToldOfMany { shipments: shipments.collect() }))
        }
        Recording::Unknown(refused) => located(ProblemKind::NotFound, refused, "is no shipment of yours"),
        Recording::Full(refused) => located(ProblemKind::TooManyEvents, refused, "takes no more events"),
    }
}

/// The events by shipment.
struct Batch {
    reports: Vec<Report>,
    /// For each report, where its events stood in the request.
    places: Vec<Vec<usize>>,
    count: usize,
}

impl Batch {
    fn hear(body: NamedEventList, hearing: &Hearing<'_>) -> Result<Self, Problem> {
        let mut refusals = Refusals::default();
        if body.events.is_empty() {
            refusals.add("/events", "must have at least 1 item");
        }
        let mut batch = Self { reports: Vec::new(), places: Vec::new(), count: body.events.len() };
        let mut known: HashMap<TrackingId, usize> = HashMap::new();
        for (i, told) in body.events.into_iter().enumerate() {
            let tracking_id = told.tracking_id.clone();
            let event = told.hear(hearing, &format!("/events/{i}"), &mut refusals);
            let report = *known.entry(tracking_id.clone()).or_insert_with(|| {
                batch.reports.push(Report { tracking_id, events: Vec::new() });
                batch.places.push(Vec::new());
                batch.reports.len() - 1
            });
            count_unmapped(std::slice::from_ref(&event));
            if let (Some(report), Some(places)) =
                (batch.reports.get_mut(report), batch.places.get_mut(report))
            {
                report.events.push(event);
                places.push(i);
            }
        }
        refusals.or(batch)
    }
}

impl Form for NamedEventList {
    fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        read_object(bytes)
    }

    fn faults(body: Value, faults: &mut Faults) {
        faults.of_list::<Self, NamedEventBody>(body, "events");
    }
}
