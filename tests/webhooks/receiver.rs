//! A receiver: remembers what came, and answers each call as it is told.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use harness::eventually;
use http::{HeaderMap, StatusCode, Uri};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// Of which shipment.
    pub(crate) fn shipment(&self) -> String {
        self.json()["data"]["shipment"]["trackingId"].as_str().unwrap_or_default().to_owned()
    }

    /// The shipment's sequence in it.
    pub(crate) fn sequence(&self) -> u64 {
        self.json()["data"]["shipment"]["sequence"].as_u64().unwrap_or_default()
    }
}

/// How a call is answered: by its number, from 0.
type Answer = Arc<dyn Fn(usize, &Seen) -> Plan + Send + Sync>;

/// One answer.
pub(crate) struct Plan {
    pub(crate) after: Duration,
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
}

/// An answer at once.
pub(crate) fn plain(status: u16) -> Plan {
    Plan { after: Duration::ZERO, status, location: None }
}

/// A receiver on loopback.
pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    serving: JoinHandle<()>,
}

impl Receiver {
    /// One that answers as `answer` says.
    pub(crate) async fn open(answer: impl Fn(usize, &Seen) -> Plan + Send + Sync + 'static) -> Result<Self> {
        Self::on(SocketAddr::from(([127, 0, 0, 1], 0)), answer).await
    }

    /// The same on a certain address.
    pub(crate) async fn on(
        address: SocketAddr,
        answer: impl Fn(usize, &Seen) -> Plan + Send + Sync + 'static,
    ) -> Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let (kept, answer): (_, Answer) = (Arc::clone(&seen), Arc::new(answer));
        let take = move |_: Uri, headers: HeaderMap, body: Bytes| {
            let (kept, answer) = (Arc::clone(&kept), Arc::clone(&answer));
            async move {
                let came = Seen { headers, body: String::from_utf8_lossy(&body).into_owned() };
                let number = {
                    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                    kept.push(came.clone());
                    kept.len() - 1
                };
                let plan = answer(number, &came);
                tokio::time::sleep(plan.after).await;
                respond(&plan)
            }
        };
        let serving = tokio::spawn(async move {
            let _ = axum::serve(listener, Router::new().fallback(take)).await;
        });
        Ok(Self { address, seen, serving })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// What came so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What came, once so much came.
    pub(crate) async fn got(&self, count: usize) -> Result<Vec<Seen>> {
        let what = format!("{count} calls");
        eventually(&what, || async { Ok(Some(self.seen()).filter(|seen| seen.len() >= count)) }).await
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn respond(plan: &Plan) -> Response {
    let mut response = StatusCode::from_u16(plan.status).unwrap_or_default().into_response();
    if let Some(location) = plan.location.as_ref().and_then(|location| location.parse().ok()) {
        response.headers_mut().insert(http::header::LOCATION, location);
    }
    response
}
