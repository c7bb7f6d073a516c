//! The server's secret: seals what is kept encrypted (delivery codes, shared keys) and marks what must be
//! known again (feeds, one-time codes). It lies in a file of its own, so that a copy of the database alone
//! opens nothing.

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use doorstep_model::code::{Digits, Drawn};
use doorstep_model::id::TrackingId;
use hmac::{Hmac, Mac as _};
use rand::rngs::OsRng;
use rand::{Rng as _, TryRngCore as _};
use sha2::Sha256;

/// Bytes of a nonce of XChaCha20-Poly1305.
const NONCE: usize = 24;

/// What something is sealed or marked for: what was made for one purpose holds for no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A delivery code.
    DeliveryCode,
    /// A retailer's shared key.
    TokenKey,
    /// A one-time code sent by e-mail.
    EmailCode,
    /// The address of a calendar feed.
    Calendar,
}

impl Purpose {
    const fn label(self) -> &'static str {
        match self {
            Self::DeliveryCode => "doorstep delivery code",
            Self::TokenKey => "doorstep token key",
            Self::EmailCode => "doorstep e-mail code",
            Self::Calendar => "doorstep calendar",
        }
    }
}

/// The server's secret.
pub struct Vault {
    key: [u8; 32],
}

impl Vault {
    /// With that key.
    pub fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// With the key in the file at `path`; makes both where there is no file, readable for its owner alone.
    ///
    /// # Errors
    /// When the file cannot be read or made, or holds no key.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let shown = path.display();
        if !path.exists() {
            let mut key = [0; 32];
            OsRng.try_fill_bytes(&mut key)?;
            let mut options = std::fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            match options.open(path) {
                Ok(mut file) => {
                    file.write_all(URL_SAFE_NO_PAD.encode(key).as_bytes())
                        .and_then(|()| file.sync_all())
                        .with_context(|| format!("cannot write the secret to {shown}"))?;
                }
                // Another process was faster: its key is the one.
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error).with_context(|| format!("cannot make the secret {shown}")),
            }
        }
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read the secret {shown}"))?;
        let key = URL_SAFE_NO_PAD.decode(text.trim()).ok().and_then(|key| key.try_into().ok());
        let key = key.with_context(|| format!("{shown} holds no secret: 32 bytes in URL-safe base64"))?;
        Ok(Self { key })
    }

    /// Encrypts `plain`, so that it opens for the same purpose and owner only.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn seal(&self, purpose: Purpose, owner: &str, plain: &[u8]) -> anyhow::Result<String> {
        let mut nonce = [0; NONCE];
        OsRng.try_fill_bytes(&mut nonce)?;
        let payload = Payload { msg: plain, aad: owner.as_bytes() };
        let sealed = self
            .cipher(purpose)
            .encrypt(XNonce::from_slice(&nonce), payload)
            .map_err(|_| anyhow::anyhow!("too much to seal"))?;
        Ok(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// Decrypts what was sealed for that purpose and owner; `None` for everything else.
    pub fn unseal(&self, purpose: Purpose, owner: &str, sealed: &str) -> Option<Vec<u8>> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
        let payload = Payload { msg: sealed, aad: owner.as_bytes() };
        self.cipher(purpose).decrypt(XNonce::from_slice(nonce), payload).ok()
    }

    /// A mark (HMAC-SHA-256) that only this server can make of `text`.
    pub fn mark(&self, purpose: Purpose, text: &str) -> [u8; 32] {
        self.keyed(&[purpose.label(), "\0mark\0", text])
    }

    /// Draws a delivery code for a shipment.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn draw_code(&self, digits: Digits, id: &TrackingId) -> anyhow::Result<Drawn> {
        let mut rng = OsRng.unwrap_err();
        let code: String = (0..digits.count()).map(|_| char::from(rng.random_range(b'0'..=b'9'))).collect();
        let mut salt = [0; 16];
        OsRng.try_fill_bytes(&mut salt)?;
        let sealed = self.seal(Purpose::DeliveryCode, &id.key(), code.as_bytes())?;
        Ok(Drawn { digits, sealed, salt })
    }

    /// The digits of a delivery code; `None` where it was sealed by another key or for another shipment.
    pub fn code(&self, drawn: &Drawn, id: &TrackingId) -> Option<String> {
        let plain = self.unseal(Purpose::DeliveryCode, &id.key(), &drawn.sealed)?;
        String::from_utf8(plain).ok()
    }

    fn cipher(&self, purpose: Purpose) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.keyed(&[purpose.label(), "\0seal"]).into())
    }

    fn keyed(&self, parts: &[&str]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new(&self.key.into());
        for part in parts {
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(…)")
    }
}
