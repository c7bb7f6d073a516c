//! From a URI to a connection: looks the name up once, checks each address that comes, and connects to one
//! that was checked, never to the name. A name that answers differently a moment later (DNS rebinding) gains
//! nothing by it. Knows nothing of TLS or HTTP.

use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower::Service;

use super::{Guard, Refused, Resolver};

/// How long one address is waited for before the next is tried.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);

/// The most addresses of a name that are tried.
const MOST_ADDRESSES: usize = 4;

/// Connects to where a guard lets it.
#[derive(Clone)]
pub(super) struct Dialer {
    guard: Arc<Guard>,
    resolver: Arc<dyn Resolver>,
}

/// Why there is no connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum DialError {
    /// None of its addresses may be called.
    #[error(transparent)]
    Refused(Refused),
    /// It has none.
    #[error("the name has no address")]
    Unresolved,
    /// None of them answers.
    #[error("no address answers")]
    Unconnected,
}

impl Dialer {
    pub(super) fn new(guard: Arc<Guard>, resolver: Arc<dyn Resolver>) -> Self {
        Self { guard, resolver }
    }

    async fn connect(self, uri: Uri) -> Result<TokioIo<TcpStream>, DialError> {
        let is_secure = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if is_secure { 443 } else { 80 });
        let host = uri.host().ok_or(DialError::Unresolved)?;
        let mut refused = None;
        let mut failed = false;
        let checked = self.addresses(host).await?.into_iter().filter(|address| {
            let checked = self.guard.check(*address, is_secure);
            refused = refused.or(checked.err());
            checked.is_ok()
        });
        for address in checked.collect::<Vec<_>>().into_iter().take(MOST_ADDRESSES) {
            let connecting = TcpStream::connect(SocketAddr::new(address, port));
            if let Ok(Ok(stream)) = tokio::time::timeout(CONNECT_WITHIN, connecting).await {
                // What is sent is sent whole: waiting for more would only delay it.
                let _ = stream.set_nodelay(true);
                return Ok(TokioIo::new(stream));
            }
            failed = true;
        }
        Err(match refused {
            _ if failed => DialError::Unconnected,
            Some(refused) => DialError::Refused(refused),
            None => DialError::Unresolved,
        })
    }

    async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, DialError> {
        // A URI writes an IPv6 address in brackets.
        let literal = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        match literal.parse() {
            Ok(address) => Ok(vec![address]),
            Err(_) => self.resolver.addresses(host).await.map_err(|_| DialError::Unresolved),
        }
    }
}

impl Service<Uri> for Dialer {
    type Response = TokioIo<TcpStream>;
    type Error = DialError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, DialError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), DialError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().connect(uri))
    }
}
