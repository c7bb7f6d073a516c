//! Pictures of proofs of delivery, as the recipient sees them. They came from elsewhere: whatever one of
//! them may hold beside a picture, the answer's headers let nothing of it run.

use std::num::NonZeroU32;
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use doorstep_model::id::TrackingId;
use http::{HeaderName, HeaderValue, header};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::docs::RecipientReadProblems;
use crate::api::extract::{ApiPaths, Recipient};
use crate::problem::{Problem, ProblemKind};
use crate::state::AppState;
use crate::store::Picture;

/// A proof is told a moment before its picture is kept: so often it is looked for.
const LOOKS: u32 = 5;

/// The time between two looks.
const BETWEEN_LOOKS: Duration = Duration::from_millis(200);

/// The routes.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(picture))
}

/// See the picture of a proof of delivery
///
/// The place of the proof in the recipient's view, from 1, names it.
#[utoipa::path(
    get,
    path = "/track/{trackingId}/recipient/proofs/{proof}",
    tag = "recipient",
    operation_id = "showProof",
    security(("session" = []), ("sessionToken" = [])),
    params(
        ("trackingId" = TrackingId, Path, description = "The number on the label"),
        ("proof" = u32, Path, description = "Which proof, from 1", minimum = 1),
    ),
    responses(
        (status = 200, description = "The picture", content(
            (PictureBytes = "image/jpeg"), (PictureBytes = "image/png"), (PictureBytes = "image/webp"),
        )),
        RecipientReadProblems,
    ),
)]
async fn picture(
    recipient: Recipient,
    State(state): State<AppState>,
    ApiPaths(_, number): ApiPaths<TrackingId, NonZeroU32>,
) -> Result<Response, Problem> {
    let not_found = || Problem::new(ProblemKind::NotFound);
    let index = usize::try_from(number.get() - 1).map_err(|_| not_found())?;
    let proof = recipient.shipment.handoff().proofs.get(index).ok_or_else(not_found)?;
    if !proof.picture {
        return Err(not_found());
    }
    Ok(shown(look(&state, &recipient, number.get()).await?.ok_or_else(not_found)?))
}

/// Documents a picture: bytes, which are no list of numbers.
struct PictureBytes;

impl PartialSchema for PictureBytes {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::Binary);
        ObjectBuilder::new().schema_type(Type::String).format(Some(format)).build().into()
    }
}

impl ToSchema for PictureBytes {
    fn name() -> std::borrow::Cow<'static, str> {
        "PictureBytes".into()
    }
}

async fn look(state: &AppState, recipient: &Recipient, number: u32) -> Result<Option<Picture>, Problem> {
    let session = &recipient.session;
    for look in 0..LOOKS {
        if look > 0 {
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        let picture = state.store.picture(session.tenant, &session.tracking_id, number).await?;
        if picture.is_some() {
            return Ok(picture);
        }
    }
    Ok(None)
}

fn shown(picture: Picture) -> Response {
    const FIXED: [(HeaderName, HeaderValue); 5] = [
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("inline")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'"),
        ),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    ([(header::CONTENT_TYPE, picture.media_type)], FIXED, picture.bytes).into_response()
}
