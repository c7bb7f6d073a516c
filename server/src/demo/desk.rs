//! The desk of the demo, `/demo`: who tries Doorstep opens a delivery as its recipient there, and plays its
//! courier. A client of the native API like any other, in the same process; it speaks to nothing else, and
//! it stands in no server that `serve` runs.

mod page;
mod shop;

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use doorstep_model::id::TrackingId;
use http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::links::Links;
use crate::api;
use crate::net::Connected;
use crate::state::AppState;

/// What the desk needs.
#[derive(Clone)]
struct Desk {
    api: Router,
    links: Started,
}

/// The samples and keys, once they are made.
pub type Started = Arc<OnceLock<Links>>;

/// The routes of the desk. Until the samples are made they say so.
pub fn router(state: AppState, links: Started) -> Router {
    let desk = Desk { api: api::router(state), links };
    Router::new()
        .route("/demo", get(list))
        .route("/demo/desk.css", get(style))
        .route("/demo/shop", get(shop::page))
        .route("/demo/shop.css", get(shop::style))
        .route("/demo/shop.js", get(shop::script))
        .route("/demo/{id}/open", post(open))
        .route("/demo/{id}/courier", get(courier).post(enter))
        .with_state(desk)
}

async fn list(State(desk): State<Desk>) -> Response {
    desk.links.get().map_or_else(not_yet, page::list)
}

async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css")], include_str!("desk/desk.css")).into_response()
}

/// Makes a link and follows it: one for each time, since a link opens once.
async fn open(State(desk): State<Desk>, Path(id): Path<TrackingId>) -> Response {
    let Some(links) = desk.links.get() else { return not_yet() };
    let key = &links.keys.manager;
    let (status, made) = desk.ask(Method::POST, &format!("/shipments/{id}/links"), key, None).await;
    match made["url"].as_str() {
        Some(url) => Redirect::to(url).into_response(),
        None => page::failed(status),
    }
}

/// What the courier of a delivery sees.
async fn courier(State(desk): State<Desk>, Path(id): Path<TrackingId>) -> Response {
    desk.courier(&id, None).await
}

/// Tries the code as the courier's device would.
async fn enter(State(desk): State<Desk>, Path(id): Path<TrackingId>, form: Bytes) -> Response {
    let told = form_urlencoded::parse(&form).find(|(name, _)| name == "code").map(|(_, code)| code);
    let Some(links) = desk.links.get() else { return not_yet() };
    let path = format!("/shipments/{id}/code/verify");
    let body = json!({"code": told.as_deref().unwrap_or_default().trim()});
    let (status, answer) = desk.ask(Method::POST, &path, &links.keys.carrier, Some(body)).await;
    let said = match answer["title"].as_str() {
        _ if status.is_success() => "The code is right.".to_owned(),
        Some(title) => match answer["triesLeft"].as_u64() {
            Some(left) => format!("{title}. Tries left: {left}."),
            None => format!("{title}."),
        },
        None => status.to_string(),
    };
    desk.courier(&id, Some(said)).await
}

fn not_yet() -> Response {
    page::failed(StatusCode::SERVICE_UNAVAILABLE)
}

impl Desk {
    async fn courier(&self, id: &TrackingId, said: Option<String>) -> Response {
        let Some(links) = self.links.get() else { return not_yet() };
        let path = format!("/shipments/{id}");
        let (status, shipment) = self.ask(Method::GET, &path, &links.keys.carrier, None).await;
        if status.is_success() { page::courier(&shipment, said.as_deref()) } else { page::failed(status) }
    }

    async fn ask(&self, method: Method, path: &str, key: &str, body: Option<Value>) -> (StatusCode, Value) {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .header(header::CONTENT_TYPE, "application/json")
            .extension(Connected(([127, 0, 0, 1], 0).into()))
            .body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())));
        let Ok(request) = request else { return (StatusCode::BAD_REQUEST, Value::Null) };
        let answer = match self.api.clone().oneshot(request).await {
            Ok(answer) => answer,
            Err(never) => match never {},
        };
        let status = answer.status();
        let body = axum::body::to_bytes(answer.into_body(), 1024 * 1024).await.unwrap_or_default();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }
}
