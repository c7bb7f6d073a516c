//! Days and clocks as a language writes them. Names and patterns stand in the catalogue, taken from CLDR,
//! rather than in the browser's `Intl`: browsers differ from each other and from release to release, and the
//! server's page and the widget's must be the same to the letter. Knows no zones.

use chrono::Datelike as _;

use crate::catalogue::Catalogue;
use crate::time::Day;

/// Hour and minute of a day: "14:10", "2:10 PM".
pub fn clock(hour: u32, minute: u32, words: &Catalogue) -> String {
    let half = if hour < 12 { words.time_am() } else { words.time_pm() };
    // The letters are CLDR's.
    let hour = match words.time_hours() {
        "h" => ((hour + 11) % 12 + 1).to_string(),
        "H" => hour.to_string(),
        _ => two(hour),
    };
    words.time_clock(&hour, &two(minute), half)
}

/// A day with its weekday: "Tuesday 24 November", and with its year where that is wanted.
pub fn date(day: Day, with_year: bool, words: &Catalogue) -> String {
    let weekday = named(words.time_weekdays(), day.weekday().num_days_from_monday());
    let month = named(words.time_months(), day.month0());
    let number = day.day().to_string();
    if with_year {
        words.time_date_year(weekday, &number, month, &day.year().to_string())
    } else {
        words.time_date(weekday, &number, month)
    }
}

fn named(names: &'static str, index: u32) -> &'static str {
    names.split('|').nth(index as usize).unwrap_or_default()
}

fn two(number: u32) -> String {
    [if number < 10 { "0" } else { "" }, &number.to_string()].concat()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn each_language_writes_its_own_way() {
        let day = |text: &str| text.parse::<Day>().unwrap_or_else(|e| panic!("{e}"));
        let (this, old) = (day("2026-11-21"), day("2017-03-01"));
        let mut table = String::new();
        for (tag, words) in Catalogue::ALL {
            let clocks =
                [(0, 5), (9, 5), (12, 0), (14, 10)].map(|(hour, minute)| clock(hour, minute, &words));
            let dates = [date(this, false, &words), date(old, true, &words)];
            let _ = writeln!(table, "{tag}: {} | {}", dates.join(" | "), clocks.join(" "));
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn every_language_names_twelve_months_and_seven_days() {
        for (tag, words) in Catalogue::ALL {
            assert_eq!(words.time_months().split('|').count(), 12, "{tag}");
            assert_eq!(words.time_weekdays().split('|').count(), 7, "{tag}");
            assert!(matches!(words.time_hours(), "HH" | "H" | "h"), "{tag}");
        }
    }
}
