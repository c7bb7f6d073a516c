//! `POST /shipments`: places a shipment. The order is kept before any provider is asked, so that nothing a
//! provider was told of is ever unknown here, and kept too when none takes it, so that it can be edited and
//! retried as the original promises.

use axum::Json;
use axum::extract::State;
use doorstep_model::shipment::Details;
use doorstep_model::time::Timestamp;
use http::StatusCode;

use super::caller::{Caller, Managers};
use super::desk::{self, Opened};
use super::details;
use super::document::Document;
use super::failure::{Call, Failure, Kind};
use super::incoming::Body;
use super::openapi::CreateFailures;
use super::providers;
use super::status::Word;
use super::steps::{self, Step};
use super::view;
use super::wire::answer::{Shipment, Warning, WarningType};
use super::wire::parts::ShipmentBody;
use super::wire::read;
use super::{geography, names, notify, setup};
use crate::dialects::DialectState;
use crate::outbound::Target;
use crate::store::NewShipment;
use crate::store::orders::{Filed, Filing, OrderStep};

/// Create Shipping
///
/// Places a shipment from a location to an address. The answer comes when it is kept and a provider has it, or
/// when none took it: it is kept then too, as `ORDER_FAILED` or `ESTIMATES_FAILED`, to be edited and retried.
#[utoipa::path(
    post,
    path = "/shipments",
    tag = "shipments",
    operation_id = "createShipment",
    security(("key" = [], "tenant" = [])),
    request_body(content = ShipmentBody, content_type = "application/json"),
    responses((status = 201, description = "It is placed", body = Shipment), CreateFailures),
)]
pub(crate) async fn create(
    caller: Caller<Managers>,
    State(state): State<DialectState>,
    Body(bytes): Body,
) -> Result<(StatusCode, Json<Shipment>), Failure> {
    let (told, unknown) = read::object(&bytes)
        .and_then(read::typed::<ShipmentBody>)
        .and_then(|(told, unknown)| told.check().map(|()| (told, unknown)))
        .map_err(|fault| Failure::of_creating(&fault))?;
    let location = setup::find(&state, caller.tenant, told.location_external_id.as_str())
        .await?
        .ok_or_else(|| no_location(Kind::InvalidData))?;
    names::check_free(&state, caller.tenant, &told).await?;
    geography::check(&state, caller.tenant, &told.delivery_address).await?;

    let target = notify::target(&state, &told).map_err(|fault| Failure::of_creating(&fault))?;

    let now = state.app.clock.now();
    let mut warnings = unknown_fields(unknown);
    warnings.extend(passed(&told, now));
    let document = Document::new(caller.tenant_name.as_str(), told, location, now).map_err(|error| {
        tracing::error!(%error, "no randomness for an order's id");
        Failure::internal()
    })?;
    let rules = state.app.store.settings(caller.tenant).await?.rules;
    let (details, unusable) = details::details(&document, rules, now);
    warnings.extend(unusable);
    let opened = keep(&state, &caller, document, details, target).await?;

    let driven = providers::place(&state, caller.tenant, caller.source(), opened).await?;
    let opened = driven.or_failed(Call::Create)?;
    warnings.extend(follows(&opened));
    Ok((StatusCode::CREATED, Json(view::answer(&opened, &state.app.public_url, warnings))))
}

/// That no such location was set up.
pub(crate) fn no_location(kind: Kind) -> Failure {
    Failure::new(
        kind,
        "Invalid Data: No such locationExternalId exists in our system. Please provide a valid locationExternalId.",
    )
}

/// Keeps a new order with its shipment, before anybody is asked to bring it.
async fn keep(
    state: &DialectState,
    caller: &Caller<Managers>,
    document: Document,
    details: Details,
    target: Option<Target>,
) -> Result<Opened, Failure> {
    let now = state.app.clock.now();
    let window = document.told.delivery_time.and_then(|window| window.window(&document.location.zone));
    let received = Step::to(Word::RequestReceived).expecting(window);
    let events = steps::events(&[received], "1", caller.source(), now)?;
    // An id that is taken, of so many, is drawn once more.
    for _ in 0..3 {
        let tracking_id = details::tracking_id()?;
        let endpoint = match target.clone() {
            Some(target) => Some(notify::subscribe(state, caller.tenant, &tracking_id, target).await?),
            None => None,
        };
        let new = NewShipment {
            tracking_id,
            details: details.clone(),
            created_at: now,
            events: events.clone(),
            once: None,
        };
        let key = desk::key(&document.told.order_external_id);
        let step = OrderStep::Make(document.facets(), document.write()?);
        let filing = Filing {
            shipment: Some(Box::new(new)),
            // Should we be killed before a provider has it, a worker goes on.
            work: vec![providers::go_on(&document, providers::soon(now))],
            ..Filing::of(key, step, now)
        };
        let filed = state.app.store.file(caller.tenant, filing).await;
        if !matches!(filed, Ok(Filed::Done(_))) {
            notify::take_back(state, caller.tenant, endpoint).await;
        }
        match filed? {
            Filed::Done(done) => {
                metrics::counter!("doorstep_shipments_created_total").increment(1);
                return Ok(Opened::of(done.order, done.shipment)?);
            }
            Filed::Exists(order) => {
                return Err(names::taken(&Document::read(&order.document)?, &document.told));
            }
            Filed::TrackingIdTaken => {}
            other => return Err(desk::refused(other)),
        }
    }
    Err(Failure::internal())
}

/// That fields were left out which no shipment has.
pub(crate) fn unknown_fields(unknown: Vec<String>) -> Vec<Warning> {
    let warning = |at: String| Warning {
        r#type: WarningType::UnknownField,
        message: format!("{at} is no field of a shipment and was left out"),
    };
    // Fields that answers have, and that come back with an answer that was edited, are no mistake.
    unknown.into_iter().filter(|at| !view::is_ours(at)).map(warning).collect()
}

/// That a delivery was asked for whose time has passed.
pub(crate) fn passed(told: &ShipmentBody, now: Timestamp) -> Option<Warning> {
    let ends = told.delivery_time?.ends_at?.at();
    (ends < now).then(|| Warning {
        r#type: WarningType::TimePassed,
        message: "deliveryTime.endsAt lies in the past".to_owned(),
    })
}

/// That another try follows by itself.
pub(crate) fn follows(opened: &Opened) -> Option<Warning> {
    (opened.word() == Word::PendingAutoretry).then(|| Warning {
        r#type: WarningType::RetryFollows,
        message: "No provider took the shipment yet; it is tried again by itself".to_owned(),
    })
}
