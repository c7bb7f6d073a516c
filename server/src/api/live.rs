//! The live channel: `GET /track/{trackingId}/live`, server-sent events (WHATWG HTML, 9.2). It says
//! the whole public view at once and again at each change, a comment every 15 s, and good-bye with a
//! retry hint when the server stops or the viewer may look no longer. What is said is [`LiveStream`]; how it reaches the socket is either
//! this handler's body or, on our own listener, [`crate::net`], which takes the connection over.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, HeaderValue, header};
use rand::Rng as _;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::across;
use crate::api::extract::{ApiPath, Peer};
use crate::door::Stay;
use crate::hub::Viewer;
use crate::limits::StreamPermit;
use crate::problem::{Problem, ProblemBody, ProblemKind};
use crate::state::AppState;
use doorstep_model::id::TrackingId;

/// Proxies and browsers give up on a silent connection after 30 to 60 s; twice that often is safe.
const COMMENT_EVERY: Duration = Duration::from_secs(15);

/// A stream ends after this long, give or take a fifth, so that viewers spread over the nodes again
/// after one was away. The browser comes back by itself.
const LONGEST: Duration = Duration::from_secs(45 * 60);

/// How soon a browser comes back after the connection broke.
const RETRY_MS: u64 = 1_000;

/// Over how long those who were sent away come back, so that they do not all come at once.
const RETRY_SPREAD_MS: u64 = 4_000;

/// The live channel's route.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(live))
}

/// Where a viewer that was away says what it saw last, when it cannot set a header.
#[derive(serde::Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct LiveQuery {
    /// The sequence that was seen last; the header `Last-Event-ID` wins.
    last_event_id: Option<String>,
}

/// Follow a delivery.
///
/// Server-sent events: the whole public view at once, then at each change (`event: view`, `id:` is the
/// sequence, `data:` the same JSON as `GET /track/{trackingId}`). A viewer whose `Last-Event-ID` is the
/// current sequence gets the next change first. Comment lines every 15 s keep the connection open.
/// `event: bye` with a `retry:` hint ends the stream when the server stops or the stream is old. A page of
/// another origin may read it where it may frame it: with `origins` in the settings, only those.
#[utoipa::path(
    get,
    path = "/track/{trackingId}/live",
    tag = "tracking",
    params(
        ("trackingId" = TrackingId, Path, description = "The number on the label"),
        ("Last-Event-ID" = Option<String>, Header, description = "The sequence that was seen last"),
        LiveQuery,
    ),
    responses(
        (status = 200, description = "The stream", content_type = "text/event-stream", body = String),
        (status = 400, description = "A parameter is not valid", content_type = "application/problem+json", body = ProblemBody),
        (status = 404, description = "Nobody has this tracking id", content_type = "application/problem+json", body = ProblemBody),
        (status = 429, description = "Too many requests or streams", content_type = "application/problem+json", body = ProblemBody),
        (status = 503, description = "Not available just now", content_type = "application/problem+json", body = ProblemBody),
    ),
)]
async fn live(
    State(state): State<AppState>,
    peer: Peer,
    ApiPath(id): ApiPath<TrackingId>,
    Query(query): Query<LiveQuery>,
    headers: HeaderMap,
) -> Response {
    let answer = open(&state, peer, &id, query.last_seen(&headers)).await.into_response();
    across::mark(&state, &id, &headers, answer).await
}

async fn open(
    state: &AppState,
    peer: Peer,
    id: &TrackingId,
    last_seen: Option<u64>,
) -> Result<Response, Problem> {
    state.limits.public_call(peer.address, id)?;
    let permit = place(state, peer)?;
    let viewer = state.hub.watch(id).await?.ok_or_else(|| Problem::new(ProblemKind::NotFound))?;
    Ok(respond(LiveStream::new(viewer, last_seen, state.stopping.clone(), permit)))
}

/// A place for one more stream.
pub(super) fn place(state: &AppState, peer: Peer) -> Result<StreamPermit, Problem> {
    let permit = state.limits.stream(peer.address)?;
    if state.stopping.is_cancelled() {
        return Err(Problem::new(ProblemKind::Unavailable).retry_after(1));
    }
    Ok(permit)
}

impl LiveQuery {
    /// The sequence that was seen last; what is no number was nothing.
    pub(super) fn last_seen(&self, headers: &HeaderMap) -> Option<u64> {
        headers
            .get("last-event-id")
            .and_then(|value| value.to_str().ok())
            .or(self.last_event_id.as_deref())
            .and_then(|id| id.parse().ok())
    }
}

