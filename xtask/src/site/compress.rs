//! Compresses a file as hard as the wire formats allow, once, so that the server never does it.
//! It knows bytes only.

use std::io::{self, Write as _};

/// How much time compression may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    None,
    Most,
}

const BROTLI_QUALITY: u32 = 11;
/// 4 MB: more than any of our files, less than what browsers refuse.
const BROTLI_WINDOW: u32 = 22;
const GZIP_LEVEL: u32 = 9;

pub(crate) fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut compressed, 1 << 16, BROTLI_QUALITY, BROTLI_WINDOW);
    writer.write_all(bytes)?;
    drop(writer);
    Ok(compressed)
}

pub(crate) fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let level = flate2::Compression::new(GZIP_LEVEL);
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), level);
    writer.write_all(bytes)?;
    writer.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn both_formats_give_the_bytes_back() {
        let bytes = b"out for delivery, out for delivery, out for delivery ".repeat(50);

        let mut plain = Vec::new();
        let small = brotli(&bytes).unwrap();
        brotli::Decompressor::new(&small[..], 4096).read_to_end(&mut plain).unwrap();
        assert!(plain == bytes && small.len() < bytes.len() / 10);

        plain.clear();
        let small = gzip(&bytes).unwrap();
        flate2::read::GzDecoder::new(&small[..]).read_to_end(&mut plain).unwrap();
        assert!(plain == bytes && small.len() < bytes.len() / 10);
    }
}
