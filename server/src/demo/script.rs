//! A scene made an event, a scenario made a shipment: the journey's minutes become instants of the round
//! that is being played. All times are real: what a page announces is when it will happen in the demo.

use doorstep_model::eta::{Eta, Promise, Window};
use doorstep_model::event::Event;
use doorstep_model::flags::FlagChange;
use doorstep_model::handoff::Handoff;
use doorstep_model::id::{EditId, EventId};
use doorstep_model::next::NextStep;
use doorstep_model::preferences::{Contactless, Editor, Preference, Preferences, Receipt};
use doorstep_model::shipment::Details;
use doorstep_model::text::Source;
use doorstep_model::time::Timestamp;
use doorstep_model::views::Days as _;

use super::scenario::{Scenario, Scene, SceneEta};
use super::timetable::Speed;
use crate::zones::ZoneDays;

/// One round of a journey.
#[derive(Clone, Copy, Debug)]
pub struct Round<'a> {
    /// What is played.
    pub scenario: &'a Scenario,
    /// How fast.
    pub speed: Speed,
    /// Which round, from 0.
    pub number: u64,
    /// When it began.
    pub began: Timestamp,
}

impl Round<'_> {
    /// What is told of the shipment at the start of the round.
    ///
    /// # Errors
    /// When the name of the edits is none.
    pub fn details(&self) -> anyhow::Result<Details> {
        let scenario = self.scenario;
        let edit = EditId::parse(&format!("demo-{}", self.number))?;
        let contactless =
            scenario.handover.map(|handover| Contactless { handover, cash_receiver: None, phone: None });
        let until = self.minute(scenario.promised_after);
        Ok(Details {
            promise: Some(Promise { day: ZoneDays.day(until, &scenario.zone), until }),
            recipient: scenario.recipient.clone(),
            courier: scenario.courier.clone(),
            origin: scenario.origin.clone(),
            handoff: Handoff {
                preferences: Preferences {
                    comment: scenario.comment.clone().map(|value| preferred(value, self.began, &edit)),
                    contactless: contactless.map(|value| preferred(value, self.began, &edit)),
                },
                ..Handoff::default()
            },
            ..Details::in_zone(scenario.zone.clone())
        })
    }

    /// The scenes from the `from`th up to before the `to`th, as events.
    ///
    /// # Errors
    /// When a scene is not well written.
    pub fn events(&self, from: usize, to: usize) -> anyhow::Result<Vec<Event>> {
        let scenes = self.scenario.events.iter().enumerate().take(to).skip(from);
        scenes.map(|(index, scene)| self.event(index, scene)).collect()
    }

    fn event(&self, index: usize, scene: &Scene) -> anyhow::Result<Event> {
        let at = self.minute(scene.after);
        let source = Source::parse("demo")?;
        let eta = scene.eta.as_ref().map(|eta| self.eta(eta, at, &source)).transpose()?;
        Ok(Event {
            id: EventId::parse(&format!("demo-{}-{index}", self.number))?,
            occurred_at: Some(at),
            received_at: at,
            source,
            source_word: scene.word.clone(),
            status: scene.status,
            movement: scene.movement,
            reason: scene.reason,
            flags: FlagChange { set: scene.set, clear: scene.clear },
            eta,
            place: scene.place.clone(),
            note: scene.note.clone(),
            language: Some(self.scenario.language.clone()),
            courier: scene.courier.clone(),
            next: scene.next.map(|next| NextStep {
                action: next.action,
                until: next.until.map(|minute| self.minute(minute)),
            }),
        })
    }

    fn eta(&self, eta: &SceneEta, as_of: Timestamp, source: &Source) -> anyhow::Result<Eta> {
        let window = match (eta.from, eta.until, eta.day, eta.unknown) {
            (Some(from), Some(until), None, false) if from <= until => {
                Window::Between { from: self.minute(from), until: self.minute(until) }
            }
            (None, None, Some(day), false) => {
                Window::OnDay { day: ZoneDays.day(self.minute(day), &self.scenario.zone) }
            }
            (None, None, None, true) => Window::Unknown,
            _ => anyhow::bail!("an eta is `from` and `until`, or `day`, or `unknown`"),
        };
        let (confidence, cause) = (eta.confidence, eta.cause.clone());
        Ok(Eta { window, as_of, confidence, source: source.clone(), cause })
    }

    /// The instant of a minute; see [`Scene::after`].
    fn minute(&self, minute: i64) -> Timestamp {
        let millis = if minute < 0 { minute * 60_000 } else { self.speed.millis(minute) };
        Timestamp::from_millis(self.began.millis() + millis)
    }
}

fn preferred<T>(value: T, edited_at: Timestamp, edit: &EditId) -> Preference<T> {
    Preference {
        value: Some(value),
        version: 1,
        edited_at,
        edited_by: Editor::Recipient,
        edit: edit.clone(),
        receipt: Receipt::OnDevice,
    }
}
