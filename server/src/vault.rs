//! The server's secret: seals what is kept encrypted (delivery codes, shared keys) and marks what must be
//! known again (feeds, one-time codes). It lies in a file of its own, so that a copy of the database alone
//! opens nothing.

mod typed;

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use doorstep_model::code::{Digits, Drawn};
use doorstep_model::id::TrackingId;
use hmac::{Hmac, Mac};
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use sha2::Sha256;

use crate::identity::TenantId;

pub use typed::{Typed, TypedError};

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
    /// What a webhook is signed by, or says.
    Webhook,
    /// What a provider wants to know us by.
    ProviderKey,
    /// The key that tells devices.
    Push,
}

impl Purpose {
    const fn label(self) -> &'static str {
        match self {
            Self::DeliveryCode => "doorstep delivery code",
            Self::TokenKey => "doorstep token key",
            Self::EmailCode => "doorstep e-mail code",
            Self::Calendar => "doorstep calendar",
            Self::Webhook => "doorstep webhook",
            Self::ProviderKey => "doorstep provider key",
            Self::Push => "doorstep push",
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
            make_key(path).with_context(|| format!("cannot make the secret {shown}"))?;
        }
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read the secret {shown}"))?;
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
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| anyhow::anyhow!("too much to seal"))?;
        Ok(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// Decrypts what was sealed for that purpose and owner; `None` for everything else.
    pub fn unseal(&self, purpose: Purpose, owner: &str, sealed: &str) -> Option<Vec<u8>> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        let payload = Payload { msg: sealed, aad: owner.as_bytes() };
        self.cipher(purpose).decrypt(&XNonce::from(*nonce), payload).ok()
    }

    /// A mark (HMAC-SHA-256) that only this server can make of `text`.
    pub fn mark(&self, purpose: Purpose, text: &str) -> [u8; 32] {
        self.keyed(&[purpose.label(), "\0mark\0", text])
    }

    /// Draws so many digits, each as likely as any other.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn draw_digits(&self, count: u8) -> anyhow::Result<String> {
        let mut digits = String::with_capacity(count.into());
        while digits.len() < count.into() {
            let mut byte = [0];
            OsRng.try_fill_bytes(&mut byte)?;
            // The last six of the 256 would make some digits likelier.
            if byte[0] < 250 {
                digits.push(char::from(b'0' + byte[0] % 10));
            }
        }
        Ok(digits)
    }

    /// Draws a delivery code for a shipment.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn draw_code(&self, digits: Digits, id: &TrackingId) -> anyhow::Result<Drawn> {
        self.seal_code(digits, &self.draw_digits(digits.count())?, id)
    }

    /// A delivery code whose digits somebody else chose.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn given_code<const N: usize>(&self, code: &Typed<N, N>, id: &TrackingId) -> anyhow::Result<Drawn> {
        let digits = Digits::new(u8::try_from(N)?)?;
        self.seal_code(digits, code.reveal(), id)
    }

    fn seal_code(&self, digits: Digits, code: &str, id: &TrackingId) -> anyhow::Result<Drawn> {
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

    /// Seals a key that a retailer shares with us to sign tokens.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn seal_token_key(&self, tenant: TenantId, kid: &str, secret: &[u8]) -> anyhow::Result<String> {
        self.seal(Purpose::TokenKey, &format!("{}/{kid}", tenant.0), secret)
    }

    /// That key; `None` where it was sealed by another vault, for another tenant or under another name.
    pub fn token_key(&self, tenant: TenantId, kid: &str, sealed: &str) -> Option<Vec<u8>> {
        self.unseal(Purpose::TokenKey, &format!("{}/{kid}", tenant.0), sealed)
    }

    fn cipher(&self, purpose: Purpose) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.keyed(&[purpose.label(), "\0seal"]).into())
    }

    fn keyed(&self, parts: &[&str]) -> [u8; 32] {
        // HMAC fills a key up to a block with zeros.
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.key);
        let mut mac = <Hmac<Sha256> as Mac>::new(&block.into());
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

/// Makes a key and its file, whole or not at all: a crash must not leave half a key behind, nor may another
/// process that begins at the same time read one.
fn make_key(path: &Path) -> anyhow::Result<()> {
    let mut key = [0; 32];
    OsRng.try_fill_bytes(&mut key)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Readable for its owner alone.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(URL_SAFE_NO_PAD.encode(key).as_bytes())?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Ok(_) => {}
        // Another process was faster: its key is the one.
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error.error.into()),
    }
    // What is sealed with the key must not outlive it in a power loss.
    #[cfg(unix)]
    std::fs::File::open(folder)?.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests;
