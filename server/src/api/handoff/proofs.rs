//! Proofs of delivery, as the carrier tells them: what they are and, where there is one, the picture. A
//! proof is known again by its kind and the source's name for it, so that a request may be repeated.

use axum::Json;
use axum::extract::State;
use doorstep_model::handoff::{Amended, Amendment};
use doorstep_model::id::TrackingId;
use doorstep_model::proof::{Proof, ProofKind};
use doorstep_model::text::{Place, Reference};
use doorstep_model::time::Timestamp;
use http::StatusCode;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::docs::ProofProblems;
use crate::api::events::Hearing;
use crate::api::extract::{
    AcceptsJson, ApiJson, ApiPath, Caller, Faults, Form, Refusals, Reporters, read_object,
};
use crate::api::picture::{self, MediaType};
use crate::api::{ApiState, wire};
use crate::problem::{Problem, ProblemKind};
use crate::store::{MOST_PICTURE_BYTES, Picture};

/// The routes.
pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(take))
}

/// A proof of delivery.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ProofBody {
    /// What it is.
    #[serde(deserialize_with = "wire::one_word")]
    kind: ProofKind,
    /// The source's name for it; the same kind and name again is the same proof.
    reference: Reference,
    /// When it was taken; now where it does not say.
    #[serde(default)]
    taken_at: Option<Timestamp>,
    /// Where. The recipient may read it, the public may not.
    #[serde(default)]
    place: Option<Place>,
    /// The picture. The recipient may see it, the public may not.
    #[serde(default, deserialize_with = "wire::optional_object")]
    picture: Option<PictureBody>,
}

/// A picture.
#[derive(serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PictureBody {
    /// What it is; its first bytes must say the same.
    #[serde(deserialize_with = "wire::one_word")]
    media_type: MediaType,
    /// Itself, in base64 (RFC 4648, 4) with padding; at most 3 MiB once decoded.
    #[schema(max_length = 4194304)]
    base64: String,
}

/// Says nothing of the picture.
impl std::fmt::Debug for PictureBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PictureBody").field("media_type", &self.media_type).finish_non_exhaustive()
    }
}

/// What became of a proof.
#[derive(Debug, serde::Serialize, ToSchema)]
struct ProofTold {
    /// Its place among the proofs of the shipment, from 1.
    proof: u32,
}

/// Tell a proof of delivery
///
/// A photo, a signature or a document, with its picture where there is one (JPEG, PNG or WebP, at most
/// 3 MiB). The same kind and reference again is the same proof, to which a picture may be added once; so a
/// request that was perhaps not heard may be repeated as it is. Takes the role manager or carrier.
#[utoipa::path(
    post,
    path = "/shipments/{trackingId}/proofs",
    tag = "handing over",
    operation_id = "tellProof",
    security(("apiKey" = [])),
    params(("trackingId" = TrackingId, Path, description = "The number on the label")),
    request_body(content = ProofBody, content_type = "application/json"),
    responses((status = 201, description = "It is durable", body = ProofTold), ProofProblems),
)]
async fn take(
    _: AcceptsJson,
    caller: Caller<Reporters>,
    ApiPath(id): ApiPath<TrackingId>,
    State(state): State<ApiState>,
    ApiJson(body): ApiJson<ProofBody>,
) -> Result<(StatusCode, Json<ProofTold>), Problem> {
    let now = state.app.clock.now();
    let (proof, picture) = body.hear(&Hearing { now, source: &caller.source })?;
    state.app.limits.client_events(caller.client.id, 1)?;
    let (store, tenant) = (&state.app.store, caller.client.tenant);
    let done = store.amend(tenant, &id, Amendment::ProofTaken(proof.clone()), now).await?;
    let done = done.ok_or_else(|| Problem::new(ProblemKind::NotFound))?;
    if matches!(done.amended, Amended::Refused(_)) {
        return Err(Problem::new(ProblemKind::TooManyProofs));
    }
    let index = done.shipment.handoff().proofs.iter().position(|known| known.is_same(&proof));
    let number = index.and_then(|index| u32::try_from(index + 1).ok());
    let number = number.ok_or_else(|| Problem::new(ProblemKind::Internal))?;
    // After the proof, because its number is known only then; whoever is not told of success tells both again.
    if let Some(picture) = picture {
        store.keep_picture(tenant, &id, number, picture).await?;
    }
    Ok((StatusCode::CREATED, Json(ProofTold { proof: number })))
}

impl ProofBody {
    fn hear(self, hearing: &Hearing<'_>) -> Result<(Proof, Option<Picture>), Problem> {
        let mut refusals = Refusals::default();
        hearing.check_time(self.taken_at, || "/takenAt".to_owned(), &mut refusals);
        let picture = self.picture.and_then(|PictureBody { media_type, base64 }| {
            let at = "/picture/base64";
            let bytes = picture::decode(&base64, media_type, MOST_PICTURE_BYTES, at, &mut refusals)?;
            Some(Picture { media_type: media_type.as_str().to_owned(), bytes })
        });
        let proof = Proof {
            kind: self.kind,
            reference: self.reference,
            taken_at: self.taken_at.unwrap_or(hearing.now),
            told_at: hearing.now,
            picture: picture.is_some(),
            place: self.place,
        };
        refusals.or((proof, picture))
    }
}

impl Form for ProofBody {
    /// Room for the picture in base64 and 64 KiB for the rest, whatever other calls take.
    fn most(_: usize) -> usize {
        picture::encoded(MOST_PICTURE_BYTES) + 64 * 1024
    }

    fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        read_object(bytes)
    }

    fn faults(body: Value, faults: &mut Faults) {
        faults.of_object::<Self>(body, "");
    }
}
