//! Staff let the recipient or the courier try again after too many wrong tries.

use std::str::FromStr;

use axum::extract::State;
use doorstep_model::handoff::{Amended, Amendment};
use doorstep_model::id::TrackingId;
use doorstep_model::text::UnknownWord;
use http::StatusCode;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::refused;
use crate::api::docs::UnlockProblems;
use crate::api::extract::{AcceptsJson, ApiJson, ApiPath, Caller, Faults, Form, Managers, read_object};
use crate::api::{ApiState, wire};
use crate::problem::{Problem, ProblemKind};

/// The routes.
pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(unlock))
}

/// What is to be tried again.
#[derive(Clone, Copy, Debug, ToSchema)]
#[schema(as = Unlockable, rename_all = "camelCase")]
enum Locked {
    /// The delivery code, by the courier.
    Code,
    /// Proofs of who they are, by the recipient.
    Identity,
}

/// What to unlock.
#[derive(Clone, Copy, Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UnlockBody {
    /// What is to be tried again.
    #[serde(deserialize_with = "wire::one_word")]
    what: Locked,
}

impl FromStr for Locked {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        match word {
            "code" => Ok(Self::Code),
            "identity" => Ok(Self::Identity),
            _ => Err(UnknownWord),
        }
    }
}

/// Let somebody try again
///
/// After five wrong tries the delivery code, or proving who one is, is locked until staff decide. This sets
/// the tries back to none. Takes the role manager.
#[utoipa::path(
    post,
    path = "/shipments/{trackingId}/unlock",
    tag = "handing over",
    operation_id = "unlock",
    security(("apiKey" = [])),
    params(("trackingId" = TrackingId, Path, description = "The number on the label")),
    request_body(content = UnlockBody, content_type = "application/json"),
    responses((status = 204, description = "It can be tried again"), UnlockProblems),
)]
async fn unlock(
    _: AcceptsJson,
    caller: Caller<Managers>,
    ApiPath(id): ApiPath<TrackingId>,
    State(state): State<ApiState>,
    ApiJson(body): ApiJson<UnlockBody>,
) -> Result<StatusCode, Problem> {
    let amendment = match body.what {
        Locked::Code => Amendment::CodeUnlocked,
        Locked::Identity => Amendment::IdentityUnlocked,
    };
    let now = state.app.clock.now();
    let done = state.app.store.amend(caller.client.tenant, &id, amendment, now).await?;
    match done.ok_or_else(|| Problem::new(ProblemKind::NotFound))?.amended {
        Amended::Refused(refusal) => Err(refused(refusal)),
        Amended::Taken | Amended::Unchanged => Ok(StatusCode::NO_CONTENT),
    }
}

impl Form for UnlockBody {
    fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        read_object(bytes)
    }

    fn faults(body: Value, faults: &mut Faults) {
        faults.of_object::<Self>(body, "");
    }
}
