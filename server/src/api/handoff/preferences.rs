//! The tenant's staff edit the comment and the contactless choice for the recipient: what the recipient
//! told them on the phone. Also what both kinds of editors tell and are told.

mod answer;
mod body;

use axum::extract::State;
use axum::response::Response;
use doorstep_model::handoff::Amendment;
use doorstep_model::id::TrackingId;
use doorstep_model::preferences::{Contactless, Editor, Preference};
use doorstep_model::text::Comment;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(in crate::api) use answer::answer;
pub(in crate::api) use body::{CommentEdit, ContactlessBody, ContactlessEdit};

use crate::api::ApiState;
use crate::api::docs::EditProblems;
use crate::api::extract::{AcceptsJson, ApiJson, ApiPath, Caller, Managers, SeenVersion};
use crate::problem::Problem;

/// The routes.
pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(comment)).routes(routes!(contactless))
}

/// Edit the comment for the courier
///
/// For the recipient, and after the recipient's own cut-off too, but not after the end of the journey.
/// `If-Match` names the version that was seen, `"0"` where there was none; of two edits on the same version
/// the later one is refused with what stands. Takes the role manager.
#[utoipa::path(
    put,
    path = "/shipments/{trackingId}/comment",
    tag = "handing over",
    operation_id = "editComment",
    security(("apiKey" = [])),
    params(
        ("trackingId" = TrackingId, Path, description = "The number on the label"),
        ("If-Match" = String, Header, description = "The version that was seen", pattern = "^\"(0|[1-9][0-9]{0,8})\"$"),
    ),
    request_body(content = CommentEdit, content_type = "application/json"),
    responses(
        (status = 200, description = "It stands", body = Preference<Comment>, headers(("ETag" = String))),
        EditProblems,
    ),
)]
async fn comment(
    _: AcceptsJson,
    caller: Caller<Managers>,
    ApiPath(id): ApiPath<TrackingId>,
    SeenVersion(base): SeenVersion,
    State(state): State<ApiState>,
    ApiJson(edit): ApiJson<CommentEdit>,
) -> Result<Response, Problem> {
    let amendment = Amendment::Comment(edit.of(Editor::Client, base));
    state.app.limits.client_events(caller.client.id, 1)?;
    let done = state.app.store.amend(caller.client.tenant, &id, amendment, state.app.clock.now()).await?;
    answer(done.as_ref(), |preferences| preferences.comment.as_ref())
}

/// Edit the contactless choice
///
/// For the recipient, and after the recipient's own cut-off too, but not after the end of the journey.
/// `If-Match` names the version that was seen, `"0"` where there was none; of two edits on the same version
/// the later one is refused with what stands. Takes the role manager.
#[utoipa::path(
    put,
    path = "/shipments/{trackingId}/contactless",
    tag = "handing over",
    operation_id = "editContactless",
    security(("apiKey" = [])),
    params(
        ("trackingId" = TrackingId, Path, description = "The number on the label"),
        ("If-Match" = String, Header, description = "The version that was seen", pattern = "^\"(0|[1-9][0-9]{0,8})\"$"),
    ),
    request_body(content = ContactlessEdit, content_type = "application/json"),
    responses(
        (status = 200, description = "It stands", body = Preference<Contactless>, headers(("ETag" = String))),
        EditProblems,
    ),
)]
async fn contactless(
    _: AcceptsJson,
    caller: Caller<Managers>,
    ApiPath(id): ApiPath<TrackingId>,
    SeenVersion(base): SeenVersion,
    State(state): State<ApiState>,
    ApiJson(edit): ApiJson<ContactlessEdit>,
) -> Result<Response, Problem> {
    let amendment = Amendment::Contactless(edit.of(Editor::Client, base));
    state.app.limits.client_events(caller.client.id, 1)?;
    let done = state.app.store.amend(caller.client.tenant, &id, amendment, state.app.clock.now()).await?;
    answer(done.as_ref(), |preferences| preferences.contactless.as_ref())
}
