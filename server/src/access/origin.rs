//! Origins of the pages that may frame a tenant's shipments. Written as browsers write them, since they go
//! into a policy as they stand.

use std::str::FromStr;

/// A scheme and a host, perhaps a port: `https://shop.example`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin(String);

/// A text that is no such origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be https:// and a host, perhaps a port; http:// only for localhost")]
pub struct OriginError;

/// The most characters: a host's 253, a scheme and a port.
const MOST: usize = 270;

impl Origin {
    /// As it stands in a policy.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(raw: &str) -> Result<Self, OriginError> {
        let (scheme, rest) = raw.split_once("://").ok_or(OriginError)?;
        let (host, port) = match rest.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (rest, None),
        };
        let local = matches!(host, "localhost" | "127.0.0.1");
        let scheme_fits = scheme == "https" || (scheme == "http" && local);
        // Zero is no port, and a browser writes none with zeros before it.
        let port_fits = port.is_none_or(|port| {
            port.bytes().all(|byte| byte.is_ascii_digit())
                && !port.starts_with('0')
                && port.parse::<u16>().is_ok()
        });
        if raw.len() <= MOST && scheme_fits && port_fits && host.split('.').all(is_label) {
            Ok(Self(raw.to_owned()))
        } else {
            Err(OriginError)
        }
    }
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

impl TryFrom<String> for Origin {
    type Error = OriginError;

    fn try_from(raw: String) -> Result<Self, OriginError> {
        raw.parse()
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_a_browser_calls_one() {
        for fine in [
            "https://shop.example",
            "https://www.shop.example:8443",
            "https://xn--bcher-kva.example",
            "http://localhost:3000",
            "http://127.0.0.1:8080",
        ] {
            assert_eq!(fine.parse::<Origin>().map(String::from), Ok(fine.to_owned()));
        }
    }

    #[test]
    fn nothing_else_comes_into_a_policy() {
        for wrong in [
            "",
            "*",
            "https://",
            "https://*",
            "https://*.shop.example",
            "http://shop.example",
            "https://Shop.example",
            "https://shop.example/",
            "https://shop.example/path",
            "https://a@shop.example",
            "https://shop.example; script-src *",
            "https://shop.example https://evil.example",
            "https://shop.example:0",
            "https://shop.example:99999",
            "https://shop.example:",
            "https://shop..example",
            "https://-shop.example",
            "https://[::1]",
            "ftp://localhost",
            "null",
        ] {
            assert_eq!(wrong.parse::<Origin>(), Err(OriginError), "{wrong:?}");
        }
    }
}
