//! `/demo/shop`: a shop's page with the tag in it (`public/shop`), under the strict policy that we tell shops to
//! have. Where the demo runs on this machine it is linked by another name of it, so that it is another origin than
//! the server's, as a shop's is.

use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderValue, header};

use super::Desk;

/// What stands for our own address in the page's text.
const TRACK: &str = "https://track.example";

/// How the page is asked for.
#[derive(serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    mode: String,
}

/// The page.
pub(super) async fn page(State(desk): State<Desk>, Query(asked): Query<Asked>) -> Response {
    let Some(links) = desk.links.get() else { return super::not_yet() };
    let html = include_str!("../../../../public/shop/index.html").replace(TRACK, &links.url);
    let mut response = Html(html).into_response();
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::try_from(policy(&links.url, asked.mode == "inline")) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// `docs/EMBEDDING.md` tells shops the same lines.
fn policy(track: &str, inline: bool) -> String {
    let (scripts, asks) =
        if inline { (" 'wasm-unsafe-eval'", format!(" {track}")) } else { ("", String::new()) };
    format!(
        "default-src 'none'; script-src 'self' {track}{scripts}; frame-src {track}; style-src 'self'; \
         connect-src 'self'{asks}; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// Its style sheet.
pub(super) async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css")], include_str!("../../../../public/shop/shop.css")).into_response()
}

/// What shows how the tag is told what to do, and what it tells.
pub(super) async fn script() -> Response {
    ([(header::CONTENT_TYPE, "text/javascript")], include_str!("../../../../public/shop/shop.js"))
        .into_response()
}
