//! A place in a list of shipments, as an opaque text. It holds nothing but the place, so it can be used
//! with other filters and by whoever may list anyway.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::store::{PageStart, Position};

const OLDER: u8 = b'o';
const NEWER: u8 = b'n';

/// The cursor of the page that begins at `start`; none for the first page.
pub(super) fn write(start: PageStart) -> Option<String> {
    let (direction, Position(place)) = match start {
        PageStart::Newest => return None,
        PageStart::OlderThan(position) => (OLDER, position),
        PageStart::NewerThan(position) => (NEWER, position),
    };
    let [a, b, c, d, e, f, g, h] = place.to_be_bytes();
    Some(URL_SAFE_NO_PAD.encode([direction, a, b, c, d, e, f, g, h]))
}

/// A text that is no cursor of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no cursor from a list")]
pub(super) struct CursorError;

/// Reads what [`write`] wrote.
pub(super) fn read(cursor: &str) -> Result<PageStart, CursorError> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| CursorError)?;
    let (direction, place) = bytes.split_first().ok_or(CursorError)?;
    let position = Position(i64::from_be_bytes(place.try_into().map_err(|_| CursorError)?));
    match *direction {
        OLDER => Ok(PageStart::OlderThan(position)),
        NEWER => Ok(PageStart::NewerThan(position)),
        _ => Err(CursorError),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_as_its_place() {
        for start in [PageStart::OlderThan(Position(-3)), PageStart::NewerThan(Position(i64::MAX))] {
            assert_eq!(write(start).as_deref().map(read), Some(Ok(start)));
        }
    }

    #[test]
    fn anything_else_is_no_cursor() {
        for bad in ["", "b", "bw", "%%%", "eAAAAAAAAAAB", "bwAAAAAAAAABAA"] {
            assert_eq!(read(bad), Err(CursorError), "{bad:?}");
        }
    }
}
