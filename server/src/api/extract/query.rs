//! The parameters of a query. Every parameter that is wrong is told, and so is one that no call knows,
//! because a filter that is silently left out answers with too much.

use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::problem::{FieldError, Problem, ProblemKind};

/// The parameters of the query, read.
pub(in crate::api) struct ApiQuery<T>(pub(in crate::api) T);

/// What a query's parameters can be.
pub(in crate::api) trait Query: Sized {
    /// Takes what it knows from `parameters`.
    fn from_query(parameters: &mut Parameters) -> Self;
}

/// A query's parameters and what is wrong with them.
pub(in crate::api) struct Parameters {
    left: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

impl Parameters {
    fn of(query: &str) -> Self {
        Self { left: form_urlencoded::parse(query.as_bytes()).into_owned().collect(), errors: Vec::new() }
    }

    /// Every value of `name`, in order.
    pub(in crate::api) fn all(&mut self, name: &str) -> Vec<String> {
        self.left.extract_if(.., |(given, _)| given == name).map(|(_, value)| value).collect()
    }

    /// The one value of `name`, read by `read`; `None` where there is none or it is wrong.
    pub(in crate::api) fn one<T, E: ToString>(
        &mut self,
        name: &str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let mut values = self.all(name);
        let value = values.pop()?;
        if !values.is_empty() {
            self.refuse(name, "is given twice");
            return None;
        }
        read(&value).map_err(|error| self.refuse(name, error)).ok()
    }

    /// Notes that `name` is wrong.
    pub(in crate::api) fn refuse(&mut self, name: &str, message: impl ToString) {
        self.errors.push(FieldError::new(name, message));
    }
}

impl<S: Sync, T: Query> FromRequestParts<S> for ApiQuery<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut parameters = Parameters::of(parts.uri.query().unwrap_or_default());
        let query = T::from_query(&mut parameters);
        for (unknown, _) in std::mem::take(&mut parameters.left).into_iter().take(10) {
            // A name is bounded before it is told back.
            let name: String = unknown.chars().take(40).collect();
            parameters.refuse(&name, "is no parameter of this call");
        }
        if parameters.errors.is_empty() {
            return Ok(Self(query));
        }
        Err(Problem::new(ProblemKind::InvalidParameter).errors(parameters.errors))
    }
}
