//! A sample journey as it is written in `scenarios/`: what happens, in which words, how many minutes
//! after its start. Knows no clock and no speed.

use doorstep_model::code::Digits;
use doorstep_model::eta::Confidence;
use doorstep_model::event::Movement;
use doorstep_model::flags::Flags;
use doorstep_model::id::TrackingId;
use doorstep_model::language::LanguageTag;
use doorstep_model::next::NextAction;
use doorstep_model::person::{Courier, Recipient};
use doorstep_model::preferences::Handover;
use doorstep_model::reason::Reason;
use doorstep_model::status::Status;
use doorstep_model::text::{Comment, Note, Place, SourceWord};
use doorstep_model::time::Zone;
use serde::Deserialize;

/// A sample journey.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The number under which it is watched; the same in every round.
    pub tracking_id: TrackingId,
    /// What it shows.
    pub title: String,
    /// In which language the words, places and remarks of its events are.
    pub language: LanguageTag,
    /// The zone of the delivery.
    pub zone: Zone,
    /// Where it comes from.
    pub origin: Option<Place>,
    /// The journey's minute until which it was promised.
    pub promised_after: i64,
    /// Who receives it; nobody who exists.
    #[serde(default)]
    pub recipient: Recipient,
    /// Who brings it; nobody who exists.
    #[serde(default)]
    pub courier: Courier,
    /// How the recipient wants it handed over.
    pub handover: Option<Handover>,
    /// What the recipient asks of the courier.
    pub comment: Option<Comment>,
    /// How many digits its delivery code has, where it has one.
    pub code: Option<Digits>,
    /// What happens, in order.
    pub events: Vec<Scene>,
}

/// One thing that happens.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scene {
    /// The journey's minute in which it happens; below zero: real minutes before the start.
    pub after: i64,
    /// What it means for the status.
    pub status: Option<Status>,
    /// How it may move the status.
    #[serde(default)]
    pub movement: Movement,
    /// The source's own word.
    pub word: Option<SourceWord>,
    /// Where.
    pub place: Option<Place>,
    /// A remark.
    pub note: Option<Note>,
    /// Why.
    pub reason: Option<Reason>,
    /// Flags that become true.
    #[serde(default)]
    pub set: Flags,
    /// Flags that become false.
    #[serde(default)]
    pub clear: Flags,
    /// What it says about the time of arrival.
    pub eta: Option<SceneEta>,
    /// Who brings it from now on.
    pub courier: Option<Courier>,
    /// What happens or is to be done next.
    pub next: Option<SceneNext>,
}

/// The next step, until a minute of the journey.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SceneNext {
    /// What.
    pub action: NextAction,
    /// Until when.
    pub until: Option<i64>,
}

/// A time of arrival: `from` and `until`, or `day`, or `unknown`; each in the journey's minutes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SceneEta {
    /// The earliest.
    pub from: Option<i64>,
    /// The latest.
    pub until: Option<i64>,
    /// A minute of the day on which it comes.
    pub day: Option<i64>,
    /// The source withdraws what it said.
    #[serde(default)]
    pub unknown: bool,
    /// How sure it is.
    pub confidence: Option<Confidence>,
    /// Why it moved.
    pub cause: Option<Note>,
}

const FILES: [&str; 10] = [
    include_str!("scenarios/on-time.toml"),
    include_str!("scenarios/late.toml"),
    include_str!("scenarios/redelivery.toml"),
    include_str!("scenarios/returned.toml"),
    include_str!("scenarios/cancelled.toml"),
    include_str!("scenarios/pickup-point.toml"),
    include_str!("scenarios/refused.toml"),
    include_str!("scenarios/far-zone.toml"),
    include_str!("scenarios/damaged.toml"),
    include_str!("scenarios/contactless.toml"),
];

/// Every sample journey.
///
/// # Errors
/// When one of the files is not well written.
pub fn all() -> anyhow::Result<Vec<Scenario>> {
    FILES.iter().map(|text| Ok(toml::from_str(text)?)).collect()
}
