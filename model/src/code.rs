//! The delivery code as far as the model may know it: how many digits, who tried it and how it ended;
//! never the digits themselves, which the server seals. The two handshake words are drawn from its salt.

use crate::handshake::{self, Words};
use crate::time::Timestamp;
use crate::words::words;

/// Wrong codes after which only staff can go on (design section 4).
pub const MOST_TRIES: u8 = 5;

/// How many reveals are listed; the count goes on.
pub const REVEALS_LISTED: usize = 20;

/// How many digits a code has: 4 to 8, as the carrier's app allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "u8", into = "u8")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = u8, minimum = 4, maximum = 8))]
pub struct Digits(u8);

/// A number of digits that no code has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a code has 4 to 8 digits")]
pub struct DigitsError;

impl Digits {
    /// Checks `count`.
    ///
    /// # Errors
    /// [`DigitsError`] outside of 4 to 8.
    pub fn new(count: u8) -> Result<Self, DigitsError> {
        if (4..=8).contains(&count) { Ok(Self(count)) } else { Err(DigitsError) }
    }

    /// How many.
    pub fn count(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Digits {
    type Error = DigitsError;

    fn try_from(count: u8) -> Result<Self, DigitsError> {
        Self::new(count)
    }
}

impl From<Digits> for u8 {
    fn from(digits: Digits) -> Self {
        digits.0
    }
}

/// A code that was drawn: sealed by the server, with the salt of its handshake.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Drawn {
    /// How many digits it has.
    pub digits: Digits,
    /// The digits, encrypted; base64, opaque here.
    pub sealed: String,
    /// 16 random bytes, from which the handshake words of each visit follow.
    pub salt: [u8; 16],
}

/// Says nothing of what is sealed.
impl std::fmt::Debug for Drawn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Drawn").field("digits", &self.digits).finish_non_exhaustive()
    }
}

words! {
    /// How the code's work was done.
    pub enum Settlement {
        /// The courier entered it.
        Verified = "verified",
        /// The recipient confirmed the courier's photo instead.
        Released = "released",
    }
}

/// The code of one shipment.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct DeliveryCode {
    /// The one that is valid.
    pub drawn: Drawn,
    /// Counts the codes drawn, from 1.
    pub version: u32,
    /// Wrong codes so far; neither a new code nor a new link resets them, only staff.
    pub wrong_tries: u8,
    /// How its work was done, and when.
    pub settled: Option<(Settlement, Timestamp)>,
    /// How often it was revealed.
    pub reveals: u32,
    /// When, the last [`REVEALS_LISTED`] of them, oldest first.
    pub revealed_at: Vec<Timestamp>,
}

impl DeliveryCode {
    /// The first code of a shipment.
    pub fn new(drawn: Drawn) -> Self {
        Self { drawn, version: 1, wrong_tries: 0, settled: None, reveals: 0, revealed_at: Vec::new() }
    }

    /// Whether only staff can go on.
    pub fn is_locked(&self) -> bool {
        self.wrong_tries >= MOST_TRIES
    }

    /// The words that recipient and courier compare at visit number `visit`, counted from 0.
    pub fn handshake(&self, visit: u32) -> Words {
        handshake::words(&self.drawn.salt, visit)
    }
}
