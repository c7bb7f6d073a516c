//! When a provider works: weekdays and times of day in a zone of its own. Pure, but for the time-zone database.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike as _, Timelike as _, Weekday};
use doorstep_model::time::{Timestamp, Zone};
use utoipa::ToSchema;

use crate::zones;

/// A time of day in whole minutes, `00:00` to `24:00`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", example = "08:30")]
pub(crate) struct TimeOfDay(u32);

/// A text that is no time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a time of day is written from 00:00 to 24:00")]
pub(crate) struct TimeOfDayError;

impl FromStr for TimeOfDay {
    type Err = TimeOfDayError;

    fn from_str(text: &str) -> Result<Self, TimeOfDayError> {
        let digits = |part: &str| {
            let fits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            fits.then(|| part.parse::<u32>().ok()).flatten()
        };
        let (hours, minutes) = text.split_once(':').ok_or(TimeOfDayError)?;
        let (hours, minutes) = digits(hours).zip(digits(minutes)).ok_or(TimeOfDayError)?;
        let whole = hours * 60 + minutes;
        if minutes < 60 && whole <= 24 * 60 { Ok(Self(whole)) } else { Err(TimeOfDayError) }
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = TimeOfDayError;

    fn try_from(text: String) -> Result<Self, TimeOfDayError> {
        text.parse()
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.to_string()
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl fmt::Debug for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Day {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl From<Weekday> for Day {
    fn from(day: Weekday) -> Self {
        match day {
            Weekday::Mon => Self::Mon,
            Weekday::Tue => Self::Tue,
            Weekday::Wed => Self::Wed,
            Weekday::Thu => Self::Thu,
            Weekday::Fri => Self::Fri,
            Weekday::Sat => Self::Sat,
            Weekday::Sun => Self::Sun,
        }
    }
}

/// One span of a day on which a provider works.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProviderShift)]
pub(crate) struct Shift {
    /// On these days.
    #[schema(min_items = 1, max_items = 7)]
    pub(crate) days: Vec<Day>,
    /// From this minute on.
    pub(crate) from: TimeOfDay,
    /// Until before this minute; later than `from`.
    pub(crate) until: TimeOfDay,
}

/// When a provider works.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProviderHours)]
pub(crate) struct Hours {
    /// The zone of the times (IANA).
    #[schema(value_type = String, example = "America/Chicago")]
    pub(crate) zone: Zone,
    /// At least one.
    #[schema(min_items = 1, max_items = 50)]
    pub(crate) shifts: Vec<Shift>,
}

impl Hours {
    /// Whether it works at `at`.
    pub(crate) fn are_on(&self, at: Timestamp) -> bool {
        let local = at.utc().with_timezone(&zones::tz(&self.zone));
        let (day, minute) = (Day::from(local.weekday()), TimeOfDay(local.hour() * 60 + local.minute()));
        let on = |shift: &Shift| shift.days.contains(&day) && (shift.from..shift.until).contains(&minute);
        self.shifts.iter().any(on)
    }

    /// What is wrong with them, if anything.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        if !zones::is_known(&self.zone) {
            return Some("zone is no time zone such as America/Chicago");
        }
        if self.shifts.is_empty() || self.shifts.len() > 50 {
            return Some("shifts must be 1 to 50");
        }
        let wrong =
            |shift: &Shift| shift.days.is_empty() || shift.days.len() > 7 || shift.from >= shift.until;
        self.shifts.iter().any(wrong).then_some("each shift needs days, and an end after its beginning")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_those_of_the_providers_own_zone_through_a_change_of_clocks() {
        let shift = |days: &[Day], from: &str, until: &str| Shift {
            days: days.to_vec(),
            from: from.parse().unwrap(),
            until: until.parse().unwrap(),
        };
        let hours = Hours {
            zone: Zone::parse("America/Chicago").unwrap(),
            shifts: vec![shift(&[Day::Sat], "08:00", "20:00"), shift(&[Day::Sun], "00:00", "24:00")],
        };
        let on = |at: &str| hours.are_on(Timestamp::parse(at).unwrap());
        assert!(!on("2026-10-31T12:59:59Z"), "07:59 in Chicago, summer");
        assert!(on("2026-10-31T13:00:00Z"));
        assert!(!on("2026-11-01T01:00:00Z"), "20:00 on Saturday");
        assert!(on("2026-11-01T05:00:00Z"), "Sunday begins, summer");
        assert!(on("2026-11-02T05:59:59Z"), "Sunday ends, winter");
        assert!(!on("2026-11-02T06:00:00Z"));
        assert_eq!(hours.fault(), None);
        let turned = Hours { shifts: vec![shift(&[Day::Mon], "20:00", "08:00")], ..hours };
        assert!(turned.fault().is_some());
    }

    #[test]
    fn a_time_of_day_is_written_in_one_way() {
        for bad in ["8:00", "24:01", "12:60", "1200", "+1:00", "12:00:00", ""] {
            assert!(bad.parse::<TimeOfDay>().is_err(), "{bad:?}");
        }
        assert_eq!("24:00".parse::<TimeOfDay>().unwrap().to_string(), "24:00");
    }
}
