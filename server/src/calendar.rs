//! The calendar feed of a shipment (RFC 5545): one entry that moves with the window, for programs that know
//! no session. Its address is a secret; what it says holds nothing personal all the same, because calendars
//! are shared and copied. It must not know comments, names and addresses.

mod address;
mod entry;
mod lines;

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorstep_model::shipment::Shipment;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use sha2::{Digest as _, Sha256};

pub use address::FeedAddress;

use crate::language::Language;
use crate::limits::Address;
use crate::net::Connected;
use crate::pages;
use crate::problem::Problem;
use crate::state::AppState;
use crate::store::StoreError;

/// The route.
pub fn router() -> Router<AppState> {
    Router::new().route("/calendar/{file}", get(feed))
}

/// Unknown, revoked and expired look alike, and like every address that leads nowhere.
async fn feed(
    State(state): State<AppState>,
    connected: Option<Extension<Connected>>,
    file: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let file = file.map(|Path(file)| file).unwrap_or_default();
    let address = file.strip_suffix(".ics").and_then(|sealed| FeedAddress::open(sealed, &state.vault));
    let Some(address) = address else { return Ok(pages::missing(headers).await) };
    if let Some(Extension(Connected(socket))) = connected {
        let from = Address::seen(socket.ip(), &headers, state.limits.trusted_proxies());
        state.limits.public_call(from, &address.shipment)?;
    }
    match opened(&state, &address).await? {
        Some(shipment) => Ok(answer(&state, &shipment, &headers)),
        None => Ok(pages::missing(headers).await),
    }
}

/// The shipment, as long as the link is not revoked and access has not ended.
async fn opened(state: &AppState, address: &FeedAddress) -> Result<Option<Arc<Shipment>>, StoreError> {
    let links = state.store.links(address.tenant, &address.shipment).await?;
    let stands = links.iter().any(|link| link.id == address.link && link.revoked_at.is_none());
    if !stands {
        return Ok(None);
    }
    let shipment = state.store.shipment_of(address.tenant, &address.shipment).await?;
    let now = state.clock.now();
    Ok(shipment.filter(|shipment| shipment.access_ends().is_none_or(|ends| now <= ends)))
}

fn answer(state: &AppState, shipment: &Shipment, headers: &HeaderMap) -> Response {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let text = entry::feed(shipment, Language::negotiate(accepted), &state.clock, &state.public_url);
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&Sha256::digest(&text)[..16]));
    let known = headers.get_all(header::IF_NONE_MATCH).iter().any(|given| names(given, &tag));
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { text.into_response() };
    let headers = response.headers_mut();
    if !known {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
        let inline = HeaderValue::from_static("inline; filename=\"delivery.ics\"");
        headers.insert(header::CONTENT_DISPOSITION, inline);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// Whether an `If-None-Match` names `tag`, by the weak comparison of RFC 9110, 13.1.2.
fn names(given: &HeaderValue, tag: &str) -> bool {
    given.to_str().is_ok_and(|list| {
        list.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
    })
}
