//! The public view in one sentence, in the viewer's language: what a notification says, for a worker that has
//! neither the widget nor its words.

use axum::Json;
use axum::extract::State;
use doorstep_model::id::TrackingId;
use doorstep_model::screen::Screen;
use doorstep_model::status::Status;
use doorstep_model::time::Day;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::docs::{SentenceProblems, day};
use crate::api::extract::{AcceptsJson, ApiPath, Peer};
use crate::language::Chosen;
use crate::problem::{Problem, ProblemKind};
use crate::push::News;
use crate::state::AppState;
use crate::zones::ViewerTimes;

/// The route.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(say))
}

/// A delivery in one sentence.
#[derive(Debug, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Sentence {
    /// Grows with every change of the shipment.
    sequence: u64,
    /// Where the delivery stands.
    status: Status,
    /// The day of arrival, while there is one to come.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = day)]
    day: Option<Day>,
    /// Whether the journey is over, and with it every subscription.
    over: bool,
    /// Which delivery.
    title: String,
    /// The sentence.
    sentence: String,
    /// Its language, as a BCP 47 tag.
    language: &'static str,
    /// How that is written: `ltr` or `rtl`.
    direction: &'static str,
}

/// See where a delivery stands in one sentence
///
/// What the public view says first, in the language that `Accept-Language` asks for. For notifications.
#[utoipa::path(
    get,
    path = "/track/{trackingId}/sentence",
    tag = "tracking",
    operation_id = "sentence",
    params(
        ("trackingId" = TrackingId, Path, description = "The number on the label"),
        ("Accept-Language" = Option<String>, Header, description = "The viewer's languages"),
    ),
    responses((status = 200, description = "The sentence", body = Sentence), SentenceProblems),
)]
async fn say(
    _: AcceptsJson,
    State(state): State<AppState>,
    peer: Peer,
    ApiPath(id): ApiPath<TrackingId>,
    Chosen { language, .. }: Chosen,
) -> Result<Json<Sentence>, Problem> {
    state.limits.public_call(peer.address, &id)?;
    let view = state.hub.page_view(&id).await?.ok_or_else(|| Problem::new(ProblemKind::NotFound))?;
    let (words, news) = (language.catalogue(), News::seen(&view));
    let screen = Screen::public(&view, &words, &ViewerTimes::new(&state.clock, &view.zone, language));
    Ok(Json(Sentence {
        sequence: view.sequence,
        status: view.status,
        day: news.day,
        over: news.is_last(),
        title: words.page_title(view.tracking_id.as_str()),
        sentence: screen.sentence,
        language: language.tag(),
        direction: words.language_direction(),
    }))
}
