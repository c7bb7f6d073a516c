//! Where order webhooks may come from: a tenant's account at the original, with the secret that its webhooks are
//! signed by. The secret is kept sealed and never told again.

use axum::Json;
use axum::extract::State;
use doorstep_model::time::Zone;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Thing, ThingId, find, keep, nothing};
use crate::dialects::DialectState;
use crate::dialects::delivery_solutions::caller::{Caller, Managers};
use crate::dialects::delivery_solutions::desk::SOURCES;
use crate::dialects::delivery_solutions::failure::Failure;
use crate::dialects::delivery_solutions::incoming::Body;
use crate::dialects::delivery_solutions::openapi::OwnFailures;
use crate::dialects::delivery_solutions::view::ROOT;
use crate::dialects::delivery_solutions::wire::read::{self, Fault};
use crate::store::orders::EntryKind;
use crate::webhooks::Sealed;
use crate::zones;

/// How many bytes a secret has: enough not to be guessed, no more than a hash's block needs twice.
const SECRET: std::ops::RangeInclusive<usize> = 16..=128;

/// A source to be set up.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
pub(crate) struct SourceBody {
    /// The webhook secret, as it is set in the original's portal.
    #[schema(min_length = 16, max_length = 128)]
    secret: String,
    /// The zone of its deliveries where a webhook names none; UTC where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zone: Option<Zone>,
}

/// A source as it is kept.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Source {
    /// What its webhooks are signed by.
    pub(crate) secret: Sealed,
    /// The zone of its deliveries where a webhook names none.
    pub(crate) zone: Zone,
}

impl Thing for Source {
    const KIND: EntryKind = SOURCES;

    fn check(&self, _: &str) -> Result<(), Fault> {
        Ok(())
    }
}

/// A source as it is shown.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SourceView {
    /// Where its webhooks are to be pointed.
    url: String,
    /// The zone of its deliveries where a webhook names none.
    zone: Zone,
}

/// A source, by the tenant's own id.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[allow(dead_code, reason = "documents the path, which is read by hand")]
struct SourcePath {
    /// The tenant's own id: 1 to 64 of `A-Z a-z 0-9 _ -`.
    #[param(rename = "sourceId", pattern = "^[A-Za-z0-9_-]{1,64}$")]
    source_id: String,
}

fn view(state: &DialectState, caller: &Caller<Managers>, id: &str, source: &Source) -> SourceView {
    let url = format!("{}{ROOT}/webhooks/{}.{id}", state.app.public_url, caller.tenant_name.as_str());
    SourceView { url, zone: source.zone.clone() }
}

fn is_source_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

/// Set a source of webhooks up
///
/// In the place of what had that id; answers with the address to which its webhooks are to be pointed.
#[utoipa::path(
    put, path = "/setup/sources/{sourceId}", tag = "setup", operation_id = "putSource",
    security(("key" = [], "tenant" = [])), params(SourcePath),
    request_body(content = SourceBody, content_type = "application/json"),
    responses((status = 200, description = "It is set up", body = SourceView), OwnFailures),
)]
pub(crate) async fn put_source(
    caller: Caller<Managers>,
    State(state): State<DialectState>,
    ThingId(id): ThingId,
    Body(bytes): Body,
) -> Result<Json<SourceView>, Failure> {
    let wrong = |fault: Fault| Failure::of_creating(&fault);
    if !is_source_id(id.as_str()) {
        return Err(wrong(Fault::value(
            "sourceId in the path",
            "must have 1 to 64 letters, digits, '_' and '-'",
        )));
    }
    let (body, _) = read::object(&bytes).and_then(read::typed::<SourceBody>).map_err(wrong)?;
    if !SECRET.contains(&body.secret.len()) {
        return Err(wrong(Fault::value("secret", "must have 16 to 128 bytes")));
    }
    let zone = body.zone.unwrap_or_else(Zone::utc);
    if !zones::is_known(&zone) {
        return Err(wrong(Fault::value(
            "zone",
            "must be a zone of the time zone database, such as America/Chicago",
        )));
    }
    let secret = Sealed::seal(&state.app.vault, caller.tenant, body.secret.as_bytes()).map_err(|error| {
        tracing::error!(error = format!("{error:#}"), "a secret could not be sealed");
        Failure::internal()
    })?;
    let source = Source { secret, zone };
    keep(&state, caller.tenant, id.as_str(), &source).await?;
    Ok(Json(view(&state, &caller, id.as_str(), &source)))
}

/// Show a source of webhooks
#[utoipa::path(
    get, path = "/setup/sources/{sourceId}", tag = "setup", operation_id = "getSource",
    security(("key" = [], "tenant" = [])), params(SourcePath),
    responses((status = 200, description = "As it is set up, without its secret", body = SourceView), OwnFailures),
)]
pub(crate) async fn show_source(
    caller: Caller<Managers>,
    State(state): State<DialectState>,
    ThingId(id): ThingId,
) -> Result<Json<SourceView>, Failure> {
    let source = find::<Source>(&state, caller.tenant, id.as_str()).await?.ok_or_else(nothing)?;
    Ok(Json(view(&state, &caller, id.as_str(), &source)))
}

/// Take a source of webhooks down
///
/// Nothing is heard from it any more.
#[utoipa::path(
    delete, path = "/setup/sources/{sourceId}", tag = "setup", operation_id = "deleteSource",
    security(("key" = [], "tenant" = [])), params(SourcePath),
    responses((status = 204, description = "It is taken down"), OwnFailures),
)]
pub(crate) async fn delete_source(
    caller: Caller<Managers>,
    State(state): State<DialectState>,
    ThingId(id): ThingId,
) -> Result<StatusCode, Failure> {
    super::delete::<Source>(&state, caller.tenant, id.as_str()).await
}
