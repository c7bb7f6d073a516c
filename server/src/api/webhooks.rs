//! `/webhooks`: where the tenant wants to be told of news, and what became of what was told. Secrets go in or are
//! shown once; what is sent and how stands in [`crate::webhooks`].

mod auth;
mod body;
mod change;
mod create;
mod list;
mod message;
mod messages;
mod remove;
mod replay;
mod secret;
mod show;
mod test;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ApiState;
use super::extract::FromPath;
use crate::problem::{Problem, ProblemKind};
use crate::webhooks::EndpointId;

/// The routes.
pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(create::create, list::list))
        .routes(routes!(show::show, change::change, remove::remove))
        .routes(routes!(secret::rotate))
        .routes(routes!(test::test))
        .routes(routes!(messages::messages))
        .routes(routes!(message::message))
        .routes(routes!(replay::one))
        .routes(routes!(replay::given_up))
}

impl FromPath for EndpointId {
    fn from_path(raw: &str) -> Result<Self, impl std::fmt::Display> {
        let plain = raw.bytes().all(|byte| byte.is_ascii_digit());
        raw.parse().ok().filter(|_| plain).map(Self).ok_or("must be the number of a webhook")
    }
}

/// A message's name on the wire.
struct MessageName(String);

impl FromPath for MessageName {
    fn from_path(raw: &str) -> Result<Self, impl std::fmt::Display> {
        let hex = raw.strip_prefix("msg_").filter(|hex| hex.len() == 32);
        let is_name =
            hex.is_some_and(|hex| hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')));
        if is_name { Ok(Self(raw.to_owned())) } else { Err("must be the id of a message, such as msg_…") }
    }
}

fn not_found() -> Problem {
    Problem::new(ProblemKind::NotFound)
}

/// A secret that could not be sealed or drawn; the cause is for the log.
fn unsealed(error: anyhow::Error) -> Problem {
    tracing::error!(error = format!("{error:#}"), "a webhook's secret could not be made");
    Problem::new(ProblemKind::Internal)
}
