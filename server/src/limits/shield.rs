//! What every answer gets, whoever gives it: a time limit, a clean 500 where a handler panics, security
//! headers, and a place in the counts. One layer around the whole router, written by hand so that an
//! answer pays for no box and no text of its own.

use std::any::Any;
use std::convert::Infallible;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use futures_util::future::CatchUnwind;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderValue};
use pin_project_lite::pin_project;
use tokio::time::Timeout;
use tower::{Layer, Service};

use super::REQUEST_WITHIN;
use crate::metrics::HttpMetrics;
use crate::problem::{Problem, ProblemKind};

/// For every answer that does not say otherwise.
static HEADERS: [(HeaderName, HeaderValue); 5] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];

/// For an answer that sets no policy of its own: nothing may load, run or frame it.
static CLOSED: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
static DENY: HeaderValue = HeaderValue::from_static("DENY");
static NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// Shields all that `router` answers, fallbacks included. To be called once, on the whole router.
pub fn shield(router: Router, http: HttpMetrics) -> Router {
    router.layer(Shield { http })
}

#[derive(Clone)]
struct Shield {
    http: HttpMetrics,
}

impl<S> Layer<S> for Shield {
    type Service = Shielded<S>;

    fn layer(&self, inner: S) -> Shielded<S> {
        Shielded { inner, shield: self.clone() }
    }
}

#[derive(Clone)]
struct Shielded<S> {
    inner: S,
    shield: Shield,
}

impl<S> Service<Request> for Shielded<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Answering<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let route = request.extensions().get::<MatchedPath>().cloned();
        let is_api = request.uri().path().starts_with("/api/");
        let answer = AssertUnwindSafe(self.inner.call(request)).catch_unwind();
        Answering {
            answer: tokio::time::timeout(REQUEST_WITHIN, answer),
            http: self.shield.http.clone(),
            route,
            is_api,
            since: Instant::now(),
        }
    }
}

pin_project! {
    /// An answer in the making.
    struct Answering<F> {
        #[pin]
        answer: Timeout<CatchUnwind<AssertUnwindSafe<F>>>,
        http: HttpMetrics,
        route: Option<MatchedPath>,
        is_api: bool,
        since: Instant,
    }
}

impl<F: Future<Output = Result<Response, Infallible>>> Future for Answering<F> {
    type Output = Result<Response, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let route = this.route.as_ref().map(MatchedPath::as_str);
        let mut response = match ready!(this.answer.poll(cx)) {
            Ok(Ok(Ok(response))) => response,
            Ok(Ok(Err(never))) => match never {},
            Ok(Err(panic)) => panicked(route, &*panic),
            Err(_) => Problem::new(ProblemKind::RequestTimeout).into_response(),
        };
        complete(response.headers_mut(), *this.is_api);
        this.http.count(route, response.status(), this.since.elapsed());
        Poll::Ready(Ok(response))
    }
}

/// What a panic says may hold anything, so only its place is told, by the panic hook.
fn panicked(route: Option<&str>, _what: &dyn Any) -> Response {
    tracing::error!(route = route.unwrap_or("none"), "a request handler panicked");
    Problem::new(ProblemKind::Internal).into_response()
}

fn complete(headers: &mut HeaderMap, is_api: bool) {
    headers.reserve(HEADERS.len() + 3);
    for (name, value) in &HEADERS {
        if !headers.contains_key(name) {
            headers.insert(name, value.clone());
        }
    }
    if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        headers.insert(CONTENT_SECURITY_POLICY, CLOSED.clone());
        headers.insert(X_FRAME_OPTIONS, DENY.clone());
    }
    if is_api && !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, NO_STORE.clone());
    }
}

#[cfg(test)]
mod tests;
