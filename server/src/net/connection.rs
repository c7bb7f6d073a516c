//! One connection while hyper reads requests from it. When the router's answer carries a live stream,
//! hyper's part ends: its buffers (more than 8 KB a connection) are given back, and the bare socket goes
//! on in [`super::live`]. That is what makes a viewer cheap enough to have tens of thousands of them.
//!
//! The hand-over happens while hyper waits for the answer: it has read the whole request and written
//! nothing yet, so that nothing of it is half done. The answer's head is then written by us.

use std::convert::Infallible;
use std::future::{Future as _, poll_fn};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use http::{Method, Request, Version};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use super::{Connected, ConnectionLimits, Permit, live};
use crate::api::live::Parcel;

/// Serves one connection to its end, or until it is handed to a task of its own as a live stream.
pub(super) async fn serve(
    socket: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: ConnectionLimits,
    stopping: CancellationToken,
    permit: Permit,
    connections: TaskTracker,
) {
    // Boxed, so that what it needs is freed before the stream begins.
    let Some((socket, answer)) = Box::pin(requests(socket, peer, router, limits, stopping)).await else {
        return;
    };
    connections.spawn(async move {
        live::run(socket, answer).await;
        drop(permit);
    });
}

/// Where the service leaves an answer that is a live stream.
type Slot = Arc<Mutex<Option<Response>>>;

/// Has hyper read requests and write answers until the connection ends (`None`) or an answer is a live
/// stream.
async fn requests(
    socket: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: ConnectionLimits,
    stopping: CancellationToken,
) -> Option<(TcpStream, Response)> {
    let slot = Slot::default();
    let service = service_fn(|request| Box::pin(answer(request, peer, router.clone(), Arc::clone(&slot))));
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_within)
        .max_headers(limits.header_fields)
        .max_buf_size(limits.head_bytes);
    let mut connection = builder.serve_connection(TokioIo::new(socket), service);
    {
        let mut stopped = pin!(stopping.cancelled());
        let mut told = false;
        poll_fn(|cx| {
            if !told && stopped.as_mut().poll(cx).is_ready() {
                told = true;
                std::pin::Pin::new(&mut connection).graceful_shutdown();
            }
            if let Poll::Ready(ended) = connection.poll_without_shutdown(cx) {
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection broke");
                }
                return Poll::Ready(());
            }
            let taken = slot.lock().unwrap_or_else(PoisonError::into_inner).is_some();
            if taken { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
    let socket = connection.into_parts().io.into_inner();
    let answer = slot.lock().unwrap_or_else(PoisonError::into_inner).take()?;
    Some((socket, answer))
}

/// Answers one request; one that is answered with a live stream is never answered to hyper.
async fn answer(
    request: Request<Incoming>,
    peer: SocketAddr,
    router: Router,
    slot: Slot,
) -> Result<Response, Infallible> {
    let may_be_live = request.method() == Method::GET && request.version() == Version::HTTP_11;
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(Connected(peer));
    let response = router.oneshot(request).await?;
    if may_be_live && response.extensions().get::<Parcel>().is_some() {
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(response);
        // hyper's poll of this future is what runs us: it looks into the slot next.
        return std::future::pending().await;
    }
    Ok(response)
}
