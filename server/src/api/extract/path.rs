//! The one parameter of a path.

use std::fmt::Display;

use axum::extract::{FromRequestParts, RawPathParams};
use doorstep_model::id::TrackingId;
use http::request::Parts;

use crate::api::wire;
use crate::problem::{FieldError, Problem, ProblemKind};

/// The one parameter of the path.
pub(in crate::api) struct ApiPath<T>(pub(in crate::api) T);

/// What a path's parameter can be.
pub(in crate::api) trait FromPath: Sized {
    /// Reads it; the error says what is wrong without repeating it.
    fn from_path(raw: &str) -> Result<Self, impl Display>;
}

impl FromPath for TrackingId {
    fn from_path(raw: &str) -> Result<Self, impl Display> {
        wire::exact_tracking_id(raw)
    }
}

impl<S: Send + Sync, T: FromPath> FromRequestParts<S> for ApiPath<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let invalid = |name: &str, message: &dyn Display| {
            Problem::new(ProblemKind::InvalidParameter).errors(vec![FieldError::new(name, message)])
        };
        let parameters = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::new(ProblemKind::InvalidParameter).detail("the path is not UTF-8"))?;
        let (name, raw) = parameters.iter().next().unwrap_or_default();
        T::from_path(raw).map(Self).map_err(|error| invalid(name, &error))
    }
}
