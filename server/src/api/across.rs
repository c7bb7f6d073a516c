//! Which pages of other origins may read what everybody may see (CORS, Fetch 3.2): those that may frame it.
//! Only answers that need no session are marked, for requests without credentials, so that a page learns
//! what its own server could ask for, and nothing of who looks at it. Knows nothing of what was answered.

use axum::response::Response;
use doorstep_model::id::TrackingId;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ORIGIN, VARY};
use http::{HeaderMap, HeaderValue};

use crate::access::Origin;
use crate::state::AppState;
use crate::store::StoreError;

/// Marks `answer`, which is about `id`, as one that the page of the request may read, where it may.
pub(super) async fn mark(
    state: &AppState,
    id: &TrackingId,
    request: &HeaderMap,
    mut answer: Response,
) -> Response {
    let headers = answer.headers_mut();
    headers.append(VARY, HeaderValue::from_static("origin"));
    let Some(origin) = request.get(ORIGIN) else { return answer };
    let reader = match origins(state, id).await {
        Ok(origins) => reader(&origins, origin),
        // The answer says that already, or it was read a moment before: nobody else needs to know more.
        Err(_) => None,
    };
    if let Some(reader) = reader {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, reader);
        // How long to wait; all else that the widget reads is in the body.
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after"));
    }
    answer
}

/// The pages that may; with none named, everybody's. An id that nobody has is nobody's to protect.
async fn origins(state: &AppState, id: &TrackingId) -> Result<Vec<Origin>, StoreError> {
    match state.store.tenant_of(id).await? {
        Some(tenant) => Ok(state.store.settings(tenant).await?.origins),
        None => Ok(Vec::new()),
    }
}

fn reader(origins: &[Origin], origin: &HeaderValue) -> Option<HeaderValue> {
    if origins.is_empty() {
        return Some(HeaderValue::from_static("*"));
    }
    origins.iter().any(|known| known.as_str().as_bytes() == origin.as_bytes()).then(|| origin.clone())
}
