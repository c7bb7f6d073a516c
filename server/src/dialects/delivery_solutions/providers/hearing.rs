//! `POST /delivery-layer/status`: what a fleet reports of a task that we gave it (Instaleap's third-party fleet
//! protocol). Statuses come in order; a repeat is no mistake; a fleet that gives a task back has the order placed
//! with the next provider.

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use doorstep_model::id::TrackingId;
use doorstep_model::person::Courier;
use doorstep_model::status::Status;
use doorstep_model::text::{PersonName, Phone, Source};
use doorstep_model::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ask;
use super::dispatch::{Dispatch, Placed, Progress};
use super::{drive, let_go, work};
use crate::dialects::delivery_solutions::caller::KEY;
use crate::dialects::delivery_solutions::desk::{self, Change, DIALECT, Opened};
use crate::dialects::delivery_solutions::failure::{Failure, Kind};
use crate::dialects::delivery_solutions::incoming::Body;
use crate::dialects::delivery_solutions::openapi::OwnFailures;
use crate::dialects::delivery_solutions::status::Word;
use crate::dialects::delivery_solutions::steps::Step;
use crate::dialects::delivery_solutions::wire::read;
use crate::dialects::fleet::{FleetStatus, Hearing, StatusReport, hear};
use crate::dialects::{DialectState, Presented, presented};
use crate::identity::{Role, TenantId};

/// The routes.
pub(crate) fn router() -> OpenApiRouter<DialectState> {
    OpenApiRouter::new().routes(routes!(report))
}

/// That a report was heard.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FleetReportHeard)]
pub(crate) struct Heard {
    /// Always `STATUS_UPDATED`.
    message: &'static str,
}

const HEARD: Json<Heard> = Json(Heard { message: "STATUS_UPDATED" });

/// A fleet: whoever has a key of the role carrier or manager. Its protocol names no tenant.
pub(crate) struct FleetCaller {
    tenant: TenantId,
    source: Source,
}

impl FromRequestParts<DialectState> for FleetCaller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &DialectState) -> Result<Self, Failure> {
        let known = match presented(state, parts, KEY).await? {
            Presented::Known(known) => known,
            Presented::Unknown => return Err(Failure::bad_key()),
            Presented::None => return Err(Failure::new(Kind::Forbidden, "Invalid Api Key!")),
        };
        if !matches!(known.client.role, Role::Carrier | Role::Manager) {
            return Err(Failure::new(
                Kind::Forbidden,
                "This call takes a key of the role carrier or manager",
            ));
        }
        Ok(Self { tenant: known.client.tenant, source: known.source.clone() })
    }
}

/// Report a task's status
///
/// For fleets that were given a task. Statuses come in the order of the protocol's table, each once; one that was
/// told before is heard again without effect.
#[utoipa::path(
    post, path = "/delivery-layer/status", tag = "fleets", operation_id = "reportFleetStatus",
    security(("key" = [])),
    request_body(content = StatusReport, content_type = "application/json"),
    responses((status = 200, description = "It is heard", body = Heard), OwnFailures),
)]
pub(crate) async fn report(
    fleet: FleetCaller,
    State(state): State<DialectState>,
    Body(bytes): Body,
) -> Result<Json<Heard>, Failure> {
    let (report, _) = read::object(&bytes)
        .and_then(read::typed::<StatusReport>)
        .map_err(|fault| Failure::of_creating(&fault))?;
    let courier = courier(&report)?;
    let (opened, place) = find(&state, fleet.tenant, &report.task_id).await?;
    let mut repeated = false;
    let changed = desk::change(&state, fleet.tenant, &fleet.source, opened, |latest| {
        if report.status == FleetStatus::Cancelled && !let_go::is_kept(latest, &place) {
            // It says so again, or after us.
            repeated = true;
        }
        let (dispatch, placed) = held(latest, &place)?;
        match hear(dispatch.progress().fleet, report.status) {
            Hearing::News => {
                Ok(told(latest, dispatch, placed, &report, courier.clone(), state.app.clock.now()))
            }
            Hearing::Repeat => {
                repeated = true;
                Err(conflict("it was told before"))
            }
            Hearing::TooEarly { expected } => {
                Err(conflict(&format!("{} has to come first", expected.as_str())))
            }
            Hearing::Over => Err(conflict("the task is over")),
        }
    });
    match changed.await {
        Err(_) if repeated => Ok(HEARD),
        changed => changed.map(|_| HEARD),
    }
}

