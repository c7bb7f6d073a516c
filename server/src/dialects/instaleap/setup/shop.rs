//! A store as the tenant sets it up: where it is, when it is open, how much a slot takes, whom it reaches. The same
//! form is sent, kept and shown. Knows no requests for availability.

use doorstep_model::time::Zone;
use utoipa::ToSchema;

use super::super::place::Place;
use super::super::words;
use crate::dialects::instaleap::wire::Wrong;
use crate::zones;

/// The most minutes of a slot, of a lead time and of an offer's life: a day.
const DAY: u32 = 24 * 60;
/// The most days ahead that slots are offered for.
const DAYS_AHEAD: u32 = 31;
/// The most postal codes of a store.
const POSTAL_CODES: usize = 5_000;

/// A store.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Store)]
pub(in crate::dialects::instaleap) struct Shop {
    /// Its id, as the path says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::dialects::instaleap) id: Option<String>,
    /// What people call it.
    #[schema(min_length = 1, max_length = 120)]
    pub(in crate::dialects::instaleap) name: String,
    /// The time zone of its clock, and of its deliveries.
    pub(in crate::dialects::instaleap) zone: Zone,
    /// Where it is.
    #[serde(default, deserialize_with = "crate::api::wire::object")]
    pub(in crate::dialects::instaleap) address: Place,
    /// When it is open. Slots stand in rows from the beginning of each.
    #[serde(deserialize_with = "crate::api::wire::objects::<_, _, 50>")]
    #[schema(min_items = 1, max_items = 50)]
    pub(in crate::dialects::instaleap) opening_hours: Vec<Opening>,
    /// How long a slot is.
    #[serde(default = "sixty")]
    #[schema(minimum = 5, maximum = 1440)]
    pub(in crate::dialects::instaleap) slot_minutes: u32,
    /// How many jobs a slot takes.
    #[schema(minimum = 0, maximum = 10000)]
    pub(in crate::dialects::instaleap) capacity_per_slot: u32,
    /// How long before a slot begins it must be booked.
    #[serde(default = "sixty")]
    #[schema(minimum = 0, maximum = 1440)]
    pub(in crate::dialects::instaleap) lead_minutes: u32,
    /// For how many days after today slots are offered.
    #[serde(default = "one")]
    #[schema(minimum = 0, maximum = 31)]
    pub(in crate::dialects::instaleap) days_ahead: u32,
    /// How long an offered slot may be bought; an extension adds three times as much.
    #[serde(default = "fifteen")]
    #[schema(minimum = 1, maximum = 1440)]
    pub(in crate::dialects::instaleap) slot_expiry_minutes: u32,
    /// How its jobs are fulfilled.
    #[serde(default = "full_service")]
    #[schema(example = "FULL_SERVICE")]
    pub(in crate::dialects::instaleap) operational_model: String,
    /// Whom it reaches; everybody, where nothing is said.
    #[serde(
        default,
        deserialize_with = "crate::api::wire::optional_object",
        skip_serializing_if = "Option::is_none"
    )]
    pub(in crate::dialects::instaleap) coverage: Option<Coverage>,
    /// The third-party fleet that brings its jobs, by its id; its own people where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    pub(in crate::dialects::instaleap) fleet_id: Option<String>,
}

const fn sixty() -> u32 {
    60
}

const fn one() -> u32 {
    1
}

const fn fifteen() -> u32 {
    15
}

fn full_service() -> String {
    "FULL_SERVICE".to_owned()
}

/// Hours of some days of the week.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::dialects::instaleap) struct Opening {
    /// Which days.
    #[schema(min_items = 1, max_items = 7)]
    pub(in crate::dialects::instaleap) days: Vec<WeekDay>,
    /// From when, on the store's clock.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "09:00")]
    pub(in crate::dialects::instaleap) from: String,
    /// Until when; `24:00` is the end of the day.
    #[schema(pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", example = "21:00")]
    pub(in crate::dialects::instaleap) to: String,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub(in crate::dialects::instaleap) enum WeekDay {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// Whom a store reaches: those with one of its postal codes, and those within its radius.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::dialects::instaleap) struct Coverage {
    /// Postal codes, compared without blanks and case.
    #[serde(default)]
    #[schema(max_items = 5000)]
    pub(in crate::dialects::instaleap) postal_codes: Vec<String>,
    /// Kilometres from the store, as the crow flies; takes the store's latitude and longitude.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 20000)]
    pub(in crate::dialects::instaleap) radius_km: Option<f64>,
}

