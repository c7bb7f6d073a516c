//! The next step as an API client tells it: what happens or is to be done, and until when.

use doorstep_model::next::{NextAction, NextStep};
use doorstep_model::time::Timestamp;
use utoipa::ToSchema;

use super::Hearing;
use crate::api::extract::Refusals;
use crate::api::wire;

/// What happens or is to be done next.
#[derive(Clone, Copy, Debug, serde::Deserialize, serde::Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct NextBody {
    /// What.
    #[serde(deserialize_with = "wire::one_word")]
    action: NextAction,
    /// Until when; not before the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
}

impl NextBody {
    /// The step that it tells, within the event at `at` that happened at `time`.
    pub(super) fn hear(
        self,
        time: Option<Timestamp>,
        hearing: &Hearing<'_>,
        at: &str,
        refusals: &mut Refusals,
    ) -> NextStep {
        // A deadline that had passed when the event happened can only be a mistake; one that has passed
        // since is history told late.
        if self.until.is_some_and(|until| until < time.unwrap_or(hearing.now)) {
            refusals.add(format!("{at}/next/until"), "lies before the event");
        }
        NextStep { action: self.action, until: self.until }
    }
}
