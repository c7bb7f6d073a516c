//! A receiver on loopback: remembers what came and answers as it is told.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::response::IntoResponse;
use bytes::Bytes;
use http::{HeaderMap, StatusCode, Uri};
use serde_json::Value;
use tokio::net::TcpListener;

/// What came.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// What it is about and where the shipment stood.
    pub(super) fn about(&self) -> String {
        let body = self.json();
        let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).unwrap_or("-").to_owned();
        format!("{} {} {}", text("/data/shipment/trackingId"), text("/type"), text("/data/shipment/status"))
    }
}

/// A status, a header and a body.
type Answer = (u16, Option<(&'static str, &'static str)>, &'static str);

/// As a body: what came, which careless receivers repeat.
pub(super) const ECHO: &str = "what came";

/// A receiver on loopback.
pub(super) struct Receiver {
    pub(super) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    connections: Arc<AtomicUsize>,
}

async fn bind() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap_or_else(|e| panic!("{e}"));
    let address = listener.local_addr().unwrap_or_else(|e| panic!("{e}"));
    (listener, address)
}

impl Receiver {
    /// One that takes everything until it is told otherwise.
    pub(super) async fn open() -> Self {
        let (listener, address) = bind().await;
        let receiver = Self::at(address);
        let (seen, answers) = (Arc::clone(&receiver.seen), Arc::clone(&receiver.answers));
        let answer = move |uri: Uri, headers: HeaderMap, body: Bytes| {
            let body = String::from_utf8_lossy(&body).into_owned();
            let came = Seen { path: uri.path().to_owned(), headers, body: body.clone() };
            seen.lock().unwrap_or_else(PoisonError::into_inner).push(came);
            let told = answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            let (status, header, answer) = told.unwrap_or((200, None, ""));
            let mut answer = if answer == ECHO { body.into_response() } else { answer.into_response() };
            *answer.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
            if let Some((name, value)) = header {
                answer.headers_mut().insert(name, http::HeaderValue::from_static(value));
            }
            std::future::ready(answer)
        };
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
        receiver
    }

    /// One that takes connections and says nothing.
    pub(super) async fn silent() -> Self {
        let (listener, address) = bind().await;
        let receiver = Self::at(address);
        let connections = Arc::clone(&receiver.connections);
        tokio::spawn(async move {
            let mut held = Vec::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                held.push(stream);
            }
        });
        receiver
    }

    fn at(address: SocketAddr) -> Self {
        Self {
            url: format!("http://{address}/hook"),
            seen: Arc::default(),
            answers: Arc::default(),
            connections: Arc::default(),
        }
    }

    /// Answers with these, and then takes everything again.
    pub(super) fn answer(&self, answers: impl IntoIterator<Item = Answer>) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).extend(answers);
    }

    /// What came so far.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many connected to a silent one.
    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}
