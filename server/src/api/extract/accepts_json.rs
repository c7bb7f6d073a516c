//! That the caller can read what we answer with: JSON (RFC 9110, 12.5.1).

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{HeaderMap, header};

use crate::problem::{Problem, ProblemKind};

/// A caller that takes JSON.
pub(crate) struct AcceptsJson;

impl<S: Sync> FromRequestParts<S> for AcceptsJson {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        if accepts_json(&parts.headers) {
            return Ok(Self);
        }
        Err(Problem::new(ProblemKind::NotAcceptable).detail("there is application/json only"))
    }
}

fn accepts_json(headers: &HeaderMap) -> bool {
    let mut ranges = headers
        .get_all(header::ACCEPT)
        .iter()
        .flat_map(|line| line.to_str().unwrap_or("*/*").split(','))
        .map(str::trim)
        .filter(|range| !range.is_empty())
        .peekable();
    if ranges.peek().is_none() {
        return true;
    }
    // The most specific range that names JSON decides.
    let mut best = None;
    for range in ranges {
        let mut parts = range.split(';').map(str::trim);
        let specificity = match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "application/json" => 2,
            "application/*" => 1,
            "*/*" => 0,
            _ => continue,
        };
        let quality = parts.find_map(|part| part.strip_prefix("q=")).and_then(|q| q.parse::<f32>().ok());
        let wanted = quality.unwrap_or(1.0) > 0.0;
        if best.is_none_or(|(most, _)| specificity > most) {
            best = Some((specificity, wanted));
        }
    }
    best.is_some_and(|(_, wanted)| wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(lines: &[&'static str]) -> bool {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::ACCEPT, http::HeaderValue::from_static(line));
        }
        accepts_json(&headers)
    }

    #[test]
    fn the_most_specific_range_decides() {
        for yes in [
            &[][..],
            &[""],
            &["*/*"],
            &["application/json"],
            &["text/html, application/*;q=0.5"],
            &["text/html", "Application/JSON; q=0.1"],
            &["*/*;q=0, application/json"],
        ] {
            assert!(accepts(yes), "{yes:?}");
        }
        for no in [&["text/html"][..], &["application/json;q=0, */*"], &["application/xml", "image/*"]] {
            assert!(!accepts(no), "{no:?}");
        }
    }
}
