//! `GET /shipments/{trackingId}`: one shipment, as the caller's role sees it.

use axum::Json;
use axum::extract::State;
use doorstep_model::id::TrackingId;
use doorstep_model::views::CourierView;
use utoipa::openapi::schema::AnyOfBuilder;
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::view::ShipmentWithEvents;
use crate::api::ApiState;
use crate::api::docs::ShowProblems;
use crate::api::extract::{AcceptsJson, Anyone, ApiPath, Caller};
use crate::identity::Role;
use crate::problem::{Problem, ProblemKind};

/// A shipment as a role sees it.
#[derive(Debug, serde::Serialize)]
#[serde(untagged)]
pub(super) enum Shown {
    /// To a manager or reader.
    Whole(Box<ShipmentWithEvents>),
    /// To a carrier.
    ToCarrier(Box<CourierView>),
}

/// Any of the two: a whole shipment has all that the carrier's view has.
impl PartialSchema for Shown {
    fn schema() -> RefOr<Schema> {
        let whole = Ref::from_schema_name(ShipmentWithEvents::name());
        let to_carrier = Ref::from_schema_name(CourierView::name());
        RefOr::T(Schema::AnyOf(AnyOfBuilder::new().item(whole).item(to_carrier).build()))
    }
}

impl ToSchema for Shown {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((ShipmentWithEvents::name().into_owned(), ShipmentWithEvents::schema()));
        schemas.push((CourierView::name().into_owned(), CourierView::schema()));
        ShipmentWithEvents::schemas(schemas);
        CourierView::schemas(schemas);
    }
}

/// Read one shipment
///
/// Managers and readers get the shipment with its events; a carrier gets what it needs to bring it. What
/// is another tenant's is not found.
#[utoipa::path(
    get,
    path = "/shipments/{trackingId}",
    tag = "shipments",
    operation_id = "showShipment",
    security(("apiKey" = [])),
    params(("trackingId" = TrackingId, Path, description = "The number on the label")),
    responses((status = 200, description = "The shipment, as the role sees it", body = Shown), ShowProblems),
)]
pub(super) async fn show(
    _: AcceptsJson,
    caller: Caller<Anyone>,
    ApiPath(tracking_id): ApiPath<TrackingId>,
    State(state): State<ApiState>,
) -> Result<Json<Shown>, Problem> {
    let shipment = state.app.store.shipment_of(caller.client.tenant, &tracking_id).await?;
    let shipment = shipment.ok_or_else(|| Problem::new(ProblemKind::NotFound))?;
    Ok(Json(match caller.client.role {
        Role::Manager | Role::Reader => Shown::Whole(Box::new(ShipmentWithEvents::of(&shipment))),
        Role::Carrier => Shown::ToCarrier(Box::new(CourierView::of(&shipment))),
    }))
}
