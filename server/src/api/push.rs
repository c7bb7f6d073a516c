//! A device is told by web push when the public view of a delivery changes. Anybody who has the number may be
//! told, since anybody may look; nothing is taken from a device but where its push service listens.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorstep_model::id::TrackingId;
use http::StatusCode;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::docs::{PushKeyProblems, SubscribeProblems, UnsubscribeProblems};
use crate::api::extract::{
    AcceptsJson, ApiJson, ApiPaths, Faults, Form, FromPath, Peer, Refusals, read_object,
};
use crate::api::recipient::Counted;
use crate::problem::{Problem, ProblemKind};
use crate::push::{Endpoint, News, Vapid};
use crate::state::AppState;
use crate::store::pushes::{NewPush, PushName, Subscribed};

/// The routes.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(key)).routes(routes!(subscribe)).routes(routes!(unsubscribe))
}

/// Who sends messages.
#[derive(Debug, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PushKey {
    /// The server's public key (RFC 8292): a point of P-256, uncompressed, in URL-safe base64. What a browser
    /// takes as `applicationServerKey`.
    #[schema(pattern = "^[A-Za-z0-9_-]{87}$")]
    public_key: String,
}

/// Get the key for push
///
/// A browser subscribes with it (Push API), so that no other server can tell the device anything.
#[utoipa::path(
    get,
    path = "/push",
    tag = "tracking",
    operation_id = "pushKey",
    responses((status = 200, description = "The key", body = PushKey), PushKeyProblems),
)]
async fn key(_: AcceptsJson, State(state): State<AppState>) -> Result<Json<PushKey>, Problem> {
    let vapid = Vapid::of(&state.vault, &state.public_url).map_err(|error| {
        tracing::error!(error = format!("{error:#}"), "there is no key for push");
        Problem::new(ProblemKind::Internal)
    })?;
    Ok(Json(PushKey { public_key: vapid.public_key().to_owned() }))
}

/// Where a device is told.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SubscribeBody {
    /// The `endpoint` of the browser's `PushSubscription`. Its keys are not needed: messages are empty.
    #[schema(format = "uri", max_length = 1024)]
    endpoint: String,
}

impl Form for SubscribeBody {
    fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        read_object(bytes)
    }

    fn faults(body: Value, faults: &mut Faults) {
        faults.of_object::<Self>(body, "");
    }
}

/// A device that is told.
#[derive(Debug, serde::Serialize, ToSchema)]
struct Subscription {
    /// Names it, to have it told no longer.
    #[schema(pattern = "^[A-Za-z0-9_-]{21}[AQgw]$")]
    id: String,
}

/// Have a device told of changes
///
/// From now until the journey ends, for 90 days at most, the device gets an empty message by web push (RFC 8030)
/// whenever the status or the day of arrival changes in what everybody may see. The same endpoint again is the
/// same subscription. A shipment tells 20 devices at most.
#[utoipa::path(
    post,
    path = "/track/{trackingId}/push",
    tag = "tracking",
    operation_id = "subscribe",
    params(("trackingId" = TrackingId, Path, description = "The number on the label")),
    request_body(content = SubscribeBody, content_type = "application/json"),
    responses((status = 201, description = "It is told from now on", body = Subscription), SubscribeProblems),
)]
async fn subscribe(
    _: AcceptsJson,
    State(state): State<AppState>,
    Counted(id): Counted,
    peer: Peer,
    ApiJson(body): ApiJson<SubscribeBody>,
) -> Result<Response, Problem> {
    state.limits.subscribing(peer.address)?;
    let endpoint = Endpoint::parse(&body.endpoint, &state.push).map_err(|wrong| {
        let mut refusals = Refusals::default();
        refusals.add("/endpoint", wrong);
        refusals.or(()).err().unwrap_or_else(|| Problem::new(ProblemKind::ValidationFailed))
    })?;
    let not_found = || Problem::new(ProblemKind::NotFound);
    let shipment = state.store.shipment(&id).await?.ok_or_else(not_found)?;
    let news = News::of(&shipment);
    if news.is_last() {
        return Err(Problem::new(ProblemKind::JourneyOver));
    }
    let name = endpoint.name();
    let new = NewPush {
        name,
        endpoint: endpoint.target().as_str().to_owned(),
        at: state.clock.now(),
        sequence: news.sequence,
        told: news.told(),
    };
    match state.store.subscribe(&id, new).await? {
        Subscribed::Kept => {
            let subscription = Subscription { id: URL_SAFE_NO_PAD.encode(name.0) };
            Ok((StatusCode::CREATED, Json(subscription)).into_response())
        }
        Subscribed::Full => Err(Problem::new(ProblemKind::TooManySubscriptions)),
        Subscribed::Unknown => Err(not_found()),
    }
}

impl FromPath for PushName {
    fn from_path(raw: &str) -> Result<Self, impl std::fmt::Display> {
        let name = URL_SAFE_NO_PAD.decode(raw).ok().and_then(|name| name.try_into().ok());
        name.map(Self).ok_or("must be the id of a subscription")
    }
}

/// Have a device told no longer
///
/// 204 also where it was not told, or the journey ended.
#[utoipa::path(
    delete,
    path = "/track/{trackingId}/push/{subscription}",
    tag = "tracking",
    operation_id = "unsubscribe",
    params(
        ("trackingId" = TrackingId, Path, description = "The number on the label"),
        ("subscription" = String, Path, pattern = "^[A-Za-z0-9_-]{21}[AQgw]$", description = "The subscription's id"),
    ),
    responses((status = 204, description = "It is not told any more"), UnsubscribeProblems),
)]
async fn unsubscribe(
    State(state): State<AppState>,
    Counted(id): Counted,
    ApiPaths(_, name): ApiPaths<TrackingId, PushName>,
) -> Result<StatusCode, Problem> {
    state.store.unsubscribe(&id, name).await?;
    Ok(StatusCode::NO_CONTENT)
}
