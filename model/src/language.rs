//! The language of what others wrote, where they say it, so that a page can mark it and a screen reader can
//! speak it as what it is. Knows nothing of the languages that the page itself is written in.

use std::fmt;

/// A text that is no language tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a language tag (BCP 47) such as es-MX, of at most 35 characters")]
pub struct LanguageTagError;

/// A language by its tag: BCP 47, well-formed as far as a page needs it (a primary language of 2 to 8 letters,
/// then parts of 1 to 8 letters or digits). Whether anybody speaks it is not asked.
#[derive(Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(value_type = String, min_length = 2, max_length = 35, pattern = "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", example = "es-MX")
)]
pub struct LanguageTag(String);

impl LanguageTag {
    /// The most characters it takes: RFC 5646, 4.4.1, asks for room for 35.
    pub const MAX: usize = 35;

    /// Checks `raw`.
    ///
    /// # Errors
    /// [`LanguageTagError`] where it is none.
    pub fn parse(raw: &str) -> Result<Self, LanguageTagError> {
        let mut parts = raw.split('-');
        let language = parts.next().unwrap_or_default();
        let fits = raw.len() <= Self::MAX
            && (2..=8).contains(&language.len())
            && language.bytes().all(|byte| byte.is_ascii_alphabetic())
            && parts.all(|part| {
                (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
            });
        if fits { Ok(Self(raw.to_owned())) } else { Err(LanguageTagError) }
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for LanguageTag {
    type Error = LanguageTagError;

    fn try_from(raw: String) -> Result<Self, LanguageTagError> {
        Self::parse(&raw)
    }
}

impl From<LanguageTag> for String {
    fn from(tag: LanguageTag) -> Self {
        tag.0
    }
}

impl fmt::Debug for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_a_language_is_taken_as_it_is_and_nothing_else() {
        for fine in ["es", "pt-BR", "zh-Hant-TW", "sr-Latn", "de-CH-1996", "yue"] {
            assert_eq!(LanguageTag::parse(fine).map(String::from), Ok(fine.to_owned()));
        }
        let long = format!("en{}", "-abcdefgh".repeat(4));
        for wrong in
            ["", "e", "es_MX", "es-", "-es", "es--MX", "e5", "español", "en\" onload=", "abcdefghi", &long]
        {
            assert!(LanguageTag::parse(wrong).is_err(), "{wrong}");
        }
    }
}
