//! What people are shown: whole HTML pages that say everything before a script runs, and work without
//! any. Rendered from the model's screens, in the same words and order as the widget, which takes their
//! place. Everybody sees the public view; whoever comes with a session sees the recipient's. Knows nothing
//! of API clients.

mod answer;
mod embed;
mod framing;
mod home;
mod logo;
mod looks;
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

use crate::access::TenantSettings;
use crate::door;
use crate::language::Chosen;
use crate::limits::{Address, TooMany};
use crate::net::Connected;
use crate::state::AppState;
use crate::store::StoreError;
use crate::zones::ViewerTimes;
use answer::Page;
use looks::Looks;
use shell::Body;

/// A page is a quarter of its size at a quality that still takes little time. Nothing that a stranger can
/// choose stands on a page beside what is personal, so that no guess is told by how well a page packs.
const QUALITY: i32 = 5;

/// The routes of the pages.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/", get(home))
        .route("/find", get(find))
        .route("/offline", get(offline))
        .route("/t/{trackingId}", get(track))
        .route("/logos/{name}", get(logo::logo))
        .merge(embed::router())
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(QUALITY)))
}

/// What stands at a path that leads nowhere.
pub async fn missing(headers: HeaderMap) -> Response {
    notice(NoticeKind::Missing, language(&headers))
}

async fn home(language: Chosen) -> Response {
    form("", None, StatusCode::OK, language)
}

/// The page without a delivery that a browser keeps for when there is no network: it says so, until the widget
/// shows in its place what was seen last.
async fn offline(language: Chosen) -> Response {
    notice(NoticeKind::Offline, language)
}

/// What the form asks for.
#[derive(serde::Deserialize)]
struct Find {
    #[serde(default)]
    id: String,
}

/// Where the form leads without scripts.
async fn find(query: Result<Query<Find>, QueryRejection>, language: Chosen) -> Response {
    let typed = query.map(|Query(find)| find.id).unwrap_or_default();
    let words = language.catalogue();
    match TrackingId::parse(&typed) {
        Ok(id) => Redirect::to(&format!("/t/{id}{}", language.query())).into_response(),
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
    language: Chosen,
    headers: HeaderMap,
) -> Response {
    if preview::is_preview(&headers) {
        return card(language);
    }
    let id = match sought(&state, connected, id, language, &headers) {
        Ok(id) => id,
        Err(refusal) => return *refusal,
    };
    let found = async {
        let (_, looks) = shop(&state, &id).await?;
        if let Some(recipient) = door::look(&state, &id, &headers).await? {
            let view = RecipientView::of(&recipient.shipment);
            return Ok(to_recipient(&state, &view, language, looks.as_ref()));
        }
        Ok::<_, StoreError>(match state.hub.page_view(&id).await? {
            Some(view) => shipment(&state, &view, language, looks.as_ref()),
            None => notice(NoticeKind::NotFound, language),
        })
    };
    found.await.unwrap_or_else(|error| failed(&error, language))
}

/// What the shop of a shipment decided, and how it shows itself; the defaults for a shipment that is nobody's.
async fn shop(state: &AppState, id: &TrackingId) -> Result<(TenantSettings, Option<Looks>), StoreError> {
    let Some(tenant) = state.store.tenant_of(id).await? else { return Ok(Default::default()) };
    let mut settings = state.store.settings(tenant).await?;
    let looks = Looks::of(state, tenant, settings.brand.take()).await?;
    Ok((settings, looks))
}

/// The delivery that is asked for, unless that is no id or too much.
fn sought(
    state: &AppState,
    connected: Option<Extension<Connected>>,
    id: Result<Path<String>, PathRejection>,
    language: Chosen,
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

fn shipment(state: &AppState, view: &PublicView, language: Chosen, looks: Option<&Looks>) -> Response {
    let words = language.catalogue();
    let times = ViewerTimes::new(&state.clock, &view.zone, language.language);
    let screen = Screen::public(view, &words, &times);
    Page {
        status: StatusCode::OK,
        language,
        title: &words.page_title(view.tracking_id.as_str()),
        body: Body::Shipment(view, &screen),
        framing: None,
        looks,
    }
    .into_response()
}

fn to_recipient(state: &AppState, view: &RecipientView, language: Chosen, looks: Option<&Looks>) -> Response {
    let words = language.catalogue();
    let times = ViewerTimes::new(&state.clock, &view.zone, language.language);
    let screen = Screen::recipient(view, &words, &times);
    Page {
        status: StatusCode::OK,
        language,
        title: &words.page_title(view.tracking_id.as_str()),
        body: Body::Recipient(view, &screen),
        framing: None,
        looks,
    }
    .into_response()
}

fn card(language: Chosen) -> Response {
    let title = language.catalogue().page_name();
    Page { status: StatusCode::OK, language, title, body: Body::Card, framing: None, looks: None }
        .into_response()
}

fn form(typed: &str, wrong: Option<&str>, status: StatusCode, language: Chosen) -> Response {
    let title = language.catalogue().home_title();
    Page { status, language, title, body: Body::Home { typed, wrong }, framing: None, looks: None }
        .into_response()
}

fn notice(kind: NoticeKind, language: Chosen) -> Response {
    let status = match kind {
        NoticeKind::NotFound | NoticeKind::Missing => StatusCode::NOT_FOUND,
        NoticeKind::Busy => StatusCode::TOO_MANY_REQUESTS,
        NoticeKind::Offline => StatusCode::OK,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let title = language.catalogue().page_name();
    Page { status, language, title, body: Body::Notice(kind), framing: None, looks: None }.into_response()
}

/// Says nothing of the cause, which goes to the log.
fn failed(error: &StoreError, language: Chosen) -> Response {
    let mut response = notice(NoticeKind::Error, language);
    if matches!(error, StoreError::Busy | StoreError::Closed) {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        response.headers_mut().insert(header::RETRY_AFTER, http::HeaderValue::from_static("1"));
    } else {
        tracing::error!(%error, "a page could not be made");
    }
    response
}

fn language(headers: &HeaderMap) -> Chosen {
    Chosen::new(None, headers)
}
