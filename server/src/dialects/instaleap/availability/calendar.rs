//! From a store's hours to the slots that can be booked now: pure, told the time. Knows opening hours, lead time and
//! the changes of clocks; nothing of how many places are left.

use chrono::{Datelike as _, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Weekday};
use chrono_tz::Tz;
use doorstep_model::time::Timestamp;

use super::super::setup::shop::{Shop, WeekDay};
use crate::zones::tz;

/// A slot of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::dialects::instaleap) struct Window {
    /// From when.
    pub(in crate::dialects::instaleap) from: Timestamp,
    /// Until when.
    pub(in crate::dialects::instaleap) to: Timestamp,
}

/// The slots of `shop` that may still be booked at `now`, earliest first, each once. A day's are made when they are
/// asked for: a store may have some hundred thousand.
pub(in crate::dialects::instaleap) fn windows(shop: &Shop, now: Timestamp) -> impl Iterator<Item = Window> {
    let tz = tz(&shop.zone);
    let today = now.utc().with_timezone(&tz).date_naive();
    let bookable = now.millis() + i64::from(shop.lead_minutes) * 60_000;
    let days = (0..=shop.days_ahead)
        .filter_map(move |ahead| today.checked_add_days(chrono::Days::new(ahead.into())));
    days.flat_map(move |day| of_day(shop, day, tz)).filter(move |window| window.from.millis() >= bookable)
}

fn of_day(shop: &Shop, day: NaiveDate, tz: Tz) -> impl Iterator<Item = Window> {
    let open =
        shop.opening_hours.iter().filter(|opening| opening.days.iter().any(|open| is(*open, day.weekday())));
    let step = shop.slot_minutes.max(1);
    let rows = open
        .filter_map(|opening| opening.minutes())
        .flat_map(|(from, to)| (from..to).step_by(step as usize).filter(move |from| from + step <= to));
    let mut starts: Vec<u32> = rows.collect();
    starts.sort_unstable();
    starts.dedup();
    // A slot lasts as long as it says, also where the clocks change within it.
    let window = move |from: Timestamp| {
        let to = Timestamp::from_millis(from.millis() + i64::from(step) * 60_000);
        Window { from, to }
    };
    starts.into_iter().filter_map(move |from| instant(day, from, tz)).map(window)
}

/// When the store's clock shows that minute of the day; the first time where it does so twice, `None` where never.
fn instant(day: NaiveDate, minute: u32, tz: Tz) -> Option<Timestamp> {
    let local = day.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::minutes(minute.into()))?;
    tz.from_local_datetime(&local).earliest().map(|instant| instant.to_utc().into())
}

const fn is(open: WeekDay, day: Weekday) -> bool {
    open as u32 == day.num_days_from_monday()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shop(hours: &str, more: &str) -> Shop {
        let text = format!(
            r#"{{"name":"Centro","zone":"Europe/Madrid","capacity_per_slot":1,"opening_hours":[{hours}]{more}}}"#
        );
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}"))
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap_or_else(|e| panic!("{e}"))
    }

    fn starts(shop: &Shop, now: &str) -> Vec<String> {
        windows(shop, at(now)).map(|window| window.from.to_string()).collect()
    }

    const ALL_WEEK: &str = r#""days":["MON","TUE","WED","THU","FRI","SAT","SUN"]"#;

    #[test]
    fn slots_stand_in_rows_within_the_hours_of_their_days() {
        // 28 November 2026 is a Saturday.
        let shop = shop(
            r#"{"days":["SAT"],"from":"09:00","to":"11:30"},{"days":["MON"],"from":"09:00","to":"10:00"}"#,
            "",
        );
        let now = "2026-11-28T06:00:00Z";
        assert_eq!(starts(&shop, now), ["2026-11-28T08:00:00.000Z", "2026-11-28T09:00:00.000Z"]);
    }

    #[test]
    fn a_slot_is_bookable_until_its_lead_time() {
        let shop = shop(
            &format!(r#"{{{ALL_WEEK},"from":"09:00","to":"11:00"}}"#),
            r#","lead_minutes":90,"days_ahead":0"#,
        );
        assert_eq!(starts(&shop, "2026-11-28T07:30:00Z").len(), 1, "at its last minute");
        assert_eq!(starts(&shop, "2026-11-28T07:30:00.001Z").len(), 0);
        assert_eq!(starts(&shop, "2026-11-28T06:30:00Z").len(), 2);
    }

    #[test]
    fn the_end_of_the_day_and_of_summer_time_are_theirs_in_the_store() {
        let night = shop(&format!(r#"{{{ALL_WEEK},"from":"23:00","to":"24:00"}}"#), r#","days_ahead":0"#);
        let last: Vec<Window> = windows(&night, at("2026-11-28T12:00:00Z")).collect();
        assert_eq!(last.first().map(|window| window.to), Some(at("2026-11-28T23:00:00Z")));
        // At two o'clock on 28 March 2027, Madrid's clocks jump to three.
        let early = shop(
            &format!(r#"{{{ALL_WEEK},"from":"01:00","to":"04:00"}}"#),
            r#","days_ahead":0,"lead_minutes":0"#,
        );
        let of_the_night: Vec<Window> = windows(&early, at("2027-03-27T23:30:00Z")).collect();
        let hour = |from, to| Window { from: at(from), to: at(to) };
        let (first, second) = ("2027-03-28T00:00:00Z", "2027-03-28T01:00:00Z");
        assert_eq!(of_the_night, [hour(first, second), hour(second, "2027-03-28T02:00:00Z")]);
    }
}