impl Opening {
    /// The minutes of the day from and until which it is open; `None` where they are no times.
    pub(in crate::dialects::instaleap) fn minutes(&self) -> Option<(u32, u32)> {
        let (from, to) = (minute(&self.from)?, minute(&self.to)?);
        (from < to).then_some((from, to))
    }
}

/// The minute of the day that a clock shows.
fn minute(clock: &str) -> Option<u32> {
    let (hour, minute) = clock.split_once(':')?;
    let two = |digits: &str| {
        let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<u32>().ok().filter(|_| plain)
    };
    let (hour, minute) = (two(hour)?, two(minute)?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= DAY).then_some(total)
}

impl Shop {
    /// Notes what does not hold.
    pub(in crate::dialects::instaleap) fn check(&self, wrong: &mut Wrong) {
        wrong.unless(
            (1..=120).contains(&self.name.trim().chars().count()),
            "/name",
            "must have 1 to 120 characters",
        );
        wrong.unless(zones::is_known(&self.zone), "/zone", "is not in the time zone database");
        self.address.check("/address", wrong);
        wrong.unless(
            (1..=50).contains(&self.opening_hours.len()),
            "/opening_hours",
            "must have 1 to 50 items",
        );
        for (i, opening) in self.opening_hours.iter().enumerate() {
            let at = format!("/opening_hours/{i}");
            wrong.unless(
                opening.minutes().is_some(),
                &at,
                "must go from one time, such as 09:00, to a later one",
            );
            wrong.unless(
                (1..=7).contains(&opening.days.len()),
                &format!("{at}/days"),
                "must have 1 to 7 days",
            );
        }
        let mut within = |value: u32, least: u32, most: u32, at: &str| {
            wrong.unless((least..=most).contains(&value), at, format_args!("must be {least} to {most}"));
        };
        within(self.slot_minutes, 5, DAY, "/slot_minutes");
        within(self.capacity_per_slot, 0, 10_000, "/capacity_per_slot");
        within(self.lead_minutes, 0, DAY, "/lead_minutes");
        within(self.days_ahead, 0, DAYS_AHEAD, "/days_ahead");
        within(self.slot_expiry_minutes, 1, DAY, "/slot_expiry_minutes");
        wrong.unless(
            words::MODELS.contains(&self.operational_model.as_str()),
            "/operational_model",
            format_args!("must be one of {}", words::MODELS.join(", ")),
        );
        let Some(coverage) = &self.coverage else { return };
        wrong.unless(
            coverage.postal_codes.len() <= POSTAL_CODES,
            "/coverage/postal_codes",
            format_args!("must have at most {POSTAL_CODES} items"),
        );
        if let Some(radius) = coverage.radius_km {
            let fits = (0.0..=20_000.0).contains(&radius);
            wrong.unless(fits, "/coverage/radius_km", "must be 0 to 20000");
            let here = self.address.point().is_some();
            wrong.unless(
                here,
                "/coverage/radius_km",
                "takes the latitude and longitude of the store's address",
            );
        }
    }

    /// Whether it reaches `there`. What is not said of `there` cannot be covered by it.
    pub(in crate::dialects::instaleap) fn reaches(&self, there: &Place) -> bool {
        let Some(coverage) = &self.coverage else { return true };
        let code = there.postal_code().map(plain);
        if code.is_some_and(|code| coverage.postal_codes.iter().any(|known| plain(known) == code)) {
            return true;
        }
        let distance = self.address.point().zip(there.point()).map(|(here, there)| here.kilometres_to(there));
        coverage.radius_km.zip(distance).is_some_and(|(radius, distance)| distance <= radius)
    }
}

fn plain(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_has_four_digits() {
        assert_eq!(minute("09:30"), Some(570));
        assert_eq!(minute("24:00"), Some(1440));
        for bad in ["9:30", "24:01", "12:60", "", "1200", "+1:00", "12:0x"] {
            assert_eq!(minute(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn postal_codes_compare_as_people_write_them() {
        assert_eq!(plain("sw1a 1aa"), plain("SW1A1AA"));
        assert_eq!(plain("01310-100"), plain("01310100"));
    }
}
