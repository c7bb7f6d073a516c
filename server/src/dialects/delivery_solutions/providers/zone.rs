//! Where a provider goes: countries, patterns of postal codes, a distance from the origin. Pure geometry and
//! text; knows no provider.

use std::fmt;
use std::str::FromStr;

use utoipa::ToSchema;

/// The most characters of a pattern.
const MOST: usize = 20;

/// The earth's mean radius in kilometres (IUGG).
const EARTH_KM: f64 = 6_371.008_8;

/// A pattern of postal codes: letters and digits as they are, `?` for any one, `*` at the end for any rest.
/// Blanks, hyphens and case do not count, because people write `EC1A 1BB` and `ec1a1bb`.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^[A-Za-z0-9?][A-Za-z0-9 ?-]{0,18}[*]?$", example = "752*")]
pub(crate) struct PostalPattern(String);

/// A text that is no pattern of postal codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a pattern of postal codes has 1 to 20 letters, digits, blanks, '-' and '?', and may end with '*'")]
pub(crate) struct PatternError;

impl PostalPattern {
    /// Whether `code` is one of its codes.
    pub(crate) fn takes(&self, code: &str) -> bool {
        let code = plain(code);
        let pattern = plain(&self.0);
        let (exact, open) = match pattern.strip_suffix('*') {
            Some(exact) => (exact, true),
            None => (pattern.as_str(), false),
        };
        let begins = exact.chars().zip(code.chars()).all(|(want, is)| want == '?' || want == is);
        let (wanted, given) = (exact.chars().count(), code.chars().count());
        begins && if open { given >= wanted } else { given == wanted }
    }
}

fn plain(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_uppercase).collect()
}

impl FromStr for PostalPattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let inner = text.strip_suffix('*').unwrap_or(text);
        let fits = (1..=MOST).contains(&text.chars().count());
        let alphabet = inner.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '?'));
        let says = text.chars().any(|c| c.is_alphanumeric() || c == '?' || c == '*');
        if fits && alphabet && says { Ok(Self(text.to_owned())) } else { Err(PatternError) }
    }
}

impl TryFrom<String> for PostalPattern {
    type Error = PatternError;

    fn try_from(text: String) -> Result<Self, PatternError> {
        text.parse()
    }
}

impl From<PostalPattern> for String {
    fn from(pattern: PostalPattern) -> Self {
        pattern.0
    }
}

impl fmt::Debug for PostalPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// A position on the earth, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Position {
    /// North.
    pub(crate) latitude: f64,
    /// East.
    pub(crate) longitude: f64,
}

impl Position {
    /// `None` where it is not on the earth.
    pub(crate) fn new(latitude: f64, longitude: f64) -> Option<Self> {
        let on_earth = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        on_earth.then_some(Self { latitude, longitude })
    }

    /// Kilometres to `other` as the crow flies (haversine).
    pub(crate) fn km_to(self, other: Self) -> f64 {
        let half = |from: f64, to: f64| ((to - from).to_radians() / 2.0).sin().powi(2);
        let across = self.latitude.to_radians().cos() * other.latitude.to_radians().cos();
        let chord = half(self.latitude, other.latitude) + across * half(self.longitude, other.longitude);
        2.0 * EARTH_KM * chord.clamp(0.0, 1.0).sqrt().asin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(pattern: &str, code: &str) -> bool {
        pattern.parse::<PostalPattern>().unwrap().takes(code)
    }

    #[test]
    fn patterns_take_what_they_say() {
        assert!(takes("75206", "75206"));
        assert!(!takes("75206", "75206-1234"));
        assert!(takes("75206*", "75206-1234"));
        assert!(takes("752*", "752"));
        assert!(takes("ec1? ???", "EC1A1BB"));
        assert!(!takes("EC1?", "EC1"));
        assert!(takes("*", ""));
        for bad in ["", "*5", "7*2", "-", " ", "75,76", "012345678901234567890"] {
            assert!(bad.parse::<PostalPattern>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn distances_are_those_of_the_atlas() {
        let at = |latitude, longitude| Position::new(latitude, longitude).unwrap();
        let (madrid, barcelona) = (at(40.4168, -3.7038), at(41.3874, 2.1686));
        assert!((madrid.km_to(barcelona) - 505.0).abs() < 2.0, "{}", madrid.km_to(barcelona));
        assert_eq!(madrid.km_to(madrid), 0.0);
        assert!((at(0.0, 179.9).km_to(at(0.0, -179.9)) - 22.2).abs() < 0.1, "over the date line");
        assert_eq!(Position::new(91.0, 0.0), None);
        assert_eq!(Position::new(f64::NAN, 0.0), None);
    }
}
