//! How a tenant's shop shows itself around its shipments in other pages: its name, a colour, and where its
//! customers find help. All of it is public.

use std::str::FromStr;

use doorstep_model::text::Label;
use utoipa::ToSchema;

use super::contrast::{Rgb, readable};

/// A shop's looks.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Brand {
    /// What it is called.
    pub name: Label,
    /// A colour of its own: buttons, the bar of steps, a stripe above. Where it cannot be read (WCAG 2.2: a
    /// contrast of 4.5 to 1), buttons and steps take the nearest shade of it that can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^#[0-9A-Fa-f]{6}$")]
    pub accent: Option<Colour>,
    /// The colour to take on a dark ground, in the same way; `accent` where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^#[0-9A-Fa-f]{6}$")]
    pub accent_dark: Option<Colour>,
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

/// A shop's colour as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shades {
    /// As it was told, where nothing is read.
    pub plain: Colour,
    /// To be read on a light ground, and with white on it.
    pub light: Colour,
    /// To be read on a dark ground, and with the dark ground's own colour on it.
    pub dark: Colour,
}

/// The darkest of the light grounds that something is read on, and the lightest of the dark ones: `--ground` and
/// `--surface` of `style/00-tokens.css`.
const GROUNDS: (Rgb, Rgb) = ([0xf4, 0xf6, 0xf8], [0x18, 0x20, 0x27]);

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

impl Brand {
    /// Its colour as a page shows it, where it has one.
    pub fn shades(&self) -> Option<Shades> {
        let plain = self.accent.clone()?;
        let (light, dark) = GROUNDS;
        Some(Shades {
            light: Colour::of(readable(plain.rgb(), light)),
            dark: Colour::of(readable(self.accent_dark.as_ref().unwrap_or(&plain).rgb(), dark)),
            plain,
        })
    }
}

impl Colour {
    fn of([red, green, blue]: Rgb) -> Self {
        Self(format!("#{red:02x}{green:02x}{blue:02x}"))
    }

    /// Red, green and blue.
    pub fn rgb(&self) -> Rgb {
        let part = |at: usize| self.0.get(at..at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        [1, 3, 5].map(|at| part(at).unwrap_or_default())
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

    fn brand(accent: &str, dark: Option<&str>) -> Brand {
        let colour = |text: &str| text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
        Brand {
            name: Label::parse("Shop").unwrap_or_else(|e| panic!("{e}")),
            accent: Some(colour(accent)),
            accent_dark: dark.map(colour),
            support: None,
        }
    }

    #[test]
    fn a_colour_that_can_be_read_is_shown_as_it_is_and_another_in_a_shade() {
        let shown = |accent, dark| {
            let Shades { plain, light, dark } =
                brand(accent, dark).shades().unwrap_or_else(|| panic!("{accent}"));
            [plain, light, dark].map(String::from)
        };
        let [plain, light, dark] = shown("#0b6b57", Some("#4fd1b0"));
        assert_eq!([plain, light, dark], ["#0b6b57", "#0b6b57", "#4fd1b0"]);
        let [plain, light, dark] = shown("#ffcc00", None);
        assert_eq!([&plain, &dark], ["#ffcc00", "#ffcc00"], "yellow is read on dark, not on light");
        assert_ne!(light, plain);
    }

    #[test]
    fn the_grounds_are_those_of_the_style_sheet() {
        let tokens = include_str!("../../../style/00-tokens.css");
        let value = |part: &str, name: &str| {
            let (_, rest) = part.split_once(&format!("{name}: ")).unwrap_or_else(|| panic!("no {name}"));
            rest.split(';').next().unwrap_or_default().to_owned()
        };
        let (light, dark) =
            tokens.split_once("prefers-color-scheme: dark").unwrap_or_else(|| panic!("no dark"));
        assert_eq!(value(light, "--ground"), Colour::of(GROUNDS.0).as_str());
        assert_eq!(value(dark, "--surface"), Colour::of(GROUNDS.1).as_str());
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
