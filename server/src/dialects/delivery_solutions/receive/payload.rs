//! An order webhook, read leniently: it comes from a system that was there before us, whose older objects use
//! other names (`systems.md` 4.7), and a field that does not read must not keep the status from being heard.

use doorstep_model::eta::Eta;
use doorstep_model::event::Event;
use doorstep_model::id::EventId;
use doorstep_model::person::Courier;
use doorstep_model::text::{PersonName, Phone, Source, SourceWord};
use doorstep_model::time::{Timestamp, Zone};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use crate::dialects::delivery_solutions::document::{self, Assignment};
use crate::dialects::delivery_solutions::status::{self, Word};
use crate::dialects::delivery_solutions::steps::cut;
use crate::dialects::delivery_solutions::wire::answer::EventReason;
use crate::dialects::delivery_solutions::wire::number::EpochMs;
use crate::dialects::delivery_solutions::wire::parts::{Estimate, Provider};
use crate::dialects::delivery_solutions::wire::read::{self, Fault};
use crate::dialects::delivery_solutions::wire::text::ExternalId;
use crate::zones;
use doorstep_model::status::Status;

/// How far ahead of our clock the source's may be.
const AHEAD_MS: i64 = 24 * 60 * 60 * 1_000;

/// An order webhook: the order, as it stands after the event, plus the event. Unknown fields are left out.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[allow(dead_code, reason = "documents the body, which is read leniently by hand")]
pub(crate) struct OrderWebhook {
    /// The client's own id of the order.
    order_external_id: String,
    /// Where it stands now.
    status: String,
    /// When that was heard, in milliseconds since 1970.
    received_at_epoch: Option<i64>,
    /// The finer word.
    sub_status: Option<String>,
    /// Why.
    event_reason: Option<Value>,
    /// A remark.
    note: Option<String>,
    /// Who said so.
    status_user: Option<String>,
}

/// What was heard.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    /// Which order.
    pub(crate) order_external_id: ExternalId,
    /// The source's own id of it.
    pub(crate) order_id: Option<String>,
    /// What happened.
    pub(crate) event: Event,
    /// What it says beyond what events of ours hold.
    pub(crate) beside: document::Heard,
    /// Which webhook is newer: when it was made, then the event's id.
    pub(crate) age: (i64, EventId),
    /// What it tells of the order, in the names of the Shipping API.
    pub(crate) fields: Map<String, Value>,
    /// Who brings it, where it says.
    pub(crate) assignment: Option<Assignment>,
    /// The source's own tracking page.
    pub(crate) tracking_url: Option<String>,
    /// The zone of the delivery.
    pub(crate) zone: Option<Zone>,
}

impl Heard {
    /// Reads a webhook of `source`, whose deliveries are usually in that zone.
    ///
    /// # Errors
    /// A [`Fault`] where it is no object or says not which order stands where.
    pub(crate) fn read(bytes: &[u8], source: &str, usual: &Zone, now: Timestamp) -> Result<Self, Fault> {
        let payload = renamed(read::object(bytes)?);
        let text = |name: &str| {
            payload.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
        };
        let id =
            text("orderExternalId").ok_or_else(|| Fault::value("orderExternalId", "is a required field"))?;
        let order_external_id =
            ExternalId::parse(id).map_err(|error| Fault::value("orderExternalId", error.to_string()))?;
        let raw = text("status").ok_or_else(|| Fault::value("status", "is a required field"))?;
        let source_word = SourceWord::parse(&cut(raw, SourceWord::MAX))
            .map_err(|error| Fault::value("status", error.to_string()))?;
        let sub_status = text("subStatus").map(|finer| cut(finer, 100));
        let reason = payload.get("eventReason").and_then(event_reason);
        let note = text("note").or(reason.as_ref().and_then(|reason| reason.note.as_deref()));
        let made_at =
            epoch(payload.get("receivedAtEpoch")).filter(|at| at.millis() <= now.millis() + AHEAD_MS);

        let told = [Some(order_external_id.as_str()), Some(raw), text("subStatus"), note, text("statusUser")];
        let when =
            made_at.map(|at| at.millis().to_string()).or_else(|| text("receivedAt").map(str::to_owned));
        let id = event_id(&told, when.as_deref(), reason.as_ref().and_then(|reason| reason.code.as_deref()));
        let by = text("statusUser").or_else(|| provider_name(&payload)).unwrap_or(source);
        let by = Source::parse(&cut(by, Source::MAX)).or_else(|_| Source::parse(source));
        let by = by.map_err(|error| Fault::value("statusUser", error.to_string()))?;
        let means = match Word::parse(raw) {
            Some(word) => word.means(sub_status.as_deref()),
            // Kept word for word, moves nothing, and is counted.
            None => status::Meaning { status: Some(Status::Unknown), ..status::Meaning::default() },
        };
        let zone = text("timeZone").and_then(|zone| Zone::parse(zone).ok()).filter(zones::is_known);
        let delivery = estimate(payload.get("estimatedDeliveryTime"));
        let in_zone = zone.as_ref().unwrap_or(usual);
        let eta = delivery.and_then(|estimate| estimate.window(in_zone)).map(|window| Eta {
            window,
            as_of: made_at.unwrap_or(now),
            confidence: None,
            source: by.clone(),
            cause: None,
        });
        let event = Event {
            id: id.clone(),
            occurred_at: made_at,
            received_at: now,
            source: by,
            source_word: Some(source_word),
            status: means.status,
            movement: means.movement,
            reason: reason.as_ref().and_then(|reason| reason.code.as_deref()).map(status::reason),
            flags: means.flags,
            eta,
            place: None,
            note: None,
            courier: payload.get("driver").and_then(driver),
            next: None,
            language: None,
        };
        // For the tenant alone: nothing says for whom it was written, and ours tell prices and refusals in it.
        let kept = note.map(|note| cut(note, 10_000));
        let assignment = assignment(&payload, delivery);
        Ok(Self {
            order_id: text("orderId").map(|id| cut(id, 100)),
            age: (made_at.map_or(0, Timestamp::millis), id),
            event,
            beside: document::Heard { reason, sub_status, note: kept },
            assignment,
            tracking_url: text("hostedTrackingUrl")
                .or_else(|| text("trackingUrl"))
                .map(|url| cut(url, 1_000)),
            zone,
            order_external_id,
            fields: payload,
        })
    }

