//! Where parcels are collected, as the tenant set it up. An order keeps a copy, so that what was set up later
//! changes no order that was placed before.

use doorstep_model::time::Zone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::wire::checks::is_currency;
use super::wire::parts::{Address, Contact, ReturnLocation};
use super::wire::read::Fault;
use super::wire::text::{Text50, Text100, Text10000};
use crate::zones;

/// A place where parcels are collected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Location {
    /// What it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<Text100>,
    /// The zone of its deliveries: the history's times are told in it.
    pub(crate) zone: Zone,
    /// Whose brand its parcels go out under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) brand_external_id: Option<Text100>,
    /// ISO 4217; `USD` where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) currency_code: Option<Text50>,
    /// Who hands parcels over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pickup_contact: Option<Contact>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pickup_address: Option<Address>,
    /// For whoever collects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pickup_instructions: Option<Text10000>,
    /// Where parcels go that cannot be delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) undeliverable_order_return_location: Option<ReturnLocation>,
    /// The tenant's own id of that place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) return_location_id: Option<Text100>,
    /// Which providers collect here, by the ids they were set up under; the tenant's own fleet where it is left
    /// out, nobody where the list is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 100)]
    pub(crate) providers: Option<Vec<Text100>>,
}

impl Location {
    /// A place of which only the zone is known.
    pub(crate) fn in_zone(zone: Zone) -> Self {
        Self {
            name: None,
            zone,
            brand_external_id: None,
            currency_code: None,
            pickup_contact: None,
            pickup_address: None,
            pickup_instructions: None,
            undeliverable_order_return_location: None,
            return_location_id: None,
            providers: None,
        }
    }

    /// Checks what its fields' types cannot.
    ///
    /// # Errors
    /// The first [`Fault`] that is found.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        if !zones::is_known(&self.zone) {
            return Err(Fault::value(
                "zone",
                "must be a zone of the time zone database, such as America/Chicago",
            ));
        }
        let code = self.currency_code.as_ref().and_then(|code| code.said());
        if code.is_some_and(|code| !is_currency(code)) {
            return Err(Fault::value("currencyCode", "must be a currency of ISO 4217, such as USD"));
        }
        if self.providers.as_ref().is_some_and(|providers| providers.len() > 100) {
            return Err(Fault::value("providers", "must have at most 100 items"));
        }
        Ok(())
    }
}
