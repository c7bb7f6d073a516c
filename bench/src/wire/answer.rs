//! Reads one HTTP/1.1 response from pieces of any size: the head by `httparse`, the body by its
//! framing. What the body means is the caller's business.

use anyhow::{Context as _, Result, bail};
use memchr::memmem;

use super::body::Body;

const HEAD_END: &[u8] = b"\r\n\r\n";
const HEAD_LIMIT: usize = 16 << 10;
const HEADER_LIMIT: usize = 64;

/// A reader for the responses of one connection, one after the other.
#[derive(Debug, Default)]
pub(crate) struct AnswerReader {
    head: Vec<u8>,
    status: u16,
    body: Option<Body>,
}

impl AnswerReader {
    /// The status code, 0 until the head is whole.
    pub(crate) fn status(&self) -> u16 {
        self.status
    }

    /// Feeds what a socket gave and hands body bytes to `sink`; true once the response is whole.
    ///
    /// Fails on what is not HTTP/1.1 and on bytes after the end, since nothing here pipelines.
    pub(crate) fn push(&mut self, input: &[u8], sink: impl FnMut(&[u8])) -> Result<bool> {
        if self.body.is_some() {
            return self.read_body(input, sink);
        }
        let known = self.head.len();
        self.head.extend_from_slice(input);
        let Some(end) = memmem::find(&self.head, HEAD_END) else {
            if self.head.len() > HEAD_LIMIT {
                bail!("a response head of more than {HEAD_LIMIT} bytes");
            }
            return Ok(false);
        };
        self.read_head()?;
        self.head.clear();
        self.read_body(&input[end + HEAD_END.len() - known..], sink)
    }

    /// Makes ready for the next response on the same connection.
    pub(crate) fn reset(&mut self) {
        self.head.clear();
        self.status = 0;
        self.body = None;
    }

    fn read_body(&mut self, input: &[u8], sink: impl FnMut(&[u8])) -> Result<bool> {
        let Some(body) = &mut self.body else {
            return Ok(false);
        };
        let taken = body.push(input, sink)?;
        if taken < input.len() {
            bail!("{} bytes after the end of a response", input.len() - taken);
        }
        Ok(body.is_complete())
    }

    fn read_head(&mut self) -> Result<()> {
        let mut headers = [httparse::EMPTY_HEADER; HEADER_LIMIT];
        let mut response = httparse::Response::new(&mut headers);
        response.parse(&self.head).context("a response head")?;
        self.status = response.code.unwrap_or_default();
        let mut body = Body::UntilClose;
        for header in response.headers {
            if header.name.eq_ignore_ascii_case("transfer-encoding") {
                if !header.value.eq_ignore_ascii_case(b"chunked") {
                    bail!("a transfer coding other than chunked");
                }
                body = Body::chunked();
            } else if header.name.eq_ignore_ascii_case("content-length") {
                let left = std::str::from_utf8(header.value)?.trim().parse()?;
                body = Body::Sized { left };
            }
        }
        if matches!(self.status, 204 | 304) {
            body = Body::Sized { left: 0 };
        }
        self.body = Some(body);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::AnswerReader;

    const CHUNKED: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
        4;x=1\r\nWiki\r\nB\r\npedia in \r\n\r\n0\r\nX-Sum: 1\r\n\r\n";
    const SIZED: &[u8] = b"HTTP/1.1 201 Created\r\ncontent-length: 3\r\n\r\nabc";

    fn read_split(bytes: &[u8], at: usize) -> (bool, u16, Vec<u8>) {
        let mut reader = AnswerReader::default();
        let mut body = Vec::new();
        let mut done = false;
        for piece in [&bytes[..at], &bytes[at..]] {
            if !piece.is_empty() {
                done = reader.push(piece, |part| body.extend_from_slice(part)).expect("a good response");
            }
        }
        (done, reader.status(), body)
    }

    #[test]
    fn reads_a_response_cut_at_any_byte() {
        for at in 0..=CHUNKED.len() {
            let expected = (true, 200, b"Wikipedia in \r\n".to_vec());
            assert_eq!(read_split(CHUNKED, at), expected, "cut at {at}");
        }
        for at in 0..=SIZED.len() {
            assert_eq!(read_split(SIZED, at), (true, 201, b"abc".to_vec()), "cut at {at}");
        }
    }

    #[test]
    fn an_unfinished_body_is_not_whole() {
        for end in 0..CHUNKED.len() {
            assert!(!read_split(&CHUNKED[..end], 0).0, "ends at {end}");
        }
    }

    #[test]
    fn refuses_what_is_not_http() {
        for bytes in [
            &b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"[..],
            b"SSH-2.0-x\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab",
        ] {
            assert!(AnswerReader::default().push(bytes, |_| {}).is_err());
        }
    }

    #[test]
    fn reads_the_next_response_after_a_reset() {
        let mut reader = AnswerReader::default();
        for _ in 0..2 {
            assert!(reader.push(SIZED, |_| {}).expect("a good response"));
            reader.reset();
        }
    }
}
