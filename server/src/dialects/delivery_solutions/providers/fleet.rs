//! A provider that is a fleet of somebody else's and speaks Instaleap's third-party fleet protocol: how it is set
//! up, and an order as a task of it. The protocol itself is `dialects::fleet`.

use std::fmt;

use http::{HeaderName, HeaderValue};
use serde_json::json;
use utoipa::ToSchema;

use super::dispatch::Placement;
use super::trouble::{CancelFailure, Failure};
use crate::dialects::delivery_solutions::desk::Opened;
use crate::dialects::delivery_solutions::wire::parts::{Address, Contact};
use crate::dialects::fleet::{
    Creation, Endpoint, Fleet, FleetError, FleetInfo, Receiver, Update, UpdateKind,
};
use crate::outbound::{Outbound, Target, TargetError};

/// The header in which most want their key.
const KEY_HEADER: &str = "x-api-key";

/// The most characters of a key.
const MOST_KEY: usize = 1_000;

/// A secret on its way to the vault.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct Secret(pub(crate) String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// How a fleet is reached.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = FleetProvider)]
pub(crate) struct FleetConfig {
    /// Where it takes *Creation*.
    #[schema(max_length = 2048, example = "https://fleet.example/tasks")]
    pub(crate) url: String,
    /// Where it takes *Update*; at `url` where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2048)]
    pub(crate) update_url: Option<String>,
    /// The header in which it wants its key.
    #[serde(default = "key_header")]
    pub(crate) key_header: String,
    /// The key that it gave you. Never shown; kept as it is where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, write_only, max_length = 1000)]
    pub(crate) key: Option<Secret>,
}

fn key_header() -> String {
    KEY_HEADER.to_owned()
}

impl FleetConfig {
    /// What is wrong with it, if anything.
    pub(crate) fn fault(&self) -> Option<String> {
        if let Err(error) = self.targets() {
            return Some(format!("kind.url and kind.updateUrl: {error}"));
        }
        if self.key_header.parse::<HeaderName>().is_err() {
            return Some("kind.keyHeader is no name of a header".to_owned());
        }
        let whole =
            |key: &Secret| (1..=MOST_KEY).contains(&key.0.len()) && HeaderValue::from_str(&key.0).is_ok();
        if self.key.as_ref().is_some_and(|key| !whole(key)) {
            return Some(format!("kind.key has 1 to {MOST_KEY} visible ASCII characters"));
        }
        None
    }

    /// Where it takes *Creation* and *Update*.
    ///
    /// # Errors
    /// What is wrong with an address.
    pub(crate) fn targets(&self) -> Result<(Target, Target), TargetError> {
        let creation: Target = self.url.parse()?;
        let update = self.update_url.as_deref().map_or_else(|| Ok(creation.clone()), str::parse)?;
        Ok((creation, update))
    }

    /// The fleet, to be called with `key`; `None` for what does not parse, which was checked at the edge.
    fn fleet(&self, key: Option<&[u8]>) -> Option<Fleet> {
        let (creation, update) = self.targets().ok()?;
        let key = match key {
            Some(key) => {
                let mut value = HeaderValue::from_bytes(key).ok()?;
                value.set_sensitive(true);
                Some((self.key_header.parse().ok()?, value))
            }
            None => None,
        };
        Some(Fleet { creation, update, key })
    }

    /// Gives it the task.
    pub(crate) async fn place(
        &self,
        outbound: &Outbound,
        key: Option<&[u8]>,
        task: &Creation,
    ) -> Result<Placement, Failure> {
        let fleet = self.fleet(key).ok_or_else(|| Failure::Hard("it is not set up well".to_owned()))?;
        match fleet.create(outbound, task).await {
            Ok(()) => Ok(Placement { reference: task.task_id.clone(), tracking_url: None }),
            Err(error) if error.is_transient() => Err(Failure::Transient(error.to_string())),
            // An answer that no API gives to a task: a redirect, a proxy's page.
            Err(error @ FleetError::Refused { status: 300..=399, .. }) => {
                Err(Failure::Unmapped(error.to_string()))
            }
            Err(error) => Err(Failure::Hard(error.to_string())),
        }
    }

