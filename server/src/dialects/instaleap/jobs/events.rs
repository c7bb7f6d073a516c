//! `POST /jobs/{jobId}/events`: what the retailer's picking and delivery app reports of a job. The table of
//! [`words`](super::super::words) says what each means; what has a call of its own is refused with its name.

use axum::Json;
use axum::extract::State;
use doorstep_model::eta::{Confidence, Eta, Window};
use doorstep_model::id::EventId;
use doorstep_model::person::Courier;
use doorstep_model::shipment::Shipment;
use doorstep_model::text::{Note, PersonName, Phone};
use doorstep_model::time::Timestamp;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::change::{Change, Found, change, event};
use super::job::Job;
use crate::api::wire::optional_object;
use crate::dialects::DialectState;
use crate::dialects::instaleap::docs::ChangeFaults;
use crate::dialects::instaleap::fault::{Code, Fault};
use crate::dialects::instaleap::ids;
use crate::dialects::instaleap::wire::{Body, Done, Names, Reporter, Wrong};
use crate::dialects::instaleap::words::{self, Around, Teller};

/// How far ahead of ours a clock may be: 5 minutes.
const AHEAD_MS: i64 = 5 * 60 * 1_000;

/// Something that happened to a job.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[schema(as = JobEvent)]
pub(in crate::dialects::instaleap) struct EventBody {
    /// Your own name for it: the same again is the same event. Made up from the rest where it is left out.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, pattern = "^[!-~]+$")]
    id: Option<String>,
    /// One of Instaleap's job events.
    #[schema(example = "PICKING_STARTED", max_length = 80)]
    r#type: String,
    /// When it happened; now, where it is left out.
    #[serde(default)]
    created_at: Option<Timestamp>,
    /// The task that it is about.
    #[serde(default, deserialize_with = "optional_object")]
    task: Option<TaskBody>,
    /// Who does it.
    #[serde(default, deserialize_with = "optional_object")]
    resource: Option<ResourceBody>,
    /// When it is expected at the recipient's.
    #[serde(default, deserialize_with = "optional_object")]
    eta: Option<EtaBody>,
    /// A remark, which the recipient may read.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: Option<String>,
    /// With `ITEMS_UPDATED`: what is new of each item, by its id; an id that the job has not is added.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    job_items: Option<Map<String, Value>>,
}

/// A task.
#[derive(Debug, serde::Deserialize, ToSchema)]
pub(in crate::dialects::instaleap) struct TaskBody {
    /// Its kind.
    #[serde(default, alias = "type")]
    #[schema(example = "FULL_SERVICE")]
    kind: Option<String>,
}

/// Who does it.
#[derive(Debug, serde::Deserialize, ToSchema)]
pub(in crate::dialects::instaleap) struct ResourceBody {
    /// Full name; recipients see the first.
    #[serde(default)]
    #[schema(max_length = 120)]
    name: Option<String>,
    /// Telephone.
    #[serde(default)]
    #[schema(max_length = 40)]
    phone_number: Option<String>,
}

/// When it is expected.
#[derive(Debug, serde::Deserialize, ToSchema)]
pub(in crate::dialects::instaleap) struct EtaBody {
    /// The earliest.
    from: Timestamp,
    /// The latest.
    to: Timestamp,
}

/// What was read of an event.
struct Heard {
    word: String,
    id: EventId,
    at: Option<Timestamp>,
    work: Option<words::Work>,
    courier: Option<Courier>,
    window: Option<Window>,
    note: Option<Note>,
    items: Option<Map<String, Value>>,
}

/// Report an event of a job
///
/// Moves the widget as the table of words says, by the kind of the task and the operational model. A repeat changes
/// nothing. What has a call of its own (`CANCELLED`, `RESCHEDULED`, …) is refused with its name; a step that the blocking
/// policy holds back, and the last step of a job with a delivery code, are refused, too. Takes the role manager or
/// carrier.
#[utoipa::path(
    post,
    path = "/jobs/{jobId}/events",
    tag = "fulfilment",
    operation_id = "reportJobEvent",
    security(("apiKey" = [])),
    params(("jobId" = String, Path, description = "The job")),
    request_body(content = EventBody, content_type = "application/json"),
    responses((status = 200, description = "It is durable", body = Done), ChangeFaults),
)]
pub(in crate::dialects::instaleap) async fn report(
    Reporter(known): Reporter,
    State(state): State<DialectState>,
    Names([id]): Names<1>,
    body: Body<EventBody>,
) -> Result<Json<Done>, Fault> {
    let tenant = known.client.tenant;
    state.app.limits.client_events(known.client.id, 1).map_err(crate::problem::Problem::from)?;
    let heard = body.read.hear(state.app.clock.now())?;
    change(&state, tenant, &id, |found, now| {
        if found.shipment.events().iter().any(|known| known.id == heard.id) {
            return Ok(None);
        }
        may_be(&heard.word, found)?;
        let around = Around { work: heard.work, collected: found.job.is_collected(), ahead: false };
        let moves = words::read(&heard.word, around);
        let mut told = event(
            heard.id.as_str(),
            &heard.word,
            moves,
            Some(heard.at.unwrap_or(now)),
            (&known.source, now),
        )?;
        told.courier.clone_from(&heard.courier);
        told.note.clone_from(&heard.note);
        told.eta = heard.window.map(|window| Eta {
            window,
            as_of: heard.at.unwrap_or(now),
            confidence: Some(Confidence::High),
            source: known.source.clone(),
            cause: None,
        });
        let mut job = found.job.clone();
        if let Some(items) = &heard.items {
            update_items(&mut job, items);
        }
        if heard.word.starts_with(words::TASK_RESET) {
            job.begin_task();
        }
        let job = (job != found.job).then_some(job);
        Ok(Some(Change { job, events: vec![told], ..Change::default() }))
    })
    .await?;
    Ok(Done::of("EVENT_RECORDED", &id))
}

