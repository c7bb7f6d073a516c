//! Getting an order back from the provider that has it: because it is cancelled, or because an edit makes it
//! another one. The provider is asked first; what it does not let go of stays as it is.

use doorstep_model::reason::Reason;
use doorstep_model::time::Timestamp;

use super::ask;
use super::choose;
use super::dispatch::{Answers, Dispatch, Left, Phase, Placed};
use super::drive;
use super::let_go;
use super::roster::{self, Listed};
use super::trouble::{CancelFailure, Trouble};
use super::work;
use crate::dialects::DialectState;
use crate::dialects::delivery_solutions::desk::{DIALECT, Opened};
use crate::dialects::delivery_solutions::document::Document;
use crate::dialects::delivery_solutions::failure::{Call, Failure, Kind, ProviderError};
use crate::dialects::delivery_solutions::status::Word;
use crate::dialects::delivery_solutions::steps::Step;
use crate::dialects::fleet::UpdateKind;
use crate::identity::TenantId;
use crate::store::StoreError;
use crate::store::work::WorkChange;

/// An order that no provider has any more.
#[derive(Clone, Debug, Default)]
pub(crate) struct Released {
    /// Who had it, and what is noted of that.
    from: Option<(Placed, String)>,
}

impl Released {
    /// From whoever had it by `placed`, with what is noted of that.
    pub(super) fn from(placed: Placed, note: String) -> Self {
        Self { from: Some((placed, note)) }
    }

    /// Whether nobody has `document` but whoever has let go of it: another provider would have to be asked too.
    pub(crate) fn frees(&self, document: &Document) -> bool {
        let stands = document.dispatch.as_deref().and_then(Dispatch::placed);
        stands.is_none_or(|stands| self.from.as_ref().is_some_and(|(placed, _)| placed.place == stands.place))
    }

    /// Takes note in `document` that it is cancelled; gives what is told, and what becomes of the work that was due.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where the work cannot be written, which no value of ours brings about.
    pub(crate) fn cancel(
        &self,
        document: &mut Document,
        now: Timestamp,
    ) -> Result<(Vec<Step>, Vec<WorkChange>), StoreError> {
        let mut work = self.work(document);
        let mut dispatch = document.dispatch.take().unwrap_or_default();
        work.extend(let_go::of(document, dispatch.cancel(), now)?);
        let mut step =
            Step::to(Word::OrderCancelled).because(Reason::SenderCancelled).at(dispatch.instant(now));
        if let Some((_, note)) = &self.from {
            step = step.noted(note);
        }
        document.dispatch = Some(dispatch);
        work.push(work::gone_on(document));
        Ok((vec![step], work))
    }

    /// Takes note in `document` that it is placed anew, which is due at `at`; gives what is told, and the work.
    ///
    /// # Errors
    /// As [`Released::cancel`].
    pub(crate) fn begin_anew(
        &self,
        document: &mut Document,
        now: Timestamp,
        at: Timestamp,
    ) -> Result<(Vec<Step>, Vec<WorkChange>), StoreError> {
        let mut work = self.work(document);
        let mut dispatch = document.dispatch.take().unwrap_or_default();
        let mut steps = Vec::new();
        if let Some((placed, note)) = &self.from {
            // Where it says itself that it gave the order back, that is what we asked for, and told already.
            dispatch.was_asked_back(&placed.offer.provider);
            if dispatch.placed().is_some() {
                steps.push(Step::to(Word::OrderUnassigned).noted(note).at(dispatch.instant(now)));
            }
        }
        work.extend(let_go::of(document, dispatch.begin(), now)?);
        document.dispatch = Some(dispatch);
        document.assignment = None;
        let expected = drive::expected(document);
        let steps = steps.into_iter().map(|step| step.expecting(Some(expected))).collect();
        work.push(work::go_on(document, at));
        Ok((steps, work))
    }

    /// Takes note that it was let go of where nothing is filed with that: `order` has moved on meanwhile.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(crate) async fn is_over(
        &self,
        state: &DialectState,
        tenant: TenantId,
        order: &Document,
    ) -> Result<(), Failure> {
        Ok(state.app.store.change_work(tenant, DIALECT, self.work(order)).await?)
    }

    /// What was due of the placement that is no more.
    fn work(&self, document: &Document) -> Vec<WorkChange> {
        let over = |(placed, _): &(Placed, String)| {
            [work::journey_over(document, placed), let_go::done(document, &placed.place)]
        };
        self.from.iter().flat_map(over).collect()
    }
}

