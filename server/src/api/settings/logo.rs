//! `/settings/logo`: the picture by which the tenant's shop shows itself around its shipments. We keep it and
//! show it ourselves, so that no page of a recipient asks anybody else for it.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::access::{Logo, LogoPicture, MOST_LOGO_BYTES};
use crate::api::ApiState;
use crate::api::docs::{DecideProblems, LogoProblems, SettingsProblems};
use crate::api::extract::{AcceptsJson, ApiJson, Caller, Faults, Form, Managers, Refusals, read_object};
use crate::api::picture::{self, MediaType};
use crate::api::wire;
use crate::problem::{FieldError, Problem, ProblemKind};

/// The routes.
pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(show, keep, forget))
}

/// A logo as it is told.
#[derive(serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LogoBody {
    /// What it is; its first bytes must say the same. SVG is not taken.
    #[serde(deserialize_with = "wire::one_word")]
    media_type: MediaType,
    /// Itself, in base64 (RFC 4648, 4) with padding; at most 64 KiB once decoded, and 1024 pixels wide and high.
    #[schema(max_length = 87384)]
    base64: String,
}

/// A logo as it is kept.
#[derive(Debug, serde::Serialize, ToSchema)]
struct LogoShown {
    /// Where it is, on this server. The address changes with the picture and may be kept for ever.
    path: String,
    /// Pixels.
    width: u32,
    /// Pixels.
    height: u32,
}

/// See the logo
///
/// Where the logo is that pages show. Takes the role manager.
#[utoipa::path(
    get,
    path = "/settings/logo",
    tag = "settings",
    operation_id = "showLogo",
    security(("apiKey" = [])),
    responses((status = 200, description = "The logo", body = LogoShown), LogoProblems),
)]
async fn show(
    _: AcceptsJson,
    caller: Caller<Managers>,
    State(ApiState { app, .. }): State<ApiState>,
) -> Result<Json<LogoShown>, Problem> {
    let logo = app.store.logo_of(caller.client.tenant).await?;
    logo.map(|logo| Json(logo.into())).ok_or_else(|| Problem::new(ProblemKind::NotFound))
}

/// Give the logo
///
/// In the place of the one before. Pages show it above a shipment once `brand` names the shop, with the name as
/// its text; on a dark ground it stands on white. PNG, JPEG or WebP. Takes the role manager.
#[utoipa::path(
    put,
    path = "/settings/logo",
    tag = "settings",
    operation_id = "giveLogo",
    security(("apiKey" = [])),
    request_body(content = LogoBody, content_type = "application/json"),
    responses((status = 200, description = "It is durable", body = LogoShown), DecideProblems),
)]
async fn keep(
    _: AcceptsJson,
    caller: Caller<Managers>,
    State(ApiState { app, .. }): State<ApiState>,
    ApiJson(body): ApiJson<LogoBody>,
) -> Result<Json<LogoShown>, Problem> {
    let picture = body.hear()?;
    let shown = picture.logo.clone().into();
    app.store.keep_logo(caller.client.tenant, Some(picture)).await?;
    Ok(Json(shown))
}

/// Take the logo away
///
/// Pages show the shop's name again. Takes the role manager.
#[utoipa::path(
    delete,
    path = "/settings/logo",
    tag = "settings",
    operation_id = "takeLogoAway",
    security(("apiKey" = [])),
    responses((status = 204, description = "There is none any more"), SettingsProblems),
)]
async fn forget(
    caller: Caller<Managers>,
    State(ApiState { app, .. }): State<ApiState>,
) -> Result<StatusCode, Problem> {
    app.store.keep_logo(caller.client.tenant, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl LogoBody {
    fn hear(self) -> Result<LogoPicture, Problem> {
        let at = "/base64";
        let mut refusals = Refusals::default();
        let bytes = picture::decode(&self.base64, self.media_type, MOST_LOGO_BYTES, at, &mut refusals);
        let bytes = refusals.or(bytes)?.ok_or_else(|| Problem::new(ProblemKind::Internal))?;
        LogoPicture::read(self.media_type.as_str(), bytes).map_err(|error| {
            let fault = FieldError::new(at, error);
            Problem::new(ProblemKind::ValidationFailed).errors(vec![fault])
        })
    }
}

impl Form for LogoBody {
    /// Room for the picture in base64 and 1 KiB for the rest, whatever other calls take.
    fn most(_: usize) -> usize {
        picture::encoded(MOST_LOGO_BYTES) + 1024
    }

    fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        read_object(bytes)
    }

    fn faults(body: Value, faults: &mut Faults) {
        faults.of_object::<Self>(body, "");
    }
}

impl From<Logo> for LogoShown {
    fn from(logo: Logo) -> Self {
        Self { path: logo.path(), width: logo.width, height: logo.height }
    }
}

/// Says nothing of the picture.
impl std::fmt::Debug for LogoBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LogoBody").field("media_type", &self.media_type).finish_non_exhaustive()
    }
}
