//! Instants and zones. An instant is UTC with milliseconds; a zone is only a name here, because the
//! time-zone database belongs to whoever shows times (the browser, the server), not to the model.

mod rfc3339;

use std::fmt;

use chrono::{DateTime, NaiveDate, SecondsFormat, SubsecRound, Utc};

/// A calendar day, in whatever zone the field that holds it says.
pub type Day = NaiveDate;

/// Reads a [`Day`] from `2026-11-21`, for serde's `deserialize_with`: chrono's own way brings its whole
/// parser along, which is a tenth of the widget.
///
/// # Errors
/// The deserializer's, for anything else.
pub(crate) fn read_day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
    let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
    rfc3339::date(&text).ok_or_else(|| serde::de::Error::custom("is no date such as 2026-11-21"))
}

/// The same where there may be none.
pub(crate) fn read_optional_day<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Day>, D::Error> {
    struct Read(Day);

    impl<'de> serde::Deserialize<'de> for Read {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            read_day(deserializer).map(Self)
        }
    }

    let day = <Option<Read> as serde::Deserialize>::deserialize(deserializer)?;
    Ok(day.map(|read| read.0))
}

/// An instant, UTC, in whole milliseconds, between the years 0 and 9999; on the wire RFC 3339.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(value_type = String, format = DateTime, example = "2026-11-21T14:10:00.000Z")
)]
pub struct Timestamp(DateTime<Utc>);

/// A text that is no RFC 3339 instant between the years 0 and 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no RFC 3339 time with an offset, such as 2026-11-21T14:10:00Z")]
pub struct TimestampError;

impl Timestamp {
    /// From milliseconds since 1970-01-01T00:00:00Z; out of range is clamped to the epoch's century ends.
    pub fn from_millis(millis: i64) -> Self {
        const LAST: i64 = 253_402_300_799_999; // 9999-12-31T23:59:59.999Z
        const FIRST: i64 = -62_167_219_200_000; // 0000-01-01T00:00:00Z
        let millis = millis.clamp(FIRST, LAST);
        Self(DateTime::from_timestamp_millis(millis).unwrap_or_default())
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub fn millis(self) -> i64 {
        self.0.timestamp_millis()
    }

    /// Reads RFC 3339 with any offset; finer than a millisecond is cut off.
    ///
    /// # Errors
    /// [`TimestampError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, TimestampError> {
        rfc3339::instant(text).map(Self::from_millis).ok_or(TimestampError)
    }

    /// As chrono's own type, for whoever knows zones.
    pub fn utc(self) -> DateTime<Utc> {
        self.0
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(instant: DateTime<Utc>) -> Self {
        Self::from_millis(instant.trunc_subsecs(3).timestamp_millis())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// The IANA name of a time zone ("Europe/Madrid"). Here only its form is checked; that the zone
/// exists is checked by the server, which has the database.
#[derive(Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(value_type = String, min_length = 1, max_length = 64, pattern = "^[A-Za-z][A-Za-z0-9_+/-]*$", example = "Europe/Madrid")
)]
pub struct Zone(String);

/// A text that has not the form of an IANA zone name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no IANA time zone name, such as Europe/Madrid")]
pub struct ZoneError;

impl Zone {
    /// Checks the form.
    ///
    /// # Errors
    /// [`ZoneError`] for what cannot be a zone name.
    pub fn parse(raw: &str) -> Result<Self, ZoneError> {
        let fits = (1..=64).contains(&raw.len())
            && raw.starts_with(|c: char| c.is_ascii_alphabetic())
            && raw.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'+' | b'-' | b'/'));
        if fits { Ok(Self(raw.to_owned())) } else { Err(ZoneError) }
    }

    /// Coordinated Universal Time, for shipments that name no zone.
    pub fn utc() -> Self {
        Self("UTC".to_owned())
    }

    /// The IANA name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What people call it: the last part with blanks ("New York" for `America/New_York`).
    pub fn city(&self) -> String {
        self.0.rsplit('/').next().unwrap_or(&self.0).replace('_', " ")
    }
}

impl TryFrom<String> for Zone {
    type Error = ZoneError;

    fn try_from(raw: String) -> Result<Self, ZoneError> {
        Self::parse(&raw)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.0
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_is_utc_in_milliseconds() {
        let at = Timestamp::parse("2026-11-21T15:10:00.1239+01:00").unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(at.to_string(), "2026-11-21T14:10:00.123Z");
    }

    #[test]
    fn a_time_without_an_offset_is_refused() {
        for bad in ["2026-11-21T14:10:00", "2026-11-21", "", "+10000-01-01T00:00:00Z"] {
            assert_eq!(Timestamp::parse(bad), Err(TimestampError), "{bad:?}");
        }
    }
}
