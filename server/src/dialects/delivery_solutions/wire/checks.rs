//! What no field's type can tell by itself: how many there may be, that a window ends after it begins, that
//! words are of their vocabulary.

use super::parts::{ShipmentBody, TimeWindow};
use super::read::Fault;

/// The most items of a shipment, and the most of any other list in it (`systems.md` 4.3).
const MOST_ITEMS: usize = 100;

impl ShipmentBody {
    /// Checks what its fields' types cannot.
    ///
    /// # Errors
    /// The first [`Fault`] that is found.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        at_most(self.item_list.as_deref(), "itemList")?;
        at_most(self.proposed_providers.as_deref(), "proposedProviders")?;
        for provider in self.proposed_providers.iter().flatten() {
            at_most(provider.services.as_deref(), "proposedProviders.services")?;
        }
        at_most(self.package.as_ref().and_then(|package| package.content.as_deref()), "package.content")?;
        in_order(self.pickup_time, "pickupTime")?;
        in_order(self.delivery_time, "deliveryTime")?;
        if let Some(code) = &self.currency_code
            && !is_currency(code.as_str())
        {
            return Err(Fault::value("currencyCode", "must be a currency of ISO 4217, such as USD"));
        }
        Ok(())
    }
}

/// Whether it is written like a currency of ISO 4217.
pub(crate) fn is_currency(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase())
}

fn at_most<T>(list: Option<&[T]>, at: &str) -> Result<(), Fault> {
    if list.is_some_and(|list| list.len() > MOST_ITEMS) {
        return Err(Fault::value(at, format!("must have at most {MOST_ITEMS} items")));
    }
    Ok(())
}

/// That a window does not end before it begins.
pub(crate) fn in_order(window: Option<TimeWindow>, at: &str) -> Result<(), Fault> {
    match window {
        Some(TimeWindow { starts_at: Some(starts), ends_at: Some(ends) }) if ends < starts => {
            Err(Fault::value(at, "must not end before it begins"))
        }
        _ => Ok(()),
    }
}
