//! Delivery Solutions' Shipping Order API, served and received (`systems.md` 4). The rooms, from the outside in:
//!
//! - [`caller`], [`incoming`], [`wire`]: who calls, with what
//! - [`create`], [`show`], [`list`], [`edit`], [`cancel`], [`retry`], [`label`], [`setup`]: one call each
//! - [`desk`], [`document`], [`details`]: an order as it is kept, and the shipment that it becomes
//! - [`providers`]: who brings it
//! - [`status`], [`steps`], [`failure`], [`prose`], [`geography`], [`names`]: words, errors, rules
//! - [`view`], [`history`], [`openapi`]: how it is answered and documented

mod caller;
mod cancel;
mod create;
mod desk;
mod details;
mod document;
mod edit;
mod failure;
mod geography;
mod history;
mod incoming;
mod label;
mod list;
mod location;
mod names;
mod news;
mod notify;
mod openapi;
mod prose;
mod providers;
mod receive;
mod retry;
mod setup;
mod show;
mod status;
mod steps;
#[cfg(test)]
mod tests;
mod view;
mod wire;

use axum::Router;
use axum::response::IntoResponse as _;
use axum::routing::{any, get};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::failure::{Failure, Kind};
pub(super) use self::news::OrderNews;
use super::DialectState;

/// All that this dialect answers, under [`view::ROOT`].
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
        // Before the not-found of all under `/api`, which speaks natively.
        .route("/", any(nothing))
        .route("/{*rest}", any(nothing))
        .method_not_allowed_fallback(|| {
            std::future::ready(Failure::new(Kind::MethodNotAllowed, "The method is not allowed here"))
        });
    Router::new().nest(view::ROOT, inside)
}

/// Does what this dialect has due later, until the server stops.
pub(super) async fn work(state: DialectState) {
    providers::run(state).await;
}

fn nothing() -> std::future::Ready<Failure> {
    std::future::ready(Failure::new(Kind::NotFound, "There is nothing here"))
}

fn parts() -> (Router<DialectState>, OpenApi) {
    let (calls, document) = OpenApiRouter::new()
        .routes(routes!(create::create))
        .routes(routes!(list::list))
        .routes(routes!(show::show, edit::edit, cancel::cancel))
        .routes(routes!(show::status_history))
        .routes(routes!(retry::retry))
        .routes(routes!(label::label_pdf))
        .routes(routes!(label::label_zpl))
        .routes(routes!(setup::list_locations))
        .routes(routes!(setup::put_location, setup::show_location, setup::delete_location))
        .routes(routes!(setup::put_area, setup::delete_area))
        .routes(routes!(
            setup::sources::put_source,
            setup::sources::show_source,
            setup::sources::delete_source
        ))
        .routes(routes!(receive::receive))
        .merge(providers::router())
        .split_for_parts();
    (calls, openapi::complete(document))
}
