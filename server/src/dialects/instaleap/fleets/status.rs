//! `POST /delivery-layer/status`: a third-party fleet reports how its task goes. Statuses come in their order, each once;
//! a repeat does no harm, and one that leaves out another is refused with the one that comes next.

use axum::Json;
use axum::extract::State;
use doorstep_model::person::Courier;
use doorstep_model::text::{Note, PersonName, Phone, SourceWord};
use doorstep_model::time::Timestamp;
use utoipa::ToSchema;

use crate::api::{Attempt, KnownClient, try_code};
use crate::dialects::DialectState;
use crate::dialects::fleet::{FleetStatus, Hearing, StatusReport, hear};
use crate::dialects::instaleap::docs::ChangeFaults;
use crate::dialects::instaleap::fault::{Code, Fault};
use crate::dialects::instaleap::jobs::{
    Change, Digits, Found, Job, change, event, find, replaced, waits_for_code,
};
use crate::dialects::instaleap::wire::{Body, Reporter, Wrong};
use crate::dialects::instaleap::words;
use crate::problem::Problem;

/// That a status was taken.
#[derive(Debug, serde::Serialize, ToSchema)]
pub(super) struct StatusTaken {
    /// `STATUS_UPDATED`.
    message: &'static str,
}

/// What was read of a report.
struct Heard {
    job: String,
    number: u32,
    status: FleetStatus,
    courier: Option<Courier>,
    code: Option<Digits>,
    note: Option<Note>,
}

/// Report the status of a task
///
/// In the order `ASSIGNED`, `ARRIVED_TO_STORE`, `GOING_TO_DESTINATION`, `ARRIVED_TO_DESTINATION`, `DELIVERED`; a repeat
/// changes nothing. `ASSIGNED` and `CONTACT_INFO_UPDATED` say who drives. `DELIVERED` of a job with a delivery code takes
/// it as `delivery_code`, as `verify-delivery-code` does. `CANCELLED` says that the fleet cannot serve it: the order
/// stands, and waits for another. Takes the role manager or carrier.
#[utoipa::path(
    post,
    path = "/delivery-layer/status",
    tag = "fulfilment",
    operation_id = "reportFleetStatus",
    security(("apiKey" = [])),
    request_body(content = StatusReport, content_type = "application/json"),
    responses((status = 200, description = "It is durable", body = StatusTaken), ChangeFaults),
)]
pub(super) async fn report(
    Reporter(known): Reporter,
    State(state): State<DialectState>,
    body: Body<StatusReport>,
) -> Result<Json<StatusTaken>, Fault> {
    state.app.limits.client_events(known.client.id, 1).map_err(Problem::from)?;
    let heard = Heard::read(body.read)?;
    let tenant = known.client.tenant;
    if heard.status == FleetStatus::Delivered {
        let found = find(&state, tenant, &heard.job).await?;
        // What is over takes no code, and the fleet's word moves it no more.
        let goes_on = !found.shipment.has_ended();
        if heard.stands(&found)? && goes_on && waits_for_code(&found.shipment) {
            enter_code(&state, &known, &heard, &found).await?;
        }
    }
    change(&state, tenant, &heard.job, |found, now| {
        if !heard.stands(found)? {
            return Ok(None);
        }
        heard.change(&state, &known, found, now).map(Some)
    })
    .await?;
    Ok(Json(StatusTaken { message: "STATUS_UPDATED" }))
}

/// The last step of a job with a code takes it.
async fn enter_code(
    state: &DialectState,
    known: &KnownClient,
    heard: &Heard,
    found: &Found,
) -> Result<(), Fault> {
    let code = heard.code.as_ref().ok_or(Code::DeliveryCodeNeeded)?;
    let word = SourceWord::parse(heard.status.as_str()).ok();
    let attempt = Attempt { code, event_id: None, source: &known.source, word };
    try_code(&state.app, known.client.tenant, found.shipment.tracking_id(), attempt).await?;
    Ok(())
}

