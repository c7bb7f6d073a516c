//! Getting an order back from the provider that has it: because it is cancelled, or because an edit makes it
//! another one. The provider is asked first; what it does not let go of stays as it is.

use doorstep_model::reason::Reason;
use doorstep_model::time::Timestamp;

use super::ask;
use super::choose;
use super::config::Kind as ProviderKind;
use super::dispatch::{Answers, Dispatch, Phase, Placed};
use super::roster::{self, Listed};
use super::trouble::{CancelFailure, Trouble};
use super::work;
use crate::dialects::DialectState;
use crate::dialects::delivery_solutions::desk::Opened;
use crate::dialects::delivery_solutions::document::Document;
use crate::dialects::delivery_solutions::failure::{Call, Failure, Kind, ProviderError};
use crate::dialects::delivery_solutions::status::Word;
use crate::dialects::delivery_solutions::steps::Step;
use crate::dialects::fleet::UpdateKind;
use crate::identity::TenantId;
use crate::store::work::WorkChange;

/// An order that no provider has any more.
#[derive(Clone, Debug, Default)]
pub(crate) struct Released {
    /// Who had it, and what is noted of that.
    from: Option<(Placed, String)>,
}

impl Released {
    /// Takes note in `document` that it is cancelled; gives what is told, and what becomes of the work that was due.
    pub(crate) fn cancel(&self, document: &mut Document, now: Timestamp) -> (Vec<Step>, Vec<WorkChange>) {
        let mut dispatch = document.dispatch.take().unwrap_or_default();
        dispatch.cancel();
        let mut step =
            Step::to(Word::OrderCancelled).because(Reason::SenderCancelled).at(dispatch.instant(now));
        if let Some((_, note)) = &self.from {
            step = step.noted(note);
        }
        document.dispatch = Some(dispatch);
        (vec![step], [Some(work::gone_on(document)), self.journey(document)].into_iter().flatten().collect())
    }

    /// Takes note in `document` that it is placed anew; gives what is told, and the work that is due.
    pub(crate) fn begin_anew(&self, document: &mut Document, now: Timestamp) -> (Vec<Step>, Vec<WorkChange>) {
        let journey = self.journey(document);
        let mut dispatch = document.dispatch.take().unwrap_or_default();
        dispatch.begin();
        let step = |(_, note): &(Placed, String)| Step::to(Word::OrderUnassigned).noted(note);
        let steps = self.from.iter().map(|from| step(from).at(dispatch.instant(now))).collect();
        document.dispatch = Some(dispatch);
        document.assignment = None;
        let go_on = work::go_on(document, work::soon(now));
        (steps, [Some(go_on), journey].into_iter().flatten().collect())
    }

    fn journey(&self, document: &Document) -> Option<WorkChange> {
        self.from.as_ref().map(|(placed, _)| work::journey_over(document, placed))
    }
}

/// Takes note in `document` that it was edited: what was offered for it before may not hold, so that the try that
/// is due asks anew.
pub(crate) fn edited(document: &mut Document) {
    if let Some(dispatch) = &mut document.dispatch
        && matches!(dispatch.phase(), Phase::Estimating | Phase::Placing)
    {
        dispatch.begin();
    }
}

