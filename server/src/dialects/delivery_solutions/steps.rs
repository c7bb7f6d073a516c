//! What happens to an order in the original's words, as events of ours. The words decide; nothing here knows who
//! decided on them.

use doorstep_model::eta::{Eta, Window};
use doorstep_model::event::{Event, Movement};
use doorstep_model::id::EventId;
use doorstep_model::person::Courier;
use doorstep_model::reason::Reason;
use doorstep_model::status::Status;
use doorstep_model::text::{Note, Source, SourceWord};
use doorstep_model::time::{Timestamp, Zone};
use doorstep_model::views::Days as _;

use super::status::Word;
use super::wire::parts::{Estimate, TimeWindow};
use crate::store::StoreError;
use crate::zones::ZoneDays;

/// The most characters of a remark that an event takes.
const NOTE: usize = Note::MAX;

/// One thing that happened to an order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step {
    /// Which; `None` for an update that moves nothing.
    pub(crate) word: Option<Word>,
    /// A remark that the recipient may see.
    pub(crate) note: Option<String>,
    /// A remark for the tenant alone.
    pub(crate) noted: Option<String>,
    /// When, where it was not just now.
    pub(crate) at: Option<Timestamp>,
    /// What no word of the original's says: where it stands, and by whose word.
    pub(crate) status: Option<(Status, &'static str)>,
    /// Who brings it from now on.
    pub(crate) courier: Option<Courier>,
    /// Who says so, where it is not the caller: a provider's name.
    pub(crate) by: Option<String>,
    /// Why.
    pub(crate) reason: Option<Reason>,
    /// When it is expected from now on.
    pub(crate) expected: Option<Window>,
    /// Whether it moves the shipment back to where its word stands.
    pub(crate) back: bool,
}

impl Step {
    /// That `word` happened.
    pub(crate) fn to(word: Word) -> Self {
        Self { word: Some(word), ..Self::nothing() }
    }

    /// A remark that moves nothing.
    pub(crate) fn remark(note: impl Into<String>) -> Self {
        Self { note: Some(note.into()), ..Self::nothing() }
    }

    /// A remark for the tenant alone, that moves nothing.
    pub(crate) fn remarked(note: &str) -> Self {
        Self::nothing().noted(note)
    }

    /// That it stands at `status`, for which the original has no word; `word` is the source's.
    pub(crate) fn at_status(status: Status, word: &'static str) -> Self {
        Self { status: Some((status, word)), ..Self::nothing() }
    }

    const fn nothing() -> Self {
        Self {
            word: None,
            note: None,
            noted: None,
            at: None,
            status: None,
            courier: None,
            by: None,
            reason: None,
            expected: None,
            back: false,
        }
    }

    /// That it moves the shipment back, if it `is` so.
    #[must_use]
    pub(crate) const fn back(mut self, is: bool) -> Self {
        self.back = is;
        self
    }

    /// With a remark for the tenant alone.
    #[must_use]
    pub(crate) fn noted(mut self, note: &str) -> Self {
        self.noted = Some(note.to_owned());
        self
    }

    /// That it happened then.
    #[must_use]
    pub(crate) const fn at(mut self, at: Timestamp) -> Self {
        self.at = Some(at);
        self
    }

    /// With who brings it from now on, where that is known.
    #[must_use]
    pub(crate) fn brought_by(mut self, courier: Option<Courier>) -> Self {
        self.courier = courier;
        self
    }

    /// Said by a provider.
    #[must_use]
    pub(crate) fn by(mut self, who: impl Into<String>) -> Self {
        self.by = Some(who.into());
        self
    }

    /// With why.
    #[must_use]
    pub(crate) fn because(mut self, reason: Reason) -> Self {
        self.reason = Some(reason);
        self
    }

    /// With when it is expected, where that is known.
    #[must_use]
    pub(crate) fn expecting(mut self, window: Option<Window>) -> Self {
        self.expected = window;
        self
    }
}

/// `steps` as events. `series` names the writing that they belong to, so that the same writing again tells
/// nothing new; within it their order is that of their numbers.
///
/// # Errors
/// [`StoreError::Corrupt`] where a name of ours is none, which cannot be.
pub(crate) fn events(
    steps: &[Step],
    series: &str,
    caller: &Source,
    now: Timestamp,
) -> Result<Vec<Event>, StoreError> {
    steps.iter().enumerate().map(|(number, step)| event(step, series, number, caller, now)).collect()
}

fn event(
    step: &Step,
    series: &str,
    number: usize,
    caller: &Source,
    now: Timestamp,
) -> Result<Event, StoreError> {
    let corrupt = |error: &dyn std::fmt::Display| StoreError::Corrupt(format!("an event of ours: {error}"));
    let word = step.word.map_or("UPDATE", Word::as_str);
    let id = EventId::parse(&format!("ds-{series}-{number:02}-{word}")).map_err(|error| corrupt(&error))?;
    let source = step.by.as_deref().and_then(|by| Source::parse(&cut(by, Source::MAX)).ok());
    let source = source.unwrap_or_else(|| caller.clone());
    let said = step.word.map(Word::as_str).or(step.status.map(|(_, word)| word));
    let source_word =
        said.map(|word| SourceWord::parse(word).map_err(|error| corrupt(&error))).transpose()?;
    let mut means = step.word.map(|word| word.means(None)).unwrap_or_default();
    means.status = means.status.or(step.status.map(|(status, _)| status));
    let eta = step.expected.map(|window| Eta {
        window,
        as_of: now,
        confidence: None,
        source: source.clone(),
        cause: None,
    });
    Ok(Event {
        id,
        occurred_at: Some(step.at.unwrap_or(now)),
        received_at: now,
        source,
        source_word,
        language: None,
        status: means.status,
        movement: if step.back { Movement::StepBack } else { means.movement },
        reason: step.reason,
        flags: means.flags,
        eta,
        place: None,
        note: step.note.as_deref().and_then(|note| Note::parse(&cut(note, NOTE)).ok()),
        courier: step.courier.clone(),
        next: None,
    })
}

/// The first `most` characters, with an ellipsis in place of the last where some are left out.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// A window that a client or a provider told, as precisely as it told it: with one end only it is that day.
pub(crate) fn window(starts: Option<Timestamp>, ends: Option<Timestamp>, zone: &Zone) -> Option<Window> {
    match (starts, ends) {
        (Some(from), Some(until)) if from <= until => Some(Window::Between { from, until }),
        (_, Some(at)) | (Some(at), None) => Some(Window::OnDay { day: ZoneDays.day(at, zone) }),
        (None, None) => None,
    }
}

impl TimeWindow {
    /// As a window of ours.
    pub(crate) fn window(self, zone: &Zone) -> Option<Window> {
        window(self.starts_at.map(|at| at.at()), self.ends_at.map(|at| at.at()), zone)
    }
}

impl Estimate {
    /// As a window of ours.
    pub(crate) fn window(self, zone: &Zone) -> Option<Window> {
        window(self.starts_at.map(|at| at.at()), self.ends_at.map(|at| at.at()), zone)
    }
}
