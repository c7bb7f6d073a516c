//! What is due later, and the worker that does it: going on with an order that waits for another try or whose
//! caller was killed, the next scene of a simulated journey, a provider that is to let go of a placement. Work is
//! kept with the order and claimed by one worker at a time (`store::work`); time is the server's clock, so that
//! tests can let it pass.

use std::time::Duration;

use doorstep_model::text::Source;
use doorstep_model::time::Timestamp;
use tokio::task::JoinSet;

use super::dispatch::Placed;
use super::simulated::Scene;
use super::{drive, journey, let_go};
use crate::dialects::DialectState;
use crate::dialects::delivery_solutions::desk::{self, DIALECT};
use crate::dialects::delivery_solutions::document::Document;
use crate::dialects::delivery_solutions::failure::Failure;
use crate::dialects::delivery_solutions::wire::text::ExternalId;
use crate::store::StoreError;
use crate::store::work::{Claimed, WorkChange, WorkKind};

/// Going on with an order.
pub(super) const GO_ON: WorkKind = WorkKind("go-on");

/// The next scene of a simulated journey.
pub(super) const SCENE: WorkKind = WorkKind("scene");

/// A provider that is to let go of a placement.
pub(super) const LET_GO: WorkKind = WorkKind("let-go");

/// All kinds of work here.
const KINDS: [WorkKind; 3] = [GO_ON, SCENE, LET_GO];

/// How long whoever goes on with an order has it alone, a caller or a worker: longer than a step takes, with its
/// estimates (20 s at most) or its call (10 s).
const TERM_MS: i64 = 60_000;

/// How long a worker has a scene alone: it asks nobody, so a moment would do.
const SCENE_TERM_MS: i64 = 5_000;

/// How much is done at the same time.
const MOST: usize = 32;

/// How long a worker sleeps at most. Work that becomes due sooner and was filed meanwhile waits so long.
const SLEEP: Duration = Duration::from_millis(500);

/// How long it waits after a failure of ours.
const PATIENCE: Duration = Duration::from_secs(2);

/// Who says what the worker says.
const WORKER: &str = "Doorstep";

/// The instant at which another takes up what is begun at `now` and not finished.
pub(crate) fn soon(now: Timestamp) -> Timestamp {
    Timestamp::from_millis(now.millis() + TERM_MS)
}

/// That going on with `order` is due then.
pub(crate) fn go_on(order: &Document, at: Timestamp) -> WorkChange {
    let id = order.told.order_external_id.as_str().to_owned();
    WorkChange::Due { kind: GO_ON, id, at, document: String::new() }
}

/// That there is nothing to go on with.
pub(super) fn gone_on(order: &Document) -> WorkChange {
    WorkChange::Done { kind: GO_ON, id: order.told.order_external_id.as_str().to_owned() }
}

/// That a scene of the journey that began with `placed` is due.
pub(super) fn journey(order: &Document, placed: &Placed, scene: &Scene) -> WorkChange {
    let at = Timestamp::from_millis(placed.at.millis() + i64::from(scene.after_seconds) * 1_000);
    let document = order.told.order_external_id.as_str().to_owned();
    WorkChange::Due { kind: SCENE, id: of_place(order, &placed.place), at, document }
}

/// That the journey that began with `placed` has no further scene.
pub(super) fn journey_over(order: &Document, placed: &Placed) -> WorkChange {
    WorkChange::Done { kind: SCENE, id: of_place(order, &placed.place) }
}

/// The name of what is due of a placement: another placement of the order has another.
pub(super) fn of_place(order: &Document, place: &str) -> String {
    format!("{}/{place}", order.id)
}

/// Works until the server stops.
pub(crate) async fn run(state: DialectState) {
    let mut busy = JoinSet::new();
    while !state.app.stopping.is_cancelled() {
        let wait = match claim(&state, MOST - busy.len()).await {
            Ok(claimed) => {
                let found = !claimed.is_empty();
                for (kind, work) in claimed {
                    let state = state.clone();
                    busy.spawn(async move { one(&state, kind, work).await });
                }
                match busy.len() {
                    // Below, one that is done wakes it sooner.
                    MOST => SLEEP,
                    // More may wait.
                    _ if found => Duration::ZERO,
                    _ => sleep(&state).await,
                }
            }
            Err(StoreError::Closed) => break,
            Err(error) => {
                tracing::error!(
                    error = format!("{:#}", anyhow::Error::new(error)),
                    "due work cannot be claimed"
                );
                PATIENCE
            }
        };
        tokio::select! {
            () = state.app.stopping.cancelled() => {}
            () = tokio::time::sleep(wait) => {}
            Some(_) = busy.join_next(), if busy.len() == MOST => {}
        }
        while busy.try_join_next().is_some() {}
    }
    // What is begun is finished, if that takes no longer than a moment; what is not is due again after its term.
    let finished = async { while busy.join_next().await.is_some() {} };
    if tokio::time::timeout(PATIENCE, finished).await.is_err() {
        tracing::info!("work that was begun is left for the next start");
    }
}

