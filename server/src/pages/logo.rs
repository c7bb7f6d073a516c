//! Shops' logos. An address names the bytes that it leads to, so whoever has them once need not ask again. They
//! came from elsewhere: the shield's headers let nothing of them run.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::access::LogoName;
use crate::state::AppState;

/// `GET /logos/{name}`.
pub(super) async fn logo(
    State(state): State<AppState>,
    name: Result<Path<String>, PathRejection>,
) -> Response {
    let name = name.ok().and_then(|Path(name)| LogoName::parse(&name).ok());
    let Some(name) = name else { return StatusCode::NOT_FOUND.into_response() };
    let picture = match state.store.logo(&name).await {
        Ok(Some(picture)) => picture,
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "a logo could not be read");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let Ok(media_type) = HeaderValue::try_from(picture.media_type) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, media_type);
    let keep = HeaderValue::from_static("public, max-age=31536000, immutable");
    headers.insert(header::CACHE_CONTROL, keep);
    // It is public: any page may show it.
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    (headers, picture.bytes).into_response()
}
