//! `POST /jobs/{jobId}/events`: what the retailer's picking and delivery app reports of a job. The table of
//! [`words`](super::super::words) says what each means; what has a call of its own is refused with its name.

mod body;

use axum::Json;
use axum::extract::State;
use doorstep_model::eta::{Confidence, Eta};
use doorstep_model::shipment::Shipment;
use serde_json::{Map, Value};

use self::body::EventBody;
use super::change::{Change, Found, change, event};
use super::job::Job;
use crate::dialects::DialectState;
use crate::dialects::instaleap::availability::MOST_ITEMS;
use crate::dialects::instaleap::docs::ChangeFaults;
use crate::dialects::instaleap::fault::{Code, Fault};
use crate::dialects::instaleap::wire::{Body, Done, Names, Reporter};
use crate::dialects::instaleap::words::{self, Around};

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
            update_items(&mut job, items)?;
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
    // Also once it is over: an event that happened before the end would undo that.
    if word == "CLIENT_RECEIVED" && waits_for_code(&found.shipment) {
        return Err(Code::DeliveryCodeNeeded.into());
    }
    Ok(())
}

/// Whether the last step takes a code that nobody has told yet.
pub(in crate::dialects::instaleap) fn waits_for_code(shipment: &Shipment) -> bool {
    shipment.handoff().code.as_ref().is_some_and(|code| code.settled.is_none())
}

/// Puts what is new of items over what is kept.
fn update_items(job: &mut Job, items: &Map<String, Value>) -> Result<(), Fault> {
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
        if job.job_items.len() >= MOST_ITEMS {
            let message = format!("a job has at most {MOST_ITEMS} items");
            return Err(Fault::new(Code::NotNow).because(message));
        }
        job.job_items.push(Value::Object(added));
    }
    Ok(())
}
