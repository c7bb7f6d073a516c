//! Whether a delivery address can be placed, without asking anybody outside: it has coordinates, or the tenant's
//! own areas name its postal code, or its postal code has the form of its country's. An address of which none
//! holds is refused with `GEOCODING_FAILED`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::desk::{AREAS, DIALECT};
use super::failure::{Failure, Kind};
use super::wire::parts::Address;
use super::wire::text::Text50;
use crate::dialects::DialectState;
use crate::identity::TenantId;
use crate::store::StoreError;

/// Where a tenant delivers in a country: what is set up under the country's code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Area {
    /// Postal codes, or the beginnings of them followed by `*`. With areas set up for a country, no other code of
    /// it can be placed.
    #[schema(max_items = 1000)]
    pub(crate) postal_codes: Vec<Text50>,
}

/// The forms of postal codes: `9` is a digit, `A` a letter, blanks and hyphens may be left out. From CLDR's
/// retired postal code data and the countries' own posts; a country that is not here needs coordinates or an
/// area.
const FORMS: &[(&str, &[&str])] = &[
    ("AR", &["9999", "A9999AAA"]),
    ("AT", &["9999"]),
    ("AU", &["9999"]),
    ("BE", &["9999"]),
    ("BG", &["9999"]),
    ("BR", &["99999999"]),
    ("CA", &["A9A9A9"]),
    ("CH", &["9999"]),
    ("CL", &["9999999"]),
    ("CO", &["999999"]),
    ("CZ", &["99999"]),
    ("DE", &["99999"]),
    ("DK", &["9999"]),
    ("EE", &["99999"]),
    ("ES", &["99999"]),
    ("FI", &["99999"]),
    ("FR", &["99999"]),
    ("GB", &["A99AA", "A999AA", "AA99AA", "AA999AA", "A9A9AA", "AA9A9AA"]),
    ("GR", &["99999"]),
    ("HR", &["99999"]),
    ("HU", &["9999"]),
    (
        "IE",
        &["A99AAAA", "A999999", "A99A999", "A9999AA", "A99AA99", "A999A99", "A9999A9", "A99A9AA", "A9WAAAA"],
    ),
    ("IL", &["9999999"]),
    ("IN", &["999999"]),
    ("IT", &["99999"]),
    ("JP", &["9999999"]),
    ("KR", &["99999"]),
    ("LT", &["99999", "LT99999"]),
    ("LU", &["9999", "L9999"]),
    ("LV", &["LV9999", "9999"]),
    ("MX", &["99999"]),
    ("NL", &["9999AA"]),
    ("NO", &["9999"]),
    ("NZ", &["9999"]),
    ("PE", &["99999"]),
    ("PL", &["99999"]),
    ("PT", &["9999999", "9999"]),
    ("RO", &["999999"]),
    ("SE", &["99999"]),
    ("SG", &["999999"]),
    ("SI", &["9999"]),
    ("SK", &["99999"]),
    ("TR", &["99999"]),
    ("US", &["99999", "999999999"]),
    ("ZA", &["9999"]),
];

/// Checks that an address can be placed.
///
/// # Errors
/// `GEOCODING_FAILED`, or when the store does not answer.
pub(crate) async fn check(state: &DialectState, tenant: TenantId, address: &Address) -> Result<(), Failure> {
    if address.latitude.is_some() && address.longitude.is_some() {
        return Ok(());
    }
    let failed = || Failure::new(Kind::GeocodingFailed, "Geocoding Service for the given address failed.");
    let country = address.country_code.as_ref().and_then(|code| code.said()).ok_or_else(failed)?;
    let country = country.to_ascii_uppercase();
    let code = address.postal_code.as_ref().and_then(|code| code.said()).ok_or_else(failed)?;
    let placed = match state.app.store.entry(tenant, DIALECT, AREAS, &country).await? {
        Some(entry) => {
            let area: Area = serde_json::from_str(&entry.document)
                .map_err(|error| StoreError::Corrupt(format!("an area: {error}")))?;
            area.names(code)
        }
        None => has_form(&country, code),
    };
    if placed { Ok(()) } else { Err(failed()) }
}

impl Area {
    fn names(&self, code: &str) -> bool {
        let code = plain(code);
        self.postal_codes.iter().any(|named| match named.as_str().trim().strip_suffix('*') {
            Some(beginning) => code.starts_with(&plain(beginning)),
            None => code == plain(named.as_str()),
        })
    }
}

fn plain(code: &str) -> String {
    code.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_uppercase()).collect()
}

fn has_form(country: &str, code: &str) -> bool {
    let code = plain(code);
    let fits = |form: &&str| {
        form.len() == code.len()
            && form.chars().zip(code.chars()).all(|(form, c)| match form {
                '9' => c.is_ascii_digit(),
                'A' => c.is_ascii_uppercase(),
                other => c == other,
            })
    };
    FORMS.iter().find(|(known, _)| *known == country).is_some_and(|(_, forms)| forms.iter().any(fits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postal_codes_have_their_countries_form() {
        for (country, code) in [
            ("US", "02118"),
            ("US", "02118-1234"),
            ("CA", "k1a 0b1"),
            ("GB", "EC1A 1BB"),
            ("GB", "M1 1AE"),
            ("MX", "06700"),
            ("ES", "28001"),
            ("PT", "1000-205"),
            ("IE", "D02 X285"),
        ] {
            assert!(has_form(country, code), "{country} {code}");
        }
        for (country, code) in
            [("US", "2118"), ("US", "ABCDE"), ("CA", "123456"), ("ZZ", "12345"), ("GB", "")]
        {
            assert!(!has_form(country, code), "{country} {code}");
        }
    }

    #[test]
    fn areas_name_codes_or_their_beginnings() {
        let area: Area =
            serde_json::from_str(r#"{"postalCodes": ["021*", "90210"]}"#).unwrap_or_else(|e| panic!("{e}"));
        assert!(area.names("02118") && area.names("90210") && area.names("021 18"));
        assert!(!area.names("90211") && !area.names("12118"));
    }
}
