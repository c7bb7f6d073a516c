//! Local times that name no offset, made instants by a zone's rules without inventing anything: what the
//! change of clocks leaves open is decided by one rule and said. Knows nothing of files or rows.

use chrono::format::{Fixed, Item, StrftimeItems};
use chrono::{DateTime, Datelike as _, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset as _};
use chrono::{TimeDelta, TimeZone as _};
use chrono_tz::Tz;
use doorstep_model::time::{Day, Timestamp};

/// An instant, and what had to be decided to get it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The instant.
    pub at: Timestamp,
    /// Set where the clock alone does not say which instant it was.
    pub doubt: Option<Doubt>,
}

/// What the change of clocks left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The clock showed this twice; the first time is taken.
    Twice,
    /// The clock skipped this; it is read as if it had not been put forward yet (RFC 5545, 3.3.5).
    Skipped,
}

impl Doubt {
    /// In words for a report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Twice => "the clock showed this time twice; taken as the first",
            Self::Skipped => "the clock skipped this time; read by the clock before the change",
        }
    }
}

/// The instant at which a clock in `tz` shows `local`.
pub fn resolve(local: NaiveDateTime, tz: Tz) -> Resolved {
    match tz.from_local_datetime(&local) {
        LocalResult::Single(at) => Resolved { at: at.to_utc().into(), doubt: None },
        LocalResult::Ambiguous(first, _) => Resolved { at: first.to_utc().into(), doubt: Some(Doubt::Twice) },
        LocalResult::None => {
            let at = local - offset_before(local, tz);
            Resolved { at: at.and_utc().into(), doubt: Some(Doubt::Skipped) }
        }
    }
}

/// The offset in force before the gap in which `local` falls. A gap is at most a day long (Samoa, 2011).
fn offset_before(local: NaiveDateTime, tz: Tz) -> TimeDelta {
    [3, 26]
        .into_iter()
        .filter_map(|hours| tz.from_local_datetime(&(local - TimeDelta::hours(hours))).latest())
        .map(|before| TimeDelta::seconds(before.offset().fix().local_minus_utc().into()))
        .next()
        .unwrap_or_default()
}

/// How a column writes times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeFormat {
    pattern: String,
    has_offset: bool,
}

/// A text that is no pattern of dates and times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no pattern of a date and time, such as \"%Y-%m-%d %H:%M:%S\", nor \"rfc3339\"")]
pub struct TimeFormatError;

impl TimeFormat {
    /// A `strftime` pattern, or `rfc3339`.
    ///
    /// # Errors
    /// [`TimeFormatError`] for a pattern with unknown or no fields.
    pub fn parse(pattern: &str) -> Result<Self, TimeFormatError> {
        let pattern = if pattern == "rfc3339" { "%+" } else { pattern };
        let items: Vec<Item<'_>> = StrftimeItems::new(pattern).collect();
        let literal = |item: &Item<'_>| matches!(item, Item::Literal(_) | Item::Space(_));
        if items.contains(&Item::Error) || items.iter().all(literal) {
            return Err(TimeFormatError);
        }
        let has_offset = items.iter().any(|item| matches!(item, Item::Fixed(fixed) if tells_offset(fixed)));
        Ok(Self { pattern: pattern.to_owned(), has_offset })
    }

    /// Reads a date and time; one that names no offset is a clock in `tz`.
    pub fn instant(&self, text: &str, tz: Tz) -> Option<Resolved> {
        if self.has_offset {
            let at = DateTime::parse_from_str(text, &self.pattern).ok()?;
            return within_range(at.naive_utc()).then(|| Resolved { at: at.to_utc().into(), doubt: None });
        }
        let local = NaiveDateTime::parse_from_str(text, &self.pattern).ok()?;
        within_range(local).then(|| resolve(local, tz))
    }

    /// Reads a day: a date without a time, or with midnight for one. Anything else says more than a day,
    /// which must not be dropped.
    pub fn day(&self, text: &str) -> Option<Day> {
        let time = NaiveDateTime::parse_from_str(text, &self.pattern).map(|local| local.time());
        if time.is_ok_and(|time| time != NaiveTime::MIN) {
            return None;
        }
        let day = NaiveDate::parse_from_str(text, &self.pattern).ok()?;
        within_range(day.and_time(NaiveTime::MIN)).then_some(day)
    }
}

const fn tells_offset(fixed: &Fixed) -> bool {
    matches!(
        fixed,
        Fixed::TimezoneOffset
            | Fixed::TimezoneOffsetColon
            | Fixed::TimezoneOffsetDoubleColon
            | Fixed::TimezoneOffsetTripleColon
            | Fixed::TimezoneOffsetColonZ
            | Fixed::TimezoneOffsetZ
            | Fixed::RFC2822
            | Fixed::RFC3339
    )
}

/// A day off the ends of what a [`Timestamp`] takes, so that no offset leads out of it.
fn within_range(local: NaiveDateTime) -> bool {
    (1..=9998).contains(&local.year())
}

#[cfg(test)]
mod tests;
