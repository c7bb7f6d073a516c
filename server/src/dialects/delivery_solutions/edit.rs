//! `PUT /shipments/{id}`: changes what was told of a shipment. A field that is left out stays, `null` takes it
//! back; the whole is then checked as a new order is. What a provider must know of is told to it.

use axum::Json;
use axum::extract::State;
use doorstep_model::handoff::Amendment;
use doorstep_model::id::EditId;
use doorstep_model::preferences::{Edit, Editor};
use doorstep_model::shipment::Told;
use serde_json::{Map, Value};

use super::caller::{Caller, Managers};
use super::create::{follows, no_location, passed, unknown_fields};
use super::desk::{self, Change, Opened};
use super::details;
use super::failure::{Call, Failure, Kind};
use super::geography;
use super::incoming::{Body, OrderId};
use super::location::Location;
use super::notify;
use super::openapi::{EditFailures, ShipmentPath};
use super::providers::{self, Released};
use super::setup;
use super::steps::Step;
use super::view;
use super::wire::answer::{Shipment, Warning};
use super::wire::parts::{ShipmentBody, ShipmentEdit};
use super::wire::read::{self, Fault};
use super::wire::text::ExternalId;
use crate::dialects::DialectState;
use crate::outbound::Target;

/// Edit Shipment
///
/// Changes what was told. A field that is left out stays as it is, `null` takes it back. `package` is fixed once
/// a provider has the shipment, everything once it has ended; its id never changes.
#[utoipa::path(
    put,
    path = "/shipments/{orderExternalId}",
    tag = "shipments",
    operation_id = "editShipment",
    security(("key" = [], "tenant" = [])),
    params(ShipmentPath),
    request_body(content = ShipmentEdit, content_type = "application/json"),
    responses((status = 200, description = "It is changed", body = Shipment), EditFailures),
)]
pub(crate) async fn edit(
    caller: Caller<Managers>,
    State(state): State<DialectState>,
    id: OrderId,
    Body(bytes): Body,
) -> Result<Json<Shipment>, Failure> {
    let id = id.known()?;
    let edits = read::object(&bytes).map_err(|fault| Failure::of_editing(&fault))?;
    desk::to_its_end(async move {
        let Edited { opened, released, target, mut warnings } = filed(&state, &caller, &id, &edits).await?;
        let elsewhere = edits.contains_key("notifications");
        if elsewhere {
            notify::move_to(&state, caller.tenant, opened.shipment.tracking_id(), target).await?;
        }
        let opened = if released {
            let driven = providers::place(&state, caller.tenant, caller.source(), opened).await?;
            driven.or_failed(Call::Edit)?
        } else {
            opened
        };
        warnings.extend(passed(&opened.document.told, state.app.clock.now()));
        warnings.extend(follows(&opened));
        Ok(Json(view::answer(&opened, &state.app.public_url, warnings)))
    })
    .await
}

/// An edit that is filed.
struct Edited {
    opened: Opened,
    /// Whether its provider let go of it, so that it is to be placed anew.
    released: bool,
    /// Where its news goes.
    target: Option<Target>,
    warnings: Vec<Warning>,
}

/// Files the edit, having got the order back from a provider that cannot keep it so. Where another provider took
/// it meanwhile, all of that is asked of that one.
async fn filed(
    state: &DialectState,
    caller: &Caller<Managers>,
    id: &ExternalId,
    edits: &Map<String, Value>,
) -> Result<Edited, Failure> {
    for _ in 0..desk::TRIES {
        let opened = desk::existing(state, caller.tenant, id).await?;
        let (told, unknown) = edited(&opened, edits)?;
        let location = location(state, caller, &opened, &told).await?;
        if told.delivery_address != opened.document.told.delivery_address {
            geography::check(state, caller.tenant, &told.delivery_address).await?;
        }
        let target = notify::target(state, &told).map_err(|fault| Failure::of_editing(&fault))?;

        let before = opened.document.clone();
        let mut after = before.clone();
        after.told = told;
        after.location.clone_from(&location);
        let released = if providers::moves(state, caller.tenant, &opened, &after).await? {
            Some(providers::release(state, caller.tenant, &opened, false).await.map_err(kept)?)
        } else {
            None
        };
        let mut warnings = Vec::new();
        let mut overtaken = false;
        let filed = desk::change(state, caller.tenant, caller.source(), opened, |opened| {
            warnings.clear();
            let (told, _) = edited(opened, edits)?;
            overtaken = match &released {
                Some(released) => !released.frees(&opened.document),
                // Whoever has it keeps it, as long as it is the same that was asked about.
                None => !providers::is_with_the_same(&before, &opened.document),
            };
            if overtaken {
                return Err(Failure::internal());
            }
            changed(state, opened, told, location.clone(), released.as_ref(), &mut warnings)
        })
        .await;
        if !overtaken {
            warnings.extend(unknown_fields(unknown));
            return Ok(Edited { opened: filed?, released: released.is_some(), target, warnings });
        }
        if let Some(released) = released {
            released.is_over(state, caller.tenant, &before).await?;
        }
    }
    Err(desk::overtaken())
}

