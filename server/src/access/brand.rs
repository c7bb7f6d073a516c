//! How a tenant's shop shows itself around its shipments in other pages: its name, a colour, and where its
//! customers find help. All of it is public.

use std::str::FromStr;

use doorstep_model::text::Label;
use utoipa::ToSchema;

/// A shop's looks.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Brand {
    /// What it is called.
    pub name: Label,
    /// A colour of its own, which nothing that is read stands on or in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^#[0-9A-Fa-f]{6}$")]
    pub accent: Option<Colour>,
    /// Where its customers find help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 300, pattern = "^(https://|mailto:|tel:)[!-~]+$")]
    pub support: Option<Support>,
}

/// A colour such as `#0b6b57`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Colour(String);

/// A text that is no colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a colour such as #0b6b57")]
pub struct ColourError;

/// Where customers find help: `https://…`, `mailto:…` or `tel:…`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Support(String);

/// A text that is no such address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must begin with https://, mailto: or tel: and have at most 300 visible ASCII characters")]
pub struct SupportError;

/// What an address may begin with; any other could run.
const SCHEMES: [&str; 3] = ["https://", "mailto:", "tel:"];

/// The most characters of an address.
const MOST: usize = 300;

impl FromStr for Colour {
    type Err = ColourError;

    fn from_str(raw: &str) -> Result<Self, ColourError> {
        let digits = raw.strip_prefix('#').ok_or(ColourError)?;
        let fits = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if fits { Ok(Self(raw.to_ascii_lowercase())) } else { Err(ColourError) }
    }
}

impl FromStr for Support {
    type Err = SupportError;

    fn from_str(raw: &str) -> Result<Self, SupportError> {
        let reaches = SCHEMES.iter().any(|scheme| raw.starts_with(scheme) && raw.len() > scheme.len());
        let fits = reaches && raw.len() <= MOST && raw.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self(raw.to_owned())) } else { Err(SupportError) }
    }
}

macro_rules! text {
    ($name:ident, $error:ident) => {
        impl $name {
            /// As it was told.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = $error;

            fn try_from(raw: String) -> Result<Self, $error> {
                raw.parse()
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }
    };
}

impl Support {
    /// As a person writes it.
    pub fn plain(&self) -> &str {
        SCHEMES.iter().find_map(|scheme| self.0.strip_prefix(scheme)).unwrap_or(&self.0)
    }
}

text!(Colour, ColourError);
text!(Support, SupportError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_six_digits_and_cannot_leave_its_rule() {
        assert_eq!("#0B6b57".parse::<Colour>().map(String::from), Ok("#0b6b57".to_owned()));
        for wrong in ["", "red", "#fff", "#0b6b57;", "#0b6b5g", "0b6b57", "#0b6b57}*{x:y"] {
            assert!(wrong.parse::<Colour>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn help_is_an_address_that_runs_nothing() {
        for fine in ["https://shop.example/help", "mailto:help@shop.example", "tel:+34910000000"] {
            assert!(fine.parse::<Support>().is_ok(), "{fine}");
        }
        for wrong in
            ["", "tel:", "javascript:alert(1)", "http://shop.example", "https://a b", "data:text/html,x"]
        {
            assert!(wrong.parse::<Support>().is_err(), "{wrong}");
        }
    }
}