/// The order that a task is of, and the placement that it is.
async fn find(state: &DialectState, tenant: TenantId, task: &str) -> Result<(Opened, String), Failure> {
    let unknown = || Failure::new(Kind::NotFound, "There is no task of that id");
    let (number, place) = ask::named(task).ok_or_else(unknown)?;
    let number = TrackingId::parse(number).map_err(|_| unknown())?;
    let store = &state.app.store;
    let order = store.order_of(tenant, DIALECT, &number).await?.ok_or_else(unknown)?;
    let shipment = store.shipment_of(tenant, &number).await?;
    Ok((Opened::of(order, shipment)?, place.to_owned()))
}

/// The placement of that name, while its fleet has the order.
fn held<'a>(latest: &'a Opened, place: &str) -> Result<(&'a Dispatch, &'a Placed), Failure> {
    let dispatch = latest.document.dispatch.as_deref();
    let held = dispatch.and_then(|dispatch| Some((dispatch, dispatch.placed()?)));
    let held = held.filter(|(_, placed)| placed.place == place);
    held.ok_or_else(|| conflict("the task is not the fleet's any more"))
}

fn conflict(why: &str) -> Failure {
    Failure::new(Kind::InvalidOperation, format!("The status does not follow: {why}"))
}

/// Who drives, as a report says; must be said where the protocol asks for it.
fn courier(report: &StatusReport) -> Result<Option<Courier>, Failure> {
    let info = report.delivery_info.clone().unwrap_or_default();
    let name = info.name.as_deref().and_then(|name| PersonName::parse(name).ok());
    let phone = info.phone.as_deref().and_then(|phone| Phone::parse(phone).ok());
    let needed = matches!(report.status, FleetStatus::Assigned | FleetStatus::ContactInfoUpdated);
    if needed && name.is_none() {
        let status = report.status.as_str();
        return Err(Failure::new(Kind::Validation, format!("{status} needs delivery_info.name")));
    }
    Ok((name.is_some() || phone.is_some()).then_some(Courier { name, phone }))
}

/// What becomes of the order.
fn told(
    latest: &Opened,
    dispatch: &Dispatch,
    placed: &Placed,
    report: &StatusReport,
    courier: Option<Courier>,
    now: Timestamp,
) -> Change {
    let mut document = latest.document.clone();
    let mut dispatch = dispatch.clone();
    if report.status == FleetStatus::Cancelled {
        let outcome = dispatch.given_back(report.status_reason.as_deref(), now);
        document.dispatch = Some(Box::new(dispatch));
        document.assignment = None;
        let steps = drive::steps(&outcome.tells, &document);
        let go_on = work::go_on(&document, now);
        return Change { document, steps, amendments: Vec::new(), work: vec![go_on] };
    }
    let fleet = if report.status.is_progress() { Some(report.status) } else { dispatch.progress().fleet };
    dispatch.progressed(Progress { fleet, ..dispatch.progress().clone() });
    let steps = match report.status {
        FleetStatus::Assigned => vec![Step::to(Word::OrderAssigned)],
        FleetStatus::ArrivedToStore => vec![Step::to(Word::PickupStarted)],
        FleetStatus::GoingToDestination => {
            vec![Step::to(Word::PickupCompleted), Step::to(Word::OutForDelivery)]
        }
        FleetStatus::ArrivedToDestination => vec![Step::at_status(Status::Arrived, report.status.as_str())],
        FleetStatus::Delivered => vec![Step::to(Word::OrderDelivered)],
        FleetStatus::ContactInfoUpdated => vec![Step::remarked("Another driver, or another number")],
        // Orders of this dialect have no code that a fleet could replace.
        FleetStatus::DeliveryCodeUpdated => vec![Step::remarked("The fleet told another delivery code")],
        FleetStatus::Processing | FleetStatus::Cancelled => Vec::new(),
    };
    let mut said =
        |step: Step| step.by(&placed.offer.shown).brought_by(courier.clone()).at(dispatch.instant(now));
    let steps = steps.into_iter().map(&mut said).collect();
    document.dispatch = Some(Box::new(dispatch));
    Change { document, steps, amendments: Vec::new(), work: Vec::new() }
}
