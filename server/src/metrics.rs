//! What is counted, for Prometheus, and the small router of the metrics port with the two answers that
//! whoever runs the server asks for. Only numbers leave by it: no id, no name, no path but the route's
//! template ever becomes a label.

mod http;

use ::http::{StatusCode, header};
use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use crate::state::AppState;

pub use http::HttpMetrics;

/// From 0.25 ms to 30 s: what loopback takes and what a request may take at most.
const SECONDS: &[f64] =
    &[0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// Installs the recorder that everything is counted by, for the whole process. What was counted before is
/// lost.
///
/// # Errors
/// When there is one already.
pub fn install() -> Result<PrometheusHandle, BuildError> {
    let recorder = builder()?.install_recorder()?;
    describe();
    Ok(recorder)
}

fn builder() -> Result<PrometheusBuilder, BuildError> {
    PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)
}

/// The router of the metrics port.
pub fn router(state: AppState, recorder: PrometheusHandle) -> Router {
    let metrics = move || async move {
        recorder.run_upkeep();
        ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], recorder.render())
    };
    health(state).route("/metrics", get(metrics))
}

/// `/healthz` and `/readyz`, for the main port too.
pub fn health(state: AppState) -> Router {
    Router::new().route("/healthz", get(healthz)).route("/readyz", get(readyz)).with_state(state)
}

/// The process runs and answers.
async fn healthz() -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "no-store")], "ok\n")
}

/// The server can do its work and is not about to stop.
async fn readyz(State(state): State<AppState>) -> impl IntoResponse {
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    if state.stopping.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, no_store, "stopping\n");
    }
    match state.store.check().await {
        Ok(()) => (StatusCode::OK, no_store, "ok\n"),
        Err(error) => {
            tracing::error!(error = format!("{:#}", anyhow::Error::new(error)), "the store is not ready");
            (StatusCode::SERVICE_UNAVAILABLE, no_store, "the store is not ready\n")
        }
    }
}

fn describe() {
    use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
    describe_counter!("doorstep_http_requests_total", "Requests answered, by route and class of status");
    describe_histogram!(
        "doorstep_http_request_seconds",
        Unit::Seconds,
        "Time from a request's head to the head of its answer, by route"
    );
    describe_counter!("doorstep_events_taken_total", "Events told by API clients that were new");
    describe_counter!("doorstep_events_repeated_total", "Events told by API clients that were known already");
    describe_counter!(
        "doorstep_events_unmapped_total",
        "Events told whose source word means no status of ours"
    );
    describe_counter!("doorstep_step_ups_total", "Proofs of who a recipient is, by way and result");
    describe_counter!("doorstep_email_codes_total", "One-time codes for the mail server, by result");
    describe_counter!("doorstep_code_tries_total", "Tries of delivery codes, by result");
    describe_counter!("doorstep_code_reveals_total", "Delivery codes shown to recipients");
    describe_counter!("doorstep_shipments_created_total", "Shipments made known by API clients");
    describe_gauge!("doorstep_hub_topics", "Shipments whose public view is held ready");
    describe_gauge!("doorstep_hub_viewers", "Viewers that watch a shipment live");
}
