//! `POST /shipments/{trackingId}/events`: what happened to one shipment.

use axum::Json;
use axum::extract::State;
use doorstep_model::event::Event;
use doorstep_model::id::TrackingId;
use serde_json::Value;
use utoipa::ToSchema;

use super::recorded::Told;
use super::{EventBody, Hearing, MOST};
use crate::api::docs::ReportProblems;
use crate::api::extract::{
    AcceptsJson, ApiJson, ApiPath, Caller, Faults, Form, Refusals, Reporters, read_object,
};
use crate::api::wire;
use crate::api::{ApiState, count_unmapped};
use crate::problem::{Problem, ProblemKind};
use crate::store::{Recording, Report};

/// One event, or a list of them.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(untagged)]
#[allow(clippy::large_enum_variant, reason = "one a request, and moved once")]
pub(super) enum EventsBody {
    List(EventList),
    One(EventBody),
}

/// Events of one shipment.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EventList {
    /// In any order; what they tell counts by when it happened.
    #[serde(deserialize_with = "wire::objects::<_, _, MOST>")]
    #[schema(min_items = 1, max_items = 1000)]
    events: Vec<EventBody>,
}

/// Report events of a shipment
///
/// One event, or a list of up to 1,000. Every event has an id of the caller's choice; telling it again
/// under the same id changes nothing, so a request that was perhaps not heard may be repeated as it is.
/// The answer comes when all of it is durable. Either all events are taken or none. Takes the role
/// manager or carrier.
#[utoipa::path(
    post,
    path = "/shipments/{trackingId}/events",
    tag = "events",
    operation_id = "reportEvents",
    security(("apiKey" = [])),
    params(("trackingId" = TrackingId, Path, description = "The number on the label")),
    request_body(content = EventsBody, content_type = "application/json"),
    responses((status = 200, description = "All of it is durable", body = Told), ReportProblems),
)]
pub(super) async fn report(
    _: AcceptsJson,
    caller: Caller<Reporters>,
    ApiPath(tracking_id): ApiPath<TrackingId>,
    State(state): State<ApiState>,
    ApiJson(body): ApiJson<EventsBody>,
) -> Result<Json<Told>, Problem> {
    let hearing = Hearing { now: state.app.clock.now(), source: &caller.source };
    let events = body.hear(&hearing)?;
    state.app.limits.client_events(caller.client.id, events.len())?;
    count_unmapped(&events);
    let told = events.iter().map(|event| event.id.clone()).collect();
    let reports = vec![Report { tracking_id, events }];
    match state.app.store.record(caller.client.tenant, reports).await? {
        Recording::Recorded(recorded) => {
            let recorded = recorded.into_iter().next().ok_or_else(|| Problem::new(ProblemKind::Internal))?;
            Ok(Json(Told::of(recorded, told)))
        }
        Recording::Unknown(_) => Err(Problem::new(ProblemKind::NotFound)),
        Recording::Full(_) => Err(Problem::new(ProblemKind::TooManyEvents)),
    }
}

impl EventsBody {
    fn hear(self, hearing: &Hearing<'_>) -> Result<Vec<Event>, Problem> {
        let mut refusals = Refusals::default();
        let events = match self {
            Self::One(event) => vec![event.hear(hearing, "", &mut refusals)],
            Self::List(EventList { events }) => {
                if events.is_empty() {
                    refusals.add("/events", "must have at least 1 item");
                }
                let hear = |(i, event): (usize, EventBody)| {
                    event.hear(hearing, &format!("/events/{i}"), &mut refusals)
                };
                events.into_iter().enumerate().map(hear).collect()
            }
        };
        refusals.or(events)
    }
}

impl Form for EventsBody {
    fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        // A single event's first field is none of the list's, so the first try ends early.
        let list_error = match read_object(bytes) {
            Ok(list) => return Ok(Self::List(list)),
            Err(error) => error,
        };
        read_object(bytes).map(Self::One).map_err(|error| {
            if error.to_string().starts_with("unknown field `events`") { list_error } else { error }
        })
    }

    fn faults(body: Value, faults: &mut Faults) {
        if body.get("events").is_some() {
            faults.of_list::<EventList, EventBody>(body, "events");
        } else {
            faults.of_object::<EventBody>(body, "");
        }
    }
}