/// Until the next is due, or a while.
async fn sleep(state: &DialectState) -> Duration {
    let now = state.app.clock.now();
    let mut wait = SLEEP;
    for kind in KINDS {
        if let Ok(Some(due)) = state.app.store.next_work(DIALECT, kind, now).await {
            let millis = u64::try_from(due.millis() - now.millis()).unwrap_or(1).max(1);
            wait = wait.min(Duration::from_millis(millis));
        }
    }
    wait
}

/// Claims what is due, `most` at most.
async fn claim(state: &DialectState, most: usize) -> Result<Vec<(WorkKind, Claimed)>, StoreError> {
    let now = state.app.clock.now();
    let mut claimed = Vec::new();
    for kind in KINDS {
        let room = u32::try_from(most - claimed.len()).unwrap_or(u32::MAX);
        // Asking first keeps an idle server from writing.
        let due = state.app.store.next_work(DIALECT, kind, now).await?;
        if room > 0 && due.is_some_and(|due| due <= now) {
            let term = if kind == SCENE { SCENE_TERM_MS } else { TERM_MS };
            let until = Timestamp::from_millis(now.millis() + term);
            let works = state.app.store.claim_work(DIALECT, kind, now, until, room).await?;
            claimed.extend(works.into_iter().map(|work| (kind, work)));
        }
    }
    Ok(claimed)
}

/// Does one work. What fails is due again after its term.
async fn one(state: &DialectState, kind: WorkKind, work: Claimed) {
    if let Err(failure) = act(state, kind, &work).await {
        let (id, claims, why) = (work.id, work.claims, failure.message);
        tracing::warn!(id, kind = kind.0, claims, why, "a work failed; it is tried again");
    }
}

async fn act(state: &DialectState, kind: WorkKind, work: &Claimed) -> Result<(), Failure> {
    let letting = if kind == LET_GO { Some(let_go::read(&work.document)?) } else { None };
    let order = match (&letting, kind) {
        (Some(letting), _) => Some(letting.order.clone()),
        (None, GO_ON) => ExternalId::parse(&work.id).ok(),
        (None, _) => ExternalId::parse(&work.document).ok(),
    };
    let opened = match order {
        Some(order) => desk::open(state, work.tenant, &order).await?,
        None => None,
    };
    let by = Source::parse(WORKER).map_err(|_| Failure::internal())?;
    let mut changes = Vec::new();
    let nothing_left = match (opened, letting) {
        (None, _) => true,
        (Some(opened), Some(letting)) => let_go::go_on(state, work, &by, opened, &letting).await?,
        (Some(opened), None) if kind == GO_ON => {
            let driven = drive::go_on(state, work.tenant, &by, opened).await?;
            // Where a step was filed, so was the end of this work, or when it is due again.
            let is_over = driven.opened.word().is_over();
            if is_over {
                changes.extend(driven.left(state.app.clock.now())?);
            }
            is_over || !driven.is_under_way()
        }
        (Some(opened), None) => journey::go_on(state, work, &by, opened).await?,
    };
    if nothing_left {
        changes.push(WorkChange::Done { kind, id: work.id.clone() });
        state.app.store.change_work(work.tenant, DIALECT, changes).await?;
    }
    Ok(())
}

/// Does all that is due now, to its end, and says how much that was.
///
/// # Errors
/// When the store does not answer.
#[cfg(test)]
pub(crate) async fn turn(state: &DialectState) -> Result<usize, StoreError> {
    let claimed = claim(state, MOST).await?;
    let count = claimed.len();
    for (kind, work) in claimed {
        one(state, kind, work).await;
    }
    Ok(count)
}
