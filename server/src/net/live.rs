//! One viewer's socket: writes what the stream says and notices when the viewer is gone. Holds nothing
//! but the socket and the stream; every viewer of a shipment writes the same shared bytes.

use std::fmt::Write as _;
use std::io;
use std::time::{Duration, SystemTime};

use axum::response::Response;
use http::HeaderMap;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::api::live::{LiveStream, Parcel};

/// A viewer who takes nothing for so long is gone or too slow to be worth a socket.
const TAKES_WITHIN: Duration = Duration::from_secs(20);

/// Writes `answer`, which carries a live stream, until either side ends it.
pub(super) async fn run(mut socket: TcpStream, answer: Response) {
    let (head, body) = answer.into_parts();
    let Some(mut stream) = head.extensions.get::<Parcel>().and_then(Parcel::take) else { return };
    let opening = opening(&head.headers);
    // The viewer may hold the stream for hours; what came with the request need not.
    drop((head, body));
    if let Err(error) = follow(&mut socket, opening, &mut stream).await {
        tracing::debug!(%error, "a live stream broke");
    }
}

async fn follow(socket: &mut TcpStream, opening: Vec<u8>, stream: &mut LiveStream) -> io::Result<()> {
    let mut first = opening;
    if let Some(chunk) = stream.next().await {
        first.extend_from_slice(&chunk);
    }
    write(socket, &first).await?;
    drop(first);
    loop {
        let chunk = tokio::select! {
            chunk = stream.next() => chunk,
            gone = hung_up(socket) => return gone,
        };
        match chunk {
            Some(chunk) => write(socket, &chunk).await?,
            None => return socket.shutdown().await,
        }
    }
}

/// While a slow viewer takes its bytes, newer views replace each other in the hub: it skips what it was
/// too slow for.
async fn write(socket: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    // Nearly always the kernel takes it all at once, and no timer is needed.
    let written = match socket.try_write(bytes) {
        Ok(written) => written,
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
        Err(error) => return Err(error),
    };
    let rest = bytes.get(written..).unwrap_or_default();
    if rest.is_empty() {
        return Ok(());
    }
    tokio::time::timeout(TAKES_WITHIN, socket.write_all(rest)).await.map_err(io::Error::from)?
}

/// Returns when the viewer has closed the connection. What it sends is read and thrown away: after an
/// answer that ends with the connection, there is no next request.
async fn hung_up(socket: &TcpStream) -> io::Result<()> {
    let mut scrap = [0; 64];
    loop {
        socket.readable().await?;
        match socket.try_read(&mut scrap) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
}

/// The answer's head. The body ends with the connection (RFC 9112, 6.3, rule 8), so that all viewers can
/// be sent the same bytes without framing of their own.
fn opening(headers: &HeaderMap) -> Vec<u8> {
    let mut head = String::from("HTTP/1.1 200 OK\r\nconnection: close\r\n");
    let _ = write!(head, "date: {}\r\n", httpdate::fmt_http_date(SystemTime::now()));
    let mut head = head.into_bytes();
    for (name, value) in headers {
        head.extend_from_slice(name.as_str().as_bytes());
        head.extend_from_slice(b": ");
        head.extend_from_slice(value.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    head
}
