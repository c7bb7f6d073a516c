//! The mapping once it has met a file's header: columns by number, words by status, formats and zones
//! checked. What is left to do for a row cannot fail for a reason of the mapping.

use std::collections::HashMap;

use chrono_tz::Tz;
use doorstep_model::id::EventId;
use doorstep_model::language::LanguageTag;
use doorstep_model::status::Status;
use doorstep_model::text::{Source, SourceWord};
use doorstep_model::time::Zone;
use toml::Spanned;

use super::file::{EventSection, File, PromiseSection, StateSection, Text};
use super::locate::Problems;
use crate::import::ids::Stem;
use crate::import::local_time::TimeFormat;

/// What to do with a row.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The names of the columns, for reports.
    pub header: Vec<String>,
    /// Who says so.
    pub source: Source,
    /// In which language its words and places are.
    pub language: Option<LanguageTag>,
    /// The zone of the delivery.
    pub zone: Zone,
    /// The same, with its rules.
    pub tz: Tz,
    /// The column of the tracking id.
    pub tracking_id: usize,
    /// The column of the caller's own order number.
    pub reference: Option<usize>,
    /// The columns of the place it comes from.
    pub origin: Vec<usize>,
    /// The promise.
    pub promise: Option<PromisePlan>,
    /// The column of the recipient's name.
    pub recipient_name: Option<usize>,
    /// The column of the recipient's telephone.
    pub recipient_phone: Option<usize>,
    /// The column of the recipient's e-mail.
    pub recipient_email: Option<usize>,
    /// The columns of the recipient's address.
    pub recipient_address: Vec<usize>,
    /// The column of the courier's name.
    pub courier_name: Option<usize>,
    /// The column of the courier's telephone.
    pub courier_phone: Option<usize>,
    /// The columns of times that are events.
    pub events: Vec<EventPlan>,
    /// The last state that the source knew.
    pub state: Option<StatePlan>,
}

/// How to read the promise.
#[derive(Clone, Debug)]
pub struct PromisePlan {
    /// Its column.
    pub column: usize,
    /// Whether a day was promised, and not an instant.
    pub is_day: bool,
    /// How it is written.
    pub format: TimeFormat,
    /// In which zone.
    pub tz: Tz,
}

/// How to read a column of times.
#[derive(Clone, Debug)]
pub struct EventPlan {
    /// Its number.
    pub column: usize,
    /// What it means that something stands there.
    pub status: Status,
    /// The source's own word.
    pub word: SourceWord,
    /// How its times are written.
    pub format: TimeFormat,
    /// In which zone.
    pub tz: Tz,
    /// What the ids of its events begin with.
    pub stem: Stem,
}

/// How to read the last state.
#[derive(Clone, Debug)]
pub struct StatePlan {
    /// Its column.
    pub column: usize,
    /// What the ids of its events begin with.
    pub stem: Stem,
    /// Its words.
    pub words: HashMap<String, WordPlan>,
}

/// One word of the source.
#[derive(Clone, Debug)]
pub struct WordPlan {
    /// What it means.
    pub status: Status,
    /// The word itself.
    pub word: SourceWord,
    /// The id of the event that tells it.
    pub id: EventId,
}

/// Makes the plan, as far as it can; whatever is in the way is in `problems`.
pub(super) fn make(file: &File, header: &[String], problems: &mut Problems<'_>) -> Option<Plan> {
    let mut maker = Maker { header, problems, source: Source::parse("import").ok()? };
    if let Some(source) = &file.source {
        maker.source = maker.parse(source, Source::parse)?;
    }
    let language = match &file.language {
        Some(language) => Some(maker.parse(language, LanguageTag::parse)?),
        None => None,
    };
    let times = (maker.tz(&file.times.zone), maker.parse(&file.times.format, TimeFormat::parse));
    let shipment = &file.shipment;
    let zone = maker.parse(&shipment.zone, Zone::parse);
    let tz = maker.tz(&shipment.zone);
    let promise = match (&shipment.promise, times.1.as_ref(), times.0) {
        (Some(promise), Some(format), Some(tz)) => Some(maker.promise(promise, format, tz)?),
        _ => None,
    };
    let mut events = Vec::new();
    for event in &file.events {
        events.extend(maker.event(event, times.1.as_ref(), times.0));
    }
    let state = file.state.as_ref().and_then(|state| maker.state(state));
    let recipient = &shipment.recipient;
    Some(Plan {
        zone: zone?,
        tz: tz?,
        tracking_id: maker.column(&shipment.tracking_id)?,
        reference: maker.optional(shipment.reference.as_ref()),
        origin: maker.columns(&shipment.origin),
        promise,
        recipient_name: maker.optional(recipient.name.as_ref()),
        recipient_phone: maker.optional(recipient.phone.as_ref()),
        recipient_email: maker.optional(recipient.email.as_ref()),
        recipient_address: maker.columns(&recipient.address),
        courier_name: maker.optional(shipment.courier.name.as_ref()),
        courier_phone: maker.optional(shipment.courier.phone.as_ref()),
        events,
        state,
        source: maker.source,
        language,
        header: header.to_vec(),
    })
}

