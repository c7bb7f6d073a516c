//! Answers to paths and methods that there are none of.

use axum::response::{IntoResponse as _, Response};
use http::{Method, StatusCode};

use crate::problem::{Problem, ProblemKind};

/// For a path that leads nowhere.
pub(super) async fn not_found() -> Problem {
    Problem::new(ProblemKind::NotFound)
}

/// For a path that takes other methods; axum adds `Allow`. `OPTIONS` asks for just that.
pub(super) async fn method_not_allowed(method: Method) -> Response {
    if method == Method::OPTIONS {
        return StatusCode::NO_CONTENT.into_response();
    }
    Problem::new(ProblemKind::MethodNotAllowed).into_response()
}
