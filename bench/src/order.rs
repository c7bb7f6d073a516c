//! Reads the ids that servers give their messages as numbers that grow: Doorstep's sequence, and
//! nchan's `seconds:tag`.

/// The place of a message in its stream, comparable within one stream only.
pub(crate) type Order = u64;

/// How many bits of an order hold nchan's tag, the count within one second.
const TAG_BITS: u32 = 20;

/// Reads an id, `None` when it is of neither form.
pub(crate) fn order_of(id: &[u8]) -> Option<Order> {
    let id = std::str::from_utf8(id).ok()?;
    match id.split_once(':') {
        None => id.parse().ok(),
        Some((seconds, tag)) => {
            let (seconds, tag): (u64, u64) = (seconds.parse().ok()?, tag.parse().ok()?);
            (tag < 1 << TAG_BITS && seconds < 1 << (64 - TAG_BITS)).then_some(seconds << TAG_BITS | tag)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::order_of;

    #[test]
    fn reads_both_forms_and_keeps_their_order() {
        assert_eq!(order_of(b"42"), Some(42));
        let ids: [&[u8]; 4] = [b"1700000000:0", b"1700000000:1", b"1700000000:11", b"1700000001:0"];
        let orders: Vec<_> = ids.iter().map(|id| order_of(id)).collect();
        assert!(orders.iter().all(Option::is_some) && orders.is_sorted(), "{orders:?}");
    }

    #[test]
    fn refuses_anything_else() {
        for id in [&b""[..], b"x", b"1:x", b"1:99999999", b"-1", b"\xff"] {
            assert_eq!(order_of(id), None);
        }
    }
}
