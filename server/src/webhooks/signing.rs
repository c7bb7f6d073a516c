//! Signatures: those of Standard Webhooks 1.0.0 (HMAC-SHA-256 over `id.timestamp.body`, base64), and the plain
//! ones that others expect (HMAC-SHA-256 of the body, hex). Knows keys in clear for as long as it signs.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use sha2::Sha256;

/// What a secret of Standard Webhooks begins with.
const PREFIX: &str = "whsec_";

/// How many bytes a key has.
const KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// How many bytes a key has that we draw.
const DRAWN_BYTES: usize = 32;

/// A key that signs messages, in clear: `whsec_` and 24 to 64 bytes in base64. Shown once, kept sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey(Vec<u8>);

/// A text that is no signing key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be whsec_ and 24 to 64 bytes in base64")]
pub struct SigningKeyError;

impl SigningKey {
    /// A new one.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn random() -> anyhow::Result<Self> {
        let mut bytes = vec![0; DRAWN_BYTES];
        OsRng.try_fill_bytes(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// From what was kept of it.
    pub(super) fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// What is to be kept of it, sealed.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// To be shown to its owner, once.
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.0))
    }

    /// The signature of a message at the time of an attempt, in seconds since 1970.
    pub fn sign(&self, message: &str, seconds: i64, body: &str) -> String {
        let signed = format!("{message}.{seconds}.{body}");
        format!("v1,{}", STANDARD.encode(hmac(&self.0, signed.as_bytes())))
    }
}

impl FromStr for SigningKey {
    type Err = SigningKeyError;

    fn from_str(text: &str) -> Result<Self, SigningKeyError> {
        let encoded = text.strip_prefix(PREFIX).ok_or(SigningKeyError)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| SigningKeyError)?;
        if KEY_BYTES.contains(&bytes.len()) { Ok(Self(bytes)) } else { Err(SigningKeyError) }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

/// HMAC-SHA-256 of `body` under `secret`, in lower-case hexadecimal digits.
pub fn hmac_hex(secret: &[u8], body: &[u8]) -> String {
    hmac(secret, body).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn hmac(key: &[u8], text: &[u8]) -> [u8; 32] {
    // HMAC takes keys of any length.
    let Ok(mut mac) = <Hmac<Sha256> as hmac::Mac>::new_from_slice(key) else { return [0; 32] };
    mac.update(text);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks specification's libraries.
    #[test]
    fn the_specifications_example_is_signed_alike() {
        let key: SigningKey =
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse().unwrap_or_else(|e| panic!("{e}"));
        let signature = key.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    /// RFC 4231, test case 2.
    #[test]
    fn a_plain_signature_is_that_of_the_rfc() {
        assert_eq!(
            hmac_hex(b"Jefe", b"what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn keys_read_back_and_have_their_length() {
        let key = SigningKey::random().unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(key.reveal().parse(), Ok(key));
        for bytes in [23, 65] {
            let text = format!("whsec_{}", STANDARD.encode(vec![1; bytes]));
            assert_eq!(text.parse::<SigningKey>(), Err(SigningKeyError));
        }
        assert_eq!("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse::<SigningKey>(), Err(SigningKeyError));
    }
}
