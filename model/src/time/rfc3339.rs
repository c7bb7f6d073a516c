//! Reads the one form in which instants and days stand on the wire. By hand because chrono's parser,
//! which takes every form there is, weighs more in the widget than all of its screens; chrono still
//! knows the calendar, and the tests hold both against each other.

use chrono::{Datelike as _, NaiveDate};

/// 1970-01-01, counted as chrono counts days.
const EPOCH_DAY: i32 = 719_163;

/// Milliseconds since 1970-01-01T00:00:00Z of `2026-11-21T14:10:00.123+01:00`; digits beyond the
/// millisecond are cut off.
pub(super) fn instant(text: &str) -> Option<i64> {
    let mut text = Text(text.as_bytes());
    let day = i64::from(text.date()?.num_days_from_ce() - EPOCH_DAY);
    text.one_of(b"Tt ")?;
    let hour = text.below(24)?;
    text.one_of(b":")?;
    let minute = text.below(60)?;
    text.one_of(b":")?;
    // A leap second is the first instant of the next minute.
    let second = text.below(61)?;
    let millis = if text.one_of(b".").is_some() { text.millis()? } else { 0 };
    let offset = text.offset_minutes()?;
    text.0.is_empty().then_some((((day * 24 + hour) * 60 + minute - offset) * 60 + second) * 1000 + millis)
}

/// The day of `2026-11-21`.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    let mut text = Text(text.as_bytes());
    text.date().filter(|_| text.0.is_empty())
}

/// What is still to be read.
struct Text<'a>(&'a [u8]);

impl Text<'_> {
    fn one_of(&mut self, wanted: &[u8]) -> Option<u8> {
        let (&first, rest) = self.0.split_first().filter(|(first, _)| wanted.contains(first))?;
        self.0 = rest;
        Some(first)
    }

    fn digit(&mut self) -> Option<i64> {
        self.one_of(b"0123456789").map(|digit| i64::from(digit - b'0'))
    }

    /// Two digits of a number below `end`.
    fn below(&mut self, end: i64) -> Option<i64> {
        let number = self.digit()? * 10 + self.digit()?;
        (number < end).then_some(number)
    }

    fn date(&mut self) -> Option<NaiveDate> {
        let year = self.below(100)? * 100 + self.below(100)?;
        self.one_of(b"-")?;
        let month = self.below(13)?;
        self.one_of(b"-")?;
        let day = self.below(32)?;
        NaiveDate::from_ymd_opt(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?)
    }

    /// One digit or more.
    fn millis(&mut self) -> Option<i64> {
        let mut millis = self.digit()? * 100;
        let mut worth = 10;
        while let Some(digit) = self.digit() {
            millis += digit * worth;
            worth /= 10;
        }
        Some(millis)
    }

    fn offset_minutes(&mut self) -> Option<i64> {
        let sign = match self.one_of(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return Some(0),
        };
        let hours = self.below(24)?;
        self.one_of(b":")?;
        Some(sign * (hours * 60 + self.below(60)?))
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::*;

    fn agrees(text: &str) {
        let chronos = DateTime::parse_from_rfc3339(text).ok().map(|at| at.timestamp_millis());
        assert_eq!(instant(text), chronos, "{text:?}");
    }

    #[test]
    fn odd_texts_are_read_as_chrono_reads_them() {
        for text in [
            "2026-11-21T14:10:00Z",
            "2026-11-21t14:10:00z",
            "2026-11-21 14:10:00.1239+01:00",
            "2016-12-31T23:59:60Z",
            "2016-12-31T23:59:61Z",
            "0000-01-01T00:00:00-23:59",
            "2026-02-29T00:00:00Z",
            "2026-11-21T24:00:00Z",
            "2026-11-21T14:10:00.Z",
            "2026-11-21T14:10:00+0100",
            "2026-11-21T14:10Z",
            "+2026-11-21T14:10:00Z",
            "2026-11-21T14:10:00Z ",
            "",
        ] {
            agrees(text);
        }
    }

    #[test]
    fn a_day_is_a_day_and_nothing_else() {
        assert_eq!(date("2026-11-21"), NaiveDate::from_ymd_opt(2026, 11, 21));
        for bad in ["2026-11-31", "2026-11-21T", "26-11-21", "2026-1-1", ""] {
            assert_eq!(date(bad), None, "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_as_chrono_reads_it(
            text in r"[0-9]{4}-[01][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{1,12})?(Z|[+-][0-2][0-9]:[0-6][0-9])",
        ) {
            agrees(&text);
        }

        #[test]
        fn no_text_is_too_much(text in ".*") {
            let _ = (instant(&text), date(&text));
        }
    }
}
