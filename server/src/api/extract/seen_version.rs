//! The version that an editor saw, told by `If-Match` (RFC 9110, 13.1.1). An edit needs it: without it, or
//! with `*`, it would overwrite what the editor never saw.

use axum::extract::FromRequestParts;
use http::header;
use http::request::Parts;

use crate::problem::{FieldError, Problem, ProblemKind};

/// The version that an edit was made on; 0 where nothing was ever set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::api) struct SeenVersion(pub(in crate::api) u32);

impl<S: Sync> FromRequestParts<S> for SeenVersion {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut given = parts.headers.get_all(header::IF_MATCH).iter();
        let needed = || Problem::new(ProblemKind::VersionNeeded);
        let (Some(value), None) = (given.next(), given.next()) else { return Err(needed()) };
        match value.to_str().map(str::trim) {
            Ok("*") => Err(needed()),
            Ok(tag) => version(tag).map(Self).ok_or_else(invalid),
            Err(_) => Err(invalid()),
        }
    }
}

fn invalid() -> Problem {
    let message = "must be one version in double quotes, such as \"3\"";
    Problem::new(ProblemKind::InvalidParameter).errors(vec![FieldError::new("If-Match", message)])
}

/// A version as a strong tag. Only one spelling: a version has no leading zeros.
fn version(tag: &str) -> Option<u32> {
    let digits = tag.strip_prefix('"')?.strip_suffix('"')?;
    let plain = digits.bytes().all(|b| b.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
    digits.parse().ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_one_strong_tag() {
        assert_eq!(version("\"0\""), Some(0));
        assert_eq!(version("\"4294967295\""), Some(u32::MAX));
        for bad in
            ["", "0", "\"", "\"\"", "W/\"1\"", "\"1\", \"2\"", "\"01\"", "\"+1\"", "\"-1\"", "\"4294967296\""]
        {
            assert_eq!(version(bad), None, "{bad}");
        }
    }
}
