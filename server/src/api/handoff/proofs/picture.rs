//! The picture of a proof as it is told. It is believed to be a picture only where its first bytes say so:
//! what is called one and is none (a page, a script) would be shown to the recipient as ours.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use utoipa::ToSchema;

use crate::api::extract::Refusals;
use crate::api::wire;
use crate::store::{MOST_PICTURE_BYTES, Picture};

/// A picture.
#[derive(serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PictureBody {
    /// What it is; its first bytes must say the same.
    #[serde(deserialize_with = "wire::one_word")]
    media_type: MediaType,
    /// Itself, in base64 (RFC 4648, 4) with padding; at most 3 MiB once decoded.
    #[schema(max_length = 4194304)]
    base64: String,
}

/// What a picture may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
pub(super) enum MediaType {
    #[schema(rename = "image/jpeg")]
    Jpeg,
    #[schema(rename = "image/png")]
    Png,
    #[schema(rename = "image/webp")]
    Webp,
}

impl MediaType {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }

    /// What the first bytes say.
    fn sniffed(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            _ => None,
        }
    }
}

impl std::str::FromStr for MediaType {
    type Err = doorstep_model::text::UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let all = [Self::Jpeg, Self::Png, Self::Webp];
        all.into_iter().find(|known| known.as_str() == word).ok_or(doorstep_model::text::UnknownWord)
    }
}

impl PictureBody {
    /// The picture that it tells; what keeps it from being one is noted in `refusals`.
    pub(super) fn hear(self, refusals: &mut Refusals) -> Option<Picture> {
        let Ok(bytes) = STANDARD.decode(self.base64.as_bytes()) else {
            refusals.add("/picture/base64", "is no base64 with padding");
            return None;
        };
        if bytes.len() > MOST_PICTURE_BYTES {
            refusals.add("/picture/base64", format!("is larger than {MOST_PICTURE_BYTES} bytes"));
            return None;
        }
        if MediaType::sniffed(&bytes) != Some(self.media_type) {
            refusals.add("/picture/base64", "does not begin as a picture of that media type does");
            return None;
        }
        Some(Picture { media_type: self.media_type.as_str().to_owned(), bytes: Bytes::from(bytes) })
    }
}

/// Says nothing of the picture.
impl std::fmt::Debug for PictureBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PictureBody").field("media_type", &self.media_type).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_say_what_it_is() {
        assert_eq!(MediaType::sniffed(b"\xFF\xD8\xFF\xE0"), Some(MediaType::Jpeg));
        assert_eq!(MediaType::sniffed(b"\x89PNG\r\n\x1A\n"), Some(MediaType::Png));
        assert_eq!(MediaType::sniffed(b"RIFF\0\0\0\0WEBPVP8 "), Some(MediaType::Webp));
        for no in [&b""[..], b"\xFF\xD8", b"<svg xmlns", b"GIF89a", b"RIFF\0\0\0\0WAVE", b"\x89PNG\n"] {
            assert_eq!(MediaType::sniffed(no), None, "{no:?}");
        }
    }
}
