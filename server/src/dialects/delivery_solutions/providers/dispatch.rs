//! Placing an order with a provider, as a machine of pure steps: estimates, the choice, one try after the other,
//! the next provider, the end. It stands with the order and is written with it, so that whoever takes the work up
//! after a crash goes on where the last step ended. It calls nobody and knows no clock.
//!
//! Each step tells what goes into the order's history. A step that a crash lost is done again and tells the same,
//! because whatever it depends on stands here.

use std::collections::BTreeMap;

use doorstep_model::time::Timestamp;

use super::choose::{Offer, Passed};
use super::config::ProviderId;
use super::notes;
use super::rules::Rules;
use super::trouble::{Failure, Trouble};
use crate::dialects::fleet::FleetStatus;

/// How far placing an order has come.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Dispatch {
    /// How often it was begun: on creation, by hand, after an edit, after a provider gave up.
    round: u32,
    /// Where it stands.
    phase: Phase,
    /// What may still be tried in this round, the best first.
    offers: Vec<Offer>,
    /// How often the present step (the estimates, or the first of the offers) was tried in this round.
    tries: u32,
    /// How often each provider was asked, over all rounds.
    asked: BTreeMap<ProviderId, Asked>,
    /// Who took it and gave it back: not asked again.
    gave_up: Vec<ProviderId>,
    /// Who has it.
    placed: Option<Placed>,
    /// How far who has it has come.
    progress: Progress,
    /// When the last entry was that was told.
    told_at: Option<Timestamp>,
}

/// Where placing an order stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Phase {
    /// Nothing was begun.
    #[default]
    Idle,
    /// Providers are asked for estimates.
    Estimating,
    /// The first of the offers is to be placed.
    Placing,
    /// A provider has it.
    Placed,
    /// Nobody took it; it can be begun again by hand.
    Failed,
    /// It was cancelled.
    Cancelled,
}

/// How often a provider was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Asked {
    /// For an estimate.
    pub(crate) estimates: u32,
    /// To take the order.
    pub(crate) placements: u32,
}

/// A placement that is not wanted any more, and that its provider may have taken: it was asked, and did not clearly
/// refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Left {
    /// Who was asked.
    pub(crate) provider: ProviderId,
    /// Under which name.
    pub(crate) place: String,
}

/// A provider took the order.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Placed {
    /// What it took it for.
    pub(crate) offer: Offer,
    /// Its own number for it.
    pub(crate) reference: String,
    /// Where it shows it, if it does.
    pub(crate) tracking_url: Option<String>,
    /// Names this placement among all of the order.
    pub(crate) place: String,
    /// When.
    pub(crate) at: Timestamp,
}

/// How far the provider that has an order has come with it.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Progress {
    /// How many scenes of a simulated journey were told.
    pub(crate) scenes: usize,
    /// What a fleet told last.
    pub(crate) fleet: Option<FleetStatus>,
}

/// What a provider says of an order that it took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Placement {
    /// Its own number for it.
    pub(crate) reference: String,
    /// Where it shows it, if it does.
    pub(crate) tracking_url: Option<String>,
}

/// An entry of the order's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tell {
    /// Which status.
    pub(crate) step: Step,
    /// When; each is later than the one before.
    pub(crate) at: Timestamp,
    /// What is noted with it, for the tenant alone.
    pub(crate) note: Option<String>,
}

/// A status of the order that placing it makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// `ESTIMATES_RECEIVED`.
    EstimatesReceived,
    /// `ESTIMATES_FAILED`.
    EstimatesFailed,
    /// `PENDING_AUTORETRY`.
    PendingAutoretry,
    /// `ORDER_DISPATCHED`.
    Dispatched,
    /// `ORDER_FAILED`.
    Failed,
    /// `ORDER_UNASSIGNED`.
    Unassigned,
}

/// What providers answered when asked for estimates.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answers {
    /// Offers that may be taken, the best first.
    pub(crate) ranked: Vec<Offer>,
    /// Who does not fit, and why.
    pub(crate) passed: Vec<Passed>,
    /// Who fits and gave no estimate.
    pub(crate) failed: Vec<Passed<Failure>>,
    /// Whether the location has any provider.
    pub(crate) any: bool,
}

