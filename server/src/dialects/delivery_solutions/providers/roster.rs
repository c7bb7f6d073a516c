//! Which providers collect at an order's location, and by which rules one is chosen. Reads what was set up; asks
//! nobody.

use super::choose::Proposal;
use super::config::{Kind, ProviderConfig, ProviderId, Service, Terms};
use super::parcel::{AMBIENT, Measured, Parcel, asks_for_signature};
use super::rules::Rules;
use super::setup::{Kept, PROVIDERS, RULES};
use super::zone::Position;
use super::{carries::Carries, measure};
use crate::dialects::DialectState;
use crate::dialects::delivery_solutions::desk::DIALECT;
use crate::dialects::delivery_solutions::document::Document;
use crate::dialects::delivery_solutions::failure::Failure;
use crate::dialects::delivery_solutions::setup as things;
use crate::dialects::delivery_solutions::wire::number::Amount;
use crate::dialects::delivery_solutions::wire::parts::{Address, TimeWindow};
use crate::identity::TenantId;
use crate::store::StoreError;
use crate::vault::Purpose;
use doorstep_model::time::Timestamp;

/// The provider of a location that names none.
const OWN: &str = "own-fleet";

/// Under which id a tenant's rules are kept.
pub(super) const THE_RULES: &str = "rules";

/// A provider that can be asked.
pub(super) struct Listed {
    pub(super) id: ProviderId,
    pub(super) config: ProviderConfig,
    /// The key to be shown to it, opened.
    pub(super) key: Option<Vec<u8>>,
}

/// Who collects at a location.
#[derive(Default)]
pub(super) struct Roster {
    /// Those that were set up.
    pub(super) listed: Vec<Listed>,
    /// Names under which nothing was set up.
    pub(super) missing: Vec<String>,
}

impl Listed {
    /// Whether it is somebody else's system: what it was told stands there, whatever we write.
    pub(super) fn is_a_fleet(&self) -> bool {
        matches!(self.config.kind, Kind::Fleet(_))
    }
}

impl Roster {
    /// Whether anybody is named at all.
    pub(super) fn is_empty(&self) -> bool {
        self.listed.is_empty() && self.missing.is_empty()
    }
}

/// Who collects at the location of `order`.
pub(super) async fn of(state: &DialectState, tenant: TenantId, order: &Document) -> Result<Roster, Failure> {
    let Some(named) = &order.location.providers else {
        let listed = Listed { id: own_id()?, config: own_fleet(currency(order)), key: None };
        return Ok(Roster { listed: vec![listed], missing: Vec::new() });
    };
    let mut roster = Roster::default();
    if named.is_empty() {
        return Ok(roster);
    }
    let entries = state.app.store.entries(tenant, DIALECT, PROVIDERS).await?;
    for name in named {
        let name = name.as_str().trim();
        match entries.iter().find(|entry| entry.id == name) {
            Some(entry) if roster.listed.iter().all(|known| known.id.as_str() != name) => {
                roster.listed.push(listed(state, tenant, &entry.id, &entry.document)?);
            }
            Some(_) => {}
            None => roster.missing.push(name.to_owned()),
        }
    }
    Ok(roster)
}

/// The provider of that id, whether or not a location names it still; `None` where it was taken down.
pub(super) async fn one(
    state: &DialectState,
    tenant: TenantId,
    order: &Document,
    id: &ProviderId,
) -> Result<Option<Listed>, Failure> {
    match state.app.store.entry(tenant, DIALECT, PROVIDERS, id.as_str()).await? {
        Some(entry) => Ok(Some(listed(state, tenant, &entry.id, &entry.document)?)),
        None if id.as_str() == OWN => {
            Ok(Some(Listed { id: own_id()?, config: own_fleet(currency(order)), key: None }))
        }
        None => Ok(None),
    }
}

fn listed(state: &DialectState, tenant: TenantId, id: &str, document: &str) -> Result<Listed, Failure> {
    let corrupt = |what: &str| StoreError::Corrupt(format!("provider {id} of tenant {}: {what}", tenant.0));
    let kept: Kept = serde_json::from_str(document).map_err(|_| corrupt("its document"))?;
    let id: ProviderId = id.parse().map_err(|_| corrupt("its id"))?;
    let key = match &kept.key {
        Some(sealed) => {
            let owner = key_owner(tenant, &id);
            Some(
                state
                    .app
                    .vault
                    .unseal(Purpose::ProviderKey, &owner, sealed)
                    .ok_or_else(|| corrupt("its key"))?,
            )
        }
        None => None,
    };
    Ok(Listed { id, config: kept.provider, key })
}

