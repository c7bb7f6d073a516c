//! The native API: `/api/v1`, JSON in and out, documented by the OpenAPI document that it serves itself.
//! A route cannot exist without its document, because both come from one registration. Each call stands
//! in a file of its own; what a caller may see is decided by the model's views, never here.

mod across;
mod docs;
mod events;
mod extract;
mod fallback;
mod handoff;
mod keys;
mod links;
pub mod live;
mod picture;
mod push;
mod recipient;
mod sentence;
mod settings;
mod shipments;
pub mod track;
mod webhooks;
pub(crate) mod wire;

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use axum::routing::{any, get};
use doorstep_model::event::Event;
use doorstep_model::status::Status;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::limits::Limits;
use crate::state::AppState;

pub(crate) use extract::{AcceptsJson, ApiJson, Faults, Form, Peer};
pub(crate) use handoff::{Attempt, try_code};
pub(crate) use keys::{Keys, KnownClient};

/// Where the API lives.
const ROOT: &str = "/api/v1";

/// The router of all under `/api`. It answers unknown paths there itself; the shield around the whole
/// server ([`crate::limits::shield`]) gives its answers their headers, time limit and place in the counts.
pub fn router(state: AppState) -> Router {
    let Parts { public, inside, keyed, document } = parts();
    let document = docs::serve(&document);
    let door = axum::middleware::from_fn_with_state(state.clone(), recipient::pass);
    let keyed_state = ApiState { app: state.clone(), keys: Keys::default() };
    let v1 = public
        .merge(inside.route_layer(door))
        .with_state(state)
        .merge(keyed.with_state(keyed_state))
        .route("/openapi.json", get(document))
        .fallback(fallback::not_found)
        .method_not_allowed_fallback(fallback::method_not_allowed);
    Router::new()
        .nest(ROOT, v1)
        .route("/api", any(fallback::not_found))
        .route("/api/{*rest}", any(fallback::not_found))
}

/// The OpenAPI 3.1 document of the API.
pub fn document() -> OpenApi {
    parts().document
}

/// The calls by how one gets in, and the document of all.
struct Parts {
    /// Everybody may make them.
    public: Router<AppState>,
    /// They need a recipient's session.
    inside: Router<AppState>,
    /// They need a key.
    keyed: Router<ApiState>,
    document: OpenApi,
}

fn parts() -> Parts {
    let public = OpenApiRouter::new()
        .merge(track::router())
        .merge(live::router())
        .merge(sentence::router())
        .merge(push::router())
        .merge(recipient::outside());
    let keyed = OpenApiRouter::new()
        .merge(shipments::router())
        .merge(events::router())
        .merge(handoff::router())
        .merge(links::router())
        .merge(settings::router())
        .merge(webhooks::router());
    let (public, mut document) = public.split_for_parts();
    let (inside, of_inside) = recipient::inside().split_for_parts();
    let (keyed, of_keyed) = keyed.split_for_parts();
    document.merge(of_inside);
    document.merge(of_keyed);
    Parts { public, inside, keyed, document: docs::complete(document) }
}

/// What the calls that need a key may use.
#[derive(Clone)]
struct ApiState {
    app: AppState,
    keys: Keys,
}

impl FromRef<ApiState> for Arc<Limits> {
    fn from_ref(state: &ApiState) -> Self {
        Arc::clone(&state.app.limits)
    }
}

impl FromRef<AppState> for Arc<Limits> {
    fn from_ref(state: &AppState) -> Self {
        Arc::clone(&state.limits)
    }
}

/// Counts the events whose source word means no status of ours; whoever runs the server maps them then.
fn count_unmapped(events: &[Event]) {
    let unmapped = events.iter().filter(|event| event.status == Some(Status::Unknown)).count();
    if unmapped > 0 {
        metrics::counter!("doorstep_events_unmapped_total").increment(unmapped as u64);
    }
}

#[cfg(test)]
pub(crate) mod tests;