/// What a step tells, and what follows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outcome {
    /// Entries of the history, in order.
    pub(crate) tells: Vec<Tell>,
    /// What follows.
    pub(crate) next: Next,
    /// Which placement it leaves, to be taken back.
    pub(crate) left: Option<Left>,
}

/// What follows a step.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Next {
    /// The present phase's step, at once.
    Now,
    /// The same, then.
    At(Timestamp),
    /// Nothing: a provider has it.
    Done,
    /// Nothing: nobody took it.
    Failed(Trouble),
}

impl Dispatch {
    /// Begins a round; gives the placement that it leaves, to be taken back.
    #[must_use]
    pub(crate) fn begin(&mut self) -> Option<Left> {
        let left = self.tried();
        self.round += 1;
        self.phase = Phase::Estimating;
        self.offers.clear();
        self.tries = 0;
        self.placed = None;
        left
    }

    /// Takes note that the order was cancelled; gives the placement that it leaves, to be taken back.
    #[must_use]
    pub(crate) fn cancel(&mut self) -> Option<Left> {
        let left = self.tried();
        self.phase = Phase::Cancelled;
        self.offers.clear();
        left
    }

    /// Where it stands.
    pub(crate) fn phase(&self) -> Phase {
        self.phase
    }

    /// Who has it.
    pub(crate) fn placed(&self) -> Option<&Placed> {
        self.placed.as_ref().filter(|_| self.phase == Phase::Placed)
    }

    /// How far who has it has come.
    pub(crate) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Takes note of how far who has it has come.
    pub(crate) fn progressed(&mut self, progress: Progress) {
        self.progress = progress;
    }

    /// The offer that is to be placed.
    pub(crate) fn at_hand(&self) -> Option<&Offer> {
        self.offers.first().filter(|_| self.phase == Phase::Placing)
    }

    /// Names the placement that is tried now among all of the order. A crash between asking and writing has
    /// it asked under the same name again, so that the provider can tell that it is the same.
    pub(crate) fn place(&self) -> String {
        let provider = self.at_hand().map_or("", |offer| offer.provider.as_str());
        format!("{}-{provider}", self.round)
    }

    /// The placement that is tried now: its provider may be asked at this moment, or have taken it unheard.
    pub(crate) fn tried(&self) -> Option<Left> {
        let offer = self.at_hand()?;
        Some(Left { provider: offer.provider.clone(), place: self.place() })
    }

    /// How often a provider was asked before.
    pub(crate) fn asked(&self, provider: &ProviderId) -> Asked {
        self.asked.get(provider).copied().unwrap_or_default()
    }

    /// Whether a provider gave the order back.
    pub(crate) fn has_given_up(&self, provider: &ProviderId) -> bool {
        self.gave_up.contains(provider)
    }

    /// Takes note that it was us who wanted the order back from `provider`, whatever it said meanwhile.
    pub(crate) fn was_asked_back(&mut self, provider: &ProviderId) {
        self.gave_up.retain(|other| other != provider);
    }

    /// Providers answered; `asked` are those who were asked.
    pub(crate) fn estimated(
        &mut self,
        answers: Answers,
        asked: &[ProviderId],
        rules: &Rules,
        now: Timestamp,
    ) -> Outcome {
        for provider in asked {
            self.asked.entry(provider.clone()).or_default().estimates += 1;
        }
        self.tries += 1;
        let note = notes::estimates(&answers);
        if !answers.ranked.is_empty() {
            self.offers = answers.ranked;
            self.phase = Phase::Placing;
            self.tries = 0;
            // The tenant's own people alone are not asked, so there is no estimate to tell of.
            let is_told = !answers.passed.is_empty()
                || !answers.failed.is_empty()
                || self.offers.iter().any(|o| !o.own);
            let tells =
                is_told.then(|| self.tell(Step::EstimatesReceived, now, Some(note))).into_iter().collect();
            return Outcome { tells, next: Next::Now, left: None };
        }
        let may_come = answers.failed.iter().any(|failed| failed.why.is_transient());
        if may_come && self.tries < rules.attempts {
            let tell = self.tell(Step::PendingAutoretry, now, Some(note));
            return Outcome { tells: vec![tell], next: Next::At(later(now, rules)), left: None };
        }
        self.phase = Phase::Failed;
        let trouble = Trouble::of_estimates(&answers);
        let tell = self.tell(Step::EstimatesFailed, now, Some(note));
        Outcome { tells: vec![tell], next: Next::Failed(trouble), left: None }
    }

