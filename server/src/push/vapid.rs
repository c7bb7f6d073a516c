//! Who tells a device (VAPID, RFC 8292): a key pair that follows from the server's secret, so that it is there
//! from the first start, lies in no database, and is the same on every node. Browsers tie a subscription to
//! it: with another secret, those that were made before are worth nothing.

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorstep_model::time::Timestamp;
use http::HeaderValue;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use p256::SecretKey;
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use p256::pkcs8::EncodePrivateKey as _;

use crate::outbound::Target;
use crate::public_url::PublicUrl;
use crate::vault::{Purpose, Vault};

/// How long a token holds; RFC 8292, 2, allows a day.
const HOLDS_SECONDS: i64 = 12 * 60 * 60;

/// The server's key for push.
pub struct Vapid {
    key: EncodingKey,
    public: String,
    /// Whom a push service may write to; none where people reach us without TLS.
    contact: Option<String>,
}

#[derive(serde::Serialize)]
struct Claims<'a> {
    aud: String,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<&'a str>,
}

impl Vapid {
    /// That of the server with this secret at that address.
    ///
    /// # Errors
    /// Practically never: when no key follows from the secret.
    pub fn of(vault: &Vault, at: &PublicUrl) -> anyhow::Result<Self> {
        let secret = secret(vault)?;
        let public = secret.public_key().to_encoded_point(false);
        let der = secret.to_pkcs8_der().context("the push key does not encode")?;
        let origin = at.as_str().to_owned();
        Ok(Self {
            key: EncodingKey::from_ec_der(der.as_bytes()),
            public: URL_SAFE_NO_PAD.encode(public.as_bytes()),
            contact: origin.starts_with("https://").then_some(origin),
        })
    }

    /// The public key as `applicationServerKey` takes it: an uncompressed point in URL-safe base64.
    pub fn public_key(&self) -> &str {
        &self.public
    }

    /// Shows to the push service of `target` who sends (RFC 8292, 3).
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn authorization(&self, target: &Target, now: Timestamp) -> anyhow::Result<HeaderValue> {
        let claims = Claims {
            aud: target.origin(),
            exp: now.millis() / 1_000 + HOLDS_SECONDS,
            sub: self.contact.as_deref(),
        };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::ES256), &claims, &self.key)?;
        let mut value = HeaderValue::try_from(format!("vapid t={token}, k={}", self.public))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

/// A mark is as good as a random number; of four thousand million, one is no key, and the next one is.
fn secret(vault: &Vault) -> anyhow::Result<SecretKey> {
    (0..8)
        .find_map(|try_| SecretKey::from_slice(&vault.mark(Purpose::Push, &format!("key {try_}"))).ok())
        .context("no push key follows from the server's secret")
}
