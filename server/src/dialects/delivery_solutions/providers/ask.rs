//! Asking providers: for estimates (all at once, each within the time that the rules give), to take an order, to
//! let go of one. The one place that tells the kinds of providers apart.

use std::collections::BTreeSet;
use std::time::Duration;

use doorstep_model::event::Movement;
use doorstep_model::shipment::Shipment;
use doorstep_model::status::Status;
use futures_util::future::join_all;

use super::carries::Misfit;
use super::choose::{self, Candidate, Passed};
use super::config::{Estimate, Kind, ProviderId};
use super::dispatch::{Answers, Asked, Dispatch, Placement};
use super::fleet;
use super::parcel::Parcel;
use super::roster::{self, Listed, Roster};
use super::rules::Rules;
use super::trouble::{CancelFailure, Failure};
use crate::dialects::DialectState;
use crate::dialects::delivery_solutions::desk::Opened;
use crate::dialects::delivery_solutions::document::Document;
use crate::dialects::fleet::{Creation, FleetInfo, UpdateKind};
use doorstep_model::time::Timestamp;

/// Between an order's tracking id and the rest of a task's name; no tracking id holds it.
const TASK: char = ':';

/// Asks everybody who fits for an estimate; gives who was asked beside what they said.
pub(super) async fn estimates(
    opened: &Opened,
    roster: &Roster,
    dispatch: &Dispatch,
    rules: &Rules,
    now: Timestamp,
) -> (Answers, Vec<ProviderId>) {
    let order = &opened.document;
    let parcel = roster::parcel(order, now);
    let (candidates, mut passed) = considered(order, roster, Some(dispatch), &parcel);
    let within = Duration::from_secs(rules.estimate_seconds.into());
    let asks = candidates.iter().map(|candidate| async {
        let asked = estimate(candidate, dispatch.asked(candidate.id), &parcel, now);
        let late = || Failure::Transient(format!("no answer within {} s", rules.estimate_seconds));
        tokio::time::timeout(within, asked).await.unwrap_or_else(|_| Err(late()))
    });
    let (mut offers, mut failed) = (Vec::new(), Vec::new());
    for (candidate, answer) in candidates.iter().zip(join_all(asks).await) {
        match answer {
            Ok(estimate) => offers.push(candidate.offer(estimate)),
            Err(why) => failed.push(Passed { shown: candidate.provider.shown().to_owned(), why }),
        }
    }
    let (ranked, late) = choose::rank(offers, &parcel, rules);
    passed.extend(late);
    let asked: BTreeSet<_> = candidates.iter().map(|candidate| candidate.id.clone()).collect();
    (Answers { ranked, passed, failed, any: !roster.is_empty() }, asked.into_iter().collect())
}

/// Who of `roster` takes `parcel` and did not give the order back in `dispatch`, and who is passed over, with why.
pub(super) fn considered<'a>(
    order: &Document,
    roster: &'a Roster,
    dispatch: Option<&Dispatch>,
    parcel: &Parcel,
) -> (Vec<Candidate<'a>>, Vec<Passed>) {
    let known = roster.listed.iter().map(|listed| (&listed.id, &listed.config));
    let (fits, mut passed) =
        choose::consider(parcel, known, &roster::proposals(order), roster::currency(order));
    let missing = roster.missing.iter().map(|name| Passed { shown: name.clone(), why: Misfit::NotSetUp });
    passed.extend(missing);
    let has_given_up = |id| dispatch.is_some_and(|dispatch| dispatch.has_given_up(id));
    let (gone, fits): (Vec<_>, Vec<_>) = fits.into_iter().partition(|candidate| has_given_up(candidate.id));
    for candidate in gone {
        let shown = candidate.provider.shown().to_owned();
        if passed.iter().all(|passed| passed.shown != shown) {
            passed.push(Passed { shown, why: Misfit::GaveUp });
        }
    }
    (fits, passed)
}

/// What one service asks for.
async fn estimate(
    candidate: &Candidate<'_>,
    asked: Asked,
    parcel: &Parcel,
    now: Timestamp,
) -> Result<Estimate, Failure> {
    if let Kind::Simulated(simulated) = &candidate.provider.kind {
        tokio::time::sleep(Duration::from_millis(simulated.estimate_millis.into())).await;
        simulated.estimates(asked)?;
    }
    // The tenant's own people and fleets are not asked: their terms stand.
    Ok(candidate.service.terms.estimate(parcel, now))
}

/// Asks the provider at hand to take the order.
pub(super) async fn place(
    state: &DialectState,
    opened: &Opened,
    listed: &Listed,
    dispatch: &Dispatch,
) -> Result<Placement, Failure> {
    match &listed.config.kind {
        // Its people scan our own label.
        Kind::OwnFleet => Ok(Placement::default()),
        Kind::Simulated(simulated) => {
            simulated.takes(dispatch.asked(&listed.id))?;
            let place = dispatch.place();
            Ok(Placement { reference: format!("SIM-{}-{place}", opened.document.id), tracking_url: None })
        }
        Kind::Fleet(fleet) => {
            let task = task(opened, listed, &dispatch.place());
            fleet.place(&state.app.outbound, listed.key.as_deref(), &task).await
        }
    }
}

/// Asks a provider to let go of the order that it has by the name `place`: for good, or to take it anew.
pub(super) async fn withdraw(
    state: &DialectState,
    opened: &Opened,
    listed: &Listed,
    place: &str,
    event: UpdateKind,
) -> Result<(), CancelFailure> {
    match &listed.config.kind {
        Kind::OwnFleet | Kind::Simulated(_) if is_collected(&opened.shipment) => {
            Err(CancelFailure::NotAllowed)
        }
        Kind::OwnFleet => Ok(()),
        Kind::Simulated(simulated) => simulated.cancels(),
        Kind::Fleet(fleet) => {
            let task = task(opened, listed, place);
            fleet.withdraw(&state.app.outbound, listed.key.as_deref(), task, event).await
        }
    }
}

/// Whether the goods have left: since it last stepped back, as far as it came. What went wrong on the way has no
/// rank and brings nothing back; only what was tried at the door has left for sure.
fn is_collected(shipment: &Shipment) -> bool {
    let events = shipment.events();
    let since = events.iter().rposition(|event| event.movement != Movement::Forward).unwrap_or(0);
    let has_left = |status: Status| {
        status == Status::AttemptFailed
            || status.rank().is_some_and(|rank| Some(rank) >= Status::PickedUp.rank())
    };
    events.iter().skip(since).filter_map(|event| event.status).any(has_left)
}

/// The order as a task of a fleet by the name `place`.
pub(super) fn task(opened: &Opened, listed: &Listed, place: &str) -> Creation {
    let id = format!("{}{TASK}{place}", opened.shipment.tracking_id());
    let info = FleetInfo { id: listed.id.to_string(), name: listed.config.shown().to_owned() };
    fleet::task(opened, id, info)
}

/// The tracking id and the placement that a task is named after.
pub(super) fn named(task_id: &str) -> Option<(&str, &str)> {
    task_id.split_once(TASK)
}
