//! Bounded plain text: what people and sources write, made harmless once at the edge. Knows nothing
//! of HTML; whoever shows it shows it as text.

use std::fmt;

pub use comment::Comment;

/// A word that its vocabulary does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a word of this vocabulary")]
pub struct UnknownWord;

/// Why a text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("is empty")]
    Empty,
    /// More characters than the field takes.
    #[error("is longer than {0} characters")]
    TooLong(usize),
}

/// Cleans a text and checks its length in Unicode scalar values.
fn bounded(raw: &str, max: usize) -> Result<String, TextError> {
    let text = clean(raw)?;
    if text.chars().count() > max { Err(TextError::TooLong(max)) } else { Ok(text) }
}

/// Trims, makes line breaks spaces and drops what could make a text read as another: control characters,
/// bidirectional overrides, the byte order mark. What is left must show something.
///
/// Implicit marks (U+200E, U+200F, U+061C) stay: whoever writes Arabic or Hebrew needs them beside digits
/// and brackets, and they turn no letters around. Joiners and variation selectors stay: emoji families and
/// Persian are made of them.
fn clean(raw: &str) -> Result<String, TextError> {
    let text: String = raw
        .chars()
        .map(|c| if is_break(c) { ' ' } else { c })
        .filter(|&c| !c.is_control() && !is_bidi_override(c) && c != '\u{FEFF}')
        .collect();
    let text = text.trim();
    if text.chars().all(|c| c.is_whitespace() || is_invisible(c)) {
        return Err(TextError::Empty);
    }
    Ok(text.to_owned())
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\t' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Embeddings, overrides and isolates (Unicode Bidirectional Algorithm, UAX #9, table 4).
fn is_bidi_override(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// What shows nothing by itself: zero-width spaces and joiners, implicit marks, fillers, variation
/// selectors, tags.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{206A}'..='\u{206F}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}')
}

/// A text that is cleaned and checked by `$check` whenever one is made; at most `$scalars` Unicode scalar
/// values, which is how a schema counts.
macro_rules! checked_text {
    ($(#[$meta:meta])* $name:ident, $scalars:tt, $check:expr) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, min_length = 1, max_length = $scalars))]
        pub struct $name(String);

        impl $name {
            /// Cleans and checks `raw`.
            ///
            /// # Errors
            /// [`TextError`] when nothing is left or too much is.
            pub fn parse(raw: &str) -> Result<Self, TextError> {
                $check(raw).map(Self)
            }

            /// The text, never empty.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;

            fn try_from(raw: String) -> Result<Self, TextError> {
                Self::parse(&raw)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }
    };
}

macro_rules! bounded_text {
    ($( $(#[$meta:meta])* $name:ident: $max:tt; )+) => { $(
        checked_text! { $(#[$meta])* $name, $max, |raw| bounded(raw, $max) }

        impl $name {
            /// The most characters (Unicode scalar values) it takes.
            pub const MAX: usize = $max;
        }
    )+ };
}

mod comment;

bounded_text! {
    /// A remark of a source or a courier on an event; may name people, so only audiences that may see it do.
    Note: 500;
    /// Where an event happened, as the source says it ("Depot Getafe"); recipient's eyes and up.
    Place: 200;
    /// The source's own status word ("ORDER_DISPATCHED"), kept verbatim but for control characters.
    SourceWord: 80;
    /// Who reported: a system or an API client ("native", "import").
    Source: 80;
    /// A person's name.
    PersonName: 120;
    /// A telephone number as it was given.
    Phone: 40;
    /// An e-mail address as it was given.
    Email: 254;
    /// A postal address on one line.
    Address: 400;
    /// The caller's own reference of an order.
    Reference: 120;
    /// A short name that stands on a page: a shop's, a step's.
    Label: 60;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_override_characters_go_and_breaks_become_spaces() {
        let note = Note::parse("  a\u{0}b\u{202E}c\r\nd\u{7} ").map(String::from);
        assert_eq!(note, Ok("abc  d".to_owned()));
    }

    #[test]
    fn length_is_counted_in_characters_after_cleaning() {
        assert!(Note::parse(&"é".repeat(500)).is_ok());
        assert_eq!(Note::parse(&"é".repeat(501)), Err(TextError::TooLong(500)));
        assert_eq!(Note::parse("\u{0}\n"), Err(TextError::Empty));
    }
}
