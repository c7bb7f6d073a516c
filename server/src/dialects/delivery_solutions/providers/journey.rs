//! The journey of an order that a simulated provider has: each scene is told when it is due, as the provider would
//! tell it. How many were told stands with the order, so that none is told twice, whoever is killed when.

use doorstep_model::person::Courier;
use doorstep_model::text::{PersonName, Phone, Source};

use super::config::Kind;
use super::dispatch::{Dispatch, Placed, Progress};
use super::roster;
use super::simulated::{Scene, Simulated};
use super::work;
use crate::dialects::DialectState;
use crate::dialects::delivery_solutions::desk::{self, Change, Opened};
use crate::dialects::delivery_solutions::failure::Failure;
use crate::dialects::delivery_solutions::status::Word;
use crate::dialects::delivery_solutions::steps::Step;
use crate::store::work::Claimed;
use doorstep_model::time::Timestamp;

/// Tells the scenes that are due; says whether nothing is left of the work that called for it.
///
/// # Errors
/// When something of ours fails.
pub(super) async fn go_on(
    state: &DialectState,
    claimed: &Claimed,
    by: &Source,
    opened: Opened,
) -> Result<bool, Failure> {
    let Some(placed) = placed(&opened, claimed).cloned() else { return Ok(true) };
    let listed = roster::one(state, claimed.tenant, &opened.document, &placed.offer.provider).await?;
    let Some(Kind::Simulated(simulated)) = listed.map(|listed| listed.config.kind) else { return Ok(true) };
    let scenes = simulated.journey();
    let mut is_over = false;
    let told = desk::change(state, claimed.tenant, by, opened, |latest| {
        is_over = self::placed(latest, claimed).is_none();
        let dispatch = latest.document.dispatch.as_deref().filter(|_| !is_over);
        let Some(dispatch) = dispatch else { return Err(Failure::internal()) };
        Ok(told(latest, dispatch, &placed, &scenes, &simulated, state.app.clock.now()))
    });
    match told.await {
        Err(_) if is_over => Ok(true),
        told => told.map(|_| false),
    }
}

/// The placement that `claimed` is about, if it is the one that holds and the order is not over.
fn placed<'a>(opened: &'a Opened, claimed: &Claimed) -> Option<&'a Placed> {
    let placed = opened.document.dispatch.as_deref()?.placed()?;
    let is_meant = work::of_place(&opened.document, &placed.place) == claimed.id;
    Some(placed).filter(|_| is_meant && !opened.word().is_over())
}

/// What is told of the scenes that are due at `now`, and when the next is.
fn told(
    latest: &Opened,
    dispatch: &Dispatch,
    placed: &Placed,
    scenes: &[Scene],
    simulated: &Simulated,
    now: Timestamp,
) -> Change {
    let at =
        |scene: &Scene| Timestamp::from_millis(placed.at.millis() + i64::from(scene.after_seconds) * 1_000);
    let before = dispatch.progress().scenes;
    let due: Vec<&Scene> = scenes.iter().skip(before).take_while(|scene| at(scene) <= now).collect();
    let after = before + due.len();
    let mut dispatch = dispatch.clone();
    dispatch.progressed(Progress { scenes: after, ..dispatch.progress().clone() });
    let mut step = |scene: &&Scene| {
        let mut step = Step::to(scene.status).at(dispatch.instant(at(scene))).by(&placed.offer.shown);
        if let Some(note) = &scene.note {
            step = step.noted(note);
        }
        if scene.status == Word::OrderAssigned { step.brought_by(courier(simulated)) } else { step }
    };
    let steps = due.iter().map(&mut step).collect();
    let mut document = latest.document.clone();
    document.dispatch = Some(Box::new(dispatch));
    let next = match scenes.get(after) {
        Some(scene) => work::journey(&document, placed, scene),
        None => work::journey_over(&document, placed),
    };
    Change { document, steps, amendments: Vec::new(), work: vec![next] }
}

fn courier(simulated: &Simulated) -> Option<Courier> {
    let driver = simulated.driver.as_ref()?;
    let phone = driver.phone.as_deref().and_then(|phone| Phone::parse(phone).ok());
    Some(Courier { name: PersonName::parse(&driver.name).ok(), phone })
}
