//! A provider that acts by a script: prices, times and failures as configured, then a journey through the statuses
//! on a timetable. What it does depends on its script and on how often it was asked for that order, and on nothing
//! else, so that it does the same after a restart.

use utoipa::ToSchema;

use super::dispatch::Asked;
use super::trouble::{CancelFailure, Failure};
use crate::dialects::delivery_solutions::status::Word;

/// The most scenes of a journey.
const MOST_SCENES: usize = 50;

/// The latest scene, in seconds: 60 days.
const MOST_SECONDS: u32 = 60 * 24 * 60 * 60;

/// How a simulated provider acts.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[schema(as = SimulatedProvider)]
pub(crate) struct Simulated {
    /// How it fails to give estimates.
    pub(crate) estimates: Failing,
    /// How long it takes to give one, in milliseconds.
    #[schema(maximum = 60_000)]
    pub(crate) estimate_millis: u32,
    /// How it fails to take orders.
    pub(crate) placements: Failing,
    /// What it says to a cancellation.
    pub(crate) cancellation: Cancellation,
    /// Who drives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) driver: Option<Driver>,
    /// What happens after it took an order; a usual journey of half an hour where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 50)]
    pub(crate) journey: Option<Vec<Scene>>,
}

/// How something fails, for each order anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[schema(as = SimulatedFailing)]
pub(crate) struct Failing {
    /// So many times, then it goes well.
    pub(crate) times: u32,
    /// In which way.
    pub(crate) how: How,
}

/// In which way something fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SimulatedFailure)]
pub(crate) enum How {
    /// It may go well later.
    #[default]
    Transient,
    /// It will not; the next provider is asked.
    Hard,
    /// The address is not found.
    Geocoding,
    /// An answer that nobody understands.
    Unmapped,
}

/// What it says to a cancellation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SimulatedCancellation)]
pub(crate) enum Cancellation {
    /// Yes.
    #[default]
    Allowed,
    /// It allows none.
    NotAllowed,
    /// It tries and fails.
    Failing,
    /// An answer that nobody understands.
    Unmapped,
}

/// Who drives.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SimulatedDriver)]
pub(crate) struct Driver {
    /// Full name.
    #[schema(max_length = 120)]
    pub(crate) name: String,
    /// Telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 40)]
    pub(crate) phone: Option<String>,
}

/// A moment of a journey.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = SimulatedScene)]
pub(crate) struct Scene {
    /// So many seconds after it took the order; not before the scene above.
    #[schema(maximum = 5_184_000)]
    pub(crate) after_seconds: u32,
    /// What it says then: a status that providers set (`systems.md` 4.4).
    pub(crate) status: Word,
    /// What it notes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500)]
    pub(crate) note: Option<String>,
}

impl Failing {
    /// How it goes after `before` times.
    fn after(self, before: u32) -> Result<(), Failure> {
        if before >= self.times {
            return Ok(());
        }
        let words = format!("simulated failure {} of {}", before + 1, self.times);
        Err(match self.how {
            How::Transient => Failure::Transient(words),
            How::Hard => Failure::Hard(words),
            How::Geocoding => Failure::Geocoding(words),
            How::Unmapped => Failure::Unmapped(words),
        })
    }
}

impl Simulated {
    /// Whether it gives an estimate, having been `asked` so often before.
    pub(crate) fn estimates(&self, asked: Asked) -> Result<(), Failure> {
        self.estimates.after(asked.estimates)
    }

    /// Whether it takes an order, having been `asked` so often before.
    pub(crate) fn takes(&self, asked: Asked) -> Result<(), Failure> {
        self.placements.after(asked.placements)
    }

    /// Whether it cancels.
    pub(crate) fn cancels(&self) -> Result<(), CancelFailure> {
        match self.cancellation {
            Cancellation::Allowed => Ok(()),
            Cancellation::NotAllowed => Err(CancelFailure::NotAllowed),
            Cancellation::Failing => Err(CancelFailure::Failed("simulated failure".to_owned())),
            Cancellation::Unmapped => Err(CancelFailure::Unmapped("simulated answer".to_owned())),
        }
    }

    /// What happens after it took an order.
    pub(crate) fn journey(&self) -> Vec<Scene> {
        let usual = || {
            let scene = |(minutes, status)| Scene { after_seconds: minutes * 60, status, note: None };
            USUAL.into_iter().map(scene).collect()
        };
        self.journey.clone().unwrap_or_else(usual)
    }

    /// What is wrong with it, if anything.
    pub(crate) fn fault(&self) -> Option<String> {
        if let Some(driver) = &self.driver {
            let phone = driver.phone.as_deref().map(doorstep_model::text::Phone::parse).transpose();
            if doorstep_model::text::PersonName::parse(&driver.name).is_err() || phone.is_err() {
                return Some("kind.driver: name has 1 to 120 characters, phone 1 to 40".to_owned());
            }
        }
        if self.estimate_millis > 60_000 {
            return Some("kind.estimateMillis is at most 60000".to_owned());
        }
        let scenes = self.journey.as_deref().unwrap_or_default();
        if scenes.len() > MOST_SCENES {
            return Some(format!("kind.journey has at most {MOST_SCENES} entries"));
        }
        for (index, scene) in scenes.iter().enumerate() {
            let place = |what: &str| Some(format!("kind.journey[{index}]: {what}"));
            if !is_set_by_providers(scene.status) {
                return place("status is none that providers set");
            }
            if scene.after_seconds > MOST_SECONDS {
                return place("afterSeconds is more than 60 days");
            }
            if index > 0 && scenes[index - 1].after_seconds > scene.after_seconds {
                return place("afterSeconds is before the entry above");
            }
            if scene.note.as_ref().is_some_and(|note| note.chars().count() > 500) {
                return place("note has at most 500 characters");
            }
        }
        None
    }
}

/// The usual journey, by minutes.
const USUAL: [(u32, Word); 5] = [
    (1, Word::OrderAssigned),
    (5, Word::PickupStarted),
    (10, Word::PickupCompleted),
    (12, Word::OutForDelivery),
    (30, Word::OrderDelivered),
];

/// Whether it is a provider who says so (`systems.md` 4.4).
pub(crate) const fn is_set_by_providers(word: Word) -> bool {
    matches!(
        word,
        Word::OrderAssigned
            | Word::OrderUnassigned
            | Word::PickupStarted
            | Word::PickupCompleted
            | Word::InTransit
            | Word::OutForDelivery
            | Word::OrderAtLocation
            | Word::OrderDelivered
            | Word::OrderDelayed
            | Word::OrderRedelivery
            | Word::OrderUndeliverable
            | Word::ErrorException
    )
}
