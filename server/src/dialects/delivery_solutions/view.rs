//! An order and its shipment as the original answers them. Filled by hand, field by field; what nobody knows is
//! `null`.

use doorstep_model::eta::Window;
use doorstep_model::status::Status;
use doorstep_model::time::Timestamp;

use super::desk::Opened;
use super::wire::answer::{ReferenceLinks, Shipment, Warning};
use super::wire::number::EpochMs;
use super::wire::parts::{Estimate, Package, Provider};
use super::wire::text::{Text50, Text100};
use crate::public_url::PublicUrl;

/// Where this dialect lives.
pub(crate) const ROOT: &str = "/api/delivery-solutions";

/// The currency where neither order nor location names one: the original's samples are in it.
const CURRENCY: &str = "USD";

/// The answer for an order.
pub(crate) fn answer(opened: &Opened, base: &PublicUrl, warnings: Vec<Warning>) -> Shipment {
    let document = &opened.document;
    let told = document.told.clone();
    let location = document.location.clone();
    let assignment = document.assignment.clone().unwrap_or_default();
    let priced_in = assignment.currency_code.as_deref().and_then(Text50::parse);
    let number = opened.shipment.tracking_id();
    Shipment {
        id: document.id.clone(),
        tenant_id: document.tenant.clone(),
        brand_external_id: told.brand_external_id.or(location.brand_external_id),
        location_external_id: told.location_external_id,
        order_external_id: told.order_external_id,
        group_id: told.group_id,
        order_value: told.order_value,
        currency_code: told
            .currency_code
            .or(priced_in)
            .or(location.currency_code)
            .or_else(|| Text50::parse(CURRENCY)),
        delivery_contact: told.delivery_contact,
        delivery_address: told.delivery_address,
        delivery_instructions: told.delivery_instructions,
        pickup_contact: told.pickup_contact.or(location.pickup_contact),
        pickup_address: told.pickup_address.or(location.pickup_address),
        pickup_instructions: told.pickup_instructions.or(location.pickup_instructions),
        package: told.package.map(|package| completed(package, number.as_str())),
        item_list: told.item_list.unwrap_or_default(),
        pickup_time: told.pickup_time.map(Estimate::from),
        delivery_time: told.delivery_time.map(Estimate::from),
        estimated_pickup_time: assignment.pickup,
        estimated_delivery_time: expected(opened).unwrap_or(assignment.delivery),
        actual_pickup_time: first(opened, Status::PickedUp).map(EpochMs::from),
        actual_delivery_time: delivered(opened).map(EpochMs::from),
        signature: told.signature,
        locale: told.locale,
        created_date: told.created_date,
        order_attributes: told.order_attributes.unwrap_or_default(),
        proposed_providers: told.proposed_providers.unwrap_or_default(),
        status: opened.word().to_string(),
        reference_links: ReferenceLinks { tracking_url: Some(tracking_url(opened, base)), qrcode_link: None },
        provider: document.assignment.as_ref().map_or_else(Provider::default, |given| given.provider.clone()),
        // The tenant's own fleet scans our label.
        tracking_id: document
            .assignment
            .as_ref()
            .map(|given| given.tracking_id.clone().unwrap_or_else(|| number.as_str().to_owned())),
        amount: assignment.amount,
        fee: assignment.fee,
        label: Some(label_link(opened, base)),
        vehicle: assignment.vehicle,
        attachments: Vec::new(),
        return_request: None,
        undeliverable_order_return_location: told
            .undeliverable_order_return_location
            .or(location.undeliverable_order_return_location),
        return_location_id: told.return_location_id.or(location.return_location_id),
        notifications: told.notifications,
        created_at: opened.order.created_at,
        last_updated_at: opened.updated_at(),
        warnings,
    }
}

/// The page that everybody may see who has the number. A link with a secret would belong to the recipient; the
/// native API hands those out.
pub(crate) fn tracking_url(opened: &Opened, base: &PublicUrl) -> String {
    format!("{base}/t/{}", opened.shipment.tracking_id())
}

/// Where the label is fetched, with the client's own key.
pub(crate) fn label_link(opened: &Opened, base: &PublicUrl) -> String {
    let id: String = form_urlencoded::byte_serialize(opened.order.key.external_id.as_bytes()).collect();
    // A path has no `+` for a blank.
    format!("{base}{ROOT}/shipments/{}/label.pdf", id.replace('+', "%20"))
}

/// The parcel with what the original adds by itself: that nothing is asked of its temperature, and the number
/// that our label carries.
fn completed(mut package: Package, number: &str) -> Package {
    package.temperature_control = package.temperature_control.or_else(|| Text100::parse("none"));
    package.barcode = package.barcode.or_else(|| Text100::parse(number));
    package
}

/// When it is expected, as the shipment's events say.
fn expected(opened: &Opened) -> Option<Estimate> {
    match opened.shipment.journey().eta.as_ref()?.window {
        Window::Between { from, until } => {
            Some(Estimate { starts_at: Some(from.into()), ends_at: Some(until.into()) })
        }
        // A day is in no format of the original's.
        Window::OnDay { .. } | Window::Unknown => None,
    }
}

/// When it first came to `status`.
fn first(opened: &Opened, status: Status) -> Option<Timestamp> {
    let events = opened.shipment.events();
    events.iter().find(|event| event.status == Some(status)).and_then(|event| event.occurred_at)
}

fn delivered(opened: &Opened) -> Option<Timestamp> {
    let journey = opened.shipment.journey();
    (journey.status == Status::Delivered).then_some(journey.since).flatten()
}

/// Fields of an answer that are ours to fill: whoever sends an answer back, edited, does not set them.
const OURS: &[&str] = &[
    "id",
    "tenantId",
    "estimatedPickupTime",
    "estimatedDeliveryTime",
    "actualPickupTime",
    "actualDeliveryTime",
    "status",
    "referenceLinks",
    "provider",
    "trackingId",
    "amount",
    "fee",
    "label",
    "vehicle",
    "attachments",
    "returnRequest",
    "createdAt",
    "lastUpdatedAt",
    "warnings",
];

/// Whether the field at `at` is ours to fill.
pub(crate) fn is_ours(at: &str) -> bool {
    OURS.contains(&at.split(['.', '[']).next().unwrap_or(at))
}
