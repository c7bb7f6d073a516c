//! Connections: accepts them, has hyper read requests and the router answer, and takes a connection
//! over when the answer is a live stream. Knows HTTP/1.1 and sockets, nothing of shipments. TLS and
//! HTTP/2 are the business of the proxy in front.

mod connection;
mod live;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long to wait after accepting failed for want of something (file descriptors, memory).
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Who is at the other end of the connection, as an extension of each request.
#[derive(Clone, Copy, Debug)]
pub struct Connected(pub SocketAddr);

/// How connections are treated.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
    /// How many at once.
    pub connections: usize,
    /// How long a request's head may take, and a kept connection may be silent.
    pub head_within: Duration,
    /// How many header fields a request may have.
    pub header_fields: usize,
    /// How many bytes a request's head may have; at least 8192.
    pub head_bytes: usize,
}

/// Serves `router` on `listener` until `stopping` is cancelled; then refuses new connections, lets
/// requests under way finish and streams say good-bye. Returns when the last connection has closed, or
/// after `grace`.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ConnectionLimits,
    stopping: CancellationToken,
    grace: Duration,
) {
    let connections = TaskTracker::new();
    let permits = Arc::new(Semaphore::new(limits.connections));
    loop {
        let accepted = tokio::select! {
            () = stopping.cancelled() => break,
            accepted = accept(&listener, &permits) => accepted,
        };
        match accepted {
            Ok((socket, peer, permit)) => {
                let served = connection::serve(
                    socket,
                    peer,
                    router.clone(),
                    limits,
                    stopping.clone(),
                    permit,
                    connections.clone(),
                );
                connections.spawn(served);
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(grace, connections.wait()).await.is_err() {
        tracing::warn!(open = connections.len(), "connections were cut after the grace period");
    }
}

type Permit = tokio::sync::OwnedSemaphorePermit;

/// Waits for room first: what cannot be served waits in the kernel's queue.
async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, Permit)> {
    let permit = Arc::clone(permits).acquire_owned().await.map_err(io::Error::other)?;
    let (socket, peer) = listener.accept().await?;
    // Frames are small and due at once.
    socket.set_nodelay(true)?;
    Ok((socket, peer, permit))
}
