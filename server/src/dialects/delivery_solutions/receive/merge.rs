//! Webhooks in whatever order they come, doubled and with gaps, into one document: field by field, the newest
//! webhook that tells a field decides it, so that any order gives the same. Where the order stands follows from
//! its events, which fold by themselves.

use doorstep_model::event::Event;
use serde_json::{Map, Value, json};

use super::payload::Heard;
use crate::dialects::delivery_solutions::document::{Document, Received};
use crate::dialects::delivery_solutions::failure::Failure;
use crate::dialects::delivery_solutions::location::Location;
use crate::dialects::delivery_solutions::status::Word;
use crate::dialects::delivery_solutions::wire::parts::ShipmentBody;
use crate::dialects::delivery_solutions::wire::read;

/// The fields of an order that a webhook may tell.
const FIELDS: &[&str] = &[
    "locationExternalId",
    "groupId",
    "orderValue",
    "currencyCode",
    "deliveryContact",
    "deliveryAddress",
    "pickupContact",
    "pickupAddress",
    "package",
    "itemList",
    "pickupTime",
    "deliveryTime",
    "signature",
    "deliveryInstructions",
    "pickupInstructions",
    "locale",
    "orderAttributes",
    "brandExternalId",
    "undeliverableOrderReturnLocation",
    "returnLocationId",
];

/// The name under which it is kept which webhook told who brings the order.
const ASSIGNMENT: &str = "assignment";
/// The same for the source's own tracking page.
const TRACKING_URL: &str = "trackingUrl";

impl Document {
    /// An order that we know from a webhook only.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub(super) fn received(
        tenant: &str,
        heard: &Heard,
        location: Location,
        source: &str,
    ) -> Result<Self, Failure> {
        // What a webhook need not tell and an order must have.
        let least = json!({
            "orderExternalId": heard.order_external_id, "locationExternalId": source, "deliveryAddress": {},
        });
        let told: ShipmentBody = serde_json::from_value(least).map_err(|_| Failure::internal())?;
        let mut document =
            Self::new(tenant, told, location, heard.event.received_at).map_err(|_| Failure::internal())?;
        if let Some(id) = &heard.order_id {
            document.id.clone_from(id);
        }
        document.received = Some(Received::from_source(source));
        document.hear(heard);
        document.word = last_word(&[], &heard.event).unwrap_or(document.word);
        Ok(document)
    }

    /// Takes what a webhook tells, where no newer one has told it.
    pub(super) fn hear(&mut self, heard: &Heard) {
        if heard.beside != Default::default() {
            self.heard.entry(heard.event.id.clone()).or_insert_with(|| heard.beside.clone());
        }
        // An order that was placed here is edited here; a webhook about it tells what happened, and no more.
        let Some(mut received) = self.received.take() else { return };
        let Ok(Value::Object(mut told)) = serde_json::to_value(&self.told) else { return };
        for field in FIELDS {
            let Some(value) = heard.fields.get(*field).filter(|value| !value.is_null()) else { continue };
            if !received.takes(field, &heard.age) {
                continue;
            }
            let before = told.insert((*field).to_owned(), value.clone());
            if reads(&told).is_some() {
                received.took(field, &heard.age);
            } else {
                // A field that does not read is as if it had not been told.
                match before {
                    Some(before) => drop(told.insert((*field).to_owned(), before)),
                    None => drop(told.remove(*field)),
                }
            }
        }
        if let Some(told) = reads(&told) {
            self.told = told;
        }
        if heard.assignment.is_some() && received.takes(ASSIGNMENT, &heard.age) {
            self.assignment.clone_from(&heard.assignment);
            received.took(ASSIGNMENT, &heard.age);
        }
        if heard.tracking_url.is_some() && received.takes(TRACKING_URL, &heard.age) {
            received.tracking_url.clone_from(&heard.tracking_url);
            received.took(TRACKING_URL, &heard.age);
        }
        self.received = Some(received);
    }
}

fn reads(told: &Map<String, Value>) -> Option<ShipmentBody> {
    let (told, _) = read::typed::<ShipmentBody>(told.clone()).ok()?;
    told.check().is_ok().then_some(told)
}

/// The last word that is the original's, of what happened to an order: in the order in which it happened.
pub(super) fn last_word(known: &[Event], new: &Event) -> Option<Word> {
    let known = known.iter().chain([new]);
    let told = known.filter_map(|event| Some((event, Word::parse(event.source_word.as_ref()?.as_str())?)));
    told.max_by(|(a, _), (b, _)| a.order().cmp(&b.order())).map(|(_, word)| word)
}
