//! Dialects: the APIs of other systems, spoken by us. A client that was written for one of them sets our base
//! URL and works; a webhook of one is pointed here and moves the widget.
//!
//! A dialect is one module with everything that is its own: wire types, handlers, mapping, errors, the
//! document of its API. Nothing of it is known outside: it turns what it hears into events and amendments of
//! the model and files them with its own order document ([`crate::store::orders`]). What several need stands
//! here; the native API is no dialect.

mod auth;
mod delivery_solutions;
mod fleet;
mod instaleap;

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;

use crate::api::Keys;
use crate::limits::Limits;
use crate::public_url::PublicUrl;
use crate::state::AppState;
use crate::store::Store;
use crate::webhooks::Shape;

pub(crate) use auth::{CHALLENGE, Presented, presented};

/// All that dialects answer, under `/api/<dialect>`.
pub fn router(state: AppState) -> Router {
    let state = DialectState { app: state, keys: Keys::default() };
    Router::new().merge(delivery_solutions::router(state.clone())).merge(instaleap::router(state))
}

/// Does what dialects have due later, until the server stops.
pub async fn work(state: AppState) {
    let state = DialectState { app: state, keys: Keys::default() };
    tokio::join!(delivery_solutions::work(state.clone()), instaleap::work(state));
}

/// The shapes in which news leaves for clients of the dialects.
pub(crate) fn shapes(store: &Arc<dyn Store>, base: &PublicUrl) -> Vec<Arc<dyn Shape>> {
    let mut shapes = instaleap::shapes(store);
    shapes.push(Arc::new(delivery_solutions::OrderNews::new(Arc::clone(store), base.clone())));
    shapes
}

/// What the handlers of a dialect may use.
#[derive(Clone)]
pub(crate) struct DialectState {
    /// What every handler may use.
    pub(crate) app: AppState,
    /// Who holds which key.
    pub(crate) keys: Keys,
}

impl FromRef<DialectState> for Arc<Limits> {
    fn from_ref(state: &DialectState) -> Self {
        Self::clone(&state.app.limits)
    }
}