    /// The provider at hand answered.
    pub(crate) fn answered(
        &mut self,
        answer: Result<Placement, Failure>,
        rules: &Rules,
        now: Timestamp,
    ) -> Outcome {
        let Some(tried) = self.tried() else {
            return Outcome { tells: Vec::new(), next: Next::Done, left: None };
        };
        let offer = self.offers.remove(0);
        self.asked.entry(offer.provider.clone()).or_default().placements += 1;
        self.tries += 1;
        let failure = match answer {
            Ok(Placement { reference, tracking_url }) => {
                let note = notes::placed(&offer, &reference);
                self.phase = Phase::Placed;
                self.offers.clear();
                self.progress = Progress::default();
                self.placed = Some(Placed { offer, reference, tracking_url, place: tried.place, at: now });
                let tell = self.tell(Step::Dispatched, now, Some(note));
                return Outcome { tells: vec![tell], next: Next::Done, left: None };
            }
            Err(failure) => failure,
        };
        if failure.is_transient() && self.tries < rules.attempts {
            let next = later(now, rules);
            let note = notes::again(&offer, &failure, self.tries, rules.attempts);
            self.offers.insert(0, offer);
            let tell = self.tell(Step::PendingAutoretry, now, Some(note));
            return Outcome { tells: vec![tell], next: Next::At(next), left: None };
        }
        // It may have taken what it did not answer in time, now or at a try before.
        let left = (failure.is_transient() || self.tries > 1).then_some(tried);
        self.tries = 0;
        // Another service of who failed would fail alike.
        self.offers.retain(|other| other.provider != offer.provider);
        if let Some(next) = self.offers.first() {
            let note = notes::instead(&offer, &failure, next);
            let tell = self.tell(Step::PendingAutoretry, now, Some(note));
            return Outcome { tells: vec![tell], next: Next::Now, left };
        }
        self.phase = Phase::Failed;
        let note = notes::failed(&offer, &failure);
        let tell = self.tell(Step::Failed, now, Some(note));
        Outcome { tells: vec![tell], next: Next::Failed(Trouble::of_placement(&offer, &failure)), left }
    }

    /// Who had the order gave it back; another round begins without them.
    pub(crate) fn given_back(&mut self, why: Option<&str>, now: Timestamp) -> Outcome {
        let Some(placed) = self.placed.take() else {
            return Outcome { tells: Vec::new(), next: Next::Done, left: None };
        };
        let note = notes::given_back(&placed.offer, why);
        self.gave_up.push(placed.offer.provider);
        let tell = self.tell(Step::Unassigned, now, Some(note));
        let left = self.begin();
        Outcome { tells: vec![tell], next: Next::Now, left }
    }

    /// When something that happened at `at` is told to have been: later than all that was told before. Two steps
    /// within a millisecond must not change places in the history.
    pub(crate) fn instant(&mut self, at: Timestamp) -> Timestamp {
        let after = self.told_at.map(|told| Timestamp::from_millis(told.millis() + 1));
        let at = after.map_or(at, |after| after.max(at));
        self.told_at = Some(at);
        at
    }

    fn tell(&mut self, step: Step, now: Timestamp, note: Option<String>) -> Tell {
        Tell { step, at: self.instant(now), note }
    }
}

fn later(now: Timestamp, rules: &Rules) -> Timestamp {
    Timestamp::from_millis(now.millis() + i64::from(rules.delay_seconds) * 1_000)
}

#[cfg(test)]
mod tests;
