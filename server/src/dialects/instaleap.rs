//! Instaleap's jobs, served and received (`systems.md` 2). The rooms, from the outside in:
//!
//! - [`wire`], [`fault`], [`docs`]: how requests are read, how errors look, the document
//! - [`setup`]: stores, fleets, webhooks, sources
//! - [`availability`]: slots that can be bought
//! - [`jobs`]: what is sold, and what becomes of it
//! - [`fleets`], [`hook`]: what third-party fleets and retailers are told
//! - [`receive`]: webhooks of Instaleap's own
//! - [`words`], [`place`], [`ids`]: the one table of words, addresses, names

mod availability;
mod docs;
mod fault;
mod fleets;
mod hook;
mod ids;
mod jobs;
mod place;
mod receive;
mod setup;
#[cfg(test)]
mod tests;
mod wire;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::response::IntoResponse as _;
use axum::routing::{any, get};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use self::fault::{Code, Fault};
use super::DialectState;
use crate::store::Store;
use crate::store::orders::DialectName;
use crate::webhooks::Shape;

/// Where this dialect lives.
const ROOT: &str = "/api/instaleap";

/// Its name within the store.
const DIALECT: DialectName = DialectName("instaleap");

/// All that this dialect answers.
pub(super) fn router(state: DialectState) -> Router {
    let (calls, document) = parts();
    let document = bytes::Bytes::from(document.to_json().unwrap_or_default());
    let document = move || {
        let json = [(http::header::CONTENT_TYPE, "application/json")];
        std::future::ready((json, document.clone()).into_response())
    };
    let inside = calls
        .with_state(state)
        .route("/openapi.json", get(document))
        // A route and no fallback: that of everything under `/api` would be asked before it.
        .route("/{*rest}", any(|| std::future::ready(Fault::new(Code::NotFound))))
        .method_not_allowed_fallback(|| std::future::ready(Fault::new(Code::MethodNotAllowed)));
    Router::new().nest(ROOT, inside)
}

/// Does what is due later, until the server stops.
pub(super) async fn work(state: DialectState) {
    availability::run(state).await;
}

/// The document of this dialect's API.
#[cfg(test)]
fn document() -> OpenApi {
    parts().1
}

fn parts() -> (Router<DialectState>, OpenApi) {
    let (calls, document) = OpenApiRouter::new()
        .merge(availability::router())
        .merge(jobs::router())
        .merge(fleets::router())
        .merge(receive::router())
        .merge(setup::router())
        .split_for_parts();
    (calls, docs::complete(document))
}

/// The shapes in which this dialect's news leaves.
pub(super) fn shapes(store: &Arc<dyn Store>) -> Vec<Arc<dyn Shape>> {
    let to_fleets = |part| Arc::new(fleets::ToFleets { store: Arc::clone(store), part }) as Arc<dyn Shape>;
    vec![
        Arc::new(hook::Webhook1 { store: Arc::clone(store) }),
        to_fleets(fleets::Part::Both),
        to_fleets(fleets::Part::Creations),
        to_fleets(fleets::Part::Updates),
    ]
}
