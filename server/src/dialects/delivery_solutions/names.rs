//! Whether an order's id is free. The original knows three ways in which one is not, and says no more about
//! them; ours are: the very same order again (`DUPLICATE_RESOURCE`), another order of that id (`DUPLICATE_ID`),
//! and an id that differs from another's by nothing but the case of its letters (`DUPLICATE_NAME`), which people
//! who read it aloud or type it could not tell apart.

use super::desk;
use super::document::Document;
use super::failure::{Failure, Kind};
use super::wire::parts::ShipmentBody;
use crate::dialects::DialectState;
use crate::identity::TenantId;

/// Checks that the order's id is free.
///
/// # Errors
/// Which of the three it is, or when the store does not answer.
pub(crate) async fn check_free(
    state: &DialectState,
    tenant: TenantId,
    told: &ShipmentBody,
) -> Result<(), Failure> {
    let key = desk::key(&told.order_external_id);
    let Some(order) = state.app.store.order_named(tenant, &key).await? else { return Ok(()) };
    if order.key == key {
        return Err(taken(&Document::read(&order.document)?, told));
    }
    Err(Failure::new(Kind::DuplicateName, "Resource with provided name already exists."))
}

/// That another order has the id, or that it is the same.
pub(crate) fn taken(kept: &Document, told: &ShipmentBody) -> Failure {
    if kept.told == *told {
        Failure::new(Kind::DuplicateResource, "Resource already exists.")
    } else {
        Failure::new(Kind::DuplicateId, "Resource with provided id already exists.")
    }
}