/// The answer that carries `stream`.
pub(super) fn respond(stream: LiveStream) -> Response {
    let parcel = Parcel::new(stream);
    let mut response = Response::new(parcel.clone().into_body());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // nginx would otherwise hold small frames back until its buffer is full.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response.extensions_mut().insert(parcel);
    response
}

/// A stream on its way to whoever will write it: the response's body, or the listener that takes the
/// connection over. The first to ask has it.
#[derive(Clone)]
pub struct Parcel(Arc<Mutex<Option<LiveStream>>>);

impl Parcel {
    fn new(stream: LiveStream) -> Self {
        Self(Arc::new(Mutex::new(Some(stream))))
    }

    /// The stream, unless it was taken.
    pub fn take(&self) -> Option<LiveStream> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn into_body(self) -> Body {
        let chunks = stream::unfold((self, None), |(parcel, started)| async move {
            let mut live: LiveStream = match started {
                Some(live) => live,
                None => parcel.take()?,
            };
            let chunk = live.next().await?;
            Some((Ok::<_, Infallible>(chunk), (parcel, Some(live))))
        });
        Body::from_stream(chunks)
    }
}

/// What one viewer is told, chunk by chunk.
pub struct LiveStream {
    viewer: Viewer,
    /// `None` for what everybody may see, so that those many viewers need no room for it.
    guarded: Option<Box<Guarded>>,
    /// What is to be said before anything else; `None` once it was.
    opening: Option<Bytes>,
    stopping: CancellationToken,
    comment_at: Instant,
    ends_at: Instant,
    ended: bool,
    /// Given back when the stream is dropped.
    _permit: StreamPermit,
}

/// What is asked before each word to a viewer who may not look for ever.
struct Guarded {
    /// Whether they still may.
    stay: Stay,
    /// What is to be said once that is sure.
    unsure: Option<Bytes>,
}

impl LiveStream {
    /// What `viewer` is told, which saw `last_seen`.
    pub(super) fn new(
        viewer: Viewer,
        last_seen: Option<u64>,
        stopping: CancellationToken,
        permit: StreamPermit,
    ) -> Self {
        let now = Instant::now();
        let longest = LONGEST.mul_f64(rand::rng().random_range(0.8..1.2));
        let current = viewer.current();
        let mut opening = format!("retry: {RETRY_MS}\n\n").into_bytes();
        if last_seen == Some(current.sequence()) {
            opening.extend_from_slice(b": up to date\n\n");
        } else {
            opening.extend_from_slice(&current.sse());
        }
        Self {
            viewer,
            guarded: None,
            opening: Some(opening.into()),
            stopping,
            comment_at: now + COMMENT_EVERY,
            ends_at: now + longest,
            ended: false,
            _permit: permit,
        }
    }

    /// The same for a viewer who may look only as long as `stay` holds: it is asked before each word.
    #[must_use]
    pub(super) fn while_holds(self, stay: Stay) -> Self {
        Self { guarded: Some(Box::new(Guarded { stay, unsure: None })), ..self }
    }

    /// The next chunk; `None` at the end. May be dropped while it waits: nothing is lost.
    pub async fn next(&mut self) -> Option<Bytes> {
        if let Some(opening) = self.opening.take() {
            return Some(opening);
        }
        if self.ended {
            return None;
        }
        let waits = self.guarded.as_ref().is_none_or(|guarded| guarded.unsure.is_none());
        if waits {
            let said = self.wait().await;
            let ended = self.ended;
            match &mut self.guarded {
                // Kept there while it is asked whether it may be said: nothing is lost when that is dropped.
                Some(guarded) if !ended => guarded.unsure = Some(said),
                _ => return Some(said),
            }
        }
        let guarded = self.guarded.as_mut()?;
        // Boxed, for the sake of those who are not asked.
        let holds = Box::pin(guarded.stay.holds()).await;
        let said = guarded.unsure.take();
        if holds { said } else { Some(self.bye()) }
    }

    /// Waits for something to say.
    async fn wait(&mut self) -> Bytes {
        tokio::select! {
            biased;
            () = self.stopping.cancelled() => self.bye(),
            frame = self.viewer.changed() => frame.sse(),
            () = tokio::time::sleep_until(self.comment_at) => {
                let now = Instant::now();
                if now >= self.ends_at {
                    return self.bye();
                }
                self.comment_at = now + COMMENT_EVERY;
                Bytes::from_static(b":\n\n")
            }
        }
    }

    fn bye(&mut self) -> Bytes {
        self.ended = true;
        let retry = RETRY_MS + rand::rng().random_range(0..RETRY_SPREAD_MS);
        format!("retry: {retry}\nevent: bye\ndata: {{}}\n\n").into()
    }
}
