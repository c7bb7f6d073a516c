//! The key by which a caller may repeat a request that was perhaps answered.

use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::problem::{FieldError, Problem, ProblemKind};

/// The header's name.
const NAME: &str = "Idempotency-Key";

/// The most characters of a key.
const LONGEST: usize = 255;

/// The caller's `Idempotency-Key`, where there is one: 1 to 255 visible ASCII characters.
pub(in crate::api) struct IdempotencyKey(pub(in crate::api) Option<String>);

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let refuse = |message: &str| {
            Problem::new(ProblemKind::InvalidParameter).errors(vec![FieldError::new(NAME, message)])
        };
        let mut given = parts.headers.get_all(NAME).iter();
        let Some(key) = given.next() else { return Ok(Self(None)) };
        if given.next().is_some() {
            return Err(refuse("is given twice"));
        }
        let visible = key.as_bytes().iter().all(u8::is_ascii_graphic);
        match key.to_str() {
            Ok(key) if visible && (1..=LONGEST).contains(&key.len()) => Ok(Self(Some(key.to_owned()))),
            _ => Err(refuse("must have 1 to 255 visible ASCII characters")),
        }
    }
}