    /// Takes the task back: for good (`CANCELLED`), or so that another can take its place (`TASK_RESET`).
    pub(crate) async fn withdraw(
        &self,
        outbound: &Outbound,
        key: Option<&[u8]>,
        task: Creation,
        event_type: UpdateKind,
    ) -> Result<(), CancelFailure> {
        let failed = |why: String| CancelFailure::Failed(why);
        let fleet = self.fleet(key).ok_or_else(|| failed("it is not set up well".to_owned()))?;
        let update = Update { event_type, task, slot_info: None, packages_quantity: None };
        match fleet.update(outbound, &update).await {
            // It does not know it, or not any more: there is nothing to take back.
            Ok(()) | Err(FleetError::Refused { status: 404 | 410, .. }) => Ok(()),
            Err(FleetError::Refused { status: 403 | 409, .. }) => Err(CancelFailure::NotAllowed),
            Err(error @ FleetError::Refused { status: 300..=399, .. }) => {
                Err(CancelFailure::Unmapped(error.to_string()))
            }
            Err(error) => Err(failed(error.to_string())),
        }
    }
}

/// An order as a task.
pub(crate) fn task(opened: &Opened, task_id: String, fleet: FleetInfo) -> Creation {
    let document = &opened.document;
    let told = &document.told;
    let contact = told.delivery_contact.clone().unwrap_or_default();
    let text = |text: Option<&str>| text.map(str::to_owned);
    let from = told.pickup_address.as_ref().or(document.location.pickup_address.as_ref());
    let hands_over = told.pickup_contact.as_ref().or(document.location.pickup_contact.as_ref());
    let at_origin = told.pickup_instructions.as_ref().or(document.location.pickup_instructions.as_ref());
    let instructions = told.delivery_instructions.as_ref().and_then(|text| text.said());
    Creation {
        task_id,
        job_number: told.order_external_id.as_str().to_owned(),
        fleet_info: fleet,
        client_id: document.tenant.clone(),
        created_at: opened.order.created_at,
        shopper_web_url: String::new(),
        job_comment: text(instructions),
        recipient: Receiver {
            name: text(contact.name.as_ref().and_then(|name| name.said())),
            email: text(contact.email.as_ref().and_then(|email| email.said())),
            phone_number: text(contact.phone.as_ref().and_then(|phone| phone.said())),
        },
        origin: endpoint(from, hands_over, at_origin.and_then(|text| text.said())),
        destination: endpoint(Some(&told.delivery_address), told.delivery_contact.as_ref(), instructions),
        job_items: json!(told.item_list.clone().unwrap_or_default()),
        payment_info: json!({
            "currency_code": told.currency_code,
            "prices": {"order_value": told.order_value},
            // Delivery Solutions' orders are paid when they are placed.
            "payment": {"method": "PREPAID"},
        }),
        round_trip_info: json!({"enabled": false}),
    }
}

fn endpoint(address: Option<&Address>, contact: Option<&Contact>, description: Option<&str>) -> Endpoint {
    let address = address.cloned().unwrap_or_default();
    let street2 = address.street2.as_ref().and_then(|text| text.said());
    let apartment = address.apartment_number.as_ref().and_then(|text| text.said());
    let two: Vec<&str> = street2.into_iter().chain(apartment).collect();
    Endpoint {
        name: contact.and_then(|contact| contact.name.as_ref()?.said()).map(str::to_owned),
        address: address.street1.as_ref().and_then(|text| text.said()).map(str::to_owned),
        address_two: (!two.is_empty()).then(|| two.join(", ")),
        city: address.city.as_ref().and_then(|text| text.said()).map(str::to_owned),
        state: address.state.as_ref().and_then(|text| text.said()).map(str::to_owned),
        country: address.country_code.as_ref().and_then(|text| text.said()).map(str::to_owned),
        zip_code: address.postal_code.as_ref().and_then(|text| text.said()).map(str::to_owned),
        latitude: address.latitude.as_ref().map(|degrees| degrees.value()),
        longitude: address.longitude.as_ref().map(|degrees| degrees.value()),
        description: description.map(str::to_owned),
    }
}
