//! A shipment's label, for a printer of its own: 4 by 6 inches with address, Code 128 and QR of the tracking id, as
//! PDF or ZPL. It names a person and a house, so only the client opens it, with the key that every call takes;
//! a link that opens by itself would have to stand in answers and logs for as long as the shipment is kept.

mod pdf;
mod text;
mod zpl;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use doorstep_model::id::TrackingId;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

use super::caller::{Caller, Readers};
use super::desk::{self, Opened};
use super::failure::Failure;
use super::incoming::OrderId;
use super::openapi::{OwnFailures, ShipmentPath};
use super::wire::parts::{Address, Contact};
use crate::dialects::DialectState;

/// What stands on a label.
pub(crate) struct Label {
    /// What is scanned.
    number: TrackingId,
    /// The client's own id.
    reference: String,
    /// Who sends it, a line each.
    from: Vec<String>,
    /// Who receives it, a line each.
    to: Vec<String>,
    /// What is said of the parcel.
    parcel: String,
}

/// Print a label (PDF)
///
/// 4 by 6 inches, with Code 128 and QR of our tracking id.
#[utoipa::path(
    get, path = "/shipments/{orderExternalId}/label.pdf", tag = "shipments", operation_id = "getLabelPdf",
    security(("key" = [], "tenant" = [])), params(ShipmentPath),
    responses((status = 200, description = "The label", content_type = "application/pdf", body = Vec<u8>), OwnFailures),
)]
pub(crate) async fn label_pdf(
    caller: Caller<Readers>,
    State(state): State<DialectState>,
    id: OrderId,
) -> Result<Response, Failure> {
    let opened = desk::existing(&state, caller.tenant, &id.known()?).await?;
    let label = Label::of(&opened);
    let drawn = pdf::draw(&label).ok_or_else(Failure::internal)?;
    Ok(file(&label, "application/pdf", "pdf", drawn))
}

/// Print a label (ZPL)
///
/// The same for a printer that speaks ZPL II, at 203 dots an inch.
#[utoipa::path(
    get, path = "/shipments/{orderExternalId}/label.zpl", tag = "shipments", operation_id = "getLabelZpl",
    security(("key" = [], "tenant" = [])), params(ShipmentPath),
    responses((status = 200, description = "The label", content_type = "application/zpl", body = String), OwnFailures),
)]
pub(crate) async fn label_zpl(
    caller: Caller<Readers>,
    State(state): State<DialectState>,
    id: OrderId,
) -> Result<Response, Failure> {
    let opened = desk::existing(&state, caller.tenant, &id.known()?).await?;
    let label = Label::of(&opened);
    let written = zpl::write(&label).into_bytes();
    Ok(file(&label, "application/zpl", "zpl", written))
}

fn file(label: &Label, media_type: &'static str, extension: &str, bytes: Vec<u8>) -> Response {
    // A tracking id has no character that a header's quoted text does not take.
    let name = format!("inline; filename=\"{}.{extension}\"", label.number);
    ([(CONTENT_TYPE, media_type.to_owned()), (CONTENT_DISPOSITION, name)], bytes).into_response()
}

impl Label {
    fn of(opened: &Opened) -> Self {
        let (told, location) = (&opened.document.told, &opened.document.location);
        let contact = told.pickup_contact.as_ref().or(location.pickup_contact.as_ref());
        let address = told.pickup_address.as_ref().or(location.pickup_address.as_ref());
        Self {
            number: opened.shipment.tracking_id().clone(),
            reference: told.order_external_id.as_str().to_owned(),
            from: lines(contact, address),
            to: lines(told.delivery_contact.as_ref(), Some(&told.delivery_address)),
            parcel: parcel(opened),
        }
    }
}

/// A person and an address as letters are addressed.
fn lines(contact: Option<&Contact>, address: Option<&Address>) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(
        contact.and_then(|contact| contact.name.as_ref()).and_then(|name| name.said()).map(str::to_owned),
    );
    let Some(address) = address else { return lines };
    let street = [&address.street1, &address.street2].into_iter().flatten().filter_map(|line| line.said());
    lines.extend(street.map(str::to_owned));
    lines.extend(address.apartment_number.as_ref().and_then(|flat| flat.said()).map(str::to_owned));
    let city = address.city.as_ref().and_then(|city| city.said());
    let state = address.state.as_ref().and_then(|state| state.said());
    let code = address.postal_code.as_ref().and_then(|code| code.said());
    let country = address.country_code.as_ref().and_then(|country| country.said());
    let place = [city, state, code].into_iter().flatten().collect::<Vec<_>>().join(" ");
    lines.extend(
        [Some(place), country.map(str::to_owned)].into_iter().flatten().filter(|line| !line.is_empty()),
    );
    lines
}

fn parcel(opened: &Opened) -> String {
    let Some(package) = &opened.document.told.package else { return String::new() };
    let unit = |unit: &Option<super::wire::text::Text50>| {
        unit.as_ref().and_then(|unit| unit.said()).unwrap_or("").to_owned()
    };
    let weight = package
        .weight
        .as_ref()
        .and_then(|weight| Some(format!("{} {}", weight.value.as_ref()?.value(), unit(&weight.unit))));
    let size = package.size.as_ref().and_then(|size| {
        let edge = |edge: &Option<super::wire::number::Amount>| edge.as_ref().map(|edge| edge.value());
        let (length, width, height) = (edge(&size.length)?, edge(&size.width)?, edge(&size.height)?);
        Some(format!("{length} x {width} x {height} {}", unit(&size.unit)))
    });
    let care =
        package.temperature_control.as_ref().and_then(|care| care.said()).filter(|care| *care != "none");
    [weight, size, care.map(str::to_owned)].into_iter().flatten().collect::<Vec<_>>().join("   ")
}
