//! Drives an order through the machine of [`super::dispatch`]: asks, files what came of it, goes on until a
//! provider has the order, another try is due, or nobody is left. Each step is filed before the next is made, with
//! work that is due soon, so that whoever is killed in between is followed by a worker that goes on.

use doorstep_model::eta::Window;
use doorstep_model::reason::Reason;
use doorstep_model::status::Status;
use doorstep_model::text::Source;
use doorstep_model::time::Timestamp;

use super::ask;
use super::config::Kind as ProviderKind;
use super::dispatch::{self, Dispatch, Left, Next, Outcome, Phase, Placed, Tell};
use super::let_go;
use super::roster;
use super::trouble::{self, Trouble};
use super::work;
use crate::dialects::DialectState;
use crate::dialects::delivery_solutions::desk::{self, Change, DIALECT, Opened};
use crate::dialects::delivery_solutions::document::{Assignment, Document};
use crate::dialects::delivery_solutions::failure::{Call, Failure};
use crate::dialects::delivery_solutions::status::Word;
use crate::dialects::delivery_solutions::steps::Step;
use crate::dialects::delivery_solutions::wire::number::{Amount, EpochMs};
use crate::dialects::delivery_solutions::wire::parts::{Estimate, Provider};
use crate::identity::TenantId;
use crate::store::work::WorkChange;

/// An order after it was driven.
pub(crate) struct Driven {
    /// As it stands.
    pub(crate) opened: Opened,
    /// Why nobody has it, where that is the end for now.
    pub(crate) trouble: Option<Trouble>,
}

/// Places an order that nobody has, beginning anew where it had failed.
///
/// # Errors
/// When something of ours fails; the work goes on by itself then.
pub(crate) async fn place(
    state: &DialectState,
    tenant: TenantId,
    by: &Source,
    opened: Opened,
) -> Result<Driven, Failure> {
    let mut dispatch = opened.document.dispatch.as_deref().cloned().unwrap_or_default();
    if !matches!(dispatch.phase(), Phase::Estimating | Phase::Placing) {
        let _nothing_is_tried = dispatch.begin();
    }
    drive(state, tenant, by, opened, dispatch).await
}

/// Goes on with an order where it stands.
///
/// # Errors
/// When something of ours fails.
pub(super) async fn go_on(
    state: &DialectState,
    tenant: TenantId,
    by: &Source,
    opened: Opened,
) -> Result<Driven, Failure> {
    match opened.document.dispatch.clone() {
        // It was kept and its caller was killed before anybody was asked.
        None => place(state, tenant, by, opened).await,
        Some(dispatch) => drive(state, tenant, by, opened, *dispatch).await,
    }
}

/// `dispatch` is where the order stands, or where it begins anew.
async fn drive(
    state: &DialectState,
    tenant: TenantId,
    by: &Source,
    mut opened: Opened,
    mut dispatch: Dispatch,
) -> Result<Driven, Failure> {
    let id = opened.document.told.order_external_id.clone();
    while !opened.word().is_over() {
        let Some(made) = step(state, tenant, &opened, &dispatch).await? else { break };
        let before = opened.clone();
        let Some(after) = file(state, tenant, by, opened, &made).await? else {
            let latest = desk::existing(state, tenant, &id).await?;
            overtaken(state, tenant, &latest, &made).await?;
            if latest.document.dispatch != before.document.dispatch {
                return Ok(Driven { opened: latest, trouble: None });
            }
            // It was edited before anybody had an offer: the step is made anew with what it says now.
            opened = latest;
            continue;
        };
        (opened, dispatch) = (after, made.dispatch);
        match made.next {
            Next::Now => {}
            Next::At(_) | Next::Done => break,
            Next::Failed(trouble) => return Ok(Driven { opened, trouble: Some(trouble) }),
        }
    }
    Ok(Driven { opened, trouble: None })
}

