//! How we show a receiver who we are. Secrets are kept sealed, each for its tenant, and are in clear only while
//! a call is being made.

use doorstep_model::time::Timestamp;
use http::HeaderName;

use super::SigningKey;
use crate::identity::TenantId;
use crate::outbound::Target;
use crate::vault::{Purpose, Vault};

/// A secret of a tenant's, as the vault sealed it.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Sealed(String);

/// How we show who we are.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Auth {
    /// Not at all.
    None,
    /// By the signature of Standard Webhooks.
    Signature {
        /// The newest first; each signs until its time is over.
        secrets: Vec<SigningSecret>,
    },
    /// By HMAC-SHA-256 of the body, in hexadecimal digits.
    Hmac {
        /// The header that it stands in.
        header: String,
        /// The key.
        secret: Sealed,
    },
    /// By a token that is asked for (RFC 6749, 4.4: client credentials).
    Oauth {
        /// Where.
        token_url: String,
        /// As whom.
        client_id: String,
        /// With what.
        secret: Sealed,
        /// For what, where that is to be said.
        scope: Option<String>,
    },
    /// By a header that the receiver knows.
    Header {
        /// Its name.
        name: String,
        /// Its value.
        value: Sealed,
    },
}

/// A key that signs.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SigningSecret {
    /// Itself.
    pub key: Sealed,
    /// Until when; `None` for the one that is to stay.
    pub until: Option<Timestamp>,
}

/// The most keys that sign at the same time.
const MOST_KEYS: usize = 4;

impl Sealed {
    /// Seals a secret of `tenant`.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn seal(vault: &Vault, tenant: TenantId, secret: &[u8]) -> anyhow::Result<Self> {
        vault.seal(Purpose::Webhook, &owner(tenant), secret).map(Self)
    }

    /// The secret; `None` where another vault sealed it, or for another tenant.
    pub fn unseal(&self, vault: &Vault, tenant: TenantId) -> Option<Vec<u8>> {
        vault.unseal(Purpose::Webhook, &owner(tenant), &self.0)
    }
}

fn owner(tenant: TenantId) -> String {
    format!("tenant {}", tenant.0)
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealed(…)")
    }
}

impl Auth {
    /// By the signature of Standard Webhooks with that key.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn signature(vault: &Vault, tenant: TenantId, key: &SigningKey) -> anyhow::Result<Self> {
        let key = Sealed::seal(vault, tenant, key.bytes())?;
        Ok(Self::Signature { secrets: vec![SigningSecret { key, until: None }] })
    }

    /// By HMAC-SHA-256 of the body in that header.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn hmac(vault: &Vault, tenant: TenantId, header: &str, secret: &[u8]) -> anyhow::Result<Self> {
        Ok(Self::Hmac { header: header.to_owned(), secret: Sealed::seal(vault, tenant, secret)? })
    }

    /// By a token from `token_url`.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn oauth(
        vault: &Vault,
        tenant: TenantId,
        token_url: &Target,
        client_id: &str,
        secret: &[u8],
        scope: Option<&str>,
    ) -> anyhow::Result<Self> {
        Ok(Self::Oauth {
            token_url: token_url.as_str().to_owned(),
            client_id: client_id.to_owned(),
            secret: Sealed::seal(vault, tenant, secret)?,
            scope: scope.map(ToOwned::to_owned),
        })
    }

    /// By that header.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn header(vault: &Vault, tenant: TenantId, name: &str, value: &[u8]) -> anyhow::Result<Self> {
        Ok(Self::Header { name: name.to_owned(), value: Sealed::seal(vault, tenant, value)? })
    }

    /// The same with a new key; those before sign beside it until `until`. `None` where it has no such keys.
    #[must_use]
    pub fn rotated(&self, key: Sealed, now: Timestamp, until: Timestamp) -> Option<Self> {
        let Self::Signature { secrets } = self else { return None };
        let before = secrets.iter().filter(|secret| secret.signs_at(now)).map(|secret| SigningSecret {
            key: secret.key.clone(),
            until: Some(secret.until.map_or(until, |before| before.min(until))),
        });
        let new = SigningSecret { key, until: None };
        Some(Self::Signature { secrets: std::iter::once(new).chain(before).take(MOST_KEYS).collect() })
    }
}

impl SigningSecret {
    /// Whether it still signs at `now`.
    pub fn signs_at(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

/// Whether a tenant may choose that header: it is one, and none that the call itself writes.
pub fn is_header_allowed(name: &str) -> bool {
    const OURS: [&str; 10] = [
        "host",
        "content-type",
        "content-length",
        "content-encoding",
        "transfer-encoding",
        "connection",
        "upgrade",
        "te",
        "trailer",
        "expect",
    ];
    let lower = name.to_ascii_lowercase();
    HeaderName::try_from(&lower).is_ok()
        && name.len() <= 64
        && !OURS.contains(&lower.as_str())
        && !lower.starts_with("webhook-")
        && !lower.starts_with("proxy-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(text: &str) -> Sealed {
        Sealed(text.to_owned())
    }

    #[test]
    fn old_and_new_sign_until_the_old_ones_time_is_over() {
        let at = Timestamp::from_millis;
        let first = SigningSecret { key: sealed("first"), until: None };
        let auth = Auth::Signature { secrets: vec![first] };
        let auth = auth.rotated(sealed("second"), at(0), at(100)).unwrap_or_else(|| panic!("it has keys"));
        let auth = auth.rotated(sealed("third"), at(50), at(900)).unwrap_or_else(|| panic!("it has keys"));
        let Auth::Signature { secrets } = auth else { panic!("it has keys") };
        let signing = |now| {
            let signing = secrets.iter().filter(|secret| secret.signs_at(at(now)));
            signing.map(|secret| secret.key.0.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(signing(99), ["third", "second", "first"]);
        assert_eq!(signing(100), ["third", "second"], "a later rotation does not prolong the first");
        assert_eq!(signing(900), ["third"]);
    }

    #[test]
    fn a_header_of_the_calls_own_cannot_be_chosen() {
        for name in ["X-DS-Signature", "authorization", "x-api-key"] {
            assert!(is_header_allowed(name), "{name}");
        }
        for name in ["Host", "content-length", "webhook-id", "a b", "", "x\r\ny", "Proxy-Authorization"] {
            assert!(!is_header_allowed(name), "{name:?}");
        }
    }
}