/// Takes note in `document` that it was edited: what was offered for it before may not hold, so that the try that
/// is due asks anew. Gives the work that follows from that.
///
/// # Errors
/// As [`Released::cancel`].
pub(crate) fn edited(document: &mut Document, now: Timestamp) -> Result<Option<WorkChange>, StoreError> {
    let Some(mut dispatch) = document.dispatch.take() else { return Ok(None) };
    let is_under_way = matches!(dispatch.phase(), Phase::Estimating | Phase::Placing);
    let left = is_under_way.then(|| dispatch.begin()).flatten();
    document.dispatch = Some(dispatch);
    let_go::of(document, left, now)
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
    opened: &Opened,
    after: &Document,
) -> Result<bool, Failure> {
    let before = &opened.document;
    let Some(placed) = before.dispatch.as_deref().and_then(Dispatch::placed) else { return Ok(false) };
    let listed = roster::one(state, tenant, after, &placed.offer.provider).await?;
    let another = listed.is_some_and(|listed| is_another_task(opened, after, &listed, &placed.place));
    if is_the_same_parcel(before, after) {
        return Ok(another);
    }
    let (now, roster) = (state.app.clock.now(), roster::of(state, tenant, after).await?);
    let parcel = roster::parcel(after, now);
    // As of when it was placed: a provider that has closed since has it all the same.
    let (fits, _) = ask::considered(after, &roster, None, &roster::parcel(after, placed.at));
    let offer = &placed.offer;
    let is_in_time = offer.own || parcel.due_by.is_none_or(|due| offer.estimate.deliver_at <= due);
    if is_in_time && fits.iter().any(|fit| *fit.id == offer.provider && fit.service.id == offer.service) {
        return Ok(another);
    }
    // Who would be asked if it were placed now.
    let (fits, mut passed) = ask::considered(after, &roster, before.dispatch.as_deref(), &parcel);
    let offers = fits.iter().map(|fit| fit.offer(fit.service.terms.estimate(&parcel, now))).collect();
    let (ranked, late) = choose::rank(offers, &parcel, &roster::rules(state, tenant).await?);
    if !ranked.is_empty() {
        return Ok(true);
    }
    passed.extend(late);
    let answers = Answers { passed, any: !roster.is_empty(), ..Default::default() };
    Err(Trouble::of_estimates(&answers).answer(Call::Edit))
}

/// Whether the provider that has `after`, if any, has it by the placement of `before`.
pub(crate) fn is_with_the_same(before: &Document, after: &Document) -> bool {
    let place = |order: &Document| Some(order.dispatch.as_deref()?.placed()?.place.clone());
    let (before, after) = (place(before), place(after));
    after.is_none() || before == after
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

/// Whether a fleet that has the order by `placed` would have to be told something else than it was. Its protocol has
/// no word for a change of a task.
fn is_another_task(opened: &Opened, after: &Document, listed: &Listed, place: &str) -> bool {
    let changed = Opened { document: after.clone(), ..opened.clone() };
    listed.is_a_fleet() && ask::task(opened, listed, place) != ask::task(&changed, listed, place)
}

/// Gets the order back from whoever has it: for good, or to place it anew. That a fleet is asked is written down
/// before, so that a worker brings it to its end should we be killed in between.
///
/// # Errors
/// Why the provider keeps it, or when something of ours fails.
pub(crate) async fn release(
    state: &DialectState,
    tenant: TenantId,
    opened: &Opened,
    for_good: bool,
) -> Result<Released, Failure> {
    let order = &opened.document;
    let Some(placed) = order.dispatch.as_deref().and_then(Dispatch::placed) else {
        return Ok(Released::default());
    };
    let how = if for_good { UpdateKind::Cancelled } else { UpdateKind::TaskReset };
    let shown = &placed.offer.shown;
    let Some(listed) = roster::one(state, tenant, order, &placed.offer.provider).await? else {
        // There is nobody left to ask.
        return Ok(Released::from(placed.clone(), format!("{shown} was taken down; it was not told")));
    };
    let store = &state.app.store;
    if listed.is_a_fleet() {
        let left = Left { provider: listed.id.clone(), place: placed.place.clone() };
        let due = let_go::due(order, &left, how, work::soon(state.app.clock.now()))?;
        store.change_work(tenant, DIALECT, vec![due]).await?;
    }
    if let Err(why) = ask::withdraw(state, opened, &listed, &placed.place, how).await {
        store.change_work(tenant, DIALECT, vec![let_go::done(order, &placed.place)]).await?;
        return Err(refusal(&listed, why));
    }
    Ok(Released::from(placed.clone(), format!("{shown} let go of it")))
}

/// That a provider keeps an order, as the client is told.
pub(super) fn refusal(listed: &Listed, why: CancelFailure) -> Failure {
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
