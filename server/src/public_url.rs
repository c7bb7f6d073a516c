//! Where people reach this server: what links and feeds begin with, and whether cookies may insist on TLS.
//! Behind a proxy the server cannot know it by itself.

use std::fmt;
use std::str::FromStr;

use doorstep_model::id::TrackingId;

use crate::access::Secret;

/// Scheme and host, without a slash at the end; empty until the server knows where it listens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublicUrl(String);

/// A text that is no such address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be http:// or https:// and a host, without a path")]
pub struct PublicUrlError;

impl PublicUrl {
    /// The address it listens on, where nothing else was said.
    #[must_use]
    pub fn or_listening_on(self, address: std::net::SocketAddr) -> Self {
        if self.0.is_empty() { Self(format!("http://{address}")) } else { self }
    }

    /// As it stands before a path.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The recipient's link: its secret stands in the fragment, which browsers send to nobody.
    pub fn link(&self, id: &TrackingId, secret: &Secret) -> String {
        format!("{}/t/{id}#k={}", self.0, secret.reveal())
    }

    /// Whether browsers reach it over TLS.
    pub fn is_secure(&self) -> bool {
        self.0.starts_with("https://")
    }
}

impl FromStr for PublicUrl {
    type Err = PublicUrlError;

    fn from_str(text: &str) -> Result<Self, PublicUrlError> {
        let text = text.trim_end_matches('/');
        if text.is_empty() {
            return Ok(Self::default());
        }
        let uri: http::Uri = text.parse().map_err(|_| PublicUrlError)?;
        let known = matches!(uri.scheme_str(), Some("http" | "https"));
        let plain = uri.authority().is_some() && uri.path() == "/" && uri.query().is_none();
        let anonymous = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
        if known && plain && anonymous { Ok(Self(text.to_owned())) } else { Err(PublicUrlError) }
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
