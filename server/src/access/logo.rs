//! A shop's logo: a small picture that we keep and show ourselves, so that no page asks a third party for
//! it. Known by the hash of its bytes, which makes its address one that never changes its content.

use std::fmt;

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

/// The most bytes of a logo.
pub const MOST_LOGO_BYTES: usize = 64 * 1024;

/// The most pixels of its width and of its height: a picture of few bytes can have so many that showing it
/// takes a phone's memory.
const MOST_LOGO_PIXELS: u32 = 1_024;

/// What a logo is called: 32 hexadecimal digits, the beginning of its SHA-256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoName(String);

/// A text that is no such name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no name of a logo")]
pub struct LogoNameError;

/// What a page says of a logo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// What it is called.
    pub name: LogoName,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// Why bytes are no logo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogoError {
    /// Too many of them.
    #[error("is larger than {MOST_LOGO_BYTES} bytes")]
    Bytes,
    /// Of no size that a picture can have, or of one that takes too much memory to show.
    #[error("must be 1 to {MOST_LOGO_PIXELS} pixels wide and high")]
    Pixels,
}

/// A logo with its bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct LogoPicture {
    /// What it is called, and how large it is.
    pub logo: Logo,
    /// What it is: `image/png`, `image/jpeg` or `image/webp`.
    pub media_type: String,
    /// Itself.
    pub bytes: Bytes,
}

impl LogoName {
    const DIGITS: usize = 32;

    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let hash = Sha256::digest(bytes);
        Self(hash.iter().take(Self::DIGITS / 2).map(|byte| format!("{byte:02x}")).collect())
    }

    /// Checks `raw`.
    ///
    /// # Errors
    /// [`LogoNameError`] where it can be none.
    pub fn parse(raw: &str) -> Result<Self, LogoNameError> {
        let digits = raw.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if raw.len() == Self::DIGITS && digits { Ok(Self(raw.to_owned())) } else { Err(LogoNameError) }
    }

    /// As it stands in an address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Logo {
    /// Where it is.
    pub fn path(&self) -> String {
        format!("/logos/{}", self.name.as_str())
    }
}

impl LogoPicture {
    /// Reads from the bytes how large the picture is.
    ///
    /// # Errors
    /// [`LogoError`] where it is too large, or none.
    pub fn read(media_type: &str, bytes: Bytes) -> Result<Self, LogoError> {
        if bytes.len() > MOST_LOGO_BYTES {
            return Err(LogoError::Bytes);
        }
        let size = imagesize::blob_size(&bytes).map_err(|_| LogoError::Pixels)?;
        let pixels = |length: usize| {
            let length = u32::try_from(length).map_err(|_| LogoError::Pixels)?;
            if (1..=MOST_LOGO_PIXELS).contains(&length) { Ok(length) } else { Err(LogoError::Pixels) }
        };
        let logo =
            Logo { name: LogoName::of(&bytes), width: pixels(size.width)?, height: pixels(size.height)? };
        Ok(Self { logo, media_type: media_type.to_owned(), bytes })
    }
}

/// Says nothing of the bytes.
impl fmt::Debug for LogoPicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogoPicture").field("logo", &self.logo).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_follows_from_the_bytes_and_nothing_else_is_one() {
        let name = LogoName::of(b"abc");
        assert_eq!(name.as_str(), "ba7816bf8f01cfea414140de5dae2223");
        assert_eq!(LogoName::parse(name.as_str()), Ok(name));
        for wrong in ["", "ba78", "BA7816BF8F01CFEA414140DE5DAE2223", "../../../../../../../../etc/passwd"] {
            assert!(LogoName::parse(wrong).is_err(), "{wrong}");
        }
    }
}
