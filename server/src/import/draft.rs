//! One row, read by the plan: a shipment with the events that the row tells, or everything that is wrong
//! with it. Pure; knows nothing of what the store holds already.

use doorstep_model::eta::Promise;
use doorstep_model::event::{Event, Movement};
use doorstep_model::flags::FlagChange;
use doorstep_model::id::{EventId, TrackingId};
use doorstep_model::person::{Courier, Recipient};
use doorstep_model::shipment::Details;
use doorstep_model::status::Status;
use doorstep_model::text::{Address, Source, SourceWord};
use doorstep_model::time::{Day, Timestamp};

use super::mapping::{EventPlan, Plan, PromisePlan, WordPlan};
use super::report::Remark;
use super::rows::Row;
use crate::zones::end_of_day;

/// What a row tells.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Where it stands in the file.
    pub place: RowPlace,
    /// The number on the label.
    pub tracking_id: TrackingId,
    /// What it tells of the shipment.
    pub details: Details,
    /// What happened, and when.
    pub timed: Vec<Event>,
    /// The last state that the source knew.
    pub state: Option<WordPlan>,
    /// What had to be decided to read it.
    pub notes: Vec<Remark>,
}

/// Where a row stands, for remarks about it.
#[derive(Clone, Debug)]
pub struct RowPlace {
    row: u64,
    line: u64,
    id: String,
}

impl RowPlace {
    /// A remark about the row; `column` and `value` where it is about a cell.
    pub fn remark(&self, column: &str, value: &str, reason: impl std::fmt::Display) -> Remark {
        Remark {
            row: self.row,
            line: self.line,
            id: Remark::shortened(&self.id),
            column: column.to_owned(),
            value: Remark::shortened(value),
            reason: reason.to_string(),
        }
    }

    /// Its number.
    pub fn row(&self) -> u64 {
        self.row
    }
}

/// An event of this source, heard of at `now`, that says nothing yet.
pub fn blank_event(id: EventId, source: &Source, now: Timestamp) -> Event {
    Event {
        id,
        occurred_at: None,
        received_at: now,
        source: source.clone(),
        source_word: None,
        language: None,
        status: None,
        movement: Movement::Forward,
        reason: None,
        flags: FlagChange::default(),
        eta: None,
        place: None,
        note: None,
        courier: None,
        next: None,
    }
}

/// Reads `row`.
///
/// # Errors
/// Everything that is wrong with it; nothing of it may be taken then.
pub fn read(plan: &Plan, row: &Row, now: Timestamp) -> Result<Draft, Vec<Remark>> {
    let mut reader = Reader { plan, row, faults: Vec::new(), notes: Vec::new() };
    for flaw in &row.flaws {
        let value = flaw.column.map_or("", |column| reader.cell(column));
        reader.faults.push(reader.remark(flaw.column, value, &flaw.reason));
    }
    if !reader.faults.is_empty() {
        return Err(reader.faults);
    }
    let tracking_id = reader.tracking_id();
    let details = reader.details();
    let timed: Vec<Event> = plan.events.iter().filter_map(|event| reader.event(event, now)).collect();
    let state = reader.state();
    let place = reader.place();
    match tracking_id {
        Some(tracking_id) if reader.faults.is_empty() => {
            Ok(Draft { place, tracking_id, details, timed, state, notes: reader.notes })
        }
        _ => Err(reader.faults),
    }
}

struct Reader<'a> {
    plan: &'a Plan,
    row: &'a Row,
    faults: Vec<Remark>,
    notes: Vec<Remark>,
}

