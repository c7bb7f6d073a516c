//! Names of things: the tracking id that stands on the label and the caller's own event id. A name is
//! never a key: whoever holds one may see the public view and nothing else.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// Why an id was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// No characters, or more than it takes.
    #[error("must have 1 to {0} characters")]
    Length(usize),
    /// A character outside the id's alphabet, or a first one that is no letter or digit.
    #[error("may hold letters, digits, '.', '_' and '-' only, and starts with a letter or digit")]
    Alphabet,
}

/// The number on the label: 1 to 64 of `A-Z a-z 0-9 . _ -`, starting with a letter or digit.
///
/// It keeps the spelling it was given and compares without regard to ASCII case, because people type it.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(value_type = String, min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9][A-Za-z0-9._-]*$", example = "DEMO-ON-TIME")
)]
pub struct TrackingId(String);

impl TrackingId {
    /// The most characters it takes.
    pub const MAX: usize = 64;

    /// Checks `raw`, white space around it dropped.
    ///
    /// # Errors
    /// [`IdError`] for a wrong length or character.
    pub fn parse(raw: &str) -> Result<Self, IdError> {
        let raw = raw.trim_matches(|c: char| c.is_ascii_whitespace());
        if raw.is_empty() || raw.len() > Self::MAX {
            return Err(IdError::Length(Self::MAX));
        }
        let mut bytes = raw.bytes();
        let starts_well = bytes.next().is_some_and(|b| b.is_ascii_alphanumeric());
        if !starts_well || !bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-')) {
            return Err(IdError::Alphabet);
        }
        Ok(Self(raw.to_owned()))
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form under which it is looked up: equal ids have equal keys.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl PartialEq for TrackingId {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for TrackingId {}

impl Hash for TrackingId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.0.bytes() {
            state.write_u8(byte.to_ascii_lowercase());
        }
        state.write_u8(0xff);
    }
}

impl PartialOrd for TrackingId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for TrackingId {
    fn cmp(&self, other: &Self) -> Ordering {
        let lower = |id: &'_ Self| id.0.bytes().map(|b| b.to_ascii_lowercase()).collect::<Vec<_>>();
        lower(self).cmp(&lower(other))
    }
}

impl TryFrom<String> for TrackingId {
    type Error = IdError;

    fn try_from(raw: String) -> Result<Self, IdError> {
        Self::parse(&raw)
    }
}

impl From<TrackingId> for String {
    fn from(id: TrackingId) -> Self {
        id.0
    }
}

impl fmt::Display for TrackingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for TrackingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The caller's own name of an event, unique within its shipment: 1 to 128 visible ASCII characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(value_type = String, min_length = 1, max_length = 128, pattern = "^[!-~]+$", example = "evt-0001")
)]
pub struct EventId(String);

/// Why an event id was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must have 1 to 128 visible ASCII characters")]
pub struct EventIdError;

impl EventId {
    /// The most characters it takes.
    pub const MAX: usize = 128;

    /// Checks `raw`.
    ///
    /// # Errors
    /// [`EventIdError`] for a wrong length or character.
    pub fn parse(raw: &str) -> Result<Self, EventIdError> {
        let fits = (1..=Self::MAX).contains(&raw.len()) && raw.bytes().all(|b| b.is_ascii_graphic());
        if fits { Ok(Self(raw.to_owned())) } else { Err(EventIdError) }
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for EventId {
    type Error = EventIdError;

    fn try_from(raw: String) -> Result<Self, EventIdError> {
        Self::parse(&raw)
    }
}

impl From<EventId> for String {
    fn from(id: EventId) -> Self {
        id.0
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An editor's own name of an edit, so that the same edit sent twice is one: 1 to 64 of
/// `A-Z a-z 0-9 . _ -`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(value_type = String, min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9._-]+$", example = "3f9a-1")
)]
pub struct EditId(String);

/// Why an edit's name was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must have 1 to 64 letters, digits, '.', '_' and '-'")]
pub struct EditIdError;

impl EditId {
    /// The most characters it takes.
    pub const MAX: usize = 64;

    /// Checks `raw`.
    ///
    /// # Errors
    /// [`EditIdError`] for a wrong length or character.
    pub fn parse(raw: &str) -> Result<Self, EditIdError> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        let fits = (1..=Self::MAX).contains(&raw.len()) && raw.bytes().all(plain);
        if fits { Ok(Self(raw.to_owned())) } else { Err(EditIdError) }
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for EditId {
    type Error = EditIdError;

    fn try_from(raw: String) -> Result<Self, EditIdError> {
        Self::parse(&raw)
    }
}

impl From<EditId> for String {
    fn from(id: EditId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tracking_id_keeps_its_spelling_and_compares_without_case() {
        let id = TrackingId::parse(" Ab-1 ").unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(id.as_str(), "Ab-1");
        assert_eq!(Ok(id), TrackingId::parse("aB-1"));
    }

    #[test]
    fn a_tracking_id_refuses_what_could_be_a_path_or_markup() {
        for bad in ["", "..", ".a", "a/b", "a b", "<x>", "é", "a%2f"] {
            assert!(TrackingId::parse(bad).is_err(), "{bad:?}");
        }
        assert_eq!(TrackingId::parse(&"a".repeat(65)), Err(IdError::Length(64)));
    }
}
