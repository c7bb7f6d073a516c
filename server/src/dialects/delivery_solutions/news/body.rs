//! The body of an order webhook, field by field.

use doorstep_model::event::Event;
use doorstep_model::time::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use crate::dialects::delivery_solutions::desk::Opened;
use crate::dialects::delivery_solutions::history;
use crate::dialects::delivery_solutions::prose;
use crate::dialects::delivery_solutions::view;
use crate::dialects::delivery_solutions::wire::answer::{EventReason, Shipment};
use crate::dialects::delivery_solutions::wire::parts::{Address, Estimate, Item};
use crate::public_url::PublicUrl;
use crate::webhooks::News;

/// An order webhook: the order, with what happened.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrderWebhook {
    event: &'static str,
    webhook_type: &'static str,
    received_at: String,
    received_at_epoch: i64,
    sent_at: Timestamp,
    order_id: String,
    store_external_id: String,
    tracking_number: Option<String>,
    tracking_url: Option<String>,
    hosted_tracking_url: Option<String>,
    hosted_feedback_url: Option<String>,
    returns_url: Option<String>,
    label_link: Option<String>,
    note: Option<String>,
    status_user: String,
    sub_status: Option<String>,
    event_reason: Option<EventReason>,
    driver: Option<Value>,
    last_location: Option<Value>,
    signature_image_url: Option<String>,
    time_zone: String,
    dropoff_time: Option<Estimate>,
    estimated_dropoff_time: Estimate,
    packages: Vec<Value>,
    is_spirit: bool,
    is_beer_or_wine: bool,
    is_tobacco: bool,
    is_fragile: bool,
    is_rx: bool,
    has_refrigerated_items: bool,
    has_perishable_items: bool,
    tips: u32,
    /// All that an answer of the Shipping API has, in its names.
    #[serde(flatten)]
    order: Value,
}

impl OrderWebhook {
    /// What is told of `event`, whose word is `word`.
    pub(super) fn of(opened: &Opened, event: &Event, word: &str, news: &News, base: &PublicUrl) -> Self {
        let zone = &opened.document.location.zone;
        let shipment = view::answer(opened, base, Vec::new());
        let content = |words: &[&str]| contains(&shipment, words);
        let page = shipment.reference_links.tracking_url.clone();
        let entry = history::entry(opened, event, None);
        let (note, sub_status, event_reason) =
            entry.map_or((None, None, None), |entry| (entry.note, entry.sub_status, entry.event_reason));
        let driver = opened.shipment.courier();
        let at = event.at();
        Self {
            event: "order",
            webhook_type: "status",
            received_at: prose::write(at, zone),
            received_at_epoch: at.millis(),
            sent_at: news.at,
            order_id: shipment.id.clone(),
            store_external_id: shipment.location_external_id.as_str().to_owned(),
            tracking_number: shipment.tracking_id.clone(),
            tracking_url: page.clone(),
            hosted_tracking_url: page,
            hosted_feedback_url: None,
            returns_url: None,
            label_link: shipment.label.clone(),
            note,
            status_user: event.source.as_str().to_owned(),
            sub_status,
            event_reason,
            driver: (driver.name.is_some() || driver.phone.is_some())
                .then(|| json!({"name": driver.name, "phone": driver.phone})),
            last_location: None,
            signature_image_url: None,
            time_zone: zone.as_str().to_owned(),
            dropoff_time: shipment.delivery_time,
            estimated_dropoff_time: shipment.estimated_delivery_time,
            packages: shipment.package.iter().map(|package| json!(package)).collect(),
            is_spirit: content(&["spirit", "spirits", "alcohol"]),
            is_beer_or_wine: content(&["beer", "wine", "alcohol"]),
            is_tobacco: content(&["tobacco"]),
            is_fragile: content(&["fragile"]),
            is_rx: content(&["rx", "prescription"]),
            has_refrigerated_items: refrigerated(&shipment),
            has_perishable_items: content(&["perishable"]),
            tips: 0,
            order: order(shipment, word),
        }
    }
}

/// The order in the Shipping API's names, and beside them the older ones within its objects.
fn order(shipment: Shipment, word: &str) -> Value {
    let mut order = json!(shipment);
    let Some(fields) = order.as_object_mut() else { return order };
    // What is told above in the webhook's own names, and warnings, which are of calls.
    for told in ["id", "trackingId", "label", "referenceLinks", "warnings"] {
        fields.remove(told);
    }
    fields.insert("status".to_owned(), json!(word));
    for (name, address) in
        [("deliveryAddress", Some(shipment.delivery_address)), ("pickupAddress", shipment.pickup_address)]
    {
        if let Some(address) = address {
            fields.insert(name.to_owned(), both_names(&address));
        }
    }
    let items: Vec<Value> = shipment.item_list.iter().map(older_item).collect();
    fields.insert("itemList".to_owned(), items.into());
    order
}

fn both_names(address: &Address) -> Value {
    let mut both = json!(address);
    both["zipcode"] = json!(address.postal_code);
    both["country"] = json!(address.country_code);
    both
}

fn older_item(item: &Item) -> Value {
    let mut both = json!(item);
    both["sale_price"] = json!(item.sale_price);
    both
}

fn contains(shipment: &Shipment, words: &[&str]) -> bool {
    let content = shipment.package.iter().flat_map(|package| package.content.iter().flatten());
    content
        .map(|content| content.as_str().to_ascii_lowercase())
        .any(|content| words.contains(&content.as_str()))
}

fn refrigerated(shipment: &Shipment) -> bool {
    let control = shipment.package.as_ref().and_then(|package| package.temperature_control.as_ref());
    control.and_then(|control| control.said()).is_some_and(|control| control != "none")
}

/// A test that was asked for: no order.
pub(super) fn test(news: &News) -> Value {
    json!({"event": "test", "webhookType": "test", "sentAt": news.at, "receivedAtEpoch": news.at.millis()})
}
