//! A place as Instaleap's clients write it: an address in parts, a point, and whatever else they say, which is kept.

use std::collections::BTreeMap;

use doorstep_model::text::Address;
use serde_json::Value;
use utoipa::ToSchema;

use super::wire::Wrong;

/// The mean radius of the earth in kilometres (IUGG).
const EARTH_KM: f64 = 6_371.009;

/// A place. All of it is kept and given back as it came.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize, ToSchema)]
pub(super) struct Place {
    /// What it is called, or who lives there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    /// Street and number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<String>,
    /// Flat, floor, tower.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) address_two: Option<String>,
    /// City.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) city: Option<String>,
    /// State or province.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) state: Option<String>,
    /// Country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) country: Option<String>,
    /// Postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) zip_code: Option<String>,
    /// Degrees north.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = -90, maximum = 90)]
    pub(super) latitude: Option<f64>,
    /// Degrees east.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = -180, maximum = 180)]
    pub(super) longitude: Option<f64>,
    /// Whatever else is said.
    #[serde(flatten)]
    pub(super) more: BTreeMap<String, Value>,
}

/// A point on the earth, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    latitude: f64,
    longitude: f64,
}

impl Point {
    /// The distance as the crow flies (haversine).
    pub(super) fn kilometres_to(self, other: Self) -> f64 {
        let (a, b) = (self.latitude.to_radians(), other.latitude.to_radians());
        let half = |x: f64| (x / 2.0).sin().powi(2);
        let h = half(b - a) + a.cos() * b.cos() * half((other.longitude - self.longitude).to_radians());
        2.0 * EARTH_KM * h.sqrt().min(1.0).asin()
    }
}

impl Place {
    /// Notes what does not hold.
    pub(super) fn check(&self, at: &str, wrong: &mut Wrong) {
        let within =
            |value: Option<f64>, most: f64| value.is_none_or(|value| (-most..=most).contains(&value));
        wrong.unless(within(self.latitude, 90.0), &format!("{at}/latitude"), "must be -90 to 90");
        wrong.unless(within(self.longitude, 180.0), &format!("{at}/longitude"), "must be -180 to 180");
    }

    /// Where it is, where that is said.
    pub(super) fn point(&self) -> Option<Point> {
        let (latitude, longitude) = self.latitude.zip(self.longitude)?;
        Some(Point { latitude, longitude })
    }

    /// Its postal code, which some clients call so.
    pub(super) fn postal_code(&self) -> Option<&str> {
        self.zip_code.as_deref().or_else(|| self.more.get("postal_code")?.as_str())
    }

    /// It on one line, for the courier; `None` where nothing readable is said.
    pub(super) fn line(&self) -> Option<Address> {
        let parts =
            [&self.address, &self.address_two, &self.zip_code, &self.city, &self.state, &self.country];
        let said =
            parts.into_iter().filter_map(Option::as_deref).map(str::trim).filter(|part| !part.is_empty());
        let line: String = said.collect::<Vec<_>>().join(", ").chars().take(Address::MAX).collect();
        Address::parse(&line).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(latitude: f64, longitude: f64) -> Point {
        Point { latitude, longitude }
    }

    #[test]
    fn distances_are_those_of_the_map() {
        let madrid = at(40.4168, -3.7038);
        assert!((madrid.kilometres_to(at(41.3874, 2.1686)) - 505.0).abs() < 3.0, "Barcelona");
        assert!(madrid.kilometres_to(madrid) < 1e-9);
        assert!((at(0.0, 179.9).kilometres_to(at(0.0, -179.9)) - 22.2).abs() < 0.1, "over the date line");
    }

    #[test]
    fn a_place_is_kept_as_it_came() {
        let text = r#"{"address":"Calle 1","description":"Casa","latitude":4.5,"zip_code":"111111"}"#;
        let place: Place = serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}"));
        let back: Value = serde_json::to_value(&place).unwrap_or_default();
        assert_eq!(back, serde_json::from_str::<Value>(text).unwrap_or_default());
        assert_eq!(place.line().map(String::from), Some("Calle 1, 111111".to_owned()));
    }
}