/// A step that was made and is to be filed.
struct Made {
    dispatch: Dispatch,
    tells: Vec<Tell>,
    next: Next,
    /// The placement that a provider was asked for and did not clearly refuse.
    asked: Option<Left>,
    /// The placement that it leaves.
    left: Option<Left>,
    journey: Option<WorkChange>,
}

/// Makes the next step; `None` where none is to be made.
async fn step(
    state: &DialectState,
    tenant: TenantId,
    opened: &Opened,
    dispatch: &Dispatch,
) -> Result<Option<Made>, Failure> {
    let clock = &state.app.clock;
    let order = &opened.document;
    let rules = roster::rules(state, tenant).await?;
    let mut after = dispatch.clone();
    let (mut asked, mut journey) = (None, None);
    let Outcome { tells, next, left } = match (dispatch.phase(), dispatch.at_hand()) {
        (Phase::Estimating, _) => {
            let roster = roster::of(state, tenant, order).await?;
            let (answers, who) = ask::estimates(opened, &roster, dispatch, &rules, clock.now()).await;
            after.estimated(answers, &who, &rules, clock.now())
        }
        (Phase::Placing, Some(offer)) => {
            let listed = roster::one(state, tenant, order, &offer.provider).await?;
            let answer = match &listed {
                Some(listed) => ask::place(state, opened, listed, dispatch).await,
                None => Err(trouble::Failure::Hard("it was taken down".to_owned())),
            };
            if answer.as_ref().err().is_none_or(trouble::Failure::is_transient) {
                asked = dispatch.tried();
            }
            let outcome = after.answered(answer, &rules, clock.now());
            if let (Some(placed), Some(ProviderKind::Simulated(simulated))) =
                (after.placed(), listed.as_ref().map(|listed| &listed.config.kind))
            {
                journey = simulated.journey().first().map(|scene| work::journey(order, placed, scene));
            }
            outcome
        }
        _ => return Ok(None),
    };
    Ok(Some(Made { dispatch: after, tells, next, asked, left, journey }))
}

/// Files a step, unless somebody else made one meanwhile, or the order was edited or is over.
async fn file(
    state: &DialectState,
    tenant: TenantId,
    by: &Source,
    opened: Opened,
    made: &Made,
) -> Result<Option<Opened>, Failure> {
    let (stood, told) = (opened.document.dispatch.clone(), opened.document.told.clone());
    let mut overtaken = false;
    let filed = desk::change(state, tenant, by, opened, |latest| {
        let is_as_it_was = latest.document.dispatch == stood && latest.document.told == told;
        if !is_as_it_was || latest.word().is_over() {
            overtaken = true;
            return Err(Failure::internal());
        }
        let mut document = latest.document.clone();
        document.assignment = made.dispatch.placed().map(assignment);
        document.dispatch = Some(Box::new(made.dispatch.clone()));
        let now = state.app.clock.now();
        let go_on = match &made.next {
            Next::Now => work::go_on(&document, work::soon(now)),
            Next::At(then) => work::go_on(&document, *then),
            Next::Done | Next::Failed(_) => work::gone_on(&document),
        };
        let mut steps = steps(&made.tells, &document);
        if latest.shipment.journey().status == Status::Confirmed && made.dispatch.placed().is_none() {
            // Somebody had it, and nobody has it now: what is told of finding another one is where it stands.
            steps = steps.into_iter().map(|step| step.back(true)).collect();
        }
        let left = let_go::of(&document, made.left.clone(), now)?;
        let work = [Some(go_on), made.journey.clone(), left].into_iter().flatten().collect();
        Ok(Change { document, steps, amendments: Vec::new(), work })
    })
    .await;
    match filed {
        Err(_) if overtaken => Ok(None),
        filed => filed.map(Some),
    }
}

/// Somebody else was faster. A provider that may just have taken an order that was cancelled or edited meanwhile is
/// to let go of it.
async fn overtaken(
    state: &DialectState,
    tenant: TenantId,
    latest: &Opened,
    made: &Made,
) -> Result<(), Failure> {
    let asked = made.asked.clone().filter(|asked| !let_go::is_kept(latest, &asked.place));
    let due = let_go::of(&latest.document, asked, state.app.clock.now())?;
    Ok(state.app.store.change_work(tenant, DIALECT, due.into_iter().collect()).await?)
}

