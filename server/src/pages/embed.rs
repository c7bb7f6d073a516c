//! Pages for frames in other people's pages, and for links that were made for another widget. They show
//! what everybody may see; a recipient's view comes into the frame by a token that the page around it
//! hands over, never by a cookie or an address.

use std::collections::HashMap;

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, RawQuery, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use doorstep_model::id::TrackingId;
use doorstep_model::screen::{NoticeKind, Screen, Titles};
use doorstep_model::text::Label;
use http::{HeaderMap, StatusCode};

use super::answer::Page;
use super::framing::Framing;
use super::looks::Looks;
use super::shell::Body;
use crate::language::Chosen;
use crate::net::Connected;
use crate::state::AppState;
use crate::store::StoreError;
use crate::zones::ViewerTimes;

/// What a link for Instaleap's widget calls the steps, in the order of [`Titles::parse`].
const TITLES: [&str; 5] = ["received", "picking", "goingToDestination", "delivered", "subStepPickedUp"];

/// The routes.
pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/embed/{trackingId}", get(embed))
        .route("/lsw", get(lsw))
        .route("/lsw/", get(lsw))
        .route("/lsw/{trackingId}", get(titled))
}

type Asked = HashMap<String, String>;

fn asked(query: Option<String>) -> Asked {
    let query = query.unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

async fn embed(
    State(state): State<AppState>,
    connected: Option<Extension<Connected>>,
    id: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let asked = asked(query);
    answer(&state, connected, id, &asked, &headers, asked.get("lang"), None).await
}

/// A link that was made for Instaleap's widget. Its token opens nothing here, and leaves the address bar.
async fn lsw(RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let asked = asked(query);
    let job = asked.get("job").map(String::as_str).unwrap_or_default();
    let Ok(id) = TrackingId::parse(job) else {
        return super::notice(NoticeKind::NotFound, super::language(&headers));
    };
    let mut kept = form_urlencoded::Serializer::new(String::new());
    for name in TITLES.into_iter().chain(["language"]) {
        if let Some(text) = asked.get(name).and_then(|text| Label::parse(text).ok()) {
            kept.append_pair(name, text.as_str());
        }
    }
    Redirect::to(&format!("/lsw/{id}?{}", kept.finish())).into_response()
}

async fn titled(
    State(state): State<AppState>,
    connected: Option<Extension<Connected>>,
    id: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let asked = asked(query);
    let line = |name| asked.get(name).map(|text| text.replace('\n', " ")).unwrap_or_default();
    let titles = Titles::parse(&TITLES.map(line).join("\n"));
    answer(&state, connected, id, &asked, &headers, asked.get("language"), Some(titles)).await
}

async fn answer(
    state: &AppState,
    connected: Option<Extension<Connected>>,
    id: Result<Path<String>, PathRejection>,
    asked: &Asked,
    headers: &HeaderMap,
    language: Option<&String>,
    titles: Option<Titles>,
) -> Response {
    let language = Chosen::new(language.map(String::as_str), headers);
    let theme = asked.get("theme").map(String::as_str);
    let personal = titles.is_none() && asked.get("as").is_some_and(|who| who == "recipient");
    // In a frame, an id that cannot be one is as unknown as any other.
    let known = id.as_ref().ok().and_then(|Path(id)| TrackingId::parse(id).ok());
    let Some(known) = known else {
        let framing = Framing::of(&Default::default(), theme, personal);
        return notice(NoticeKind::NotFound, language, &framing, None);
    };
    if let Err(refusal) = super::sought(state, connected, id, language, headers) {
        return *refusal;
    }
    let found = async {
        let (settings, looks) = super::shop(state, &known).await?;
        let framing = Framing { titles, ..Framing::of(&settings, theme, personal) };
        Ok::<_, StoreError>((state.hub.page_view(&known).await?, framing, looks))
    };
    let (view, framing, looks) = match found.await {
        Ok(found) => found,
        Err(error) => return super::failed(&error, language),
    };
    let Some(view) = view else { return notice(NoticeKind::NotFound, language, &framing, looks.as_ref()) };
    let words = language.catalogue();
    let times = ViewerTimes::new(&state.clock, &view.zone, language.language);
    let mut screen = Screen::public(&view, &words, &times);
    if let Some(titles) = &framing.titles {
        titles.name(&mut screen, view.status);
    }
    Page {
        status: StatusCode::OK,
        language,
        title: &words.page_title(view.tracking_id.as_str()),
        body: Body::Shipment(&view, &screen),
        framing: Some(&framing),
        looks: looks.as_ref(),
    }
    .into_response()
}

fn notice(kind: NoticeKind, language: Chosen, framing: &Framing, looks: Option<&Looks>) -> Response {
    let title = language.catalogue().page_name();
    let page = Page {
        status: StatusCode::NOT_FOUND,
        language,
        title,
        body: Body::Notice(kind),
        framing: Some(framing),
        looks,
    };
    page.into_response()
}
