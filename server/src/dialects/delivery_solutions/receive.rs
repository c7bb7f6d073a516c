//! `POST /webhooks/{source}`: order webhooks of the original (`systems.md` 4.7), from an account that the tenant set
//! up. The signature is checked on the raw body before anything of it is read. An order that nobody knows becomes
//! a shipment; repeats, late ones and gaps change nothing of where it ends ([`merge`]).

mod merge;
mod payload;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use doorstep_model::handoff::{Amendment, Refusal};
use doorstep_model::id::EditId;
use doorstep_model::preferences::{Edit, Editor};
use doorstep_model::shipment::Told;
use doorstep_model::time::Timestamp;
use http::HeaderMap;
use serde::Serialize;
use subtle::ConstantTimeEq as _;
use utoipa::{IntoParams, ToSchema};

use self::payload::Heard;
use super::desk::{self, Opened};
use super::details;
use super::document::Document;
use super::failure::{Failure, Kind};
use super::incoming::Body;
use super::location::Location;
use super::openapi::OwnFailures;
use super::setup::{self, Source};
use crate::api::Peer;
use crate::dialects::DialectState;
use crate::identity::{TenantId, TenantName};
use crate::store::NewShipment;
use crate::store::orders::{Filed, Filing, OrderStep};
use crate::webhooks::hmac_hex;

/// The header with the signature: HMAC-SHA-256 of the body, in hexadecimal digits.
pub(crate) const SIGNATURE: &str = "x-ds-signature";

/// Where a webhook comes from.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[allow(dead_code, reason = "documents the path, which is read by hand")]
struct WebhookPath {
    /// As the set-up of the source answered: the tenant's name, a dot, the source's id.
    source: String,
}

/// What became of a webhook.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Heeded {
    /// The order that it is about.
    order_external_id: String,
    /// Whether it said something new.
    new: bool,
}

/// Hear an order webhook
///
/// As the original sends it, signed by the source's secret. The answer comes when what it tells is durable; the
/// same webhook again changes nothing.
#[utoipa::path(
    post, path = "/webhooks/{source}", tag = "webhooks", operation_id = "hearWebhook",
    params(WebhookPath, ("X-DS-Signature" = String, Header, description = "HMAC-SHA-256 of the body, hexadecimal")),
    request_body(content = payload::OrderWebhook, content_type = "application/json"),
    responses((status = 200, description = "It is heard", body = Heeded), OwnFailures),
)]
pub(crate) async fn receive(
    State(state): State<DialectState>,
    path: Result<Path<String>, PathRejection>,
    peer: Peer,
    headers: HeaderMap,
    Body(bytes): Body,
) -> Result<Json<Heeded>, Failure> {
    // A path that is no UTF-8 names nothing.
    let path = path.map(|Path(path)| path).unwrap_or_default();
    let from = source(&state, &path).await?;
    // An unknown source, a foreign one and a wrong signature look the same.
    let from = from.filter(|from| from.signed(&state, &headers, &bytes));
    let Some(from) = from else {
        state.app.limits.refused_key(peer.address)?;
        return Err(Failure::new(Kind::Unauthorized, "The signature is not that of a source"));
    };
    let now = state.app.clock.now();
    let heard = Heard::read(&bytes, &from.id, &from.source.zone, now)
        .map_err(|fault| Failure::of_creating(&fault))?;
    let opened = heed(&state, &from, heard, now).await?;
    Ok(Json(opened))
}

/// A source that was set up, and whose it is.
struct From {
    tenant: TenantId,
    tenant_name: TenantName,
    id: String,
    source: Source,
}

async fn source(state: &DialectState, path: &str) -> Result<Option<From>, Failure> {
    let Some((tenant, id)) = path.split_once('.') else { return Ok(None) };
    let Ok(tenant_name) = tenant.parse::<TenantName>() else { return Ok(None) };
    let Some(tenant) = state.app.store.tenant_by_name(&tenant_name).await? else { return Ok(None) };
    let source = setup::find::<Source>(state, tenant, id).await?;
    Ok(source.map(|source| From { tenant, tenant_name, id: id.to_owned(), source }))
}

