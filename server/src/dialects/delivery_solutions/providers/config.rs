//! A provider as a tenant set it up: its name, what it takes, its services with their terms, and which kind of
//! provider it is. Kept as JSON under the id that the set-up call names. Knows nothing of how one is asked.

use std::fmt;

use doorstep_model::time::Timestamp;
use utoipa::ToSchema;

use super::carries::{Carries, Misfit};
use super::fleet::FleetConfig;
use super::money::Amount;
use super::parcel::Parcel;
use super::simulated::Simulated;
use crate::dialects::delivery_solutions::wire::checks::is_currency;

/// The most services of a provider.
const MOST_SERVICES: usize = 20;

/// The most characters of a name.
const MOST_NAME: usize = 100;

/// The longest that a service takes, in minutes: 60 days.
const MOST_MINUTES: u32 = 60 * 24 * 60;

/// Names a provider within its tenant: 1 to 64 of `A-Z a-z 0-9 . _ -`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9._-]+$")]
pub(crate) struct ProviderId(String);

/// A text that names no provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a provider's id has 1 to 64 letters, digits, '.', '_' and '-'")]
pub(crate) struct ProviderIdError;

impl ProviderId {
    /// As it was given.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for ProviderId {
    type Err = ProviderIdError;

    fn from_str(text: &str) -> Result<Self, ProviderIdError> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        let fits = (1..=64).contains(&text.len()) && text.bytes().all(plain);
        if fits { Ok(Self(text.to_owned())) } else { Err(ProviderIdError) }
    }
}

impl TryFrom<String> for ProviderId {
    type Error = ProviderIdError;

    fn try_from(text: String) -> Result<Self, ProviderIdError> {
        text.parse()
    }
}

impl From<ProviderId> for String {
    fn from(id: ProviderId) -> Self {
        id.0
    }
}

impl fmt::Display for ProviderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ProviderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A provider.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ProviderSetup)]
pub(crate) struct ProviderConfig {
    /// What orders propose it by and answers call it.
    #[schema(min_length = 1, max_length = 100)]
    pub(crate) name: String,
    /// What people call it; its name where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100)]
    pub(crate) display_name: Option<String>,
    /// Whether it is chosen at all.
    #[serde(default = "yes")]
    pub(crate) enabled: bool,
    /// In which its prices are (ISO 4217): it is chosen only where its location's is the same.
    #[serde(default = "dollars")]
    #[schema(pattern = "^[A-Z]{3}$")]
    pub(crate) currency_code: String,
    /// What it takes.
    #[serde(default)]
    pub(crate) carries: Carries,
    /// What it offers.
    #[schema(min_items = 1, max_items = 20)]
    pub(crate) services: Vec<Service>,
    /// Which kind it is.
    pub(crate) kind: Kind,
}

fn yes() -> bool {
    true
}

fn dollars() -> String {
    "USD".to_owned()
}

/// One service of a provider.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ProviderService)]
pub(crate) struct Service {
    /// The provider's own word for it; orders propose it by this.
    #[schema(min_length = 1, max_length = 100, example = "delivery")]
    pub(crate) id: String,
    /// The same in words.
    #[serde(rename = "type")]
    #[schema(min_length = 1, max_length = 100, example = "Delivery")]
    pub(crate) kind: String,
    /// What it costs and how long it takes.
    #[serde(default)]
    pub(crate) terms: Terms,
}

/// What a service costs and how long it takes.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[schema(as = ProviderTerms)]
pub(crate) struct Terms {
    /// In any case.
    #[schema(value_type = f64, minimum = 0)]
    pub(crate) base: Amount,
    /// For each kilometre as the crow flies, where the distance is known.
    #[schema(value_type = f64, minimum = 0)]
    pub(crate) per_km: Amount,
    /// From now until it is collected; not before the order is ready.
    pub(crate) pickup_minutes: u32,
    /// From there until it is handed over.
    pub(crate) delivery_minutes: u32,
}

