//! Requests counted by route and class of status. The handles of a route are made when it is first asked
//! for and found again by its template, so that counting a request makes no text and takes no lock that
//! others write under.

use std::sync::Arc;
use std::time::Duration;

use dashmap::DashMap;
use http::StatusCode;
use metrics::{Counter, Histogram};

/// Counts requests. Templates are a fixed few; an unmatched path is counted under none.
#[derive(Clone, Default)]
pub struct HttpMetrics(Arc<DashMap<Box<str>, Arc<Route>>>);

struct Route {
    seconds: Histogram,
    classes: [Counter; CLASSES.len()],
}

const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

impl HttpMetrics {
    /// Counts one answer of the route with that template.
    pub fn count(&self, template: Option<&str>, status: StatusCode, took: Duration) {
        let template = template.unwrap_or("none");
        let route = match self.0.get(template) {
            Some(route) => Arc::clone(&route),
            None => {
                Arc::clone(&self.0.entry(template.into()).or_insert_with(|| Arc::new(Route::new(template))))
            }
        };
        route.seconds.record(took);
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        if let Some(counter) = route.classes.get(class) {
            counter.increment(1);
        }
    }
}

impl Route {
    fn new(template: &str) -> Self {
        let template = template.to_owned();
        let counter = |class| metrics::counter!("doorstep_http_requests_total", "route" => template.clone(), "status" => class);
        Self {
            seconds: metrics::histogram!("doorstep_http_request_seconds", "route" => template.clone()),
            classes: CLASSES.map(counter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_by_route_and_class() {
        let recorder = super::super::builder().unwrap_or_else(|e| panic!("{e}")).build_recorder();
        let handle = recorder.handle();
        metrics::with_local_recorder(&recorder, || {
            let http = HttpMetrics::default();
            for status in [200, 201, 404] {
                let status = StatusCode::from_u16(status).unwrap_or_default();
                http.count(Some("/api/v1/shipments"), status, Duration::from_millis(3));
            }
            http.count(None, StatusCode::NOT_FOUND, Duration::ZERO);
        });
        let text = handle.render();
        for line in [
            "doorstep_http_requests_total{route=\"/api/v1/shipments\",status=\"2xx\"} 2",
            "doorstep_http_requests_total{route=\"/api/v1/shipments\",status=\"4xx\"} 1",
            "doorstep_http_requests_total{route=\"none\",status=\"4xx\"} 1",
            "doorstep_http_request_seconds_bucket{route=\"/api/v1/shipments\",le=\"0.0025\"} 0",
            "doorstep_http_request_seconds_bucket{route=\"/api/v1/shipments\",le=\"0.005\"} 3",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }
}