impl<'a> Reader<'a> {
    fn cell(&self, column: usize) -> &'a str {
        self.row.cells.get(column).map_or("", String::as_str)
    }

    fn place(&self) -> RowPlace {
        let id = self.cell(self.plan.tracking_id).to_owned();
        RowPlace { row: self.row.number, line: self.row.lines.0, id }
    }

    fn remark(&self, column: Option<usize>, value: &str, reason: impl std::fmt::Display) -> Remark {
        let name = column.and_then(|column| self.plan.header.get(column)).map_or("", String::as_str);
        self.place().remark(name, value, reason)
    }

    fn fault(&mut self, column: usize, reason: impl std::fmt::Display) {
        self.faults.push(self.remark(Some(column), self.cell(column), reason));
    }

    /// What stands in a column, where anything does.
    fn parse<T, E: std::fmt::Display>(
        &mut self,
        column: Option<usize>,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let column = column?;
        match self.cell(column) {
            "" => None,
            text => parse(text).map_err(|error| self.fault(column, error)).ok(),
        }
    }

    fn joined<T, E: std::fmt::Display>(
        &mut self,
        columns: &[usize],
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let parts: Vec<&str> =
            columns.iter().map(|column| self.cell(*column)).filter(|cell| !cell.is_empty()).collect();
        if parts.is_empty() {
            return None;
        }
        parse(&parts.join(", ")).map_err(|error| self.fault(columns[0], error)).ok()
    }

    fn tracking_id(&mut self) -> Option<TrackingId> {
        let column = self.plan.tracking_id;
        if self.cell(column).is_empty() {
            self.fault(column, "the row has no id");
        }
        self.parse(Some(column), TrackingId::parse)
    }

    fn details(&mut self) -> Details {
        let plan = self.plan;
        Details {
            promise: plan.promise.as_ref().and_then(|promise| self.promise(promise)),
            reference: self.parse(plan.reference, doorstep_model::text::Reference::parse),
            recipient: Recipient {
                name: self.parse(plan.recipient_name, doorstep_model::text::PersonName::parse),
                phone: self.parse(plan.recipient_phone, doorstep_model::text::Phone::parse),
                email: self.parse(plan.recipient_email, doorstep_model::text::Email::parse),
                address: self.joined(&plan.recipient_address, Address::parse),
            },
            courier: Courier {
                name: self.parse(plan.courier_name, doorstep_model::text::PersonName::parse),
                phone: self.parse(plan.courier_phone, doorstep_model::text::Phone::parse),
            },
            origin: self.joined(&plan.origin, doorstep_model::text::Place::parse),
            ..Details::in_zone(plan.zone.clone())
        }
    }

    fn promise(&mut self, promise: &PromisePlan) -> Option<Promise> {
        let text = self.cell(promise.column);
        if text.is_empty() {
            return None;
        }
        if promise.is_day {
            let day: Option<Day> = promise.format.day(text);
            if day.is_none() {
                self.fault(promise.column, "is no day of the mapping's format, without a time of day");
            }
            return day.map(|day| Promise { day, until: end_of_day(day, self.plan.tz) });
        }
        let until = self.instant(promise.column, &promise.format, promise.tz)?;
        Some(Promise { day: until.utc().with_timezone(&self.plan.tz).date_naive(), until })
    }

    fn instant(
        &mut self,
        column: usize,
        format: &super::local_time::TimeFormat,
        tz: chrono_tz::Tz,
    ) -> Option<Timestamp> {
        let text = self.cell(column);
        let Some(resolved) = format.instant(text, tz) else {
            self.fault(column, "is no time of the mapping's format");
            return None;
        };
        if let Some(doubt) = resolved.doubt {
            self.notes.push(self.remark(Some(column), text, doubt.as_str()));
        }
        Some(resolved.at)
    }

    fn event(&mut self, event: &EventPlan, now: Timestamp) -> Option<Event> {
        if self.cell(event.column).is_empty() {
            return None;
        }
        let at = self.instant(event.column, &event.format, event.tz)?;
        match event.stem.id(&at.utc().format("%Y%m%dT%H%M%S%.3fZ").to_string()) {
            Ok(id) => Some(Event {
                occurred_at: Some(at),
                source_word: Some(event.word.clone()),
                status: Some(event.status),
                ..blank_event(id, &self.plan.source, now)
            }),
            Err(error) => {
                self.fault(event.column, error);
                None
            }
        }
    }

    fn state(&mut self) -> Option<WordPlan> {
        let state = self.plan.state.as_ref()?;
        let word = self.cell(state.column);
        if word.is_empty() {
            return None;
        }
        let known = state.words.get(word).cloned();
        if known.is_none() {
            self.fault(state.column, "the mapping's [state.words] do not know this word");
        }
        known
    }
}

/// The word of an event, for comparison with a row's.
pub fn tells(event: &Event, word: &SourceWord) -> bool {
    event.source_word.as_ref() == Some(word)
}

/// Whether a status that a mapping names is one that a shipment can be brought to.
pub const fn can_stand(status: Status) -> bool {
    !matches!(status, Status::Unknown)
}
