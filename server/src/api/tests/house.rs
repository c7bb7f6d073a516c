//! A server without sockets for tests: two tenants, a key for each role, a clock that stands still until told otherwise.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use doorstep_model::time::Timestamp;
use http::{HeaderMap, Method, Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt as _;

use crate::bus::LocalBus;
use crate::clock::Clock;
use crate::hub::Hub;
use crate::identity::{ApiKey, Role};
use crate::limits::{Allowances, Limits, shield};
use crate::mail::Outbox;
use crate::metrics::HttpMetrics;
use crate::outbound::Outbound;
use crate::public_url::PublicUrl;
use crate::state::AppState;
use crate::store::Store;
use crate::store::sqlite::SqliteStore;
use crate::vault::Vault;

/// The present in all tests.
pub(crate) const NOW: &str = "2026-11-21T12:00:00.000Z";

/// Headers that a transcript shows; the shield's own are tested where it stands.
const SHOWN: [&str; 8] =
    ["location", "link", "retry-after", "www-authenticate", "allow", "etag", "content-type", "cache-control"];

/// A server without sockets.
pub(crate) struct House {
    pub(crate) router: Router,
    pub(crate) state: AppState,
    /// Of the tenant `shop`.
    pub(crate) manager: String,
    pub(crate) reader: String,
    pub(crate) carrier: String,
    /// The manager of another tenant.
    pub(crate) stranger: String,
    /// What was sent by mail.
    pub(crate) outbox: Outbox,
    now: Arc<AtomicI64>,
    pub(crate) folder: tempfile::TempDir,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// The body as JSON; `null` where it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// The status and what the body says at `pointer`.
    pub(crate) fn at(&self, pointer: &str) -> (u16, Value) {
        (self.status.as_u16(), self.json().pointer(pointer).cloned().unwrap_or_default())
    }
}

impl House {
    /// With nothing in it, and no rates.
    pub(crate) async fn new() -> Self {
        Self::with(Allowances::default()).await
    }

    /// With nothing in it and these limits.
    pub(crate) async fn with(allowances: Allowances) -> Self {
        let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
        let path = folder.path().join("house.db").display().to_string();
        let hub = Hub::new(LocalBus::new());
        let store = SqliteStore::open(&path, hub.clone()).await.unwrap_or_else(|e| panic!("{e:?}"));
        let store: Arc<dyn Store> = Arc::new(store);
        hub.attach(Arc::clone(&store));
        let now = Timestamp::parse(NOW).unwrap_or_else(|e| panic!("{e}"));
        let now = Arc::new(AtomicI64::new(now.millis()));
        let told = Arc::clone(&now);
        let clock = Clock::from_fn(move || Timestamp::from_millis(told.load(Ordering::Relaxed)));
        let limits = Arc::new(Limits::new(allowances));
        let outbox = Outbox::default();
        let vault = Arc::new(Vault::new([7; 32]));
        let public_url: PublicUrl = "https://track.test".parse().unwrap_or_else(|e| panic!("{e}"));
        let mail = Arc::new(outbox.clone());
        let outbound = Arc::new(Outbound::new(Default::default()).unwrap_or_else(|e| panic!("{e:#}")));
        let shapes = crate::server::shapes(&store, &public_url);
        let state = AppState {
            store,
            hub,
            clock,
            limits,
            vault,
            mail,
            push: Arc::clone(&outbound),
            outbound,
            shapes,
            public_url,
            stopping: Default::default(),
        };
        let feeds = crate::calendar::router().with_state(state.clone());
        let router = shield(
            crate::api::router(state.clone()).merge(crate::dialects::router(state.clone())).merge(feeds),
            HttpMetrics::default(),
        );
        let key = async |tenant: &str, role: Role| {
            let key = ApiKey::random().unwrap_or_else(|e| panic!("{e}"));
            let tenant = tenant.parse().unwrap_or_else(|e| panic!("{e}"));
            let name = format!("{}-app", role.as_str());
            let made = state.store.create_client(&tenant, &name, role, key.hash()).await;
            made.unwrap_or_else(|e| panic!("{e:?}"));
            key.reveal().to_owned()
        };
        let (manager, reader) = (key("shop", Role::Manager).await, key("shop", Role::Reader).await);
        let (carrier, stranger) = (key("shop", Role::Carrier).await, key("other", Role::Manager).await);
        Self { router, state, manager, reader, carrier, stranger, outbox, now, folder }
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, span: Duration) {
        let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        self.now.fetch_add(millis, Ordering::Relaxed);
    }

    /// Asks with a request as it is.
    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let response = match self.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let (head, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
        let text = String::from_utf8(body.to_vec()).unwrap_or_else(|e| panic!("{e}"));
        Answer { status: head.status, headers: head.headers, text }
    }

    /// Asks with a key (or none), headers and a JSON body (or none).
    pub(crate) async fn call(&self, line: &str, key: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.ask(request(line, key, headers, body.to_owned().into())).await
    }

    /// Reports or creates as the manager.
    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        self.call(&format!("POST /api/v1{path}"), &self.manager, &[], body).await
    }

    /// Reads as the manager.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(&format!("GET /api/v1{path}"), &self.manager, &[], "").await
    }

    /// Asks, and writes down what was said and answered.
    pub(crate) async fn note(
        &self,
        transcript: &mut String,
        line: &str,
        key: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) {
        let answer = self.call(line, key, headers, body).await;
        let _ = writeln!(transcript, "> {line}");
        for (name, value) in headers {
            let _ = writeln!(transcript, "> {name}: {value}");
        }
        if !body.is_empty() {
            let shown: String = body.chars().take(300).collect();
            let _ = writeln!(transcript, "> {shown}");
        }
        let _ = writeln!(transcript, "{}", answer.status.as_u16());
        for name in SHOWN {
            for value in answer.headers.get_all(name) {
                let _ = writeln!(transcript, "{name}: {}", value.to_str().unwrap_or("?"));
            }
        }
        let body = match serde_json::from_str::<Value>(&answer.text) {
            Ok(json) => format!("{json:#}"),
            Err(_) => answer.text,
        };
        let _ = writeln!(transcript, "{body}\n");
    }
}

/// A request such as `POST /api/v1/shipments`.
pub(crate) fn request(line: &str, key: &str, headers: &[(&str, &str)], body: Body) -> Request<Body> {
    let (method, path) = line.split_once(' ').unwrap_or_else(|| panic!("{line} is no request line"));
    let method = Method::from_bytes(method.as_bytes()).unwrap_or_else(|e| panic!("{e}"));
    let mut request = Request::builder().uri(path);
    if matches!(method, Method::POST | Method::PUT)
        && !headers.iter().any(|(name, _)| *name == "content-type")
    {
        request = request.header("content-type", "application/json");
    }
    if !key.is_empty() {
        request = request.header("authorization", format!("Bearer {key}"));
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.method(method).body(body).unwrap_or_else(|e| panic!("{e}"))
}
