//! Orders as the calls work with them: opened with their shipment, filed with what happened. The one place of
//! this dialect that writes orders.

use std::sync::Arc;

use doorstep_model::handoff::{Amendment, Refusal};
use doorstep_model::shipment::Shipment;
use doorstep_model::text::Source;
use doorstep_model::time::Timestamp;

use super::document::Document;
use super::failure::{Failure, Kind};
use super::status::Word;
use super::steps::{self, Step};
use super::wire::text::ExternalId;
use crate::dialects::DialectState;
use crate::identity::TenantId;
use crate::store::StoreError;
use crate::store::orders::{DialectName, EntryKind, Filed, Filing, Order, OrderKey, OrderStep};
use crate::store::work::WorkChange;

/// This dialect's name within the store.
pub(crate) const DIALECT: DialectName = DialectName("delivery-solutions");

/// Locations that a tenant set up.
pub(crate) const LOCATIONS: EntryKind = EntryKind("location");

/// Areas that a tenant set up, by country.
pub(crate) const AREAS: EntryKind = EntryKind("area");

/// Accounts whose webhooks are heard.
pub(crate) const SOURCES: EntryKind = EntryKind("source");

/// How often a change is tried again that somebody else's change came before.
pub(crate) const TRIES: u32 = 8;

/// An order with its shipment.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    /// As the store keeps it.
    pub(crate) order: Order,
    /// What it holds.
    pub(crate) document: Document,
    /// What everybody watches.
    pub(crate) shipment: Arc<Shipment>,
}

impl Opened {
    /// From what the store answered.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where it does not read back or has no shipment.
    pub(crate) fn of(order: Order, shipment: Option<Arc<Shipment>>) -> Result<Self, StoreError> {
        let document = Document::read(&order.document)?;
        let shipment =
            shipment.ok_or_else(|| StoreError::Corrupt(format!("order {} has no shipment", order.id.0)))?;
        Ok(Self { order, document, shipment })
    }

    /// Where it stands, in the original's words: its own last word, unless something else moved its shipment.
    pub(crate) fn word(&self) -> Word {
        self.document.word.now(self.shipment.journey().status)
    }

    /// Whose order it is, where we know it from webhooks only: it is placed and cancelled there.
    pub(crate) fn elsewhere(&self) -> Option<&str> {
        self.document.received.as_ref().map(|received| received.source.as_str())
    }

    /// When anything about it changed.
    pub(crate) fn updated_at(&self) -> Timestamp {
        let heard = self.shipment.journey().heard_at;
        heard.map_or(self.order.updated_at, |heard| heard.max(self.order.updated_at))
    }
}

/// What becomes of an order.
pub(crate) struct Change {
    /// As it is to be kept.
    pub(crate) document: Document,
    /// What happened.
    pub(crate) steps: Vec<Step>,
    /// What is done about handing it over.
    pub(crate) amendments: Vec<Amendment>,
    /// What is to be done later.
    pub(crate) work: Vec<WorkChange>,
}

/// The key of an order.
pub(crate) fn key(id: &ExternalId) -> OrderKey {
    OrderKey { dialect: DIALECT, external_id: id.as_str().to_owned() }
}

/// The order of that id, with its shipment.
///
/// # Errors
/// When the store does not answer.
pub(crate) async fn open(
    state: &DialectState,
    tenant: TenantId,
    id: &ExternalId,
) -> Result<Option<Opened>, Failure> {
    let store = &state.app.store;
    let Some(order) = store.order(tenant, &key(id)).await? else { return Ok(None) };
    let shipment = match &order.tracking_id {
        Some(tracking_id) => store.shipment_of(tenant, tracking_id).await?,
        None => None,
    };
    Ok(Some(Opened::of(order, shipment)?))
}

/// The order of that id, or that there is none.
///
/// # Errors
/// `NOT_FOUND`, or when the store does not answer.
pub(crate) async fn existing(
    state: &DialectState,
    tenant: TenantId,
    id: &ExternalId,
) -> Result<Opened, Failure> {
    open(state, tenant, id).await?.ok_or_else(|| Failure::no_order(id.as_str()))
}

/// Changes an order as `decide` says of it as it stands. Where somebody else changed it meanwhile, `decide` is
/// asked again with what stands now.
///
/// # Errors
/// What `decide` refuses with, or why it cannot be filed.
pub(crate) async fn change(
    state: &DialectState,
    tenant: TenantId,
    by: &Source,
    mut opened: Opened,
    mut decide: impl FnMut(&Opened) -> Result<Change, Failure>,
) -> Result<Opened, Failure> {
    for _ in 0..TRIES {
        let Change { mut document, steps, amendments, work } = decide(&opened)?;
        let now = state.app.clock.now();
        if let Some(word) = steps.iter().rev().find_map(|step| step.word) {
            document.word = word;
        }
        let version = opened.order.version;
        let events = steps::events(&steps, &(version + 1).to_string(), by, now)?;
        for (step, event) in steps.iter().zip(&events) {
            if let Some(note) = &step.noted {
                document.heard.entry(event.id.clone()).or_default().note = Some(note.clone());
            }
        }
        let step = OrderStep::Change(version, document.facets(), document.write()?);
        let key = opened.order.key.clone();
        let places = Vec::new();
        let filing = Filing { events, amendments, places, work, ..Filing::of(key, step, now) };
        match state.app.store.file(tenant, filing).await? {
            Filed::Done(done) => return Ok(Opened::of(done.order, done.shipment)?),
            // The order, or what its recipient wants, was changed meanwhile.
            Filed::Stale(Some(_)) | Filed::Refused(_, Refusal::Conflict) => {
                opened = existing(state, tenant, &opened.document.told.order_external_id).await?;
            }
            other => return Err(refused(other)),
        }
    }
    Err(overtaken())
}

/// That others changed an order again and again.
pub(crate) fn overtaken() -> Failure {
    tracing::warn!("an order was changed by others again and again");
    Failure::internal()
}

/// Carries a call out to its end, also when its client hangs up: what was asked of a provider is to be filed.
///
/// # Errors
/// What the call is refused with.
pub(crate) async fn to_its_end<T: Send + 'static>(
    call: impl Future<Output = Result<T, Failure>> + Send + 'static,
) -> Result<T, Failure> {
    tokio::spawn(call).await.unwrap_or_else(|error| {
        tracing::error!(%error, "a call came to no end");
        Err(Failure::internal())
    })
}

/// What a filing that was refused is answered with.
pub(crate) fn refused(filed: Filed) -> Failure {
    match filed {
        Filed::Refused(_, Refusal::CutOff) => Failure::new(
            Kind::Validation,
            "deliveryInstructions cannot be changed any more: the courier is there",
        ),
        Filed::Full => Failure::new(Kind::Validation, "The order has been changed too often"),
        other => {
            tracing::error!(?other, "a filing ended as it cannot");
            Failure::internal()
        }
    }
}
