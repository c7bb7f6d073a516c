//! Local times around changes of clocks that really took place.

use chrono_tz::America::Sao_Paulo;
use chrono_tz::Pacific::Apia;

use super::*;

fn read(text: &str, tz: Tz) -> Option<(String, Option<Doubt>)> {
    let format = TimeFormat::parse("%Y-%m-%d %H:%M:%S").unwrap_or_else(|e| panic!("{e}"));
    format.instant(text, tz).map(|resolved| (resolved.at.to_string(), resolved.doubt))
}

fn is(text: &str, doubt: Option<Doubt>) -> Option<(String, Option<Doubt>)> {
    Some((text.to_owned(), doubt))
}

#[test]
fn a_local_time_follows_the_zone_through_the_year() {
    assert_eq!(read("2017-07-26 10:57:55", Sao_Paulo), is("2017-07-26T13:57:55.000Z", None));
    assert_eq!(read("2018-01-10 10:00:00", Sao_Paulo), is("2018-01-10T12:00:00.000Z", None));
}

#[test]
fn a_time_shown_twice_is_the_first() {
    assert_eq!(read("2018-02-17 23:30:00", Sao_Paulo), is("2018-02-18T01:30:00.000Z", Some(Doubt::Twice)));
}

#[test]
fn a_time_skipped_is_read_by_the_clock_before_the_change() {
    assert_eq!(read("2017-10-15 00:30:00", Sao_Paulo), is("2017-10-15T03:30:00.000Z", Some(Doubt::Skipped)));
    assert_eq!(read("2011-12-30 12:00:00", Apia), is("2011-12-30T22:00:00.000Z", Some(Doubt::Skipped)));
}

#[test]
fn a_text_with_its_own_offset_needs_no_zone() {
    let format = TimeFormat::parse("rfc3339").unwrap_or_else(|e| panic!("{e}"));
    let at = format.instant("2017-07-26T10:57:55+02:00", Sao_Paulo).map(|resolved| resolved.at.to_string());
    assert_eq!(at.as_deref(), Some("2017-07-26T08:57:55.000Z"));
}

#[test]
fn a_day_with_a_time_of_its_own_is_no_day() {
    let format = TimeFormat::parse("%Y-%m-%d %H:%M:%S").unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(format.day("2018-03-13 00:00:00"), NaiveDate::from_ymd_opt(2018, 3, 13));
    assert_eq!(format.day("2018-03-13 18:00:00"), None);
    let date = TimeFormat::parse("%d.%m.%Y").unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(date.day("13.03.2018"), NaiveDate::from_ymd_opt(2018, 3, 13));
}

#[test]
fn nonsense_is_neither_a_format_nor_a_time() {
    assert_eq!(TimeFormat::parse("%Q"), Err(TimeFormatError));
    assert_eq!(TimeFormat::parse("day"), Err(TimeFormatError));
    for bad in ["", "2017-02-30 10:00:00", "2017-07-26", "2017-07-26 10:57:55 x", "yesterday"] {
        assert_eq!(read(bad, Sao_Paulo), None, "{bad:?}");
    }
}