struct Maker<'a, 'p> {
    header: &'a [String],
    problems: &'a mut Problems<'p>,
    source: Source,
}

impl Maker<'_, '_> {
    /// Missing columns were complained of before.
    fn column(&self, named: &Text) -> Option<usize> {
        self.header.iter().position(|name| name == named.as_ref())
    }

    fn optional(&self, named: Option<&Text>) -> Option<usize> {
        self.column(named?)
    }

    fn columns(&self, named: &[Text]) -> Vec<usize> {
        named.iter().filter_map(|name| self.column(name)).collect()
    }

    fn parse<T, E: std::fmt::Display>(
        &mut self,
        text: &Text,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        match parse(text.as_ref()) {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                self.problems.at(text.span(), format!("{:?} {error}", text.as_ref()));
                None
            }
        }
    }

    fn tz(&mut self, name: &Text) -> Option<Tz> {
        self.parse(name, |name| {
            name.parse::<Tz>().map_err(|_| "is no zone that the time-zone database knows")
        })
    }

    fn status(&mut self, word: &Text) -> Option<Status> {
        self.parse(word, |word| {
            word.parse::<Status>().map_err(|_| {
                let words: Vec<&str> = Status::ALL.iter().map(|status| status.as_str()).collect();
                format!("is no status; they are {}", words.join(", "))
            })
        })
    }

    fn stem(&mut self, column: &Text) -> Option<Stem> {
        let source = self.source.clone();
        self.parse(column, |column| Stem::of(&source, column))
    }

    fn promise(&mut self, promise: &PromiseSection, format: &TimeFormat, tz: Tz) -> Option<PromisePlan> {
        let is_day = self.parse(&promise.means, |means| match means {
            "day" => Ok(true),
            "instant" => Ok(false),
            _ => Err("must be \"day\" or \"instant\""),
        })?;
        let format = match &promise.format {
            Some(own) => self.parse(own, TimeFormat::parse)?,
            None => format.clone(),
        };
        Some(PromisePlan { column: self.column(&promise.column)?, is_day, format, tz })
    }

    fn event(
        &mut self,
        event: &EventSection,
        format: Option<&TimeFormat>,
        tz: Option<Tz>,
    ) -> Option<EventPlan> {
        let status = self.status(&event.status);
        let word = self.parse(event.word.as_ref().unwrap_or(&event.column), SourceWord::parse);
        let stem = self.stem(&event.column);
        let format = match &event.format {
            Some(own) => self.parse(own, TimeFormat::parse),
            None => format.cloned(),
        };
        let tz = match &event.zone {
            Some(own) => self.tz(own),
            None => tz,
        };
        let column = self.column(&event.column)?;
        Some(EventPlan { column, status: status?, word: word?, format: format?, tz: tz?, stem: stem? })
    }

    fn state(&mut self, state: &StateSection) -> Option<StatePlan> {
        let stem = self.stem(&state.column)?;
        let mut words = HashMap::new();
        for (word, status) in &state.words {
            let status = self.status(status);
            let parsed = self.parse(word, SourceWord::parse);
            let id = self.parse(word, |word| stem.id(word));
            if let (Some(status), Some(parsed), Some(id)) = (status, parsed, id) {
                words.insert(Spanned::as_ref(word).clone(), WordPlan { status, word: parsed, id });
            }
        }
        Some(StatePlan { column: self.column(&state.column)?, stem, words })
    }
}
