//! What a provider takes: zone, hours, weight, size, temperature, contents, signature. Whether a parcel fits is a
//! pure question, and a no says why, because the reason stands in the order's history.

use std::fmt;

use doorstep_model::time::Timestamp;
use utoipa::ToSchema;

use super::hours::Hours;
use super::measure::{Size, Weight};
use super::parcel::{AMBIENT, Measured, Parcel};
use super::zone::PostalPattern;

/// The most entries of a list here.
pub(crate) const MOST: usize = 500;

/// What a provider takes. What is left out is no limit, but for what not everybody may bring: temperatures,
/// contents and signatures have to be named.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[schema(as = ProviderCarries)]
pub(crate) struct Carries {
    /// Countries it goes to (ISO 3166-1 alpha-2); any when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 500, example = json!(["US"]))]
    pub(crate) countries: Vec<String>,
    /// Postal codes it goes to; any when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 500)]
    pub(crate) postal_codes: Vec<PostalPattern>,
    /// How far it goes, in kilometres as the crow flies.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    pub(crate) most_km: Option<f64>,
    /// When it collects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hours: Option<Hours>,
    /// The heaviest package.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) most_weight: Option<Weight>,
    /// The largest package, turned as you like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) most_size: Option<Size>,
    /// Temperature controls it has beside none ("refrigerated"); `*` for any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 500)]
    pub(crate) temperatures: Vec<String>,
    /// Contents it may bring that not everybody may ("alcohol"); `*` for any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 500)]
    pub(crate) contents: Vec<String>,
    /// Whether it has people sign.
    pub(crate) signatures: bool,
}

/// Why a provider does not take a parcel.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Misfit {
    /// Nothing was set up under its id.
    NotSetUp,
    /// It is switched off.
    Disabled,
    /// It took this order before and gave it back.
    GaveUp,
    /// The order proposes others.
    NotProposed,
    /// Its prices are in another currency.
    Currency(String),
    /// It does not go to that country.
    Country,
    /// It does not go to that postal code.
    PostalCode,
    /// It does not go so far.
    Distance {
        /// So far it would be.
        km: f64,
        /// So far it goes.
        most: f64,
    },
    /// It is not known how far it would be.
    DistanceUnknown,
    /// It does not work then.
    Hours,
    /// It is too heavy.
    Weight,
    /// It is too large.
    Size,
    /// A weight or size in a unit that nobody knows.
    Unit,
    /// It cannot keep that temperature.
    Temperature(String),
    /// It may not bring that.
    Contents(String),
    /// It has nobody sign.
    Signature,
    /// It would come after it is due.
    TooLate,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSetUp => f.write_str("not set up"),
            Self::Disabled => f.write_str("switched off"),
            Self::GaveUp => f.write_str("gave this order back"),
            Self::NotProposed => f.write_str("not among the proposed providers"),
            Self::Currency(theirs) => write!(f, "prices in {theirs}"),
            Self::Country => f.write_str("does not go to that country"),
            Self::PostalCode => f.write_str("does not go to that postal code"),
            Self::Distance { km, most } => write!(f, "{km:.1} km, goes {most:.1} km at most"),
            Self::DistanceUnknown => f.write_str("the distance is not known"),
            Self::Hours => f.write_str("does not work at that time"),
            Self::Weight => f.write_str("too heavy"),
            Self::Size => f.write_str("too large"),
            Self::Unit => f.write_str("weight or size in an unknown unit"),
            Self::Temperature(which) => write!(f, "no temperature control \"{which}\""),
            Self::Contents(what) => write!(f, "may not bring {what}"),
            Self::Signature => f.write_str("takes no signatures"),
            Self::TooLate => f.write_str("would come too late"),
        }
    }
}

impl Carries {
    /// Anything to anywhere.
    pub(crate) fn anything() -> Self {
        let any = || vec!["*".to_owned()];
        Self { temperatures: any(), contents: any(), signatures: true, ..Self::default() }
    }

