//! A place in a list, as an opaque text: where the page begins, and when the first page was asked for, so that
//! "the last 24 hours" means the same on every page. It opens nothing: a caller who has one may list anyway.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorstep_model::time::Timestamp;

use crate::dialects::delivery_solutions::wire::read::Fault;
use crate::store::orders::{OrderId, OrderPageStart};

const OLDER: u8 = b'o';
const NEWER: u8 = b'n';

/// A place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Where the page begins.
    pub(super) start: OrderPageStart,
    /// When the first page was asked for.
    pub(super) now: Timestamp,
}

/// The token of the page that begins at `start`.
pub(super) fn write(start: OrderPageStart, now: Timestamp) -> String {
    let (direction, place) = match start {
        OrderPageStart::Newest => (OLDER, i64::MAX),
        OrderPageStart::OlderThan(OrderId(id)) => (OLDER, id),
        OrderPageStart::NewerThan(OrderId(id)) => (NEWER, id),
    };
    let bytes: Vec<u8> =
        [direction].into_iter().chain(place.to_be_bytes()).chain(now.millis().to_be_bytes()).collect();
    STANDARD.encode(bytes)
}

/// Reads what [`write`] wrote.
///
/// # Errors
/// A [`Fault`] for anything else.
pub(super) fn read(token: &str) -> Result<Place, Fault> {
    let fault = || Fault::value("paginationToken", "must be next or previous of another page");
    let bytes = STANDARD.decode(token).map_err(|_| fault())?;
    let (direction, rest) = bytes.split_first().ok_or_else(fault)?;
    let (place, now) = rest.split_first_chunk::<8>().ok_or_else(fault)?;
    let now: [u8; 8] = now.try_into().map_err(|_| fault())?;
    let order = OrderId(i64::from_be_bytes(*place));
    let start = match *direction {
        OLDER => OrderPageStart::OlderThan(order),
        NEWER => OrderPageStart::NewerThan(order),
        _ => return Err(fault()),
    };
    Ok(Place { start, now: Timestamp::from_millis(i64::from_be_bytes(now)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_as_its_place() {
        let now = Timestamp::from_millis(1_651_402_682_000);
        for start in [OrderPageStart::OlderThan(OrderId(7)), OrderPageStart::NewerThan(OrderId(i64::MAX))] {
            assert_eq!(read(&write(start, now)), Ok(Place { start, now }));
        }
        for bad in ["", "b", "NjI2N2M5YWIwM2FiNjQ5NDdjYWZiYmMx", "%%%"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
