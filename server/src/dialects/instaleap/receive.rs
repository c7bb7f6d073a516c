//! `POST /webhooks/{source}`: Instaleap's webhook 1, received. A retailer who uses Instaleap points a webhook here and
//! gets the widget. Webhooks may come doubled, late and in any order: events are ordered by when they happened, and what
//! else they say counts by the latest.

mod body;
mod heard;
mod news;

use axum::Json;
use axum::extract::{FromRequestParts, State};
use doorstep_model::handoff::Refusal;
use doorstep_model::text::Source as SourceName;
use doorstep_model::time::Timestamp;
use http::request::Parts;
use http::{HeaderMap, header};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::body::Webhook;
use self::heard::Heard;
use self::news::News;
use super::docs::ReceiveFaults;
use super::fault::{Code, Fault};
use super::ids;
use super::jobs::no_place;
use super::setup::{Source, opens};
use super::wire::{Body, KEY, Names};
use crate::api::Peer;
use crate::dialects::DialectState;
use crate::identity::TenantId;
use crate::problem::Problem;
use crate::store::orders::{Filed, FiledOrder, Filing, Order, OrderStep};

/// How often another webhook of the same job may be faster.
const MOST_RACES: usize = 16;

/// The routes.
pub(super) fn router() -> OpenApiRouter<DialectState> {
    OpenApiRouter::new().routes(routes!(receive))
}

/// Whose webhook it is, by the token that it comes with.
struct From {
    tenant: TenantId,
    id: String,
    source: Source,
}

impl FromRequestParts<DialectState> for From {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &DialectState) -> Result<Self, Fault> {
        let Names([id]) = Names::from_request_parts(parts, state).await?;
        if let Some(token) = token(&parts.headers)
            && let Some((tenant, source)) = opens(state, &id, token).await?
        {
            state.app.limits.received(tenant).map_err(Problem::from)?;
            return Ok(Self { tenant, id, source });
        }
        // A token that opens nothing, one of another source and none at all are one and the same.
        let limits = &state.app.limits;
        limits.refused_key(Peer::of(parts, limits).address).map_err(Problem::from)?;
        Err(Fault::new(Code::Unauthorized).because("the source's token is needed"))
    }
}

fn token(headers: &HeaderMap) -> Option<&str> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = bearer.map(|value| {
        let (scheme, token) = value.split_once(' ').unwrap_or(("", value));
        if scheme.is_empty() || scheme.eq_ignore_ascii_case("bearer") { token.trim() } else { "" }
    });
    bearer.or_else(|| headers.get(KEY)?.to_str().ok())
}

/// That it was received.
#[derive(Debug, serde::Serialize, ToSchema)]
struct Received {
    /// `WEBHOOK_RECEIVED`.
    message: &'static str,
}

/// Receive a webhook
///
/// Instaleap's webhook 1 with `type`, `id` and `job`. A job that is not known yet becomes a shipment, whichever of its
/// webhooks comes first. An unknown `type` moves nothing; it is kept and counted. Takes the source's token as
/// `Authorization: Bearer …` or `x-api-key`.
#[utoipa::path(
    post,
    path = "/webhooks/{source}",
    tag = "receiving",
    operation_id = "receiveWebhook",
    security(("sourceToken" = []), ("apiKey" = [])),
    params(("source" = String, Path, description = "The source's id")),
    request_body(content = Webhook, content_type = "application/json"),
    responses((status = 200, description = "It is durable", body = Received), ReceiveFaults),
)]
async fn receive(
    from: From,
    State(state): State<DialectState>,
    body: Body<Webhook>,
) -> Result<Json<Received>, Fault> {
    let name = format!("instaleap {}", from.id).chars().take(SourceName::MAX).collect::<String>();
    let source = SourceName::parse(&name).map_err(|_| Fault::from(Code::Internal))?;
    let mut made_up = false;
    for _ in 0..MOST_RACES {
        let now = state.app.clock.now();
        let news = News::read(&body.read, &source, &from.source.zone, now)?;
        match file(&state, &from, &news, made_up, now).await? {
            Filed::Done(_) => return Ok(Json(Received { message: "WEBHOOK_RECEIVED" })),
            // Somebody else was faster, with what was heard, with an edit, or with the end of the journey.
            Filed::Stale(_)
            | Filed::Exists(_)
            | Filed::Refused(_, Refusal::Conflict | Refusal::Replaced | Refusal::CutOff | Refusal::TooLate) =>
                {}
            // Somebody else's shipment has the job's id as its number.
            Filed::TrackingIdTaken if !made_up => made_up = true,
            Filed::Full => return Err(Fault::new(Code::NotNow).because("the job takes no more events")),
            Filed::NoPlace(pool) => return Err(no_place(&pool)),
            Filed::TrackingIdTaken | Filed::Refused(..) => return Err(Code::Internal.into()),
        }
    }
    Err(Code::Unavailable.into())
}