impl From {
    /// Whether the body is signed by its secret. Compared in a time that tells nothing.
    fn signed(&self, state: &DialectState, headers: &HeaderMap, bytes: &[u8]) -> bool {
        let mut given = headers.get_all(SIGNATURE).iter();
        let (Some(given), None) = (given.next().and_then(|value| value.to_str().ok()), given.next()) else {
            return false;
        };
        let Some(secret) = self.source.secret.unseal(&state.app.vault, self.tenant) else { return false };
        let wanted = hmac_hex(&secret, bytes);
        given.trim().to_ascii_lowercase().as_bytes().ct_eq(wanted.as_bytes()).into()
    }
}

/// Keeps what was heard.
async fn heed(state: &DialectState, from: &From, heard: Heard, now: Timestamp) -> Result<Heeded, Failure> {
    let mut opened = desk::open(state, from.tenant, &heard.order_external_id).await?;
    // A comment that the courier can no longer be told must not keep the status from being heard.
    let mut with_comment = true;
    for _ in 0..desk::TRIES {
        let filing = match &opened {
            Some(opened) => again(opened, &heard, with_comment, now)?,
            None => first(state, from, &heard, now).await?,
        };
        match state.app.store.file(from.tenant, filing).await? {
            Filed::Done(done) => {
                let order_external_id = heard.order_external_id.as_str().to_owned();
                return Ok(Heeded { order_external_id, new: done.taken > 0 || opened.is_none() });
            }
            Filed::Exists(_) | Filed::Stale(_) | Filed::Refused(_, Refusal::Conflict) => {
                opened = desk::open(state, from.tenant, &heard.order_external_id).await?;
            }
            Filed::Refused(..) if with_comment => with_comment = false,
            Filed::TrackingIdTaken => {}
            other => return Err(desk::refused(other)),
        }
    }
    Err(desk::overtaken())
}

/// An order that nobody knows yet, with its shipment.
async fn first(state: &DialectState, from: &From, heard: &Heard, now: Timestamp) -> Result<Filing, Failure> {
    let location = setup::find::<Location>(state, from.tenant, heard.told_location()).await?;
    let zone = heard.zone.clone().unwrap_or_else(|| from.source.zone.clone());
    let location = location.unwrap_or_else(|| Location::in_zone(zone));
    let document = Document::received(from.tenant_name.as_str(), heard, location, &from.id)?;
    let rules = state.app.store.settings(from.tenant).await?.rules;
    let (details, _) = details::details(&document, rules, now);
    let events = vec![heard.event.clone()];
    let tracking_id = details::tracking_id()?;
    let new = NewShipment { tracking_id, details, created_at: now, events, once: None };
    let step = OrderStep::Make(document.facets(), document.write()?);
    let alone = Filing::of(desk::key(&heard.order_external_id), step, now);
    Ok(Filing { shipment: Some(Box::new(new)), ..alone })
}

/// What a webhook adds to an order that is known.
fn again(opened: &Opened, heard: &Heard, with_comment: bool, now: Timestamp) -> Result<Filing, Failure> {
    let mut document = opened.document.clone();
    document.hear(heard);
    document.word = merge::last_word(opened.shipment.events(), &heard.event).unwrap_or(document.word);
    let mut amendments = Vec::new();
    let mut unusable = Vec::new();
    let recipient = details::recipient(&document, &mut unusable);
    let promise = details::promise(&document);
    let stands = opened.shipment.details();
    if recipient != stands.recipient || promise != stands.promise {
        amendments.push(Amendment::Retold(Box::new(Told { recipient, promise })));
    }
    if with_comment && document.told.delivery_instructions != opened.document.told.delivery_instructions {
        let value = details::comment(&document, &mut unusable);
        let base =
            opened.shipment.handoff().preferences.comment.as_ref().map_or(0, |comment| comment.version);
        let edit = EditId::parse(&format!("webhook-{}", opened.order.version)).ok();
        let by = Editor::Client;
        amendments.extend(edit.map(|id| Amendment::Comment(Edit { value, base, id, by })));
    }
    let step = if document == opened.document {
        OrderStep::Keep
    } else {
        OrderStep::Change(opened.order.version, document.facets(), document.write()?)
    };
    let alone = Filing::of(opened.order.key.clone(), step, now);
    Ok(Filing { events: vec![heard.event.clone()], amendments, ..alone })
}
