//! Orders from files: a mapping says what each column is, each row becomes a shipment with its events or a
//! line in the report, whole or not at all, and a repeated import changes nothing. Knows the store by its
//! use cases and nothing of HTTP.
//!
//! The way of a row: [`rows`] reads it, [`draft`] understands it by the [`mapping`]'s plan, [`news`] says
//! what is new in it, [`take`] writes that, [`report`] tells what became of it.

pub mod draft;
pub mod ids;
pub mod local_time;
pub mod mapping;
pub mod news;
pub mod progress;
pub mod report;
pub mod rows;
pub mod take;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use anyhow::Context as _;
use doorstep_model::fold::fold;
use doorstep_model::id::TrackingId;
use doorstep_model::time::Timestamp;
use futures_util::StreamExt as _;

use crate::clock::Clock;
use crate::identity::TenantId;
use crate::store::Store;
use draft::Draft;
use mapping::Plan;
use progress::Progress;
use report::{Remark, Report, Taken};
use rows::{Row, Rows};

/// How many rows wait for the store at once; it commits them in groups.
const AT_ONCE: usize = 256;

/// Takes every row that can be taken into the store.
///
/// # Errors
/// When the file cannot be read on or the store fails. What was taken until then stays; importing again
/// takes the rest.
pub async fn import(
    store: &dyn Store,
    tenant: TenantId,
    plan: &Plan,
    rows: impl Rows,
    clock: &Clock,
    progress: &mut Progress,
) -> anyhow::Result<Report> {
    let mut report = Report::default();
    let mut seen = Seen::default();
    let drafts = rows.map(|row| row.map(|row| (row.end, seen.draft(plan, &row, clock.now()))));
    let mut outcomes = futures_util::stream::iter(drafts)
        .map(|read| async move {
            let (end, draft) = read.context("the file cannot be read any further")?;
            let draft = match draft {
                Ok(draft) => draft,
                Err(reasons) => return anyhow::Ok((end, Err(reasons))),
            };
            let taken = take::take(store, tenant, plan, &draft, clock.now()).await;
            let taken = taken.with_context(|| format!("row {} could not be taken", draft.place.row()))?;
            Ok((end, taken.map(|(taken, status)| (taken, status, draft.notes))))
        })
        .buffer_unordered(AT_ONCE);
    while let Some(outcome) = outcomes.next().await {
        let (end, taken) = outcome?;
        match taken {
            Ok((taken, status, notes)) => report.took(&taken, status, notes),
            Err(reasons) => report.refused(reasons),
        }
        progress.at(report.rows, end);
    }
    drop(outcomes);
    progress.finish();
    report.sort();
    Ok(report)
}

/// Reads every row and says what an import into an empty store would do; asks no store.
///
/// # Errors
/// When the file cannot be read on.
pub fn dry_run(
    plan: &Plan,
    rows: impl Rows,
    now: Timestamp,
    progress: &mut Progress,
) -> anyhow::Result<Report> {
    let mut report = Report { dry_run: true, ..Report::default() };
    let mut seen = Seen::default();
    for row in rows {
        let row = row.context("the file cannot be read any further")?;
        match seen.draft(plan, &row, now) {
            Ok(draft) => {
                let stem = plan.state.as_ref().map(|state| &state.stem);
                match news::news(&draft, stem, &[], &plan.source, now) {
                    Ok(events) => {
                        let taken = Taken::Created(events.len() as u64);
                        report.took(&taken, fold(None, &events).status, draft.notes);
                    }
                    Err(contradiction) => {
                        report.refused(vec![take::about_state(plan, &draft, contradiction)]);
                    }
                }
            }
            Err(reasons) => report.refused(reasons),
        }
        progress.at(report.rows, row.end);
    }
    progress.finish();
    Ok(report)
}

/// The ids of the rows read so far: one order may stand in a file once, or the file does not say what
/// became of it.
#[derive(Default)]
struct Seen(HashMap<TrackingId, u64>);

impl Seen {
    fn draft(&mut self, plan: &Plan, row: &Row, now: Timestamp) -> Result<Draft, Vec<Remark>> {
        let draft = draft::read(plan, row, now)?;
        match self.0.entry(draft.tracking_id.clone()) {
            Entry::Vacant(free) => {
                free.insert(row.number);
                Ok(draft)
            }
            Entry::Occupied(first) => {
                let column = plan.header.get(plan.tracking_id).map_or("", String::as_str);
                let reason = format!("row {} has the same id", first.get());
                Err(vec![draft.place.remark(column, draft.tracking_id.as_str(), reason)])
            }
        }
    }
}

#[cfg(test)]
mod tests;