    /// Whether it takes `parcel`, to be collected at `at`.
    ///
    /// # Errors
    /// The first reason why not.
    pub(crate) fn takes(&self, parcel: &Parcel, at: Timestamp) -> Result<(), Misfit> {
        self.goes_there(parcel)?;
        if self.hours.as_ref().is_some_and(|hours| !hours.are_on(at)) {
            return Err(Misfit::Hours);
        }
        self.lifts(parcel)?;
        let has = |list: &[String], word: &str| {
            list.iter().any(|known| known == "*" || known.eq_ignore_ascii_case(word))
        };
        let temperature = &parcel.temperature;
        if temperature != AMBIENT && !has(&self.temperatures, temperature) {
            return Err(Misfit::Temperature(temperature.clone()));
        }
        if let Some(content) = parcel.contents.iter().find(|content| !has(&self.contents, content)) {
            return Err(Misfit::Contents(content.clone()));
        }
        if parcel.signature && !self.signatures {
            return Err(Misfit::Signature);
        }
        Ok(())
    }

    fn goes_there(&self, parcel: &Parcel) -> Result<(), Misfit> {
        if !self.countries.is_empty() {
            let country = parcel.country.as_deref().unwrap_or_default();
            if !self.countries.iter().any(|known| known.eq_ignore_ascii_case(country)) {
                return Err(Misfit::Country);
            }
        }
        if !self.postal_codes.is_empty() {
            let takes = |code: &String| self.postal_codes.iter().any(|pattern| pattern.takes(code));
            if !parcel.postal_code.as_ref().is_some_and(takes) {
                return Err(Misfit::PostalCode);
            }
        }
        match (self.most_km, parcel.km()) {
            (Some(most), Some(km)) if km > most => Err(Misfit::Distance { km, most }),
            (Some(_), None) => Err(Misfit::DistanceUnknown),
            _ => Ok(()),
        }
    }

    fn lifts(&self, parcel: &Parcel) -> Result<(), Misfit> {
        if let Some(most) = &self.most_weight {
            match parcel.weight {
                Measured::Incomparable => return Err(Misfit::Unit),
                Measured::Known(grams) if most.grams().is_none_or(|most| grams > most) => {
                    return Err(Misfit::Weight);
                }
                _ => {}
            }
        }
        if let Some(most) = &self.most_size {
            let within = |edges: [f64; 3]| {
                most.edges().is_some_and(|most| edges.iter().zip(most).all(|(edge, most)| *edge <= most))
            };
            match parcel.edges {
                Measured::Incomparable => return Err(Misfit::Unit),
                Measured::Known(edges) if !within(edges) => return Err(Misfit::Size),
                _ => {}
            }
        }
        Ok(())
    }

