//! What a fleet is told, as a shape of the outbox: *Creation* when the job is created, or when its delivery is allocated
//! again after a reset; *Update* when it is cancelled, reset, or something about its payment changed.

use std::sync::Arc;

use anyhow::Context as _;
use async_trait::async_trait;
use doorstep_model::event::Event;
use doorstep_model::id::TrackingId;
use doorstep_model::shipment::Shipment;
use doorstep_model::status::Status;
use http::StatusCode;
use serde_json::{Value, json};

use crate::dialects::fleet::{self, Creation, FleetInfo, Receiver, Update, UpdateKind};
use crate::dialects::instaleap::jobs::{FleetTask, Job};
use crate::dialects::instaleap::place::Place;
use crate::dialects::instaleap::setup::{FLEETS, Fleet};
use crate::dialects::instaleap::{DIALECT, words};
use crate::identity::TenantId;
use crate::store::Store;
use crate::webhooks::{Endpoint, News, Rendered, Shape, Topic};

/// Which of the two calls goes to an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::dialects::instaleap) enum Part {
    /// Both.
    Both,
    /// *Creation*.
    Creations,
    /// *Update*.
    Updates,
}

impl Part {
    /// The name of its shape.
    pub(in crate::dialects::instaleap) const fn shape(self) -> &'static str {
        match self {
            Self::Both => "instaleap-fleet",
            Self::Creations => "instaleap-fleet-creation",
            Self::Updates => "instaleap-fleet-update",
        }
    }
}

/// The shape.
pub(in crate::dialects::instaleap) struct ToFleets {
    /// Where jobs are kept.
    pub(in crate::dialects::instaleap) store: Arc<dyn Store>,
    /// What is told.
    pub(in crate::dialects::instaleap) part: Part,
}

/// What news means to a fleet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tell {
    Create,
    Update(UpdateKind),
}

#[async_trait]
impl Shape for ToFleets {
    fn name(&self) -> &'static str {
        self.part.shape()
    }

    async fn render(&self, news: &News, endpoint: &Endpoint) -> anyhow::Result<Option<Rendered>> {
        let Some(shipment) = &news.shipment else { return Ok(None) };
        let Some(tell) = meaning(news, shipment) else { return Ok(None) };
        let id = shipment.tracking_id();
        let Some(job) = self.job(endpoint.tenant, id).await? else { return Ok(None) };
        let Some(task) = &job.fleet else { return Ok(None) };
        let of_a_reset = tell == Tell::Update(UpdateKind::TaskReset);
        let task = FleetTask { number: 1 + resets(shipment) - u32::from(of_a_reset), ..task.clone() };
        let fleet = self.store.entry(endpoint.tenant, DIALECT, FLEETS, &task.fleet_id).await?;
        let fleet = fleet.and_then(|entry| serde_json::from_str::<Fleet>(&entry.document).ok());
        let name = fleet.map_or_else(|| task.fleet_id.clone(), |fleet| fleet.name);
        let creation = creation(&job, &task, name, shipment, endpoint.tenant);
        Ok(match (tell, self.part) {
            (Tell::Create, Part::Both | Part::Creations) => {
                Some(Rendered::json(serde_json::to_string(&creation)?))
            }
            (Tell::Update(event_type), Part::Both | Part::Updates) => {
                let slot = json!({ "from": job.slot.from, "to": job.slot.to, "reason": "STATIC" });
                let update =
                    Update { event_type, task: creation, slot_info: Some(slot), packages_quantity: None };
                Some(Rendered::json(serde_json::to_string(&update)?))
            }
            _ => None,
        })
    }

    /// A fleet has what it says it has already, since an answer may have been lost (409), and a task that is gone there
    /// (410) needs no update. A 404 is also what an address that was mistyped answers: that is tried again.
    fn is_taken(&self, sent: &Rendered, status: StatusCode) -> bool {
        let gone = status == StatusCode::GONE && serde_json::from_str::<Update>(&sent.body).is_ok();
        status.is_success() || status == StatusCode::CONFLICT || gone
    }
}

