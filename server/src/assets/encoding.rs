//! Which content encodings a browser takes (RFC 9110, 12.5.3).

use http::{HeaderMap, header};

/// An encoding that files are kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// RFC 7932.
    Brotli,
    /// RFC 1952.
    Gzip,
}

impl Encoding {
    /// Its content-coding token.
    pub(super) const fn token(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }
}

/// Whether the request names `encoding` without refusing it (`q=0`).
pub(super) fn accepted(request: &HeaderMap, encoding: Encoding) -> bool {
    let lists = request.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|coding| {
        let (name, parameters) = coding.split_once(';').unwrap_or((coding, ""));
        let refused = parameters.trim().strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32));
        name.trim().eq_ignore_ascii_case(encoding.token()) && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(list: &'static str, encoding: Encoding) -> bool {
        let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, http::HeaderValue::from_static(list))]);
        accepted(&headers, encoding)
    }

    #[test]
    fn an_encoding_is_taken_when_named_and_not_refused() {
        assert!(takes("gzip, deflate, br", Encoding::Brotli));
        assert!(takes("BR;q=0.5", Encoding::Brotli));
        assert!(!takes("gzip, br;q=0", Encoding::Brotli));
        assert!(!takes("deflate", Encoding::Gzip));
    }
}
