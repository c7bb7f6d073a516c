//! `POST /webhooks/{webhookId}/secret`: another signing key, beside the one before for a while.

use axum::Json;
use axum::extract::State;
use doorstep_model::time::Timestamp;
use serde_json::Value;
use utoipa::ToSchema;

use super::{not_found, unsealed};
use crate::api::docs::RotateProblems;
use crate::api::extract::{
    AcceptsJson, ApiJson, ApiPath, Caller, Faults, Form, Managers, Refusals, read_object,
};
use crate::api::{ApiState, wire};
use crate::problem::{Problem, ProblemKind};
use crate::webhooks::{EndpointId, Sealed, SigningKey};

/// How many hours the key before signs too, where it does not say, and at most.
const USUAL_HOURS: u16 = 24;
const MOST_HOURS: u16 = 168;

/// How to rotate.
#[derive(serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(super) struct RotateBody {
    /// How many hours the key before signs beside the new one.
    #[serde(deserialize_with = "wire::whole")]
    #[schema(minimum = 0, maximum = 168, default = 24)]
    overlap_hours: u16,
    /// A key of your own, `whsec_` and 24 to 64 bytes in base64; drawn where it is left out.
    #[schema(write_only)]
    secret: Option<String>,
}

impl Default for RotateBody {
    fn default() -> Self {
        Self { overlap_hours: USUAL_HOURS, secret: None }
    }
}

impl Form for RotateBody {
    fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        read_object(bytes)
    }

    fn faults(body: Value, faults: &mut Faults) {
        faults.of_object::<Self>(body, "");
    }
}

/// A signing key that was made or given just now.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RotatedSecret {
    /// The key, shown this once.
    #[schema(pattern = "^whsec_")]
    secret: String,
    /// Until when the key before signs too.
    before_until: Timestamp,
}

/// Rotate a webhook's signing key
///
/// From now on messages are signed by the new key, and for a while by the one before too: `webhook-signature` then
/// holds both, and a receiver takes either. Takes the role manager.
#[utoipa::path(
    post,
    path = "/webhooks/{webhookId}/secret",
    tag = "webhooks",
    operation_id = "rotateWebhookSecret",
    security(("apiKey" = [])),
    params(("webhookId" = i64, Path, minimum = 0, description = "The webhook's number")),
    request_body(content = RotateBody, content_type = "application/json"),
    responses((status = 200, description = "The new key", body = RotatedSecret), RotateProblems),
)]
pub(super) async fn rotate(
    _: AcceptsJson,
    caller: Caller<Managers>,
    ApiPath(id): ApiPath<EndpointId>,
    State(ApiState { app, .. }): State<ApiState>,
    ApiJson(body): ApiJson<RotateBody>,
) -> Result<Json<RotatedSecret>, Problem> {
    let (tenant, now) = (caller.client.tenant, app.clock.now());
    let mut refusals = Refusals::default();
    if body.overlap_hours > MOST_HOURS {
        refusals.add("/overlapHours", format!("must be 0 to {MOST_HOURS}"));
    }
    let given = body.secret.as_deref().map(str::parse::<SigningKey>).transpose();
    let given = given.unwrap_or_else(|error| {
        refusals.add("/secret", error);
        None
    });
    refusals.or(())?;
    let key = match given {
        Some(key) => key,
        None => SigningKey::random().map_err(unsealed)?,
    };
    let sealed = Sealed::seal(&app.vault, tenant, key.bytes()).map_err(unsealed)?;
    let until = Timestamp::from_millis(now.millis() + i64::from(body.overlap_hours) * 3_600_000);
    // Again where another key was made meanwhile: each that was shown must sign.
    loop {
        let before = app.store.endpoint(tenant, id).await?.ok_or_else(not_found)?;
        let auth = before.plan.auth.clone().rotated(sealed.clone(), now, until);
        let auth = auth.ok_or_else(|| Problem::new(ProblemKind::NotSigned))?;
        if app.store.rotate_endpoint(&before, auth).await? {
            return Ok(Json(RotatedSecret { secret: key.reveal(), before_until: until }));
        }
    }
}