/// Whether a word may be told of a job now.
fn may_be(word: &str, found: &Found) -> Result<(), Fault> {
    if found.job.holds_back(word) {
        return Err(Code::PaymentBlocked.into());
    }
    if word == "CLIENT_RECEIVED" && waits_for_code(&found.shipment) {
        return Err(Code::DeliveryCodeNeeded.into());
    }
    Ok(())
}

/// Whether the last step takes a code that nobody has told yet.
pub(in crate::dialects::instaleap) fn waits_for_code(shipment: &Shipment) -> bool {
    shipment.handoff().code.as_ref().is_some_and(|code| code.settled.is_none()) && !shipment.has_ended()
}

/// Puts what is new of items over what is kept.
fn update_items(job: &mut Job, items: &Map<String, Value>) {
    for (id, told) in items {
        let Value::Object(told) = told else { continue };
        let known = job.job_items.iter_mut().filter_map(Value::as_object_mut);
        let mut known = known.filter(|item| item.get("id").and_then(Value::as_str) == Some(id));
        if let Some(item) = known.next() {
            item.extend(
                told.iter()
                    .filter(|(name, _)| *name != "id")
                    .map(|(name, value)| (name.clone(), value.clone())),
            );
            continue;
        }
        drop(known);
        let mut added = told.clone();
        added.insert("id".to_owned(), Value::String(id.clone()));
        job.job_items.push(Value::Object(added));
    }
}

impl EventBody {
    fn hear(self, now: Timestamp) -> Result<Heard, Fault> {
        let mut wrong = Wrong::default();
        let row = words::row_of(&self.r#type);
        wrong.unless(row.is_some(), "/type", "is none of Instaleap's job events");
        if let Some(Teller::Call(call)) = row.map(|row| row.teller) {
            wrong.unless(false, "/type", format_args!("is told by {call}"));
        }
        let in_time = self.created_at.is_none_or(|at| at.millis() <= now.millis() + AHEAD_MS);
        wrong.unless(in_time, "/created_at", "lies ahead");
        let kind = self.task.as_ref().and_then(|task| task.kind.as_deref());
        let work = kind.and_then(words::work);
        wrong.unless(kind.is_none() || work.is_some(), "/task/kind", "is no kind of task");
        let (name, phone) = match &self.resource {
            Some(who) => (
                wrong.parse(who.name.as_deref(), "/resource/name", PersonName::parse),
                wrong.parse(who.phone_number.as_deref(), "/resource/phone_number", Phone::parse),
            ),
            None => (None, None),
        };
        if let Some(eta) = &self.eta {
            wrong.unless(eta.from <= eta.to, "/eta/to", "is before from");
        }
        if let Some(items) = &self.job_items {
            wrong.unless(items.len() <= 1_000, "/job_items", "must have at most 1000 items");
            for (id, item) in items {
                wrong.unless(
                    item.is_object() && (1..=128).contains(&id.chars().count()),
                    "/job_items",
                    "must be objects by their ids",
                );
            }
        }
        let note = wrong.parse(self.note.as_deref(), "/note", Note::parse);
        let id = self.name();
        wrong.unless(id.is_some(), "/id", "must have 1 to 100 visible ASCII characters");
        let courier = (name.is_some() || phone.is_some()).then_some(Courier { name, phone });
        let window = self.eta.map(|eta| Window::Between { from: eta.from, until: eta.to });
        let heard = id.map(|id| Heard {
            word: self.r#type,
            id,
            at: self.created_at,
            work,
            courier,
            window,
            note,
            items: self.job_items,
        });
        wrong.or(())?;
        heard.ok_or_else(|| Code::Internal.into())
    }

    /// The event's name: the caller's, or one that follows from what it says. An event without a time and a name is a
    /// new one each time.
    fn name(&self) -> Option<EventId> {
        let text = match (&self.id, self.created_at) {
            (Some(id), _) => format!("app-{}", Some(id).filter(|id| (1..=100).contains(&id.len()))?),
            (None, Some(at)) => {
                let kind = self.task.as_ref().and_then(|task| task.kind.as_deref()).unwrap_or_default();
                ids::derived("event", &format!("{}\0{kind}\0{at}", self.r#type))
            }
            (None, None) => ids::random().ok()?,
        };
        EventId::parse(&text).ok()
    }
}
