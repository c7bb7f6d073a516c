//! Texts with the limits that the original names (`systems.md` 4.3), kept as they were given. A limit counts
//! Unicode scalar values, as a schema does. What a text means is no business of this module.

use std::borrow::Cow;
use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// A text of at most `MAX` characters; it may be empty, since the original's own samples send `""`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Text<const MAX: usize>(String);

/// The limits that there are.
pub(crate) type Text50 = Text<50>;
pub(crate) type Text100 = Text<100>;
pub(crate) type Text1000 = Text<1_000>;
pub(crate) type Text10000 = Text<10_000>;

impl<const MAX: usize> Text<MAX> {
    /// Checks `raw`; `None` where it is too long.
    pub(crate) fn parse(raw: &str) -> Option<Self> {
        (raw.chars().count() <= MAX).then(|| Self(raw.to_owned()))
    }

    /// As it was given.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The same where it says something.
    pub(crate) fn said(&self) -> Option<&str> {
        Some(self.0.trim()).filter(|text| !text.is_empty())
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Text<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&raw).ok_or_else(|| D::Error::custom(format_args!("must have at most {MAX} characters")))
    }
}

impl<const MAX: usize> PartialSchema for Text<MAX> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).max_length(Some(MAX)).build().into()
    }
}

impl<const MAX: usize> ToSchema for Text<MAX> {
    fn name() -> Cow<'static, str> {
        format!("Text{MAX}").into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Self::name().into_owned(), Self::schema()));
    }
}

/// A client's own name for an order or a location: 1 to 100 characters that show something, without control
/// characters, since it stands in paths and on labels.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct ExternalId(String);

/// A text that names nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must have 1 to 100 characters, none of them a control character, and no blanks around them")]
pub(crate) struct ExternalIdError;

impl ExternalId {
    /// Checks `raw`.
    ///
    /// # Errors
    /// [`ExternalIdError`] for a wrong length or character.
    pub(crate) fn parse(raw: &str) -> Result<Self, ExternalIdError> {
        let fits = (1..=100).contains(&raw.chars().count())
            && raw.trim() == raw
            && !raw.chars().any(char::is_control);
        if fits { Ok(Self(raw.to_owned())) } else { Err(ExternalIdError) }
    }

    /// As it was given.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ExternalId {
    type Error = ExternalIdError;

    fn try_from(raw: String) -> Result<Self, ExternalIdError> {
        Self::parse(&raw)
    }
}

impl From<ExternalId> for String {
    fn from(id: ExternalId) -> Self {
        id.0
    }
}

impl fmt::Display for ExternalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ExternalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl PartialSchema for ExternalId {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(100))
            .pattern(Some(r"^[^\s\x00-\x1F\x7F]+( +[^\s\x00-\x1F\x7F]+)*$"))
            .build()
            .into()
    }
}

impl ToSchema for ExternalId {
    fn name() -> Cow<'static, str> {
        "ExternalId".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Self::name().into_owned(), Self::schema()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_as_it_was_given_up_to_its_limit() {
        for given in ["", " a ", "é\n"] {
            assert_eq!(Text50::parse(given).as_ref().map(Text::as_str), Some(given));
        }
        assert!(Text50::parse(&"é".repeat(50)).is_some());
        assert!(Text50::parse(&"é".repeat(51)).is_none());
    }

    #[test]
    fn what_stands_in_a_path_shows_something_and_no_controls() {
        for good in ["7709-001", "a b", "#/é?", &"x".repeat(100)] {
            assert!(ExternalId::parse(good).is_ok(), "{good}");
        }
        for bad in ["", " ", " a", "a\n", "a\u{0}b", &"x".repeat(101)] {
            assert_eq!(ExternalId::parse(bad), Err(ExternalIdError), "{bad:?}");
        }
    }
}
