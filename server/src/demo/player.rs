//! Plays one journey again and again into the store, as a source would: a round begins by beginning the
//! shipment anew under its number, every scene is reported when it is due. Where the journey is follows
//! from the clock alone, so a failed write or a pause is caught up with.

use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio_util::sync::CancellationToken;

use super::scenario::Scenario;
use super::script::Round;
use super::timetable::{Moment, Speed, Timetable};
use crate::identity::TenantId;
use crate::state::AppState;
use crate::store::{Creation, NewShipment, Recording, Report};

/// How long it waits after a failure.
const PATIENCE: Duration = Duration::from_secs(2);

/// Plays one journey.
pub struct Player {
    state: AppState,
    tenant: TenantId,
    scenario: Scenario,
    speed: Speed,
    timetable: Timetable,
    /// The round that the store shows, and how many scenes of it.
    shown: Option<(u64, usize)>,
}

impl Player {
    /// For one of the tenant's sample shipments.
    pub fn new(
        state: AppState,
        tenant: TenantId,
        scenario: Scenario,
        speed: Speed,
        timetable: Timetable,
    ) -> Self {
        Self { state, tenant, scenario, speed, timetable, shown: None }
    }

    /// Plays until the server stops.
    pub async fn run(mut self, stopping: CancellationToken) {
        while !stopping.is_cancelled() {
            let wait = match self.catch_up().await {
                Ok(moment) => moment.next_in,
                Err(error) => {
                    let id = self.scenario.tracking_id.as_str();
                    tracing::warn!(error = format!("{error:#}"), shipment.id = id, "a demo journey stumbled");
                    self.shown = None;
                    PATIENCE
                }
            };
            tokio::select! {
                () = stopping.cancelled() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Brings the shipment to where its journey is now.
    ///
    /// # Errors
    /// When the store fails, or the number belongs to another tenant.
    pub async fn catch_up(&mut self) -> anyhow::Result<Moment> {
        let moment = self.timetable.at(self.state.clock.now());
        match self.shown {
            Some((round, played)) if round == moment.round => {
                if moment.played > played {
                    self.report(&moment, played).await?;
                }
            }
            _ => self.begin(&moment).await?,
        }
        self.shown = Some((moment.round, moment.played));
        Ok(moment)
    }

    fn round(&self, moment: &Moment) -> Round<'_> {
        let Moment { round: number, began, .. } = *moment;
        Round { scenario: &self.scenario, speed: self.speed, number, began }
    }

    async fn begin(&self, moment: &Moment) -> anyhow::Result<()> {
        let round = self.round(moment);
        let new = NewShipment {
            tracking_id: self.scenario.tracking_id.clone(),
            details: round.details()?,
            created_at: moment.began,
            events: round.events(0, moment.played)?,
            once: None,
        };
        match self.state.store.begin_anew(self.tenant, new).await.context("the round cannot begin")? {
            Creation::Created(_) => Ok(()),
            _ => bail!("another tenant has the number {}", self.scenario.tracking_id),
        }
    }

    async fn report(&self, moment: &Moment, played: usize) -> anyhow::Result<()> {
        let events = self.round(moment).events(played, moment.played)?;
        let report = Report { tracking_id: self.scenario.tracking_id.clone(), events };
        match self.state.store.record(self.tenant, vec![report]).await.context("a scene cannot be told")? {
            Recording::Recorded(_) => Ok(()),
            refused => bail!("the shipment took no event: {refused:?}"),
        }
    }
}