impl Default for Terms {
    fn default() -> Self {
        Self { base: Amount::default(), per_km: Amount::default(), pickup_minutes: 15, delivery_minutes: 45 }
    }
}

/// Which kind of provider it is.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "camelCase")]
#[schema(as = ProviderKind)]
pub(crate) enum Kind {
    /// The tenant's own people: takes what it is given, is moved by the events that the tenant reports.
    OwnFleet,
    /// Acts as a provider by a script, for trying things out.
    Simulated(Simulated),
    /// A fleet that speaks Instaleap's third-party fleet protocol.
    Fleet(FleetConfig),
}

/// What a service costs and when, for one parcel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Estimate {
    /// What it costs.
    pub(crate) amount: Amount,
    /// When it is collected.
    pub(crate) pickup_at: Timestamp,
    /// When it is handed over.
    pub(crate) deliver_at: Timestamp,
}

impl Terms {
    /// What they come to for `parcel` at `now`.
    pub(crate) fn estimate(&self, parcel: &Parcel, now: Timestamp) -> Estimate {
        let distance = parcel.km().map_or(Amount::default(), |km| self.per_km.times(km));
        let pickup_at = minutes_after(now, self.pickup_minutes).max(parcel.ready_at);
        Estimate {
            amount: self.base.plus(distance),
            pickup_at,
            deliver_at: minutes_after(pickup_at, self.delivery_minutes),
        }
    }
}

fn minutes_after(at: Timestamp, minutes: u32) -> Timestamp {
    Timestamp::from_millis(at.millis() + i64::from(minutes) * 60_000)
}

impl ProviderConfig {
    /// What people call it.
    pub(crate) fn shown(&self) -> &str {
        self.display_name.as_deref().unwrap_or(&self.name)
    }

    /// Whether it takes `parcel` at all, where prices are to be in `currency`.
    ///
    /// # Errors
    /// The first reason why not.
    pub(crate) fn takes(&self, parcel: &Parcel, currency: &str) -> Result<(), Misfit> {
        if !self.enabled {
            return Err(Misfit::Disabled);
        }
        if self.currency_code != currency {
            return Err(Misfit::Currency(self.currency_code.clone()));
        }
        self.carries.takes(parcel, parcel.ready_at)
    }

    /// What is wrong with it, if anything; the first thing, with its place.
    pub(crate) fn fault(&self) -> Option<String> {
        let named = |text: &str| !text.trim().is_empty() && text.chars().count() <= MOST_NAME;
        if !named(&self.name) || self.display_name.as_deref().is_some_and(|name| !named(name)) {
            return Some(format!("name and displayName have 1 to {MOST_NAME} characters"));
        }
        if !is_currency(&self.currency_code) {
            return Some("currencyCode is three capital letters, such as USD".to_owned());
        }
        if !(1..=MOST_SERVICES).contains(&self.services.len()) {
            return Some(format!("services must be 1 to {MOST_SERVICES}"));
        }
        for (index, service) in self.services.iter().enumerate() {
            if !named(&service.id) || !named(&service.kind) {
                return Some(format!("services[{index}]: id and type have 1 to {MOST_NAME} characters"));
            }
            if self.services[..index].iter().any(|before| before.id == service.id) {
                return Some(format!("services[{index}].id is there twice"));
            }
            let Terms { base, per_km, pickup_minutes, delivery_minutes } = service.terms;
            if base.is_negative() || per_km.is_negative() {
                return Some(format!("services[{index}].terms: base and perKm must be 0 or more"));
            }
            if pickup_minutes > MOST_MINUTES || delivery_minutes > MOST_MINUTES {
                return Some(format!("services[{index}].terms: at most {MOST_MINUTES} minutes"));
            }
        }
        self.carries.fault().or_else(|| match &self.kind {
            Kind::OwnFleet => None,
            Kind::Simulated(simulated) => simulated.fault(),
            Kind::Fleet(fleet) => fleet.fault(),
        })
    }
}