    /// What is wrong with it, if anything.
    pub(crate) fn fault(&self) -> Option<String> {
        let lists =
            [self.countries.len(), self.postal_codes.len(), self.temperatures.len(), self.contents.len()];
        if lists.into_iter().any(|length| length > MOST) {
            return Some(format!("carries: a list has at most {MOST} entries"));
        }
        if self.most_km.is_some_and(|km| !(km.is_finite() && km >= 0.0)) {
            return Some("carries.mostKm must be 0 or more".to_owned());
        }
        if self.most_weight.as_ref().is_some_and(|weight| weight.grams().is_none()) {
            return Some("carries.mostWeight needs a unit: g, kg, oz or lb".to_owned());
        }
        if self.most_size.as_ref().is_some_and(|size| size.edges().is_none()) {
            return Some("carries.mostSize needs a unit: mm, cm, m, in or ft".to_owned());
        }
        let fault = self.hours.as_ref().and_then(Hours::fault)?;
        Some(format!("carries.hours: {fault}"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::zone::Position;
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn parcel() -> Parcel {
        Parcel {
            from: Position::new(32.8146, -96.8198),
            to: Position::new(32.8284, -96.7768),
            country: Some("US".to_owned()),
            postal_code: Some("75206".to_owned()),
            weight: Measured::Known(4_500.0),
            edges: Measured::Known([100.0, 200.0, 300.0]),
            temperature: "refrigerated".to_owned(),
            contents: ["alcohol".to_owned()].into(),
            signature: true,
            ready_at: at("2026-11-28T15:00:00Z"),
            due_by: None,
        }
    }

    fn takes(carries: &str, parcel: &Parcel) -> Result<(), Misfit> {
        let carries: Carries = serde_json::from_str(carries).unwrap();
        assert_eq!(carries.fault(), None);
        carries.takes(parcel, parcel.ready_at)
    }

    #[test]
    fn each_limit_refuses_with_its_reason() {
        let all = r#""temperatures": ["Refrigerated"], "contents": ["alcohol"], "signatures": true"#;
        let with = |more: &str| takes(&format!("{{{all}{more}}}"), &parcel());
        assert_eq!(with(""), Ok(()));
        for (more, misfit) in [
            (r#", "countries": ["MX"]"#, Misfit::Country),
            (r#", "postalCodes": ["751*", "76*"]"#, Misfit::PostalCode),
            (r#", "mostWeight": {"value": 9, "unit": "lb"}"#, Misfit::Weight),
            (r#", "mostSize": {"length": 25, "width": 25, "height": 25, "unit": "cm"}"#, Misfit::Size),
            (
                r#", "hours": {"zone": "America/Chicago", "shifts": [{"days": ["sun"], "from": "08:00", "until": "20:00"}]}"#,
                Misfit::Hours,
            ),
        ] {
            assert_eq!(with(more), Err(misfit), "{more}");
        }
        for fits in [
            r#", "countries": ["us"], "postalCodes": ["752*"], "mostKm": 10"#,
            r#", "mostSize": {"length": 10, "width": 30, "height": 20, "unit": "cm"}"#,
        ] {
            assert_eq!(with(fits), Ok(()), "{fits}");
        }
        assert!(matches!(with(r#", "mostKm": 2"#), Err(Misfit::Distance { .. })));
    }

    #[test]
    fn what_not_everybody_may_bring_has_to_be_named() {
        let refused = |carries: &str| takes(carries, &parcel());
        assert_eq!(refused("{}"), Err(Misfit::Temperature("refrigerated".to_owned())));
        assert_eq!(
            refused(r#"{"temperatures": ["refrigerated"]}"#),
            Err(Misfit::Contents("alcohol".to_owned()))
        );
        let unsigned = r#"{"temperatures": ["refrigerated"], "contents": ["alcohol"]}"#;
        assert_eq!(refused(unsigned), Err(Misfit::Signature));
        let plain = Parcel {
            temperature: AMBIENT.to_owned(),
            contents: Default::default(),
            signature: false,
            ..parcel()
        };
        assert_eq!(takes("{}", &plain), Ok(()));
    }

    #[test]
    fn what_is_not_known_does_not_fit_a_limit() {
        let limited = r#"{"temperatures": ["refrigerated"], "contents": ["alcohol"], "signatures": true,
            "mostKm": 50, "mostWeight": {"value": 50, "unit": "kg"}, "postalCodes": ["752*"]}"#;
        assert_eq!(takes(limited, &parcel()), Ok(()));
        let nowhere = Parcel { to: None, ..parcel() };
        assert_eq!(takes(limited, &nowhere), Err(Misfit::DistanceUnknown));
        let uncoded = Parcel { postal_code: None, ..parcel() };
        assert_eq!(takes(limited, &uncoded), Err(Misfit::PostalCode));
        let strange = Parcel { weight: Measured::Incomparable, ..parcel() };
        assert_eq!(takes(limited, &strange), Err(Misfit::Unit));
        let unsaid = Parcel { weight: Measured::Unsaid, ..parcel() };
        assert_eq!(takes(limited, &unsaid), Ok(()));
    }

    #[test]
    fn limits_that_mean_nothing_are_faults() {
        for bad in [
            r#"{"mostKm": -1}"#,
            r#"{"mostWeight": {"value": 1, "unit": "stone"}}"#,
            r#"{"mostSize": {"length": -1, "width": 1, "height": 1, "unit": "cm"}}"#,
            r#"{"hours": {"zone": "Mars/Olympus", "shifts": [{"days": ["sun"], "from": "08:00", "until": "20:00"}]}}"#,
        ] {
            assert!(serde_json::from_str::<Carries>(bad).unwrap().fault().is_some(), "{bad}");
        }
    }
}
