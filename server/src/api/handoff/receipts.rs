//! How far the recipient's edits have travelled, as the carrier reports it: passed on, on the courier's
//! device, read. Receipts grow only, and only for the version that stands.

use axum::Json;
use axum::extract::State;
use doorstep_model::handoff::Amendment;
use doorstep_model::id::TrackingId;
use doorstep_model::preferences::{Preference, Receipt};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::docs::ReceiptProblems;
use crate::api::extract::{
    AcceptsJson, ApiJson, ApiPath, Caller, Faults, Form, Refusals, Reporters, read_object,
};
use crate::api::{ApiState, wire};
use crate::problem::{Problem, ProblemKind};

/// The routes.
pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(report))
}

/// How far edits have travelled. It names at least one of them.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReceiptsBody {
    /// Of the comment.
    #[serde(default, deserialize_with = "wire::optional_object")]
    comment: Option<ReceiptBody>,
    /// Of the contactless choice.
    #[serde(default, deserialize_with = "wire::optional_object")]
    contactless: Option<ReceiptBody>,
}

/// How far one version has travelled.
#[derive(Clone, Copy, Debug, serde::Deserialize, serde::Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReceiptBody {
    /// Which version; what is told of an earlier one says nothing of the one that stands.
    #[serde(deserialize_with = "wire::whole")]
    #[schema(value_type = i64, minimum = 0, maximum = 4_294_967_295_u32)]
    version: u32,
    /// How far.
    #[serde(deserialize_with = "wire::one_word")]
    receipt: Receipt,
}

/// What stands now.
#[derive(Debug, serde::Serialize, ToSchema)]
struct ReceiptsTold {
    /// The shipment's sequence.
    sequence: u64,
    /// The version of the comment that stands, and how far it has travelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<ReceiptBody>,
    /// The same of the contactless choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    contactless: Option<ReceiptBody>,
}

/// Report how far edits have travelled
///
/// That the comment or the contactless choice was passed to the carrier, is on the courier's device or was
/// read. A receipt never goes back, and one for a version that no longer stands changes nothing; the answer
/// says what stands. Takes the role manager or carrier.
#[utoipa::path(
    post,
    path = "/shipments/{trackingId}/receipts",
    tag = "handing over",
    operation_id = "reportReceipts",
    security(("apiKey" = [])),
    params(("trackingId" = TrackingId, Path, description = "The number on the label")),
    request_body(content = ReceiptsBody, content_type = "application/json"),
    responses((status = 200, description = "It is durable", body = ReceiptsTold), ReceiptProblems),
)]
async fn report(
    _: AcceptsJson,
    caller: Caller<Reporters>,
    ApiPath(id): ApiPath<TrackingId>,
    State(state): State<ApiState>,
    ApiJson(body): ApiJson<ReceiptsBody>,
) -> Result<Json<ReceiptsTold>, Problem> {
    let amendment = body.hear()?;
    state.app.limits.client_events(caller.client.id, 1)?;
    let done = state.app.store.amend(caller.client.tenant, &id, amendment, state.app.clock.now()).await?;
    let shipment = done.ok_or_else(|| Problem::new(ProblemKind::NotFound))?.shipment;
    let stand = &shipment.handoff().preferences;
    Ok(Json(ReceiptsTold {
        sequence: shipment.sequence(),
        comment: stand.comment.as_ref().map(ReceiptBody::of),
        contactless: stand.contactless.as_ref().map(ReceiptBody::of),
    }))
}

impl ReceiptsBody {
    fn hear(self) -> Result<Amendment, Problem> {
        let mut refusals = Refusals::default();
        if self.comment.is_none() && self.contactless.is_none() {
            refusals.add("", "must have a comment or contactless");
        }
        let told = |told: ReceiptBody| (told.version, told.receipt);
        let (comment, contactless) = (self.comment.map(told), self.contactless.map(told));
        refusals.or(Amendment::Receipts { comment, contactless })
    }
}

impl ReceiptBody {
    fn of<T>(preference: &Preference<T>) -> Self {
        Self { version: preference.version, receipt: preference.receipt }
    }
}

impl Form for ReceiptsBody {
    fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        read_object(bytes)
    }

    fn faults(body: Value, faults: &mut Faults) {
        faults.of_object::<Self>(body, "");
    }
}
