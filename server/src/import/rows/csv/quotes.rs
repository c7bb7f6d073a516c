//! Whether quotes stand where RFC 4180 lets them. The CSV reader forgives a quote that is not closed by
//! swallowing the lines that follow; orders would vanish in silence. Looks at bytes only.

/// Whether every quoted field of `row` is closed, and closed before a delimiter or the end of a line.
pub(super) fn are_closed(row: &[u8], delimiter: u8) -> bool {
    enum At {
        Start,
        Bare,
        Quoted,
        Closed,
    }
    let mut at = At::Start;
    for &byte in row {
        let ends_field = byte == delimiter || byte == b'\n' || byte == b'\r';
        at = match at {
            At::Start if byte == b'"' => At::Quoted,
            At::Start | At::Bare if ends_field => At::Start,
            At::Start | At::Bare => At::Bare,
            At::Quoted if byte == b'"' => At::Closed,
            At::Quoted => At::Quoted,
            At::Closed if byte == b'"' => At::Quoted,
            At::Closed if ends_field => At::Start,
            At::Closed => return false,
        };
    }
    !matches!(at, At::Quoted)
}

#[cfg(test)]
mod tests {
    use super::are_closed;

    #[test]
    fn a_quote_opens_at_the_start_of_a_field_and_closes_at_its_end() {
        for fine in [&b"1,\"a\nb\",2"[..], b"1,\"a\"\"\nb\"", b"1,12\" wide", b"\"\n\""] {
            assert!(are_closed(fine, b','), "{fine:?}");
        }
        for open in [&b"1,\"12 wide\n2,\"9 wide"[..], b"1,\"a\n2,b", b"\""] {
            assert!(!are_closed(open, b','), "{open:?}");
        }
    }
}
