//! Reads `text/event-stream` from pieces of any size. Lines end in LF or CR LF; a lone CR, which
//! no measured server sends, is not a line end here.

use memchr::memchr;

/// One dispatched event.
#[derive(Debug)]
pub(crate) struct Frame<'a> {
    pub(crate) id: &'a [u8],
    pub(crate) event: &'a [u8],
    /// The data lines, each ending in LF.
    pub(crate) data: &'a [u8],
    /// Bytes on the wire, from the end of the frame before (comments between count).
    pub(crate) wire_bytes: usize,
}

/// The reader of one stream.
#[derive(Debug, Default)]
pub(crate) struct FrameReader {
    partial: Vec<u8>,
    id: Vec<u8>,
    event: Vec<u8>,
    data: Vec<u8>,
    wire_bytes: usize,
}

impl FrameReader {
    /// Feeds stream bytes and hands over each frame that they complete.
    pub(crate) fn push(&mut self, mut input: &[u8], mut on_frame: impl FnMut(Frame<'_>)) {
        while let Some(end) = memchr(b'\n', input) {
            let (line, rest) = (&input[..end], &input[end + 1..]);
            self.wire_bytes += end + 1;
            if self.partial.is_empty() {
                self.line(line, &mut on_frame);
            } else {
                let mut whole = std::mem::take(&mut self.partial);
                whole.extend_from_slice(line);
                self.wire_bytes += whole.len() - line.len();
                self.line(&whole, &mut on_frame);
                whole.clear();
                self.partial = whole;
            }
            input = rest;
        }
        self.partial.extend_from_slice(input);
    }

    fn line(&mut self, line: &[u8], on_frame: &mut impl FnMut(Frame<'_>)) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            self.dispatch(on_frame);
            return;
        }
        let (field, value) = match memchr(b':', line) {
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None => (line, &[][..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"id" => replace(&mut self.id, value),
            b"event" => replace(&mut self.event, value),
            b"data" => {
                self.data.extend_from_slice(value);
                self.data.push(b'\n');
            }
            _ => {}
        }
    }

    fn dispatch(&mut self, on_frame: &mut impl FnMut(Frame<'_>)) {
        if !self.data.is_empty() {
            on_frame(Frame {
                id: &self.id,
                event: &self.event,
                data: &self.data,
                wire_bytes: self.wire_bytes,
            });
            self.wire_bytes = 0;
        }
        self.event.clear();
        self.data.clear();
    }
}

fn replace(field: &mut Vec<u8>, value: &[u8]) {
    field.clear();
    field.extend_from_slice(value);
}

#[cfg(test)]
mod tests {
    use super::FrameReader;

    const STREAM: &[u8] = b": hi\n\nid: 7\nevent: view\ndata: {\"a\":1}\n\nretry: 5\n\n\
        id: 8\r\ndata:x\r\ndata: y\r\n\r\n: ping\n\ndata: z\n\nid: 9\ndata: cut";

    type Seen = (String, String, String, usize);

    fn read(pieces: &[&[u8]]) -> Vec<Seen> {
        let mut reader = FrameReader::default();
        let mut seen = Vec::new();
        for piece in pieces {
            reader.push(piece, |frame| {
                let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
                let (id, event, data) = (text(frame.id), text(frame.event), text(frame.data));
                seen.push((id, event, data, frame.wire_bytes));
            });
        }
        seen
    }

    fn expected() -> Vec<Seen> {
        let seen = |id: &str, event: &str, data: &str, bytes| {
            (id.to_owned(), event.to_owned(), data.to_owned(), bytes)
        };
        vec![seen("7", "view", "{\"a\":1}\n", 39), seen("8", "", "x\ny\n", 36), seen("8", "", "z\n", 17)]
    }

    #[test]
    fn reads_frames_cut_at_any_two_bytes() {
        for first in 0..=STREAM.len() {
            for second in first..=STREAM.len() {
                let pieces = [&STREAM[..first], &STREAM[first..second], &STREAM[second..]];
                assert_eq!(read(&pieces), expected(), "cut at {first} and {second}");
            }
        }
    }

    #[test]
    fn reads_frames_byte_by_byte() {
        let bytes: Vec<&[u8]> = STREAM.chunks(1).collect();
        assert_eq!(read(&bytes), expected());
    }
}
