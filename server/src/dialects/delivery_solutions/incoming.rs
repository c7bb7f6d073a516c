//! The raw parts of a request: a body of bounded size, an order's id in the path. What they mean is for the call
//! to say, because the original answers the same fault differently from call to call.

use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use bytes::Bytes;

use super::failure::{Failure, Kind};
use super::wire::text::ExternalId;
use crate::dialects::DialectState;
use crate::limits::BODY_WITHIN;

/// A body's bytes, not looked at yet: no more than the server takes.
pub(crate) struct Body(pub(crate) Bytes);

impl FromRequest<DialectState> for Body {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &DialectState) -> Result<Self, Failure> {
        let most = state.app.limits.body_bytes();
        let whole = axum::body::to_bytes(request.into_body(), most);
        match tokio::time::timeout(BODY_WITHIN, whole).await {
            Ok(Ok(bytes)) => Ok(Self(bytes)),
            Ok(Err(_)) => {
                let message = format!("Invalid Data: the body may have {most} bytes");
                Err(Failure::new(Kind::Validation, message))
            }
            Err(_) => Err(Failure::new(Kind::Validation, "Invalid Data: the body took too long")),
        }
    }
}

/// An order's id in the path: as it came, and as an id where it can be one.
pub(crate) struct OrderId {
    /// As it came.
    pub(crate) raw: String,
    /// The same as an id.
    pub(crate) id: Option<ExternalId>,
}

impl OrderId {
    /// As an id, for calls that answer `INVALID_DATA` to what can be none.
    ///
    /// # Errors
    /// [`Failure`] with that message.
    pub(crate) fn valid(self, message: &str) -> Result<ExternalId, Failure> {
        self.id.ok_or_else(|| Failure::new(Kind::InvalidData, message))
    }

    /// As an id, for calls to which what can be none is not found.
    ///
    /// # Errors
    /// [`Failure`] `NOT_FOUND`.
    pub(crate) fn known(self) -> Result<ExternalId, Failure> {
        self.id.ok_or_else(|| Failure::no_order(&self.raw))
    }
}

impl FromRequestParts<DialectState> for OrderId {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &DialectState) -> Result<Self, Failure> {
        // A path that is no UTF-8 names nothing.
        let raw = Path::<String>::from_request_parts(parts, state).await.map(|Path(raw)| raw);
        let raw = raw.unwrap_or_default();
        let id = ExternalId::parse(&raw).ok();
        Ok(Self { raw, id })
    }
}
