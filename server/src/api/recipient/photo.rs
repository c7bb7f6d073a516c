//! The recipient says whether the courier's photo shows their parcel at their place. If it does, the
//! delivery is done and its code needed no more; if not, somebody has to look for it.

use axum::Json;
use axum::extract::State;
use doorstep_model::catalogue::Catalogue;
use doorstep_model::event::{Event, Movement};
use doorstep_model::flags::FlagChange;
use doorstep_model::handoff::{Amended, Amendment, PhotoAnswer, Refusal};
use doorstep_model::id::{EventId, TrackingId};
use doorstep_model::next::{NextAction, NextStep};
use doorstep_model::status::Status;
use doorstep_model::text::{Note, Source};
use doorstep_model::time::Timestamp;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::docs::PhotoProblems;
use crate::api::extract::{AcceptsJson, ApiJson, Faults, Form, SteppedUp, read_object};
use crate::problem::{Problem, ProblemKind};
use crate::state::AppState;

/// The source of what the recipient says.
const SOURCE: &str = "recipient";

/// The routes.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(answer))
}

/// What the recipient says of the courier's photo.
#[derive(Clone, Copy, Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PhotoBody {
    /// Which proof, from 1.
    proof: u32,
    /// Whether it shows their parcel at their place.
    mine: bool,
}

/// Confirm or disown the courier's photo
///
/// Where a delivery with a code was left without meeting anybody. Confirming it takes the place of the code:
/// the shipment is delivered. Disowning it is an exception that the tenant's staff see. It can be said once,
/// within the minutes that the tenant gives, by a recipient who has stepped up.
#[utoipa::path(
    post,
    path = "/track/{trackingId}/recipient/photo",
    tag = "recipient",
    operation_id = "answerPhoto",
    security(("session" = []), ("sessionToken" = [])),
    params(("trackingId" = TrackingId, Path, description = "The number on the label")),
    request_body(content = PhotoBody, content_type = "application/json"),
    responses((status = 200, description = "It is durable", body = PhotoAnswer), PhotoProblems),
)]
async fn answer(
    _: AcceptsJson,
    SteppedUp(recipient): SteppedUp,
    State(state): State<AppState>,
    ApiJson(body): ApiJson<PhotoBody>,
) -> Result<Json<PhotoAnswer>, Problem> {
    let now = state.clock.now();
    let event = Box::new(body.event(now).ok_or_else(|| Problem::new(ProblemKind::Internal))?);
    let amendment = Amendment::PhotoAnswered { proof: body.proof, mine: body.mine, event };
    let session = &recipient.session;
    let done = state.store.amend(session.tenant, &session.tracking_id, amendment, now).await?;
    let done = done.ok_or_else(|| Problem::new(ProblemKind::NotFound))?;
    match done.amended {
        Amended::Taken | Amended::Unchanged => {
            let given = done.shipment.handoff().photo;
            given.map(Json).ok_or_else(|| Problem::new(ProblemKind::Internal))
        }
        Amended::Refused(Refusal::TooLate) => Err(Problem::new(ProblemKind::PhotoTooLate)),
        Amended::Refused(_) => Err(Problem::new(ProblemKind::NoProof)),
    }
}

impl PhotoBody {
    /// What the answer means for the journey.
    fn event(self, now: Timestamp) -> Option<Event> {
        let word = if self.mine { "confirmed" } else { "disowned" };
        let note = (!self.mine).then(|| Note::parse(Catalogue::ENGLISH.note_photo_disowned()));
        let next = NextStep { action: NextAction::ContactSender, until: None };
        Some(Event {
            id: EventId::parse(&format!("photo-{}-{word}", self.proof)).ok()?,
            occurred_at: Some(now),
            received_at: now,
            source: Source::parse(SOURCE).ok()?,
            source_word: None,
            language: None,
            status: Some(if self.mine { Status::Delivered } else { Status::Exception }),
            movement: Movement::Forward,
            reason: None,
            flags: FlagChange::default(),
            eta: None,
            place: None,
            note: note.transpose().ok()?,
            courier: None,
            next: (!self.mine).then_some(next),
        })
    }
}

impl Form for PhotoBody {
    fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        read_object(bytes)
    }

    fn faults(body: Value, faults: &mut Faults) {
        faults.of_object::<Self>(body, "");
    }
}