/// What placing `order` tells, in the original's words.
pub(super) fn steps(tells: &[Tell], order: &Document) -> Vec<Step> {
    let step = |tell: &Tell| {
        let word = match tell.step {
            dispatch::Step::EstimatesReceived => Word::EstimatesReceived,
            dispatch::Step::EstimatesFailed => Word::EstimatesFailed,
            dispatch::Step::PendingAutoretry => Word::PendingAutoretry,
            dispatch::Step::Dispatched => Word::OrderDispatched,
            dispatch::Step::Failed => Word::OrderFailed,
            dispatch::Step::Unassigned => Word::OrderUnassigned,
        };
        let mut step = Step::to(word).at(tell.at);
        if let Some(note) = &tell.note {
            step = step.noted(note);
        }
        match tell.step {
            dispatch::Step::Dispatched => step.expecting(promised(order)),
            dispatch::Step::Unassigned => step.expecting(Some(expected(order))),
            dispatch::Step::EstimatesFailed | dispatch::Step::Failed => step.because(Reason::NoProvider),
            _ => step,
        }
    };
    tells.iter().map(step).collect()
}

/// When the provider that has `order` means to bring it: from when it is collected until it means to be there.
fn promised(order: &Document) -> Option<Window> {
    let Placed { offer, .. } = order.dispatch.as_deref()?.placed()?;
    let (from, until) = (offer.estimate.pickup_at, offer.estimate.deliver_at);
    (!offer.own && from <= until).then_some(Window::Between { from, until })
}

/// When the recipient may expect `order` as it stands: as its client told, else as its provider means to bring it,
/// else nobody knows any more.
pub(crate) fn expected(order: &Document) -> Window {
    let told = order.told.delivery_time.and_then(|window| window.window(&order.location.zone));
    told.or_else(|| promised(order)).unwrap_or(Window::Unknown)
}

/// Who brings it, as it is answered.
fn assignment(placed: &Placed) -> Assignment {
    let offer = &placed.offer;
    let provider = Provider {
        name: offer.name.clone(),
        display_name: offer.shown.clone(),
        service_id: Some(offer.service.clone()),
        service_type: Some(offer.service_type.clone()),
        id: offer.provider.to_string(),
    };
    if offer.own {
        return Assignment { provider, ..Assignment::default() };
    }
    let amount = serde_json::Number::from_f64(offer.estimate.amount.units()).and_then(Amount::new);
    let at = |at: Timestamp| Some(EpochMs::from(at));
    Assignment {
        provider,
        tracking_id: Some(placed.reference.clone()).filter(|reference| !reference.is_empty()),
        fee: amount.clone(),
        amount,
        currency_code: Some(offer.currency_code.clone()),
        pickup: Estimate { starts_at: at(offer.estimate.pickup_at), ends_at: None },
        delivery: Estimate { starts_at: None, ends_at: at(offer.estimate.deliver_at) },
        vehicle: None,
    }
}

impl Driven {
    /// The order, unless nobody has it and that is the end for now.
    ///
    /// # Errors
    /// What `call` answers then.
    pub(crate) fn or_failed(self, call: Call) -> Result<Opened, Failure> {
        self.trouble.map_or(Ok(self.opened), |trouble| Err(trouble.answer(call)))
    }

    /// That the placement which is tried is left, for an order that needs none any more.
    pub(super) fn left(&self, now: Timestamp) -> Result<Option<WorkChange>, Failure> {
        let document = &self.opened.document;
        let left = document.dispatch.as_deref().and_then(Dispatch::tried);
        Ok(let_go::of(document, left, now)?)
    }

    /// Whether another step is to come.
    pub(super) fn is_under_way(&self) -> bool {
        let phase = self.opened.document.dispatch.as_deref().map(Dispatch::phase);
        matches!(phase, Some(Phase::Estimating | Phase::Placing))
    }
}
