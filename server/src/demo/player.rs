//! Plays one journey again and again into the store, as a source would: a round begins by beginning the
//! shipment anew under its number, every scene is reported when it is due. Where the journey is follows
//! from the clock alone, so a failed write or a pause is caught up with. In between it does what a carrier
//! does with what a recipient says: passes it on, shows it to the courier, has it read.

use std::time::Duration;

use anyhow::{Context as _, bail};
use doorstep_model::code::DeliveryCode;
use doorstep_model::event::Event;
use doorstep_model::handoff::Amendment;
use doorstep_model::preferences::{Preference, Receipt};
use doorstep_model::status::Status;
use tokio_util::sync::CancellationToken;

use super::scenario::Scenario;
use super::script::Round;
use super::timetable::{Moment, Speed, Timetable};
use crate::identity::TenantId;
use crate::state::AppState;
use crate::store::{Creation, NewShipment, Recording, Report};

/// How long it waits after a failure.
const PATIENCE: Duration = Duration::from_secs(2);

/// How often the carrier looks whether the recipient said something; an edit goes one step further each
/// time.
const ROUNDS: Duration = Duration::from_secs(3);

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
                Ok(moment) => moment.next_in.min(ROUNDS),
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
        self.carry().await?;
        Ok(moment)
    }

    /// Takes each preference one step further towards the courier.
    async fn carry(&self) -> anyhow::Result<()> {
        let id = &self.scenario.tracking_id;
        let Some(shipment) = self.state.store.shipment_of(self.tenant, id).await? else { return Ok(()) };
        let preferences = &shipment.handoff().preferences;
        let comment = preferences.comment.as_ref().and_then(further);
        let contactless = preferences.contactless.as_ref().and_then(further);
        if comment.is_some() || contactless.is_some() {
            let receipts = Amendment::Receipts { comment, contactless };
            self.state.store.amend(self.tenant, id, receipts, self.state.clock.now()).await?;
        }
        Ok(())
    }

    fn round(&self, moment: &Moment) -> Round<'_> {
        let Moment { round: number, began, .. } = *moment;
        Round { scenario: &self.scenario, speed: self.speed, number, began }
    }

    async fn begin(&self, moment: &Moment) -> anyhow::Result<()> {
        let round = self.round(moment);
        let mut details = round.details()?;
        if let Some(digits) = self.scenario.code {
            let drawn = self.state.vault.draw_code(digits, &self.scenario.tracking_id)?;
            details.handoff.code = Some(DeliveryCode::new(drawn));
        }
        let new = NewShipment {
            tracking_id: self.scenario.tracking_id.clone(),
            details,
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
        let mut events = self.round(moment).events(played, moment.played)?;
        // Where there is a code, its journey ends by the courier's entering it.
        let last = |event: &Event| self.scenario.code.is_some() && event.status == Some(Status::Delivered);
        let entered = events.iter().position(last).map(|index| events.remove(index));
        let report = Report { tracking_id: self.scenario.tracking_id.clone(), events };
        match self.state.store.record(self.tenant, vec![report]).await.context("a scene cannot be told")? {
            Recording::Recorded(_) => {}
            refused => bail!("the shipment took no event: {refused:?}"),
        }
        match entered {
            Some(event) => self.enter_code(event).await,
            None => Ok(()),
        }
    }

    /// The courier enters the right code; where somebody at the demo's desk was faster, there is nothing
    /// left to do.
    async fn enter_code(&self, event: Event) -> anyhow::Result<()> {
        let id = &self.scenario.tracking_id;
        let Some(shipment) = self.state.store.shipment_of(self.tenant, id).await? else { return Ok(()) };
        let Some(code) = &shipment.handoff().code else { return Ok(()) };
        let tried = Amendment::CodeTried { version: code.version, right: true, completes: Box::new(event) };
        self.state.store.amend(self.tenant, id, tried, self.state.clock.now()).await?;
        Ok(())
    }
}

/// The next receipt of a preference; `None` once it was read.
fn further<T>(preference: &Preference<T>) -> Option<(u32, Receipt)> {
    let next = match preference.receipt {
        Receipt::Saved => Receipt::Passed,
        Receipt::Passed => Receipt::OnDevice,
        Receipt::OnDevice => Receipt::Read,
        Receipt::Read => return None,
    };
    Some((preference.version, next))
}
