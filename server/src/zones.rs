//! The time-zone database, behind the model's traits: on which day an instant falls, and how a viewer
//! reads it in the server's HTML. Knows no language: how a time is written is the model's.

use chrono::{DateTime, Datelike as _, NaiveTime, TimeDelta, TimeZone as _, Timelike as _};
use chrono_tz::Tz;
use doorstep_model::catalogue::Catalogue;
use doorstep_model::screen::Times;
use doorstep_model::time::{Day, Timestamp, Zone};
use doorstep_model::views::Days;
use doorstep_model::written;

use crate::clock::Clock;
use crate::language::Language;

/// The zone of that name, or UTC for a name that the database does not know (checked at the edge, so it
/// can only have been removed since).
pub fn tz(zone: &Zone) -> Tz {
    zone.as_str().parse().unwrap_or(Tz::UTC)
}

/// Whether the database knows the zone.
pub fn is_known(zone: &Zone) -> bool {
    zone.as_str().parse::<Tz>().is_ok()
}

/// The last millisecond of `day`, through any change of clocks: the later one where it comes twice, the last
/// before they jump where clocks jump over it.
pub fn end_of_day(day: Day, tz: Tz) -> Timestamp {
    let last = day.and_time(NaiveTime::from_hms_milli_opt(23, 59, 59, 999).unwrap_or_default());
    if let Some(end) = tz.from_local_datetime(&last).latest() {
        return end.to_utc().into();
    }
    // A gap is at most a day long (Samoa, 2011) and ends on a full minute.
    let next = (0..=2 * 24 * 60)
        .map(|minutes| TimeDelta::milliseconds(1) + TimeDelta::minutes(minutes))
        .filter_map(|later| last.checked_add_signed(later))
        .find_map(|local| tz.from_local_datetime(&local).earliest());
    Timestamp::from_millis(next.map_or(i64::MAX, |next| next.timestamp_millis() - 1))
}

/// Answers from the time-zone database.
#[derive(Clone, Copy, Debug, Default)]
pub struct ZoneDays;

impl Days for ZoneDays {
    fn day(&self, at: Timestamp, zone: &Zone) -> Day {
        at.utc().with_timezone(&tz(zone)).date_naive()
    }
}

/// Times as one viewer reads them.
pub struct ViewerTimes {
    now: Timestamp,
    tz: Tz,
    words: Catalogue,
}

impl ViewerTimes {
    /// For a delivery in `zone` and a viewer who reads `language`.
    pub fn new(clock: &Clock, zone: &Zone, language: Language) -> Self {
        Self { now: clock.now(), tz: tz(zone), words: language.catalogue() }
    }

    fn local(&self, at: Timestamp) -> DateTime<Tz> {
        at.utc().with_timezone(&self.tz)
    }
}

impl Times for ViewerTimes {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn day(&self, at: Timestamp) -> Day {
        self.local(at).date_naive()
    }

    fn clock(&self, at: Timestamp) -> String {
        let local = self.local(at);
        written::clock(local.hour(), local.minute(), &self.words)
    }

    fn date(&self, day: Day) -> String {
        written::date(day, day.year() != self.day(self.now).year(), &self.words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(language: Language) -> ViewerTimes {
        let now = Timestamp::parse("2026-11-21T12:00:00Z").unwrap_or_else(|e| panic!("{e}"));
        let zone = Zone::parse("Europe/Madrid").unwrap_or_else(|e| panic!("{e}"));
        ViewerTimes::new(&Clock::from_fn(move || now), &zone, language)
    }

    #[test]
    fn a_day_begins_at_local_midnight_through_the_change_of_clocks() {
        let zone = Zone::parse("Europe/Madrid").unwrap_or_else(|e| panic!("{e}"));
        let day = |text| {
            let at = Timestamp::parse(text).unwrap_or_else(|e| panic!("{e}"));
            ZoneDays.day(at, &zone).to_string()
        };
        assert_eq!(day("2026-10-24T21:59:59Z"), "2026-10-24");
        assert_eq!(day("2026-10-24T22:00:00Z"), "2026-10-25");
        assert_eq!(day("2026-10-25T22:59:59Z"), "2026-10-25");
        assert_eq!(day("2026-10-25T23:00:00Z"), "2026-10-26");
    }

    #[test]
    fn a_day_ends_with_its_last_millisecond_even_when_that_comes_twice_or_not_at_all() {
        let end = |day: &str, tz| end_of_day(day.parse().unwrap_or_default(), tz).to_string();
        assert_eq!(end("2018-03-13", Tz::America__Sao_Paulo), "2018-03-14T02:59:59.999Z");
        assert_eq!(end("2018-02-17", Tz::America__Sao_Paulo), "2018-02-18T02:59:59.999Z");
        assert_eq!(end("2017-10-14", Tz::America__Sao_Paulo), "2017-10-15T02:59:59.999Z");
        // Until 2011 the clocks of St. John's went back at one minute past midnight.
        assert_eq!(end("2010-11-06", Tz::America__St_Johns), "2010-11-07T03:29:59.999Z");
        // Samoa skipped the 30th whole.
        assert_eq!(end("2011-12-30", Tz::Pacific__Apia), "2011-12-30T09:59:59.999Z");
    }

    #[test]
    fn clocks_and_dates_follow_the_language() {
        let at = Timestamp::parse("2026-11-21T13:10:00Z").unwrap_or_else(|e| panic!("{e}"));
        let (us, gb) = (times(Language::EnglishUs), times(Language::English));
        assert_eq!((us.clock(at).as_str(), gb.clock(at).as_str()), ("2:10\u{202f}PM", "14:10"));
        assert_eq!(us.date(us.day(at)), "Saturday, November 21");
        assert_eq!(gb.date(gb.day(at)), "Saturday 21 November");
        let old = Timestamp::parse("2017-07-26T10:00:00Z").unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(gb.date(gb.day(old)), "Wednesday 26 July 2017");
    }
}
