//! A receiver of calls, as whoever is told of changes runs one: remembers what came, answers each as it is told to,
//! and checks signatures by Standard Webhooks 1.0.0. Knows nothing of what is told.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::Value;
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::eventually;

/// The longest body that is taken, in bytes.
const MOST_BYTES: usize = 1 << 20;

/// A call as it came.
#[derive(Clone, Debug)]
pub struct Received {
    /// Method and path.
    pub line: String,
    /// Its header.
    pub headers: HeaderMap,
    /// Its body, to the byte.
    pub body: String,
    /// When.
    pub at: Instant,
}

impl Received {
    /// A header's value; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON; `null` where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// Whether it was signed with `secret` (`whsec_…`).
    ///
    /// # Errors
    /// When the secret is none.
    pub fn is_signed_with(&self, secret: &str) -> Result<bool> {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").context("a secret begins with whsec_")?)?;
        let signed =
            format!("{}.{}.{}", self.header("webhook-id"), self.header("webhook-timestamp"), self.body);
        let mut mac = <Hmac<Sha256> as hmac::Mac>::new_from_slice(&key)?;
        mac.update(signed.as_bytes());
        let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        Ok(self.header("webhook-signature").split(' ').any(|one| one == expected))
    }
}

/// How a call is answered.
#[derive(Clone, Debug)]
pub struct Plan {
    after: Duration,
    status: u16,
    header: Option<(&'static str, String)>,
}

impl Plan {
    /// At once, with that status and nothing else.
    pub const fn of(status: u16) -> Self {
        Self { after: Duration::ZERO, status, header: None }
    }

    /// The same, later.
    pub fn after(self, after: Duration) -> Self {
        Self { after, ..self }
    }

    /// The same, with a header.
    pub fn with(self, name: &'static str, value: impl Into<String>) -> Self {
        Self { header: Some((name, value.into())), ..self }
    }
}

/// How the call of a number, from 0, is answered.
type Answer = Arc<dyn Fn(usize, &Received) -> Plan + Send + Sync>;

/// A receiver on loopback; it ends with this.
pub struct Receiver {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Received>>>,
    serving: JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Receiver {
    /// One on a free port that answers as `answer` says.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn open(answer: impl Fn(usize, &Received) -> Plan + Send + Sync + 'static) -> Result<Self> {
        Self::on((Ipv4Addr::LOCALHOST, 0).into(), answer).await
    }

    /// One on an address of somebody's choice.
    ///
    /// # Errors
    /// When it is taken.
    pub async fn on(
        address: SocketAddr,
        answer: impl Fn(usize, &Received) -> Plan + Send + Sync + 'static,
    ) -> Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let seen: Arc<Mutex<Vec<Received>>> = Arc::default();
        let (kept, answer): (_, Answer) = (Arc::clone(&seen), Arc::new(answer));
        let take = move |request: Request| take(request, Arc::clone(&kept), Arc::clone(&answer));
        let serving = tokio::spawn(async move {
            let _ = axum::serve(listener, Router::new().fallback(take)).await;
        });
        Ok(Self { address, seen, serving })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address with that path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What came so far.
    pub fn seen(&self) -> Vec<Received> {
        locked(&self.seen).clone()
    }

    /// What came, once so much came.
    ///
    /// # Errors
    /// When less comes in time.
    pub async fn got(&self, count: usize) -> Result<Vec<Received>> {
        let what = format!("{count} calls");
        eventually(&what, || async { Ok(Some(self.seen()).filter(|seen| seen.len() >= count)) }).await
    }

    /// Waits until something comes whose body satisfies `fits`.
    ///
    /// # Errors
    /// When nothing does in time; names what came.
    pub async fn hears(&self, what: &str, fits: impl Fn(&Value) -> bool) -> Result<Received> {
        let heard = eventually(what, || async { Ok(self.seen().into_iter().find(|one| fits(&one.json()))) });
        heard.await.with_context(|| {
            let bodies: Vec<String> = self.seen().into_iter().map(|one| one.body).collect();
            format!("{what}; there came {bodies:#?}")
        })
    }
}

async fn take(request: Request, seen: Arc<Mutex<Vec<Received>>>, answer: Answer) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MOST_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let came = Received {
        line: format!("{} {}", head.method, head.uri),
        headers: head.headers,
        body: String::from_utf8_lossy(&body).into_owned(),
        at: Instant::now(),
    };
    let number = {
        let mut seen = locked(&seen);
        seen.push(came.clone());
        seen.len() - 1
    };
    let plan = answer(number, &came);
    tokio::time::sleep(plan.after).await;
    let mut response = StatusCode::from_u16(plan.status).unwrap_or_default().into_response();
    if let Some((name, value)) = plan.header
        && let Ok(value) = HeaderValue::from_str(&value)
    {
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
    response
}

fn locked(seen: &Mutex<Vec<Received>>) -> MutexGuard<'_, Vec<Received>> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}
