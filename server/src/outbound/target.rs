//! A URL that we may be asked to call, as somebody typed it. Read as browsers read it (WHATWG URL), so that
//! `http://0x7f.1/` is the address that it is. Whether it may be called is the guard's to say.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use http::Uri;
use url::{Host, Url};

/// The most bytes of a URL.
const MOST_BYTES: usize = 2_048;

/// An absolute `https` or `http` URL without credentials and fragment.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Target {
    url: Url,
    uri: Uri,
}

/// Why a text is no target; says what to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// It is none.
    #[error("must be an absolute URL, such as https://example.org/webhooks")]
    NoUrl,
    /// Neither `https` nor `http`.
    #[error("must begin with https://")]
    Scheme,
    /// With a user's name or password, which would end up in logs.
    #[error("must hold no user name and no password")]
    Credentials,
    /// With something behind `#`, which is sent to nobody.
    #[error("must hold no fragment (#…)")]
    Fragment,
    /// Longer than 2,048 bytes.
    #[error("must be at most 2048 bytes long")]
    TooLong,
}

impl Target {
    /// The URL as it is called.
    pub fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// Another target on the same host: `reference` (a path, a query) relative to this one.
    ///
    /// # Errors
    /// When it is no reference, or leads to another host.
    pub fn join(&self, reference: &str) -> Result<Self, TargetError> {
        let url = self.url.join(reference).map_err(|_| TargetError::NoUrl)?;
        if url.origin() != self.url.origin() {
            return Err(TargetError::NoUrl);
        }
        url.as_str().parse()
    }

    /// The host and port, for counting and limiting by receiver.
    pub fn authority(&self) -> &str {
        self.uri.authority().map_or("", http::uri::Authority::as_str)
    }

    /// Scheme, host and port, as a signature names whom it is for.
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// Whether it is called by TLS.
    pub fn is_secure(&self) -> bool {
        self.url.scheme() == "https"
    }

    pub(super) fn uri(&self) -> &Uri {
        &self.uri
    }

    /// The address, where the host is one and no name.
    pub(super) fn literal(&self) -> Option<IpAddr> {
        match self.url.host()? {
            Host::Domain(_) => None,
            Host::Ipv4(v4) => Some(v4.into()),
            Host::Ipv6(v6) => Some(v6.into()),
        }
    }
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        if text.len() > MOST_BYTES {
            return Err(TargetError::TooLong);
        }
        let url = Url::parse(text).map_err(|_| TargetError::NoUrl)?;
        // It is kept as it is called, which may be longer: a path is added, a sign is escaped.
        if url.as_str().len() > MOST_BYTES {
            return Err(TargetError::TooLong);
        }
        if !matches!(url.scheme(), "https" | "http") {
            return Err(TargetError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(TargetError::Credentials);
        }
        if url.fragment().is_some() {
            return Err(TargetError::Fragment);
        }
        let uri = url.as_str().parse().map_err(|_| TargetError::NoUrl)?;
        Ok(Self { url, uri })
    }
}

/// Without its query, which may hold a secret.
impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.url.scheme(), self.authority(), self.url.path())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, TargetError> {
        text.parse::<Target>().map(|target| target.as_str().to_owned())
    }

    #[test]
    fn urls_are_read_as_browsers_read_them() {
        assert_eq!(read("https://Example.ORG/a b?c=ñ"), Ok("https://example.org/a%20b?c=%C3%B1".to_owned()));
        assert_eq!(read("https://bücher.example"), Ok("https://xn--bcher-kva.example/".to_owned()));
        for (text, address) in [
            ("http://0x7f.1/", "127.0.0.1"),
            ("http://2130706433/", "127.0.0.1"),
            ("http://0251.0376.0251.0376/", "169.254.169.254"),
            ("https://[::ffff:7f00:1]/", "::ffff:127.0.0.1"),
        ] {
            let target: Target = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
            let literal = target.literal().unwrap_or_else(|| panic!("{text} is an address"));
            assert_eq!(literal, address.parse::<IpAddr>().unwrap_or_else(|e| panic!("{e}")));
        }
    }

    #[test]
    fn what_is_no_target_is_refused() {
        assert_eq!(read("example.org/x"), Err(TargetError::NoUrl));
        assert_eq!(read("/x"), Err(TargetError::NoUrl));
        assert_eq!(read("file:///etc/passwd"), Err(TargetError::Scheme));
        assert_eq!(read("gopher://example.org/"), Err(TargetError::Scheme));
        assert_eq!(read("https://a:b@example.org/"), Err(TargetError::Credentials));
        assert_eq!(read("https://example.org/#x"), Err(TargetError::Fragment));
        assert_eq!(read(&format!("https://example.org/{}", "x".repeat(2_048))), Err(TargetError::TooLong));
        // Short enough as it was typed, too long as it would be kept.
        assert_eq!(read(&format!("https://example.org?{}", "x".repeat(2_028))), Err(TargetError::TooLong));
    }

    #[test]
    fn a_reference_stays_on_its_host() {
        let base: Target = "https://example.org/v1/".parse().unwrap_or_else(|e| panic!("{e}"));
        let joined = |reference| base.join(reference).map(|target| target.as_str().to_owned());
        assert_eq!(joined("quotes?x=1"), Ok("https://example.org/v1/quotes?x=1".to_owned()));
        assert_eq!(joined("//evil.example/"), Err(TargetError::NoUrl));
        assert_eq!(joined("http://example.org/"), Err(TargetError::NoUrl));
    }
}
