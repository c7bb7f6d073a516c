//! What a row tells that a shipment does not know yet. Pure: the rules that make a repeated import change
//! nothing, a changed row add what changed, and the file's last known state hold.
//!
//! - Every time in the row is an event; its id follows from column and time.
//! - Where those do not already lead to the row's state, the state is one event more, of unknown time: a
//!   step forward where that is enough, else a marked correction, because the file's state is the
//!   authority.
//! - A row that tells nothing new since it was last imported adds nothing, whatever has happened to the
//!   shipment by other ways meanwhile.

use doorstep_model::event::{Event, Movement};
use doorstep_model::fold::fold;
use doorstep_model::status::Status;
use doorstep_model::text::Source;
use doorstep_model::time::Timestamp;

use super::draft::{Draft, blank_event, can_stand, tells};
use super::ids::{Stem, repeated};
use super::mapping::WordPlan;

/// Why a row's state cannot be made to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Contradiction {
    /// Something in the row or the shipment lies in the future and says otherwise.
    #[error("a time that lies in the future contradicts this state")]
    Future,
    /// The state has come back too often to number it.
    #[error("this state has come back too often")]
    TooOften,
}

/// The events of `draft` that `known` has not.
///
/// # Errors
/// [`Contradiction`] when they would not lead to the row's state.
pub fn news(
    draft: &Draft,
    stem: Option<&Stem>,
    known: &[Event],
    source: &Source,
    now: Timestamp,
) -> Result<Vec<Event>, Contradiction> {
    let is_new = |event: &&Event| known.iter().all(|other| other.id != event.id);
    let mut new: Vec<Event> = draft.timed.iter().filter(is_new).cloned().collect();
    let (Some(state), Some(stem)) = (&draft.state, stem) else { return Ok(new) };

    let told: Vec<&Event> = known.iter().filter(|event| stem.begins(&event.id)).collect();
    let last_told = told.iter().copied().max_by_key(|event| (event.received_at, event.id.as_str().len()));
    let says_otherwise = match last_told {
        Some(last) => !tells(last, &state.word),
        None => status_of(&draft.timed) != state.status || !can_stand(state.status),
    };
    if new.is_empty() && !says_otherwise {
        return Ok(new);
    }

    let holds = can_stand(state.status) && status_with(known, &new) == state.status;
    if holds && !(says_otherwise && last_told.is_some()) {
        return Ok(new);
    }
    let tellings = known.iter().filter(|event| is_telling_of(event, stem, state)).count();
    let id = repeated(&state.id, tellings + 1).map_err(|_| Contradiction::TooOften)?;
    let telling = Event { source_word: Some(state.word.clone()), ..blank_event(id, source, now) };
    if holds {
        // Nothing moves, but the next import must see that this was told.
        new.push(telling);
        return Ok(new);
    }
    for movement in [Movement::Forward, Movement::Correction] {
        new.push(Event { status: Some(state.status), movement, ..telling.clone() });
        if !can_stand(state.status) || status_with(known, &new) == state.status {
            return Ok(new);
        }
        new.pop();
    }
    Err(Contradiction::Future)
}

fn is_telling_of(event: &Event, stem: &Stem, state: &WordPlan) -> bool {
    stem.begins(&event.id) && tells(event, &state.word)
}

fn status_of(events: &[Event]) -> Status {
    fold(None, events).status
}

fn status_with(known: &[Event], new: &[Event]) -> Status {
    fold(None, known.iter().chain(new)).status
}

#[cfg(test)]
mod tests;
