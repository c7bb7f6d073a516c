//! Numbers within their limits, written back as they came (`10` stays `10` and `78.65` stays `78.65`), and the
//! instants of the original's windows: milliseconds since 1970.

use std::borrow::Cow;

use doorstep_model::time::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Number;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

/// A number from `LEAST` to `MOST`, both in thousandths so that a type may carry them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Within<const LEAST: i64, const MOST: i64>(Number);

/// Money, a length, a weight, a count: not negative.
pub(crate) type Amount = Within<0, 1_000_000_000_000>;
/// Degrees north.
pub(crate) type Latitude = Within<-90_000, 90_000>;
/// Degrees east.
pub(crate) type Longitude = Within<-180_000, 180_000>;

#[expect(clippy::cast_precision_loss, reason = "the limits are small")]
impl<const LEAST: i64, const MOST: i64> Within<LEAST, MOST> {
    const LIMITS: (f64, f64) = (LEAST as f64 / 1_000.0, MOST as f64 / 1_000.0);

    /// Checks `number`; `None` outside the limits.
    pub(crate) fn new(number: Number) -> Option<Self> {
        let (least, most) = Self::LIMITS;
        let fits = number.as_f64().is_some_and(|value| (least..=most).contains(&value));
        fits.then_some(Self(number))
    }

    /// The nearest double.
    pub(crate) fn value(&self) -> f64 {
        self.0.as_f64().unwrap_or_default()
    }
}

impl<'de, const LEAST: i64, const MOST: i64> Deserialize<'de> for Within<LEAST, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (least, most) = Self::LIMITS;
        Self::new(Number::deserialize(deserializer)?)
            .ok_or_else(|| D::Error::custom(format_args!("must be a number from {least} to {most}")))
    }
}

impl<const LEAST: i64, const MOST: i64> PartialSchema for Within<LEAST, MOST> {
    fn schema() -> RefOr<Schema> {
        let (least, most) = Self::LIMITS;
        let number = ObjectBuilder::new().schema_type(Type::Number);
        number.minimum(Some(least)).maximum(Some(most)).build().into()
    }
}

impl<const LEAST: i64, const MOST: i64> ToSchema for Within<LEAST, MOST> {
    fn name() -> Cow<'static, str> {
        match (LEAST, MOST) {
            (-90_000, 90_000) => "Latitude".into(),
            (-180_000, 180_000) => "Longitude".into(),
            _ => "Amount".into(),
        }
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Self::name().into_owned(), Self::schema()));
    }
}

/// An instant as milliseconds since 1970-01-01T00:00:00Z, up to the year 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct EpochMs(i64);

impl EpochMs {
    const LAST: i64 = 253_402_300_799_999;

    /// As an instant of ours.
    pub(crate) fn at(self) -> Timestamp {
        Timestamp::from_millis(self.0)
    }
}

impl From<Timestamp> for EpochMs {
    fn from(at: Timestamp) -> Self {
        Self(at.millis().clamp(0, Self::LAST))
    }
}

impl Serialize for EpochMs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de> Deserialize<'de> for EpochMs {
    /// `4.0` is a whole number too: JSON has one kind of number.
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = Number::deserialize(deserializer)?;
        let whole = number.as_i64().or_else(|| {
            let value = number.as_f64().filter(|value| value.fract() == 0.0)?;
            (0.0..=9e15).contains(&value).then_some(value as i64)
        });
        let fits = whole.filter(|millis| (0..=Self::LAST).contains(millis));
        fits.map(Self).ok_or_else(|| D::Error::custom("must be milliseconds since 1970, a whole number"))
    }
}

impl PartialSchema for EpochMs {
    #[expect(clippy::cast_precision_loss, reason = "the limit is below 2^53")]
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
            .minimum(Some(0.0))
            .maximum(Some(Self::LAST as f64))
            .description(Some("Milliseconds since 1970-01-01T00:00:00Z"))
            .build()
            .into()
    }
}

impl ToSchema for EpochMs {
    fn name() -> Cow<'static, str> {
        "EpochMs".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Self::name().into_owned(), Self::schema()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back<T: for<'de> Deserialize<'de> + Serialize>(text: &str) -> Option<String> {
        serde_json::to_string(&serde_json::from_str::<T>(text).ok()?).ok()
    }

    #[test]
    fn numbers_come_back_as_they_were_written() {
        for text in ["10", "78.65", "0", "42.3346944"] {
            assert_eq!(back::<Amount>(text).as_deref(), Some(text));
        }
        assert_eq!(back::<Latitude>("-90").as_deref(), Some("-90"));
        for bad in ["-1", "\"1\"", "1e300", "null"] {
            assert_eq!(back::<Amount>(bad), None, "{bad}");
        }
        assert_eq!(back::<Latitude>("90.01"), None);
    }

    #[test]
    fn an_instant_is_whole_milliseconds() {
        assert_eq!(back::<EpochMs>("1679592688115").as_deref(), Some("1679592688115"));
        assert_eq!(back::<EpochMs>("1679592688115.0").as_deref(), Some("1679592688115"));
        for bad in ["-1", "1.5", "\"2022\"", "1e16", "253402300800000"] {
            assert_eq!(back::<EpochMs>(bad), None, "{bad}");
        }
    }
}