async fn file(
    state: &DialectState,
    from: &From,
    news: &News,
    made_up: bool,
    now: Timestamp,
) -> Result<Filed, Fault> {
    let known = state.app.store.order(from.tenant, &heard::key(&from.id, &news.job)).await?;
    let is_first = known.is_none();
    let filed = match known {
        None => first(state, from, news, made_up, now).await?,
        Some(order) => next(state, from.tenant, news, order, now).await?,
    };
    if matches!(&filed, Filed::Done(done) if is_first || done.taken > 0) && news.is_unmapped() {
        metrics::counter!("doorstep_events_unmapped_total").increment(1);
    }
    Ok(filed)
}

/// Makes a shipment of a job that is not known yet.
async fn first(
    state: &DialectState,
    from: &From,
    news: &News,
    made_up: bool,
    now: Timestamp,
) -> Result<Filed, Fault> {
    let key = heard::key(&from.id, &news.job);
    let of = || format!("{}\0{}", from.tenant.0, key.external_id);
    let id = news.tracking_id(made_up, || ids::derived("received", &of()))?;
    let rules = state.app.store.settings(from.tenant).await?.rules;
    let shipment = Some(Box::new(news.shipment(id, rules, &state.app.vault, now)?));
    let step = OrderStep::Make(heard::facets(), Heard::default().hear(news).document()?);
    Ok(state.app.store.file(from.tenant, Filing { shipment, ..Filing::of(key, step, now) }).await?)
}

/// Tells a job that is known what happened, and what else is new of it.
async fn next(
    state: &DialectState,
    tenant: TenantId,
    news: &News,
    order: Order,
    now: Timestamp,
) -> Result<Filed, Fault> {
    let id = order.tracking_id.as_ref().ok_or(Code::Internal)?;
    let shipment = state.app.store.shipment_of(tenant, id).await?.ok_or(Code::Internal)?;
    if shipment.events().iter().any(|known| known.id == news.event.id) {
        // It came before, and what it said counts since then: without a time of its own it would count as the latest.
        let done = FiledOrder { order, shipment: Some(shipment), taken: 0, amended: Vec::new() };
        return Ok(Filed::Done(Box::new(done)));
    }
    let before = Heard::read(&order)?;
    let amendments = news.amendments(&before, &shipment, &state.app.vault)?;
    let heard = before.clone().hear(news);
    let mut step = match heard == before {
        true => OrderStep::Keep,
        false => OrderStep::Change(order.version, heard::facets(), heard.document()?),
    };
    if !amendments.is_empty() {
        // Before the event: one that ends the journey, or begins its last leg, closes it to what came with it.
        let filing = Filing { amendments, ..Filing::of(order.key.clone(), step, now) };
        let filed = state.app.store.file(tenant, filing).await?;
        if !matches!(filed, Filed::Done(_)) {
            return Ok(filed);
        }
        step = OrderStep::Keep;
    }
    let events = vec![news.event.clone()];
    Ok(state.app.store.file(tenant, Filing { events, ..Filing::of(order.key, step, now) }).await?)
}
