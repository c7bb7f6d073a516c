//! The one way out of the building: calls to addresses that somebody else typed (webhooks, providers, token
//! endpoints, push services). Every call is guarded against being turned on our own network, follows no
//! redirect, is over within a set time and reads a bounded answer. Knows nothing of what is told to whom.

mod dial;
mod guard;
mod reply;
mod resolve;
mod target;
#[cfg(test)]
mod tests;

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::USER_AGENT;
use http::{HeaderMap, HeaderValue, Method, Request};
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::{self, Client};
use hyper_util::rt::{TokioExecutor, TokioTimer};

use crate::limits::Networks;
use dial::{DialError, Dialer};

pub use guard::{Guard, Refused};
pub use reply::Reply;
pub use resolve::{Resolver, SystemResolver};
pub use target::{Target, TargetError};

/// How long an unused connection is kept for the next call to the same host.
const IDLE: Duration = Duration::from_secs(20);

/// The most unused connections to one host.
const IDLE_PER_HOST: usize = 4;

/// What a call says of its sender when the caller says nothing else.
const SENDER: HeaderValue = HeaderValue::from_static(concat!("Doorstep/", env!("CARGO_PKG_VERSION")));

/// One call.
#[derive(Clone, Debug)]
pub struct Call {
    /// How.
    pub method: Method,
    /// Where to.
    pub target: Target,
    /// What beside the body; `Host` and the body's length are written for you.
    pub headers: HeaderMap,
    /// With what; empty for none.
    pub body: Bytes,
}

/// How much of a call is waited for and read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// From the name's look-up to the last byte of the answer.
    pub within: Duration,
    /// Bytes of the answer's body; what is beyond is not read.
    pub body: usize,
}

impl Patience {
    /// For those whose answer is of no interest but for its status: Standard Webhooks asks for 15 to 30
    /// seconds.
    pub const WEBHOOK: Self = Self { within: Duration::from_secs(20), body: 4 * 1024 };
    /// For those whose answer is used: estimates, tokens.
    pub const ANSWER: Self = Self { within: Duration::from_secs(20), body: 256 * 1024 };
}

/// Calls others.
pub struct Outbound {
    guard: Arc<Guard>,
    client: Client<HttpsConnector<Dialer>, Full<Bytes>>,
}

impl Outbound {
    /// One that calls public addresses by `https`, and what is in `allowed` besides, there also by `http`.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(allowed: Networks) -> anyhow::Result<Self> {
        Self::with_resolver(allowed, Arc::new(SystemResolver))
    }

    /// The same with other answers to what a name's addresses are.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn with_resolver(allowed: Networks, resolver: Arc<dyn Resolver>) -> anyhow::Result<Self> {
        let guard = Arc::new(Guard::new(allowed));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        // By `http` too: the dialer refuses it where it is not allowed, knowing the address.
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(provider)?
            .https_or_http()
            .enable_http1()
            .wrap_connector(Dialer::new(Arc::clone(&guard), resolver));
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(IDLE_PER_HOST)
            .build(connector);
        Ok(Self { guard, client })
    }

    /// Whether `target` may be called, as far as that is seen without asking for its name's addresses. For
    /// refusing early what would fail later.
    ///
    /// # Errors
    /// Why it may not.
    pub fn permits(&self, target: &Target) -> Result<(), Refused> {
        self.guard.permits(target)
    }

    /// Makes the call. Every answer is one, whatever its status.
    ///
    /// # Errors
    /// When there was no answer in time, or the target may not be called.
    pub async fn send(&self, call: Call, patience: Patience) -> Result<Reply, OutboundError> {
        self.permits(&call.target).map_err(OutboundError::Refused)?;
        let Call { method, target, mut headers, body } = call;
        headers.entry(USER_AGENT).or_insert(SENDER);
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = method;
        *request.uri_mut() = target.uri().clone();
        *request.headers_mut() = headers;
        let answered = async {
            let answer = self.client.request(request).await.map_err(OutboundError::from)?;
            reply::read(answer, patience.body).await
        };
        tokio::time::timeout(patience.within, answered).await.unwrap_or(Err(OutboundError::TimedOut))
    }
}

/// Why there was no answer. What it says may be shown to whoever chose the target: it tells nothing of our
/// network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// The target may not be called.
    #[error(transparent)]
    Refused(Refused),
    /// Its name has no address.
    #[error("its name has no address")]
    Unresolved,
    /// No connection could be made.
    #[error("it could not be connected to")]
    Unconnected,
    /// The other side could not prove who it is, or speaks no TLS.
    #[error("no secure connection could be made")]
    Insecure,
    /// It took too long.
    #[error("it did not answer in time")]
    TimedOut,
    /// The connection ended, or what came was not HTTP.
    #[error("its answer broke off or is no HTTP")]
    Broken,
}

impl From<legacy::Error> for OutboundError {
    fn from(error: legacy::Error) -> Self {
        let dialled = error.source().and_then(|cause| cause.downcast_ref::<DialError>());
        match dialled {
            Some(DialError::Refused(refused)) => Self::Refused(*refused),
            Some(DialError::Unresolved) => Self::Unresolved,
            Some(DialError::Unconnected) => Self::Unconnected,
            None if error.is_connect() => Self::Insecure,
            None => Self::Broken,
        }
    }
}