/// Whether an order that a provider has must be placed anew once it is `after`: its provider does not take it as it
/// is now, or cannot be told of the change.
///
/// # Errors
/// `NO_PROVIDER_ASSIGNED` or `NO_PROVIDER_MATCHED` where nobody takes it as it is now, or when something of ours
/// fails.
pub(crate) async fn moves(
    state: &DialectState,
    tenant: TenantId,
    before: &Document,
    after: &Document,
) -> Result<bool, Failure> {
    let Some(placed) = before.dispatch.as_deref().and_then(Dispatch::placed) else { return Ok(false) };
    if is_the_same_parcel(before, after) {
        let listed = roster::one(state, tenant, after, &placed.offer.provider).await?;
        let is_fleet = listed.is_some_and(|listed| matches!(listed.config.kind, ProviderKind::Fleet(_)));
        return Ok(is_fleet && is_another_task(before, after));
    }
    let roster = roster::of(state, tenant, after).await?;
    // As of when it was placed: a provider that has closed since has it all the same.
    let parcel = roster::parcel(after, placed.at);
    let known = roster.listed.iter().map(|listed| (&listed.id, &listed.config));
    let (fits, passed) = choose::consider(&parcel, known, &roster::proposals(after), roster::currency(after));
    let stays =
        fits.iter().find(|fit| *fit.id == placed.offer.provider && fit.service.id == placed.offer.service);
    match stays {
        Some(fit) => {
            Ok(matches!(fit.provider.kind, ProviderKind::Fleet(_)) && is_another_task(before, after))
        }
        None if !fits.is_empty() => Ok(true),
        None => {
            let answers = Answers { passed, any: !roster.is_empty(), ..Default::default() };
            let trouble = Trouble::of_estimates(&answers);
            Err(trouble.answer(Call::Edit))
        }
    }
}

/// Whether nothing changed by which a provider takes an order or not.
fn is_the_same_parcel(before: &Document, after: &Document) -> bool {
    let (a, b) = (&before.told, &after.told);
    a.delivery_address == b.delivery_address
        && a.pickup_address == b.pickup_address
        && a.location_external_id == b.location_external_id
        && a.pickup_time == b.pickup_time
        && a.delivery_time == b.delivery_time
        && a.signature == b.signature
        && a.currency_code == b.currency_code
        && a.proposed_providers == b.proposed_providers
}

/// Whether a fleet would have to do something else. Its protocol has no word for a change of that.
fn is_another_task(before: &Document, after: &Document) -> bool {
    let (a, b) = (&before.told, &after.told);
    a.delivery_address != b.delivery_address
        || a.delivery_contact != b.delivery_contact
        || a.pickup_address != b.pickup_address
        || a.location_external_id != b.location_external_id
        || a.item_list != b.item_list
        || a.delivery_instructions != b.delivery_instructions
}

/// Gets the order back from whoever has it: for good, or to place it anew.
///
/// # Errors
/// Why the provider keeps it, or when something of ours fails.
pub(crate) async fn release(
    state: &DialectState,
    tenant: TenantId,
    opened: &Opened,
    for_good: bool,
) -> Result<Released, Failure> {
    let dispatch = opened.document.dispatch.as_deref().filter(|dispatch| dispatch.phase() == Phase::Placed);
    let Some(placed) = dispatch.and_then(Dispatch::placed) else { return Ok(Released::default()) };
    let event = if for_good { UpdateKind::Cancelled } else { UpdateKind::TaskReset };
    let shown = &placed.offer.shown;
    let note = match roster::one(state, tenant, &opened.document, &placed.offer.provider).await? {
        Some(listed) => {
            ask::withdraw(state, opened, &listed, placed, event)
                .await
                .map_err(|why| refusal(&listed, why))?;
            format!("{shown} let go of it")
        }
        // There is nobody left to ask.
        None => format!("{shown} was taken down; it was not told"),
    };
    Ok(Released { from: Some((placed.clone(), note)) })
}

fn refusal(listed: &Listed, why: CancelFailure) -> Failure {
    let (kind, message, said) = match why {
        CancelFailure::NotAllowed => {
            (Kind::CancellationNotAllowed, "Provider does not allow cancellation of orders.", None)
        }
        CancelFailure::Failed(said) => {
            (Kind::CancellationFailed, "Provider failed to cancel order", Some(said))
        }
        CancelFailure::Unmapped(said) => {
            (Kind::Unmapped, "Request received unidentifiable error response.", Some(said))
        }
    };
    let provider = listed.config.shown().to_owned();
    let error = |message| ProviderError { provider, code: None, message };
    Failure::new(kind, message).said(said.map(error).into_iter().collect())
}
