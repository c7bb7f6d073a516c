//! What the other side answered, read up to a limit. Whoever sends more is cut off: the connection is given
//! up rather than read to an end that may never come.

use bytes::{Bytes, BytesMut};
use http::header::RETRY_AFTER;
use http::{HeaderMap, Response, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;

use super::OutboundError;

/// What the other side answered.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Its status, whatever it is.
    pub status: StatusCode,
    /// What it says beside the body.
    pub headers: HeaderMap,
    /// The body, or its beginning.
    pub body: Bytes,
    /// Whether that is all of it.
    pub is_whole: bool,
}

impl Reply {
    /// The seconds that it asks to wait (`Retry-After`), where it does; a date is told against `now`, in
    /// seconds since 1970.
    pub fn retry_after(&self, now: u64) -> Option<u64> {
        let text = self.headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
        if let Ok(seconds) = text.parse() {
            return Some(seconds);
        }
        let date = httpdate::parse_http_date(text).ok()?;
        let date = date.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
        Some(date.saturating_sub(now))
    }
}

pub(super) async fn read(answer: Response<Incoming>, limit: usize) -> Result<Reply, OutboundError> {
    let (head, mut incoming) = answer.into_parts();
    let mut body = BytesMut::new();
    let mut is_whole = true;
    while let Some(frame) = incoming.frame().await {
        let frame = frame.map_err(|_| OutboundError::Broken)?;
        let Ok(data) = frame.into_data() else { continue };
        let room = limit - body.len();
        is_whole = data.len() <= room;
        body.extend_from_slice(&data[..data.len().min(room)]);
        if !is_whole {
            break;
        }
    }
    Ok(Reply { status: head.status, headers: head.headers, body: body.freeze(), is_whole })
}
