//! Amounts in hundredths, so that they compare and add exactly; on the wire a number with at most two decimals.

use std::fmt;

/// An amount in hundredths of its currency's unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Amount(i64);

/// The largest amount, either way, in whole units.
const MOST: f64 = 1e12;

impl Amount {
    /// The nearest amount; `None` for what is none.
    pub(crate) fn new(units: f64) -> Option<Self> {
        // Far within what both types hold exactly.
        (units.abs() <= MOST).then(|| Self((units * 100.0).round() as i64))
    }

    /// In units of its currency.
    pub(crate) fn units(self) -> f64 {
        self.0 as f64 / 100.0
    }

    /// Whether it is less than nothing.
    pub(crate) fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The sum, as large as an amount gets.
    pub(crate) fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// So many times it, rounded.
    pub(crate) fn times(self, factor: f64) -> Self {
        Self::new(self.units() * factor).unwrap_or(self)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}", self.units())
    }
}

impl serde::Serialize for Amount {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.units())
    }
}

impl<'de> serde::Deserialize<'de> for Amount {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let units = f64::deserialize(deserializer)?;
        Self::new(units).ok_or_else(|| serde::de::Error::custom("is no amount"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_add_exactly() {
        let amount = |units| Amount::new(units).unwrap();
        assert_eq!(amount(0.1).plus(amount(0.2)), amount(0.3));
        assert_eq!(amount(10.335).to_string(), "10.34");
        assert_eq!(amount(2.5).times(3.0), amount(7.5));
        assert_eq!(Amount::new(f64::NAN), None);
        assert_eq!(Amount::new(1e13), None);
        assert_eq!(serde_json::from_str::<Amount>("6").unwrap(), amount(6.0));
    }
}