impl ToFleets {
    async fn job(&self, tenant: TenantId, id: &TrackingId) -> anyhow::Result<Option<Job>> {
        let Some(order) = self.store.order_of(tenant, DIALECT, id).await? else { return Ok(None) };
        Job::read(&order)
            .map_err(|_| anyhow::anyhow!("a job does not read back"))
            .context("a fleet is not told")
    }
}

fn meaning(news: &News, shipment: &Shipment) -> Option<Tell> {
    if news.topic == Topic::Created {
        return Some(Tell::Create);
    }
    let event = news.event.as_ref()?;
    if event.status == Some(Status::Cancelled) {
        return Some(Tell::Update(UpdateKind::Cancelled));
    }
    match event.source_word.as_ref()?.as_str() {
        reset if reset.starts_with(words::TASK_RESET) => Some(Tell::Update(UpdateKind::TaskReset)),
        "PRICES_UPDATED" => Some(Tell::Update(UpdateKind::PricesUpdated)),
        "PAYMENT_UPDATED" => Some(Tell::Update(UpdateKind::PaymentUpdated)),
        _ if begins_task(event, shipment) => Some(Tell::Create),
        _ => None,
    }
}

/// Whether it is the first that we heard of the delivery's being allocated since the last reset: that is when the fleet's
/// next task begins. Who else is allocated, or again, is none of its business.
fn begins_task(event: &Event, shipment: &Shipment) -> bool {
    let has_word = |event: &Event, is: fn(&str) -> bool| {
        event.source_word.as_ref().is_some_and(|word| is(word.as_str()))
    };
    let events = shipment.events();
    let reset = events.iter().rposition(|event| has_word(event, |word| word.starts_with(words::TASK_RESET)));
    let Some(since) = reset.and_then(|reset| events.get(reset + 1..)) else { return false };
    let allocated = since.iter().filter(|event| {
        event.status == Some(Status::CourierAssigned)
            && has_word(event, |word| matches!(word, "ALLOCATED" | "RE_ALLOCATED"))
    });
    let first = allocated.min_by_key(|event| (event.received_at, &event.id));
    first.is_some_and(|first| first.id == event.id)
}

/// How often a task was reset so far: each made an end to one of the fleet's.
fn resets(shipment: &Shipment) -> u32 {
    let words = shipment.events().iter().filter_map(|event| event.source_word.as_ref());
    let resets = words.filter(|word| word.as_str().starts_with(words::TASK_RESET)).count();
    u32::try_from(resets).unwrap_or(u32::MAX - 1)
}

fn creation(job: &Job, task: &FleetTask, fleet: String, shipment: &Shipment, tenant: TenantId) -> Creation {
    let told = |name: &str| job.told.get(name).cloned().unwrap_or(Value::Null);
    let recipient = &shipment.details().recipient;
    let comment = shipment.handoff().preferences.comment.as_ref().and_then(|comment| comment.value.clone());
    Creation {
        task_id: task.id(&job.id),
        job_number: told("client_reference").as_str().unwrap_or(&job.id).to_owned(),
        fleet_info: FleetInfo { id: task.fleet_id.clone(), name: fleet },
        client_id: tenant.0.to_string(),
        created_at: job.created_at,
        shopper_web_url: String::new(),
        job_comment: comment.map(String::from),
        recipient: Receiver {
            name: recipient.name.clone().map(String::from),
            email: recipient.email.clone().map(String::from),
            phone_number: recipient.phone.clone().map(String::from),
        },
        origin: end(&job.origin),
        destination: end(&job.destination),
        job_items: json!(job.job_items),
        payment_info: told("payment_info"),
        round_trip_info: told("round_trip_info"),
    }
}

fn end(place: &Place) -> fleet::Endpoint {
    fleet::Endpoint {
        name: place.name.clone(),
        address: place.address.clone(),
        address_two: place.address_two.clone(),
        city: place.city.clone(),
        state: place.state.clone(),
        country: place.country.clone(),
        zip_code: place.postal_code().map(str::to_owned),
        latitude: place.latitude,
        longitude: place.longitude,
        description: place.more.get("description").and_then(Value::as_str).map(str::to_owned),
    }
}