/// A provider does not let go of what would have to be placed anew.
fn kept(failure: Failure) -> Failure {
    match failure.kind {
        Kind::CancellationNotAllowed | Kind::CancellationFailed => {
            let message = "The provider that has the order does not let it be changed so";
            Failure::new(Kind::Validation, message).said(failure.errors)
        }
        _ => failure,
    }
}

/// What is told of an order after `edits`.
fn edited(opened: &Opened, edits: &Map<String, Value>) -> Result<(ShipmentBody, Vec<String>), Failure> {
    let word = opened.word();
    if word.is_over() {
        return Err(Failure::new(
            Kind::Validation,
            format!("The order cannot be edited any more: it is {word}"),
        ));
    }
    let before = &opened.document.told;
    let kept = match serde_json::to_value(before) {
        Ok(Value::Object(kept)) => kept,
        _ => return Err(Failure::internal()),
    };
    // What has no meaning when it is taken back is told apart before, so that the fault names it.
    let whole = kept.into_iter().filter(|(name, _)| !edits.contains_key(name));
    let whole = whole.chain(
        edits.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.clone(), value.clone())),
    );
    let (told, unknown) = read::typed::<ShipmentBody>(whole.collect())
        .and_then(|(told, unknown)| told.check().map(|()| (told, unknown)))
        .map_err(|fault| Failure::of_editing(&fault))?;
    if told.order_external_id != before.order_external_id {
        let fault = Fault::value("orderExternalId", "cannot be changed");
        return Err(Failure::new(Kind::Validation, fault.to_string()));
    }
    if told.package != before.package && word.is_dispatched() {
        return Err(Failure::new(
            Kind::Validation,
            "packages parameter cannot be changed post order dispatch",
        ));
    }
    Ok((told, unknown))
}

/// The location that the order names after its edit: looked up where it names another.
async fn location(
    state: &DialectState,
    caller: &Caller<Managers>,
    opened: &Opened,
    told: &ShipmentBody,
) -> Result<Location, Failure> {
    if told.location_external_id == opened.document.told.location_external_id {
        return Ok(opened.document.location.clone());
    }
    setup::find(state, caller.tenant, told.location_external_id.as_str())
        .await?
        .ok_or_else(|| no_location(Kind::InvalidValue))
}

/// The order as it is to be kept, and what its recipient is to see of the edit.
fn changed(
    state: &DialectState,
    opened: &Opened,
    told: ShipmentBody,
    location: Location,
    released: Option<&Released>,
    warnings: &mut Vec<Warning>,
) -> Result<Change, Failure> {
    let (before, now) = (&opened.document, state.app.clock.now());
    let mut document = before.clone();
    document.told = told;
    document.location = location;
    let (mut steps, mut work) = (Vec::new(), Vec::new());
    if let Some(released) = released {
        (steps, work) = released.begin_anew(&mut document, now, providers::soon(now))?;
    } else if document.told != before.told {
        work.extend(providers::edited(&mut document, now)?);
    }
    if document.told.delivery_time != before.told.delivery_time {
        let expected = providers::expected(&document);
        steps.insert(0, Step::remark("deliveryTime changed").expecting(Some(expected)));
    }
    let mut amendments = Vec::new();
    let recipient = details::recipient(&document, warnings);
    let promise = details::promise(&document);
    let stands = opened.shipment.details();
    if recipient != stands.recipient || promise != stands.promise {
        amendments.push(Amendment::Retold(Box::new(Told { recipient, promise })));
    }
    if document.told.delivery_instructions != before.told.delivery_instructions {
        amendments.extend(instructions(state, opened, details::comment(&document, warnings)));
    }
    Ok(Change { document, steps, amendments, work })
}

/// The new instructions as an edit of the comment that the courier reads. They take the place of what stands,
/// whoever wrote that.
fn instructions(
    state: &DialectState,
    opened: &Opened,
    value: Option<doorstep_model::text::Comment>,
) -> Option<Amendment> {
    let base = opened.shipment.handoff().preferences.comment.as_ref().map_or(0, |comment| comment.version);
    let name = format!("put-{}-{}", opened.order.version, state.app.clock.now().millis());
    let id = EditId::parse(&name).ok()?;
    Some(Amendment::Comment(Edit { value, base, id, by: Editor::Client }))
}
