//! The parameters of a path: one, or two.

use std::fmt::Display;
use std::num::NonZeroU32;

use axum::extract::{FromRequestParts, RawPathParams};
use doorstep_model::id::TrackingId;
use http::request::Parts;

use crate::api::wire;
use crate::problem::{FieldError, Problem, ProblemKind};

/// The one parameter of the path.
pub(in crate::api) struct ApiPath<T>(pub(in crate::api) T);

/// Both parameters of a path that has two.
pub(in crate::api) struct ApiPaths<A, B>(pub(in crate::api) A, pub(in crate::api) B);

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

/// A number from 1, such as a proof's.
impl FromPath for NonZeroU32 {
    fn from_path(raw: &str) -> Result<Self, impl Display> {
        let plain = raw.bytes().all(|byte| byte.is_ascii_digit());
        raw.parse().ok().filter(|_| plain).ok_or("must be a whole number from 1")
    }
}

/// The first parameter, whether or not there is a second.
impl<S: Send + Sync, T: FromPath> FromRequestParts<S> for ApiPath<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let parameters = raw(parts, state).await?;
        let (name, raw) = parameters.iter().next().unwrap_or_default();
        read(name, raw).map(Self)
    }
}

impl<S: Send + Sync, A: FromPath, B: FromPath> FromRequestParts<S> for ApiPaths<A, B> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let parameters = raw(parts, state).await?;
        let mut parameters = parameters.iter();
        let (first, second) = (parameters.next().unwrap_or_default(), parameters.next().unwrap_or_default());
        Ok(Self(read(first.0, first.1)?, read(second.0, second.1)?))
    }
}

async fn raw<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<RawPathParams, Problem> {
    let not_utf8 = |_| Problem::new(ProblemKind::InvalidParameter).detail("the path is not UTF-8");
    RawPathParams::from_request_parts(parts, state).await.map_err(not_utf8)
}

fn read<T: FromPath>(name: &str, raw: &str) -> Result<T, Problem> {
    T::from_path(raw).map_err(|error| {
        Problem::new(ProblemKind::InvalidParameter).errors(vec![FieldError::new(name, error)])
    })
}