/// For whom a provider's key is sealed.
pub(super) fn key_owner(tenant: TenantId, id: &ProviderId) -> String {
    format!("{}/delivery-solutions/{id}", tenant.0)
}

/// The tenant's own people, who take whatever they are given.
fn own_fleet(currency_code: &str) -> ProviderConfig {
    ProviderConfig {
        name: "Own fleet".to_owned(),
        display_name: None,
        enabled: true,
        currency_code: currency_code.to_owned(),
        carries: Carries::anything(),
        services: vec![Service {
            id: "delivery".to_owned(),
            kind: "Delivery".to_owned(),
            terms: Terms::default(),
        }],
        kind: Kind::OwnFleet,
    }
}

fn own_id() -> Result<ProviderId, StoreError> {
    OWN.parse().map_err(|_| StoreError::Corrupt("the own fleet's id".to_owned()))
}

/// By which rules the tenant chooses.
pub(super) async fn rules(state: &DialectState, tenant: TenantId) -> Result<Rules, Failure> {
    Ok(match state.app.store.entry(tenant, DIALECT, RULES, THE_RULES).await? {
        Some(_) => things::find::<Rules>(state, tenant, THE_RULES).await?.unwrap_or_default(),
        None => Rules::default(),
    })
}

/// In which currency prices are compared.
pub(super) fn currency(order: &Document) -> &str {
    let own = order.told.currency_code.as_ref().or(order.location.currency_code.as_ref());
    own.and_then(|code| code.said()).unwrap_or("USD")
}

/// What `order` proposes.
pub(super) fn proposals(order: &Document) -> Vec<Proposal> {
    let proposed = order.told.proposed_providers.as_deref().unwrap_or_default();
    let proposal = |proposed: &crate::dialects::delivery_solutions::wire::parts::ProposedProvider| {
        let name = proposed.name.as_ref()?.said()?.to_owned();
        let services = proposed.services.as_deref().unwrap_or_default();
        let services = services.iter().filter_map(|service| Some(service.id.as_ref()?.said()?.to_owned()));
        Some(Proposal { name, services: services.collect() })
    };
    proposed.iter().filter_map(proposal).collect()
}

/// What a decision needs to know of `order`.
pub(super) fn parcel(order: &Document, now: Timestamp) -> Parcel {
    let told = &order.told;
    let package = told.package.clone().unwrap_or_default();
    let from = told.pickup_address.as_ref().or(order.location.pickup_address.as_ref());
    let to = &told.delivery_address;
    let said =
        |text: Option<&str>| text.map(|text| text.trim().to_lowercase()).filter(|text| !text.is_empty());
    let temperature = said(package.temperature_control.as_ref().map(|text| text.as_str()));
    let contents = package.content.iter().flatten().filter_map(|content| said(Some(content.as_str())));
    let starts = |window: TimeWindow| window.starts_at.map(|at| at.at());
    let ends = |window: TimeWindow| window.ends_at.map(|at| at.at());
    Parcel {
        from: from.and_then(position),
        to: position(to),
        country: to.country_code.as_ref().and_then(|code| code.said()).map(str::to_uppercase),
        postal_code: to.postal_code.as_ref().and_then(|code| code.said()).map(str::to_owned),
        weight: Measured::of(package.weight.as_ref().filter(|weight| weight.value.is_some()), |weight| {
            let value = weight.value.as_ref()?.value();
            measure::Weight { value, unit: unit(weight.unit.as_ref()?.as_str()) }.grams()
        }),
        edges: Measured::of(package.size.as_ref().filter(|size| size.length.is_some()), |size| {
            let edge = |amount: &Option<Amount>| Some(amount.as_ref()?.value());
            let (length, width, height) = (edge(&size.length)?, edge(&size.width)?, edge(&size.height)?);
            measure::Size { length, width, height, unit: unit(size.unit.as_ref()?.as_str()) }.edges()
        }),
        temperature: temperature.unwrap_or_else(|| AMBIENT.to_owned()),
        contents: contents.collect(),
        signature: asks_for_signature(told.signature.as_ref().map(|word| word.as_str())),
        ready_at: told.pickup_time.and_then(starts).map_or(now, |at| at.max(now)),
        due_by: told.delivery_time.and_then(ends).filter(|due| *due > now),
    }
}

fn unit(text: &str) -> String {
    text.trim().to_owned()
}

fn position(address: &Address) -> Option<Position> {
    Position::new(address.latitude.as_ref()?.value(), address.longitude.as_ref()?.value())
}
