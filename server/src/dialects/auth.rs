//! Who calls, by the key in a header that the dialect names. What it answers to a caller without one, or with
//! one that nobody holds, is the dialect's own; how often such a caller may try is not.

use std::sync::Arc;

use http::HeaderValue;
use http::request::Parts;

use super::DialectState;
use crate::api::{KnownClient, Peer};
use crate::limits::TooMany;
use crate::store::StoreError;

/// What a 401 says of how to come in (RFC 9110, 11.6.1), where the key stands in `x-api-key`.
pub(crate) const CHALLENGE: HeaderValue = HeaderValue::from_static("ApiKey header=\"x-api-key\"");

/// What a caller presented.
pub(crate) enum Presented {
    /// No key, or more than one.
    None,
    /// A key that nobody holds.
    Unknown,
    /// Somebody's key.
    Known(Arc<KnownClient>),
}

/// Why it cannot be said who calls.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AuthError {
    /// It asks too often, or has guessed too often.
    #[error("too many requests")]
    TooMany(TooMany),
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<TooMany> for AuthError {
    fn from(too_many: TooMany) -> Self {
        Self::TooMany(too_many)
    }
}

/// Looks up who holds the key in `header`. Counts the call against the client's limit, and a refused key
/// against that of the address it came from.
///
/// # Errors
/// When either asks too often, or the store does not answer.
pub(crate) async fn presented(
    state: &DialectState,
    parts: &Parts,
    header: &str,
) -> Result<Presented, AuthError> {
    let limits = &state.app.limits;
    let mut given = parts.headers.get_all(header).iter();
    let known = match (given.next().and_then(|value| value.to_str().ok()), given.next()) {
        (Some(key), None) => state.keys.holder(key.trim(), &*state.app.store).await?,
        _ => {
            limits.refused_key(Peer::of(parts, limits).address)?;
            return Ok(Presented::None);
        }
    };
    let Some(known) = known else {
        limits.refused_key(Peer::of(parts, limits).address)?;
        return Ok(Presented::Unknown);
    };
    limits.client_call(known.client.id)?;
    Ok(Presented::Known(known))
}
