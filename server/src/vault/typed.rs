//! Digits that somebody typed: a delivery code, the end of a phone number, a one-time code. They are
//! compared in constant time and shown nowhere, right or wrong: a wrong code is often nearly the right one.

use std::fmt;

use subtle::ConstantTimeEq as _;

/// `LEAST` to `MOST` digits that somebody typed.
#[derive(Clone, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct Typed<const LEAST: usize, const MOST: usize>(String);

/// What was typed is no such number of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypedError {
    least: usize,
    most: usize,
}

impl fmt::Display for TypedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.least, self.most) {
            (least, most) if least == most => write!(f, "must be {least} digits"),
            (least, most) => write!(f, "must be {least} to {most} digits"),
        }
    }
}

impl std::error::Error for TypedError {}

impl<const LEAST: usize, const MOST: usize> Typed<LEAST, MOST> {
    /// Whether it is `secret`. How long that takes says nothing but whether the lengths are the same.
    pub fn is(&self, secret: &str) -> bool {
        self.0.as_bytes().ct_eq(secret.as_bytes()).into()
    }

    /// The digits, to be marked; never to be shown or kept.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl<const LEAST: usize, const MOST: usize> TryFrom<String> for Typed<LEAST, MOST> {
    type Error = TypedError;

    fn try_from(raw: String) -> Result<Self, TypedError> {
        let digits = raw.bytes().all(|byte| byte.is_ascii_digit());
        if digits && (LEAST..=MOST).contains(&raw.len()) {
            Ok(Self(raw))
        } else {
            Err(TypedError { least: LEAST, most: MOST })
        }
    }
}

impl<const LEAST: usize, const MOST: usize> fmt::Debug for Typed<LEAST, MOST> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Typed(…)")
    }
}
