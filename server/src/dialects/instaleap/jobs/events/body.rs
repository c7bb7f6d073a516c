//! An event of a job as an app reports it: read, checked and named.

use doorstep_model::eta::Window;
use doorstep_model::id::EventId;
use doorstep_model::person::Courier;
use doorstep_model::text::{Note, PersonName, Phone};
use doorstep_model::time::Timestamp;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::api::wire::optional_object;
use crate::dialects::instaleap::availability::MOST_ITEMS;
use crate::dialects::instaleap::fault::{Code, Fault};
use crate::dialects::instaleap::ids;
use crate::dialects::instaleap::wire::Wrong;
use crate::dialects::instaleap::words::{self, Teller};

/// How far ahead of ours a clock may be: 5 minutes.
const AHEAD_MS: i64 = 5 * 60 * 1_000;

/// The most characters of a word; every task reset is one, whatever it is named after.
const MOST_WORD: usize = 80;

/// Something that happened to a job.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[schema(as = JobEvent)]
pub(in crate::dialects::instaleap) struct EventBody {
    /// Your own name for it: the same again is the same event. Made up from the rest where it is left out.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, pattern = "^[!-~]+$")]
    id: Option<String>,
    /// One of Instaleap's job events.
    #[schema(example = "PICKING_STARTED", max_length = 80)]
    r#type: String,
    /// When it happened; now, where it is left out.
    #[serde(default)]
    created_at: Option<Timestamp>,
    /// The task that it is about.
    #[serde(default, deserialize_with = "optional_object")]
    task: Option<TaskBody>,
    /// Who does it.
    #[serde(default, deserialize_with = "optional_object")]
    resource: Option<ResourceBody>,
    /// When it is expected at the recipient's.
    #[serde(default, deserialize_with = "optional_object")]
    eta: Option<EtaBody>,
    /// A remark, which the recipient may read.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: Option<String>,
    /// With `ITEMS_UPDATED`: what is new of each item, by its id; an id that the job has not is added.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    job_items: Option<Map<String, Value>>,
}

/// A task.
#[derive(Debug, serde::Deserialize, ToSchema)]
pub(in crate::dialects::instaleap) struct TaskBody {
    /// Its kind.
    #[serde(default, alias = "type")]
    #[schema(example = "FULL_SERVICE")]
    kind: Option<String>,
}

/// Who does it.
#[derive(Debug, serde::Deserialize, ToSchema)]
pub(in crate::dialects::instaleap) struct ResourceBody {
    /// Full name; recipients see the first.
    #[serde(default)]
    #[schema(max_length = 120)]
    name: Option<String>,
    /// Telephone.
    #[serde(default)]
    #[schema(max_length = 40)]
    phone_number: Option<String>,
}

/// When it is expected.
#[derive(Debug, serde::Deserialize, ToSchema)]
pub(in crate::dialects::instaleap) struct EtaBody {
    /// The earliest.
    from: Timestamp,
    /// The latest.
    to: Timestamp,
}

/// What was read of an event.
pub(super) struct Heard {
    pub(super) word: String,
    pub(super) id: EventId,
    pub(super) at: Option<Timestamp>,
    pub(super) work: Option<words::Work>,
    pub(super) courier: Option<Courier>,
    pub(super) window: Option<Window>,
    pub(super) note: Option<Note>,
    pub(super) items: Option<Map<String, Value>>,
}

impl EventBody {
    /// Reads it, or says what is wrong with it.
    pub(super) fn hear(self, now: Timestamp) -> Result<Heard, Fault> {
        let mut wrong = Wrong::default();
        wrong.within(&self.r#type, MOST_WORD, "/type");
        let row = words::row_of(&self.r#type);
        wrong.unless(row.is_some(), "/type", "is none of Instaleap's job events");
        if let Some(Teller::Call(call)) = row.map(|row| row.teller) {
            wrong.unless(false, "/type", format_args!("is told by {call}"));
        }
        let in_time = self.created_at.is_none_or(|at| at.millis() <= now.millis() + AHEAD_MS);
        wrong.unless(in_time, "/created_at", "lies ahead");
        let kind = self.task.as_ref().and_then(|task| task.kind.as_deref());
        let work = kind.and_then(words::work);
        wrong.unless(kind.is_none() || work.is_some(), "/task/kind", "is no kind of task");
        let (name, phone) = match &self.resource {
            Some(who) => (
                wrong.parse(who.name.as_deref(), "/resource/name", PersonName::parse),
                wrong.parse(who.phone_number.as_deref(), "/resource/phone_number", Phone::parse),
            ),
            None => (None, None),
        };
        if let Some(who) = &self.resource {
            wrong.within(who.name.as_deref().unwrap_or_default(), PersonName::MAX, "/resource/name");
            wrong.within(
                who.phone_number.as_deref().unwrap_or_default(),
                Phone::MAX,
                "/resource/phone_number",
            );
        }
        if let Some(eta) = &self.eta {
            wrong.unless(eta.from <= eta.to, "/eta/to", "is before from");
        }
        if let Some(items) = &self.job_items {
            let most = format_args!("must have at most {MOST_ITEMS} items");
            wrong.unless(items.len() <= MOST_ITEMS, "/job_items", most);
            for (id, item) in items {
                wrong.unless(
                    item.is_object() && (1..=128).contains(&id.chars().count()),
                    "/job_items",
                    "must be objects by their ids",
                );
            }
        }
        wrong.within(self.note.as_deref().unwrap_or_default(), Note::MAX, "/note");
        let note = wrong.parse(self.note.as_deref(), "/note", Note::parse);
        let id = self.name();
        wrong.unless(id.is_some(), "/id", "must have 1 to 100 visible ASCII characters");
        let courier = (name.is_some() || phone.is_some()).then_some(Courier { name, phone });
        let window = self.eta.map(|eta| Window::Between { from: eta.from, until: eta.to });
        let heard = id.map(|id| Heard {
            word: self.r#type,
            id,
            at: self.created_at,
            work,
            courier,
            window,
            note,
            items: self.job_items,
        });
        wrong.or(())?;
        heard.ok_or_else(|| Code::Internal.into())
    }

    /// The event's name: the caller's, or one that follows from what it says. An event without a time and a name is a
    /// new one each time.
    fn name(&self) -> Option<EventId> {
        let text = match (&self.id, self.created_at) {
            (Some(id), _) => format!("app-{}", Some(id).filter(|id| (1..=100).contains(&id.len()))?),
            (None, Some(at)) => {
                let kind = self.task.as_ref().and_then(|task| task.kind.as_deref()).unwrap_or_default();
                ids::derived("event", &format!("{}\0{kind}\0{at}", self.r#type))
            }
            (None, None) => ids::random().ok()?,
        };
        EventId::parse(&text).ok()
    }
}