impl Heard {
    fn read(report: StatusReport) -> Result<Self, Fault> {
        let StatusReport { task_id, status, delivery_info, delivery_code, status_reason } = report;
        let (job, number) = task_id.rsplit_once('.').ok_or(Code::NotFound)?;
        let number = number.parse().map_err(|_| Fault::from(Code::NotFound))?;
        let mut wrong = Wrong::default();
        let courier = delivery_info.map(|info| Courier {
            name: wrong.parse(info.name.as_deref(), "/delivery_info/name", PersonName::parse),
            phone: wrong.parse(info.phone.as_deref(), "/delivery_info/phone", Phone::parse),
        });
        let says_who = matches!(status, FleetStatus::Assigned | FleetStatus::ContactInfoUpdated);
        let who = courier.as_ref().is_some_and(|courier| courier.name.is_some() || courier.phone.is_some());
        wrong.unless(who || !says_who, "/delivery_info", format_args!("is needed with {}", status.as_str()));
        let code =
            wrong.parse(delivery_code.as_deref(), "/delivery_code", |code| Digits::try_from(code.to_owned()));
        let needed = status == FleetStatus::DeliveryCodeUpdated && delivery_code.is_none();
        wrong.unless(!needed, "/delivery_code", format_args!("is needed with {}", status.as_str()));
        // A reason that is too long is no reason to lose the status.
        let note = status_reason.map(|reason| reason.chars().take(Note::MAX).collect::<String>());
        let note = note.and_then(|reason| Note::parse(&reason).ok());
        wrong.or(Self { job: job.to_owned(), number, status, courier, code, note })
    }

    /// Whether it is news; a repeat is none.
    fn stands(&self, found: &Found) -> Result<bool, Fault> {
        let task = found.job.fleet.as_ref().ok_or(Code::NotFound)?;
        if self.number == 0 || self.number > task.number {
            return Err(Code::NotFound.into());
        }
        let over = || Fault::new(Code::OutOfOrder).because("the task is over");
        if self.number < task.number {
            return Err(over());
        }
        match hear(task.status, self.status) {
            Hearing::Repeat => Ok(false),
            Hearing::Over => Err(over()),
            Hearing::TooEarly { expected } => {
                Err(Fault::new(Code::OutOfOrder).because(format!("{} comes next", expected.as_str())))
            }
            Hearing::News if found.job.holds_back(self.status.as_str()) => Err(Code::PaymentBlocked.into()),
            Hearing::News => Ok(true),
        }
    }

    fn change(
        &self,
        state: &DialectState,
        known: &KnownClient,
        found: &Found,
        now: Timestamp,
    ) -> Result<Change, Fault> {
        if let (FleetStatus::DeliveryCodeUpdated, Some(code)) = (self.status, &self.code) {
            let amendments = vec![replaced(code, found.shipment.tracking_id(), &state.app.vault)?];
            return Ok(Change { amendments, ..Change::default() });
        }
        let word = self.status.as_str();
        let is_progress = self.status != FleetStatus::ContactInfoUpdated;
        let name = match is_progress {
            true => format!("fleet-{}-{word}", self.number),
            false => format!("fleet-{}-{word}-{}", self.number, found.version + 1),
        };
        let moves = words::of_fleet(self.status, found.job.is_collected());
        let mut told = event(&name, word, moves, Some(now), (&known.source, now))?;
        told.courier.clone_from(&self.courier);
        told.note.clone_from(&self.note);
        let mut job = found.job.clone();
        progress(&mut job, self.status, is_progress);
        // The code has told it already.
        let is_told = self.status == FleetStatus::Delivered && found.shipment.has_ended();
        let events = if is_told { Vec::new() } else { vec![told] };
        Ok(Change { job: Some(job), events, ..Change::default() })
    }
}

fn progress(job: &mut Job, status: FleetStatus, is_progress: bool) {
    if let Some(task) = job.fleet.as_mut().filter(|_| is_progress) {
        task.status = Some(status);
    }
}
