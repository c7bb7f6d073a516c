//! A picture as it is told, in base64. It is believed to be one only where its first bytes say so: what is
//! called a picture and is none (a page, a script) would be shown to people as ours.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use utoipa::ToSchema;

use super::extract::Refusals;

/// What a picture may be. SVG is none: it is a document, which can run scripts and fetch from others.
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
    /// As it is written.
    pub(super) const fn as_str(self) -> &'static str {
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

/// How large a base64 text (RFC 4648, 4) of so many bytes is.
pub(super) const fn encoded(bytes: usize) -> usize {
    bytes.div_ceil(3) * 4
}

/// The bytes of a picture of that media type, at most `most`; what keeps them from being one is noted in
/// `refusals` as of the place `at`.
pub(super) fn decode(
    base64: &str,
    media_type: MediaType,
    most: usize,
    at: &str,
    refusals: &mut Refusals,
) -> Option<Bytes> {
    let Ok(bytes) = STANDARD.decode(base64.as_bytes()) else {
        refusals.add(at, "is no base64 with padding");
        return None;
    };
    if bytes.len() > most {
        refusals.add(at, format!("is larger than {most} bytes"));
        return None;
    }
    if MediaType::sniffed(&bytes) != Some(media_type) {
        refusals.add(at, "does not begin as a picture of that media type does");
        return None;
    }
    Some(Bytes::from(bytes))
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
