//! One thing that happened to a shipment: when it happened, when we heard, who said so and in which
//! word. An event is kept as it came and never changed; what it means is the fold's business.

use crate::eta::Eta;
use crate::flags::FlagChange;
use crate::id::EventId;
use crate::language::LanguageTag;
use crate::next::NextStep;
use crate::person::Courier;
use crate::reason::Reason;
use crate::status::Status;
use crate::text::{Note, Place, Source, SourceWord};
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// How an event may move the status.
    #[derive(Default)]
    pub enum Movement {
        /// Forward only: a lower rank joins the history and moves nothing.
        #[default]
        Forward = "forward",
        /// An explicit step back: courier unassigned, task reset, redelivery.
        StepBack = "step_back",
        /// A marked correction: holds whatever stood before.
        Correction = "correction",
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The caller's own id; the same id again is the same event.
    pub id: EventId,
    /// When it happened; `None` where the source does not know. It had happened by `received_at`.
    pub occurred_at: Option<Timestamp>,
    /// When we heard.
    pub received_at: Timestamp,
    /// Who said so.
    pub source: Source,
    /// The source's own word, verbatim.
    pub source_word: Option<SourceWord>,
    /// What it means for the status; `None` for an update, [`Status::Unknown`] for a word no table maps.
    pub status: Option<Status>,
    /// How it may move the status.
    pub movement: Movement,
    /// Why.
    pub reason: Option<Reason>,
    /// What it does to the flags.
    pub flags: FlagChange,
    /// What it says about the time of arrival.
    pub eta: Option<Eta>,
    /// Where; recipient's eyes and up.
    pub place: Option<Place>,
    /// A remark; recipient's eyes and up.
    pub note: Option<Note>,
    /// In which language its source word, place and note are, where the source says.
    pub language: Option<LanguageTag>,
    /// Who brings it from now on; the first name is for recipients.
    pub courier: Option<Courier>,
    /// What happens or is to be done next, where the source says.
    pub next: Option<NextStep>,
}

impl Event {
    /// The instant it is ordered by: when it happened, or else when we heard of it.
    pub fn at(&self) -> Timestamp {
        self.occurred_at.unwrap_or(self.received_at)
    }

    /// The order of events in a journey: by time, corrections after what they correct, ties by rank, then
    /// by id. Arrival takes no part, so that any order of arrival gives the same order.
    pub fn order(&self) -> (Timestamp, bool, u8, &EventId) {
        let corrects = self.movement == Movement::Correction;
        (self.at(), corrects, self.status.map_or(0, Status::tie_rank), &self.id)
    }

    /// Whether it belongs in a history that people read: a status that our vocabulary knows.
    pub fn is_milestone(&self) -> bool {
        self.status.is_some_and(|status| status != Status::Unknown)
    }
}
