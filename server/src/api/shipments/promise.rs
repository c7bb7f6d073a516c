//! What was promised to the buyer, as an API client tells it: a day or a last instant. The other half
//! follows from the zone of the delivery.

use doorstep_model::eta::Promise;
use doorstep_model::time::{Day, Timestamp, Zone};
use doorstep_model::views::Days as _;
use serde::de::{Deserialize, Deserializer, Error as _};
use utoipa::openapi::schema::{OneOfBuilder, Schema};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::api::{docs, wire};
use crate::zones::{ZoneDays, end_of_day, tz};

/// What was promised to the buyer.
#[derive(Clone, Copy, Debug, serde::Serialize)]
#[serde(untagged)]
pub(super) enum PromiseBody {
    /// All of a day.
    Day {
        /// The day, in the zone of the delivery.
        day: Day,
    },
    /// Up to an instant.
    Until {
        /// The last instant that keeps the promise.
        until: Timestamp,
    },
}

impl PromiseBody {
    /// The promise with both halves.
    pub(super) fn in_zone(self, zone: &Zone) -> Promise {
        match self {
            Self::Day { day } => Promise { day, until: end_of_day(day, tz(zone)) },
            Self::Until { until } => Promise { day: ZoneDays.day(until, zone), until },
        }
    }
}

impl PartialSchema for PromiseBody {
    fn schema() -> RefOr<Schema> {
        let until = Ref::from_schema_name(Timestamp::name());
        let halves = OneOfBuilder::new()
            .item(docs::closed_object(&[("day", docs::day())]))
            .item(docs::closed_object(&[("until", until.into())]));
        RefOr::T(Schema::OneOf(halves.build()))
    }
}

impl ToSchema for PromiseBody {
    fn name() -> std::borrow::Cow<'static, str> {
        "PromiseBody".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Timestamp::name().into_owned(), Timestamp::schema()));
    }
}

impl<'de> Deserialize<'de> for PromiseBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Fields {
            #[serde(default, deserialize_with = "wire::day")]
            day: Option<Day>,
            until: Option<Timestamp>,
        }

        match wire::object(deserializer)? {
            Fields { day: Some(day), until: None } => Ok(Self::Day { day }),
            Fields { day: None, until: Some(until) } => Ok(Self::Until { until }),
            _ => Err(D::Error::custom("must have either a day or until")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(day: &str, zone: &str) -> String {
        let day = day.parse().unwrap_or_else(|e| panic!("{e}"));
        let zone = Zone::parse(zone).unwrap_or_else(|e| panic!("{e}"));
        let last = end_of_day(day, tz(&zone));
        assert_eq!(ZoneDays.day(last, &zone), day);
        assert_ne!(ZoneDays.day(Timestamp::from_millis(last.millis() + 1), &zone), day);
        last.to_string()
    }

    #[test]
    fn a_day_ends_at_local_midnight_through_every_change_of_clocks() {
        assert_eq!(last("2026-11-24", "UTC"), "2026-11-24T23:59:59.999Z");
        assert_eq!(last("2026-11-24", "America/Sao_Paulo"), "2026-11-25T02:59:59.999Z");
        assert_eq!(last("2026-10-25", "Europe/Madrid"), "2026-10-25T22:59:59.999Z");
        // Clocks jumped from midnight to one.
        assert_eq!(last("2018-11-03", "America/Sao_Paulo"), "2018-11-04T02:59:59.999Z");
        // A day that a zone skipped whole: the 30th never was.
        assert_eq!(last("2011-12-29", "Pacific/Apia"), "2011-12-30T09:59:59.999Z");
    }

    #[test]
    fn a_promise_has_exactly_one_half() {
        for bad in
            ["{}", r#"{"day":null}"#, r#"{"day":"2026-11-24","until":"2026-11-24T10:00:00Z"}"#, "[]", "1"]
        {
            assert!(serde_json::from_str::<PromiseBody>(bad).is_err(), "{bad}");
        }
    }
}
