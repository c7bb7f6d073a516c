//! The third of the original's time formats: prose such as `April 27th 2022, 2:45:45 am CDT`, in the zone of
//! whoever sends. Its words are the original's and English in every language.

use chrono::{DateTime, Datelike as _};
use chrono_tz::Tz;
use doorstep_model::time::{Timestamp, Zone};

use crate::zones;

/// `at` in words, in `zone`.
pub(crate) fn write(at: Timestamp, zone: &Zone) -> String {
    let local: DateTime<Tz> = at.utc().with_timezone(&zones::tz(zone));
    let day = local.day();
    format!("{} {day}{} {}", local.format("%B"), ordinal(day), local.format("%Y, %-I:%M:%S %P %Z"))
}

const fn ordinal(day: u32) -> &'static str {
    match (day % 10, day) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_samples_of_the_source_document() {
        let write = |at: &str, zone: &str| {
            let at = Timestamp::parse(at).unwrap_or_else(|e| panic!("{e}"));
            write(at, &Zone::parse(zone).unwrap_or_else(|e| panic!("{e}")))
        };
        assert_eq!(write("2022-04-27T07:45:45Z", "America/Chicago"), "April 27th 2022, 2:45:45 am CDT");
        assert_eq!(write("2022-10-26T20:46:07Z", "America/Chicago"), "October 26th 2022, 3:46:07 pm CDT");
        assert_eq!(write("2022-12-01T06:00:00Z", "America/Chicago"), "December 1st 2022, 12:00:00 am CST");
        assert_eq!(write("2022-03-22T12:00:09Z", "Europe/Madrid"), "March 22nd 2022, 1:00:09 pm CET");
        assert_eq!(write("2022-03-13T12:00:00Z", "UTC"), "March 13th 2022, 12:00:00 pm UTC");
    }
}