    /// Where it is collected, as far as it says.
    pub(crate) fn told_location(&self) -> &str {
        self.fields.get("locationExternalId").and_then(Value::as_str).unwrap_or_default()
    }
}

/// The names of older objects in those of the Shipping API.
fn renamed(payload: Map<String, Value>) -> Map<String, Value> {
    let name = |name: String| match name.as_str() {
        "zipcode" => "postalCode".to_owned(),
        "country" => "countryCode".to_owned(),
        "dropoffTime" => "deliveryTime".to_owned(),
        "storeExternalId" => "locationExternalId".to_owned(),
        "packages" => "package".to_owned(),
        "sale_price" => "salePrice".to_owned(),
        _ => name,
    };
    let mut renamed = Map::new();
    for (old, value) in payload {
        let new = name(old.clone());
        let value = match value {
            Value::Object(object) => Value::Object(self::renamed(object)),
            // One parcel is all that the Shipping API knows.
            Value::Array(list) if old == "packages" => list.into_iter().next().unwrap_or_default(),
            Value::Array(list) => Value::Array(
                list.into_iter()
                    .map(|item| match item {
                        Value::Object(object) => Value::Object(self::renamed(object)),
                        item => item,
                    })
                    .collect(),
            ),
            value => value,
        };
        // The Shipping API's own name wins over an older one.
        if old == new || !renamed.contains_key(&new) {
            renamed.insert(new, value);
        }
    }
    renamed
}

fn epoch(value: Option<&Value>) -> Option<Timestamp> {
    let millis = match value? {
        Value::String(text) => serde_json::from_str::<EpochMs>(text.trim()).ok()?,
        other => serde_json::from_value(other.clone()).ok()?,
    };
    Some(millis.at())
}

fn estimate(value: Option<&Value>) -> Option<Estimate> {
    let value = value?;
    let end = |name: &str| epoch(value.get(name)).map(EpochMs::from);
    let estimate = Estimate { starts_at: end("startsAt"), ends_at: end("endsAt") };
    (estimate != Estimate::default()).then_some(estimate)
}

fn event_reason(value: &Value) -> Option<EventReason> {
    let text = |name: &str| value.get(name).and_then(Value::as_str).map(|text| cut(text, 500));
    let reason = EventReason { code: text("code"), title: text("title"), note: text("note") };
    (reason != EventReason::default()).then_some(reason)
}

fn driver(value: &Value) -> Option<Courier> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let name = text("name").and_then(|name| PersonName::parse(name).ok());
    let phone = text("phone").and_then(|phone| Phone::parse(phone).ok());
    (name.is_some() || phone.is_some()).then_some(Courier { name, phone })
}

fn provider_name(payload: &Map<String, Value>) -> Option<&str> {
    let provider = payload.get("provider")?;
    provider.as_str().or_else(|| provider.get("name")?.as_str()).filter(|name| !name.trim().is_empty())
}

fn assignment(payload: &Map<String, Value>, delivery: Option<Estimate>) -> Option<Assignment> {
    let number = payload.get("trackingNumber").and_then(Value::as_str).map(|number| cut(number, 100));
    let name = provider_name(payload).map(|name| cut(name, 100));
    if number.is_none() && name.is_none() {
        return None;
    }
    let given = payload.get("provider").filter(|provider| provider.is_object()).cloned().unwrap_or_default();
    let provider: Provider = serde_json::from_value(given).unwrap_or_default();
    let name = name.unwrap_or_default();
    let display_name = if provider.display_name.is_empty() { name.clone() } else { provider.display_name };
    let money = |name: &str| payload.get(name).and_then(|value| serde_json::from_value(value.clone()).ok());
    Some(Assignment {
        provider: Provider { name, display_name, ..provider },
        tracking_id: number,
        amount: money("amount"),
        fee: money("fee"),
        currency_code: payload.get("currencyCode").and_then(Value::as_str).map(|code| cut(code, 3)),
        pickup: estimate(payload.get("estimatedPickupTime")).unwrap_or_default(),
        delivery: delivery.unwrap_or_default(),
        vehicle: payload.get("vehicle").filter(|vehicle| !vehicle.is_null()).cloned(),
    })
}

/// The event's id, from what the webhook says and not from when it was sent: a repeat has the same.
fn event_id(told: &[Option<&str>], when: Option<&str>, reason: Option<&str>) -> EventId {
    let mut hash = Sha256::new();
    for part in told.iter().copied().chain([when, reason]) {
        // What is left out and what is empty stay apart, and so do neighbours.
        hash.update(part.map_or(u64::MAX, |part| part.len() as u64).to_be_bytes());
        hash.update(part.unwrap_or_default());
    }
    let digits: String = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let id = EventId::parse(&format!("ds-webhook-{digits}"));
    id.unwrap_or_else(|_| unreachable!("hexadecimal digits are visible"))
}
