//! Offers that nobody bought are forgotten, since they hold somebody's address and basket. What is due is kept by the
//! hour, so that it happens whether or not the tenant asks again, and one work is enough for all offers of the hour.

use std::time::Duration;

use doorstep_model::time::Timestamp;

use super::offer::{OFFER, Offer};
use crate::dialects::DialectState;
use crate::dialects::instaleap::DIALECT;
use crate::store::StoreError;
use crate::store::work::{WorkChange, WorkKind};

/// How long after its end an offer is remembered, so that its slots are told apart from those that never were: a day.
const REMEMBERED_MS: i64 = 24 * HOUR_MS;
const HOUR_MS: i64 = 60 * 60 * 1_000;

/// Forgetting a tenant's offers.
const FORGET: WorkKind = WorkKind("forget-offers");

/// How long whoever forgets has it alone.
const TERM_MS: i64 = 60_000;
/// How many tenants' are forgotten in one go.
const MOST: u32 = 16;
/// How often it is looked whether something is due.
const LOOK: Duration = Duration::from_secs(60);

/// That an offer is forgotten at the end of the hour in which it need not be remembered any more.
pub(super) fn due(offer: &Offer) -> Vec<WorkChange> {
    let over = offer.facets().ends_at.map(|end| end.millis() + REMEMBERED_MS);
    let hour = over.map(|over| over.div_euclid(HOUR_MS) + 1);
    let work = hour.map(|hour| WorkChange::Due {
        kind: FORGET,
        id: hour.to_string(),
        at: Timestamp::from_millis(hour * HOUR_MS),
        document: String::new(),
    });
    work.into_iter().collect()
}

/// Forgets what is due, until the server stops.
pub(in crate::dialects::instaleap) async fn run(state: DialectState) {
    while !state.app.stopping.is_cancelled() {
        match turn(&state).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(StoreError::Closed) => return,
            Err(error) => tracing::error!(error = ?error, "old offers could not be forgotten"),
        }
        tokio::select! {
            () = state.app.stopping.cancelled() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Forgets what is due now, and says how many works that were.
///
/// # Errors
/// When the store fails; what was claimed is due again after its term.
pub(in crate::dialects::instaleap) async fn turn(state: &DialectState) -> Result<usize, StoreError> {
    let (store, now) = (&state.app.store, state.app.clock.now());
    // Asking first keeps an idle server from writing.
    if store.next_work(DIALECT, FORGET, now).await?.is_none_or(|due| due > now) {
        return Ok(0);
    }
    let claimed =
        store.claim_work(DIALECT, FORGET, now, Timestamp::from_millis(now.millis() + TERM_MS), MOST).await?;
    let before = Timestamp::from_millis(now.millis() - REMEMBERED_MS);
    for work in &claimed {
        while store.forget_orders(work.tenant, DIALECT, OFFER, before).await? > 0 {}
        let done = WorkChange::Done { kind: FORGET, id: work.id.clone() };
        store.change_work(work.tenant, DIALECT, vec![done]).await?;
    }
    Ok(claimed.len())
}
