//! Weights and lengths in the units that clients write, made comparable. A unit that the tables do not know
//! compares with nothing, which is told rather than guessed at.

use utoipa::ToSchema;

/// A weight as clients write it.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProviderWeight)]
pub(crate) struct Weight {
    /// How many.
    #[schema(minimum = 0)]
    pub(crate) value: f64,
    /// Of what: `g`, `kg`, `oz`, `lb`.
    #[schema(pattern = "^(g|kg|oz|lb)$")]
    pub(crate) unit: String,
}

/// The edges of a box as clients write them.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProviderSize)]
pub(crate) struct Size {
    /// One edge.
    #[schema(minimum = 0)]
    pub(crate) length: f64,
    /// Another.
    #[schema(minimum = 0)]
    pub(crate) width: f64,
    /// And another.
    #[schema(minimum = 0)]
    pub(crate) height: f64,
    /// In what: `mm`, `cm`, `m`, `in`, `ft`.
    #[schema(pattern = "^(mm|cm|m|in|ft)$")]
    pub(crate) unit: String,
}

impl Weight {
    /// In grams; `None` for an unknown unit or what is no weight.
    pub(crate) fn grams(&self) -> Option<f64> {
        let gram = match self.unit.to_ascii_lowercase().as_str() {
            "g" => 1.0,
            "kg" => 1_000.0,
            "oz" => 28.349_523_125,
            "lb" | "lbs" => 453.592_37,
            _ => return None,
        };
        measured(self.value * gram)
    }
}

impl Size {
    /// The edges in millimetres, shortest first, so that a box may be turned; `None` as with weights.
    pub(crate) fn edges(&self) -> Option<[f64; 3]> {
        let millimetre = match self.unit.to_ascii_lowercase().as_str() {
            "mm" => 1.0,
            "cm" => 10.0,
            "m" => 1_000.0,
            "in" => 25.4,
            "ft" => 304.8,
            _ => return None,
        };
        let mut edges = [self.length, self.width, self.height];
        for edge in &mut edges {
            *edge = measured(*edge * millimetre)?;
        }
        edges.sort_by(f64::total_cmp);
        Some(edges)
    }
}

fn measured(value: f64) -> Option<f64> {
    (value.is_finite() && value >= 0.0).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_compare() {
        let grams = |value, unit: &str| Weight { value, unit: unit.to_owned() }.grams();
        assert_eq!(grams(2.0, "KG"), Some(2_000.0));
        assert!(grams(1.0, "lb") > grams(15.9, "oz"));
        assert_eq!(grams(1.0, "stone"), None);
        assert_eq!(grams(-1.0, "kg"), None);
        let edges =
            |length, unit: &str| Size { length, width: 1.0, height: 2.0, unit: unit.to_owned() }.edges();
        assert_eq!(edges(3.0, "in"), Some([25.4, 50.8, 25.4 * 3.0]));
        assert_eq!(edges(f64::NAN, "in"), None);
        assert_eq!(edges(3.0, "yd"), None);
    }
}
