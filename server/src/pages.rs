//! What people are shown: whole HTML pages that say everything before a script runs, and work without
//! any. Rendered from the model's screens, in the same words and order as the widget, which takes their
//! place. Everybody sees the public view; whoever comes with a session sees the recipient's. Knows nothing
//! of API clients.

mod answer;
mod embed;
mod framing;
mod home;
mod notice;
mod preview;
mod shell;
mod tracking;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Extension, Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use doorstep_model::id::TrackingId;
use doorstep_model::screen::{NoticeKind, Screen};
use doorstep_model::views::{PublicView, RecipientView};
use http::{HeaderMap, StatusCode, header};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

use crate::door;
use crate::language::Language;
use crate::limits::{Address, TooMany};
use crate::net::Connected;
use crate::state::AppState;
use crate::store::StoreError;
use crate::zones::ViewerTimes;
use answer::Page;
use shell::Body;

/// A page is a quarter of its size at a quality that still takes little time. Nothing that a stranger can
/// choose stands on a page beside what is personal, so that no guess is told by how well a page packs.
const QUALITY: i32 = 5;

/// The routes of the pages.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/", get(home))
        .route("/find", get(find))
        .route("/t/{trackingId}", get(track))
        .merge(embed::router())
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(QUALITY)))
}

/// What stands at a path that leads nowhere.
pub async fn missing(headers: HeaderMap) -> Response {
    notice(NoticeKind::Missing, language(&headers))
}

async fn home(language: Language) -> Response {
    form("", None, StatusCode::OK, language)
}

/// What the form asks for.
#[derive(serde::Deserialize)]
struct Find {
    #[serde(default)]
    id: String,
}

/// Where the form leads without scripts.
async fn find(query: Result<Query<Find>, QueryRejection>, language: Language) -> Response {
    let typed = query.map(|Query(find)| find.id).unwrap_or_default();
    let words = language.catalogue();
    match TrackingId::parse(&typed) {
        Ok(id) => Redirect::to(&format!("/t/{id}")).into_response(),
        Err(_) => {
            let wrong = if typed.trim().is_empty() { words.home_empty() } else { words.home_bad() };
            form(&typed, Some(wrong), StatusCode::UNPROCESSABLE_ENTITY, language)
        }
    }
}

async fn track(
    State(state): State<AppState>,
    connected: Option<Extension<Connected>>,
    id: Result<Path<String>, PathRejection>,
    language: Language,
    headers: HeaderMap,
) -> Response {
    if preview::is_preview(&headers) {
        return card(language);
    }
    let id = match sought(&state, connected, id, language, &headers) {
        Ok(id) => id,
        Err(refusal) => return *refusal,
    };
    match door::look(&state, &id, &headers).await {
        Ok(Some(recipient)) => to_recipient(&state, &RecipientView::of(&recipient.shipment), language),
        Ok(None) => public(&state, &id, language).await,
        Err(error) => failed(&error, language),
    }
}

/// The delivery that is asked for, unless that is no id or too much.
fn sought(
    state: &AppState,
    connected: Option<Extension<Connected>>,
    id: Result<Path<String>, PathRejection>,
    language: Language,
    headers: &HeaderMap,
) -> Result<TrackingId, Box<Response>> {
    let parsed = id.ok().and_then(|Path(id)| TrackingId::parse(&id).ok());
    let id = parsed.ok_or_else(|| Box::new(notice(NoticeKind::NotFound, language)))?;
    let from = connected.map(|Extension(Connected(socket))| {
        Address::seen(socket.ip(), headers, state.limits.trusted_proxies())
    });
    if let Some(Err(TooMany { retry_after_seconds })) = from.map(|from| state.limits.public_call(from, &id)) {
        let wait = [(header::RETRY_AFTER, retry_after_seconds.to_string())];
        return Err(Box::new((wait, notice(NoticeKind::Busy, language)).into_response()));
    }
    Ok(id)
}

async fn public(state: &AppState, id: &TrackingId, language: Language) -> Response {
    match state.hub.page_view(id).await {
        Ok(Some(view)) => shipment(state, &view, language),
        Ok(None) => notice(NoticeKind::NotFound, language),
        Err(error) => failed(&error, language),
    }
}

fn shipment(state: &AppState, view: &PublicView, language: Language) -> Response {
    let words = language.catalogue();
    let times = ViewerTimes::new(&state.clock, &view.zone, language);
    let screen = Screen::public(view, &words, &times);
    Page {
        status: StatusCode::OK,
        language,
        title: &words.page_title(view.tracking_id.as_str()),
        body: Body::Shipment(view, &screen),
        framing: None,
    }
    .into_response()
}

fn to_recipient(state: &AppState, view: &RecipientView, language: Language) -> Response {
    let words = language.catalogue();
    let times = ViewerTimes::new(&state.clock, &view.zone, language);
    let screen = Screen::recipient(view, &words, &times);
    Page {
        status: StatusCode::OK,
        language,
        title: &words.page_title(view.tracking_id.as_str()),
        body: Body::Recipient(view, &screen),
        framing: None,
    }
    .into_response()
}

fn card(language: Language) -> Response {
    let title = language.catalogue().page_name();
    Page { status: StatusCode::OK, language, title, body: Body::Card, framing: None }.into_response()
}

fn form(typed: &str, wrong: Option<&str>, status: StatusCode, language: Language) -> Response {
    let title = language.catalogue().home_title();
    Page { status, language, title, body: Body::Home { typed, wrong }, framing: None }.into_response()
}

fn notice(kind: NoticeKind, language: Language) -> Response {
    let status = match kind {
        NoticeKind::NotFound | NoticeKind::Missing => StatusCode::NOT_FOUND,
        NoticeKind::Busy => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let title = language.catalogue().page_name();
    Page { status, language, title, body: Body::Notice(kind), framing: None }.into_response()
}

/// Says nothing of the cause, which goes to the log.
fn failed(error: &StoreError, language: Language) -> Response {
    let mut response = notice(NoticeKind::Error, language);
    if matches!(error, StoreError::Busy | StoreError::Closed) {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        response.headers_mut().insert(header::RETRY_AFTER, http::HeaderValue::from_static("1"));
    } else {
        tracing::error!(%error, "a page could not be made");
    }
    response
}

fn language(headers: &HeaderMap) -> Language {
    Language::of_headers(headers)
}
