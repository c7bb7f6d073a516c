//! The recipient edits the comment and the contactless choice.

use axum::extract::State;
use axum::response::Response;
use doorstep_model::handoff::Amendment;
use doorstep_model::id::TrackingId;
use doorstep_model::preferences::{Contactless, Editor, Preference};
use doorstep_model::text::Comment;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::docs::RecipientEditProblems;
use crate::api::extract::{AcceptsJson, ApiJson, Recipient, SeenVersion};
use crate::api::handoff::{CommentEdit, ContactlessEdit, answer};
use crate::problem::Problem;
use crate::state::AppState;
use crate::store::AmendedShipment;

/// The routes.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(comment)).routes(routes!(contactless))
}

/// Write for the courier
///
/// Until the cut-off. `If-Match` names the version that was seen, `"0"` where there was none; of two edits
/// on the same version the later one is refused with what stands, so that its editor sees both and chooses.
#[utoipa::path(
    put,
    path = "/track/{trackingId}/recipient/comment",
    tag = "recipient",
    operation_id = "writeComment",
    security(("session" = []), ("sessionToken" = [])),
    params(
        ("trackingId" = TrackingId, Path, description = "The number on the label"),
        ("If-Match" = String, Header, description = "The version that was seen", pattern = "^\"(0|[1-9][0-9]{0,8})\"$"),
    ),
    request_body(content = CommentEdit, content_type = "application/json"),
    responses(
        (status = 200, description = "It stands", body = Preference<Comment>, headers(("ETag" = String))),
        RecipientEditProblems,
    ),
)]
async fn comment(
    _: AcceptsJson,
    recipient: Recipient,
    SeenVersion(base): SeenVersion,
    State(state): State<AppState>,
    ApiJson(edit): ApiJson<CommentEdit>,
) -> Result<Response, Problem> {
    let done = amend(&state, &recipient, Amendment::Comment(edit.of(Editor::Recipient, base))).await?;
    answer(done.as_ref(), |preferences| preferences.comment.as_ref())
}

/// Choose where it is left
///
/// Until the cut-off. `If-Match` names the version that was seen, `"0"` where there was none; of two edits
/// on the same version the later one is refused with what stands, so that its editor sees both and chooses.
#[utoipa::path(
    put,
    path = "/track/{trackingId}/recipient/contactless",
    tag = "recipient",
    operation_id = "chooseContactless",
    security(("session" = []), ("sessionToken" = [])),
    params(
        ("trackingId" = TrackingId, Path, description = "The number on the label"),
        ("If-Match" = String, Header, description = "The version that was seen", pattern = "^\"(0|[1-9][0-9]{0,8})\"$"),
    ),
    request_body(content = ContactlessEdit, content_type = "application/json"),
    responses(
        (status = 200, description = "It stands", body = Preference<Contactless>, headers(("ETag" = String))),
        RecipientEditProblems,
    ),
)]
async fn contactless(
    _: AcceptsJson,
    recipient: Recipient,
    SeenVersion(base): SeenVersion,
    State(state): State<AppState>,
    ApiJson(edit): ApiJson<ContactlessEdit>,
) -> Result<Response, Problem> {
    let done = amend(&state, &recipient, Amendment::Contactless(edit.of(Editor::Recipient, base))).await?;
    answer(done.as_ref(), |preferences| preferences.contactless.as_ref())
}

async fn amend(
    state: &AppState,
    recipient: &Recipient,
    amendment: Amendment,
) -> Result<Option<AmendedShipment>, Problem> {
    let session = &recipient.session;
    Ok(state.store.amend(session.tenant, &session.tracking_id, amendment, state.clock.now()).await?)
}
