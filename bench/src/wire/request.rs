//! Writes requests. Knows only the headers the measured servers need; whoever calls decides on
//! paths and bodies.

use std::io::Write as _;

/// Appends a GET for `path`; `headers` are whole lines, each ending in CR LF.
pub(crate) fn get(out: &mut Vec<u8>, path: &str, headers: &str) {
    out.extend_from_slice(b"GET ");
    out.extend_from_slice(path.as_bytes());
    out.extend_from_slice(b" HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    out.extend_from_slice(headers.as_bytes());
    out.extend_from_slice(b"\r\n");
}

/// Appends a POST of JSON to `path`; `headers` are whole lines, each ending in CR LF.
pub(crate) fn post(out: &mut Vec<u8>, path: &str, headers: &str, body: &[u8]) {
    out.extend_from_slice(b"POST ");
    out.extend_from_slice(path.as_bytes());
    out.extend_from_slice(
        b" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ",
    );
    // Writing into a Vec cannot fail.
    let _ = write!(out, "{}\r\n", body.len());
    out.extend_from_slice(headers.as_bytes());
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(body);
}
