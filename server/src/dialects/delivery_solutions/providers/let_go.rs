//! Having a provider let go of a placement for sure: of one that nobody wants any more and that it may have taken
//! unheard, and of one whose caller was killed between asking for it back and writing that down. It is work that is
//! kept and tried again, because two providers must not bring one order.

use doorstep_model::text::Source;

use super::config::ProviderId;
use super::dispatch::{Dispatch, Left, Placed};
use super::release::{Released, refusal};
use super::work::{self, LET_GO};
use super::{ask, roster};
use crate::dialects::DialectState;
use crate::dialects::delivery_solutions::desk::{self, Change, Opened};
use crate::dialects::delivery_solutions::document::Document;
use crate::dialects::delivery_solutions::failure::Failure;
use crate::dialects::delivery_solutions::steps::Step;
use crate::dialects::delivery_solutions::wire::text::ExternalId;
use crate::dialects::fleet::UpdateKind;
use crate::store::StoreError;
use crate::store::work::{Claimed, WorkChange};
use doorstep_model::time::Timestamp;

/// How often a provider that fails is asked: once a minute for an hour.
const MOST_CLAIMS: u32 = 60;

/// A provider that is to let go of a placement, as the work keeps it.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LettingGo {
    /// Of which order.
    pub(super) order: ExternalId,
    provider: ProviderId,
    place: String,
    /// In which words; where the placement stands, also what becomes of the order then.
    how: UpdateKind,
}

/// That the provider lets go of `left`, at `at`.
pub(super) fn due(
    order: &Document,
    left: &Left,
    how: UpdateKind,
    at: Timestamp,
) -> Result<WorkChange, StoreError> {
    let Left { provider, place } = left.clone();
    let id = work::of_place(order, &place);
    let letting = LettingGo { order: order.told.order_external_id.clone(), provider, place, how };
    let document = serde_json::to_string(&letting)
        .map_err(|error| StoreError::Corrupt(format!("a placement to be let go of: {error}")))?;
    Ok(WorkChange::Due { kind: LET_GO, id, at, document })
}

/// The same for a placement that the order has left, at once.
pub(super) fn of(
    order: &Document,
    left: Option<Left>,
    now: Timestamp,
) -> Result<Option<WorkChange>, StoreError> {
    left.map(|left| due(order, &left, UpdateKind::Cancelled, now)).transpose()
}

/// That its provider has let go of `place`, or is not to.
pub(super) fn done(order: &Document, place: &str) -> WorkChange {
    WorkChange::Done { kind: LET_GO, id: work::of_place(order, place) }
}

/// What is to be done by the document of a work.
///
/// # Errors
/// [`StoreError::Corrupt`] for what [`due`] did not write.
pub(super) fn read(document: &str) -> Result<LettingGo, StoreError> {
    serde_json::from_str(document)
        .map_err(|error| StoreError::Corrupt(format!("a placement to be let go of: {error}")))
}

/// Whether `place` is the order's still: with its provider, or tried now.
pub(super) fn is_kept(opened: &Opened, place: &str) -> bool {
    let Some(dispatch) = opened.document.dispatch.as_deref() else { return false };
    let is_tried = dispatch.tried().is_some_and(|tried| tried.place == place);
    placed(opened, place).is_some() || (is_tried && !opened.word().is_over())
}

/// The placement of that name, where it is the one that holds.
fn placed<'a>(opened: &'a Opened, place: &str) -> Option<&'a Placed> {
    opened.document.dispatch.as_deref().and_then(Dispatch::placed).filter(|placed| placed.place == place)
}

/// Asks the provider to let go, and files what follows; says whether nothing is left of that.
///
/// # Errors
/// Why it does not let go yet, or when something of ours fails: it is tried again then.
pub(super) async fn go_on(
    state: &DialectState,
    claimed: &Claimed,
    by: &Source,
    opened: Opened,
    letting: &LettingGo,
) -> Result<bool, Failure> {
    let place = letting.place.as_str();
    // Whoever has brought it, or is asked for it again by now, is not to let go.
    let is_asked_back = placed(&opened, place).is_some() && !opened.word().is_over();
    if is_kept(&opened, place) && !is_asked_back {
        return Ok(true);
    }
    let listed = roster::one(state, claimed.tenant, &opened.document, &letting.provider).await?;
    let Some(listed) = listed.filter(|listed| listed.is_a_fleet()) else { return Ok(true) };
    let shown = listed.config.shown();
    match ask::withdraw(state, &opened, &listed, place, letting.how).await {
        Ok(()) if is_asked_back => given_up(state, claimed, by, opened, letting, shown).await?,
        Ok(()) => {}
        Err(why) if why.may_pass() && claimed.claims < MOST_CLAIMS => return Err(refusal(&listed, why)),
        Err(_) => {
            tracing::warn!(order = %letting.order, provider = %listed.id, "a provider does not let go of an order");
            let note = format!("{shown} was asked to let go of {place} and does not: it may bring the order");
            let remarked = |latest: &Opened| {
                let mut document = latest.document.clone();
                let now = state.app.clock.now();
                let at = document.dispatch.as_deref_mut().map_or(now, |dispatch| dispatch.instant(now));
                let steps = vec![Step::remarked(&note).at(at)];
                Ok(Change { document, steps, amendments: Vec::new(), work: Vec::new() })
            };
            desk::change(state, claimed.tenant, by, opened, remarked).await?;
        }
    }
    Ok(true)
}

/// Files that the provider has let go of the placement that holds: whoever asked it was killed before.
async fn given_up(
    state: &DialectState,
    claimed: &Claimed,
    by: &Source,
    opened: Opened,
    letting: &LettingGo,
    shown: &str,
) -> Result<(), Failure> {
    let mut overtaken = false;
    let filed = desk::change(state, claimed.tenant, by, opened, |latest| {
        let placed = placed(latest, &letting.place).filter(|_| !latest.word().is_over());
        overtaken = placed.is_none();
        let placed = placed.ok_or_else(Failure::internal)?;
        let released = Released::from(placed.clone(), format!("{shown} let go of it"));
        let mut document = latest.document.clone();
        let now = state.app.clock.now();
        let (steps, work) = match letting.how {
            UpdateKind::Cancelled => released.cancel(&mut document, now)?,
            _ => released.begin_anew(&mut document, now, now)?,
        };
        Ok(Change { document, steps, amendments: Vec::new(), work })
    })
    .await;
    match filed {
        Err(_) if overtaken => Ok(()),
        filed => filed.map(drop),
    }
}
