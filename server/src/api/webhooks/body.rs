//! A webhook on the wire, as it is told and as it is shown.

use doorstep_model::id::TrackingId;
use doorstep_model::time::Timestamp;
use serde_json::Value;
use utoipa::ToSchema;

use super::auth::{AuthBody, Heard, target};
use crate::api::extract::{Faults, Form, Refusals, read_object};
use crate::api::wire;
use crate::identity::TenantId;
use crate::problem::Problem;
use crate::state::AppState;
use crate::webhooks::{Disabled, Endpoint, EndpointPlan, MOST_NOTE, STANDARD, SigningKey, Topic};

/// A webhook as it is told.
#[derive(Clone, Debug, serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct WebhookBody {
    /// Where: `https`, and no address of a private network.
    #[schema(format = "uri", max_length = 2048)]
    url: String,
    /// In which shape: `standard`, or the name of a dialect.
    #[serde(default = "standard")]
    #[schema(default = "standard")]
    shape: String,
    /// How it shows who we are; by a signature where it does not say.
    #[serde(default, deserialize_with = "wire::object")]
    auth: AuthBody,
    /// About what; about everything where there is none.
    #[serde(default, deserialize_with = "wire::words::<Topic, _, _>")]
    topics: Vec<Topic>,
    /// About that shipment alone. It need not be known yet. Decided once.
    #[serde(default, deserialize_with = "wire::optional_tracking_id")]
    tracking_id: Option<TrackingId>,
    /// Whether the delivery code may stand in what is told, in shapes that have a place for it. Whoever reads
    /// what you receive can then take the parcel.
    #[serde(default)]
    include_code: bool,
    /// What you want to remember of it.
    #[serde(default)]
    #[schema(max_length = 200)]
    note: String,
    /// Whether it is told nothing.
    #[serde(default)]
    disabled: bool,
}

fn standard() -> String {
    STANDARD.to_owned()
}

impl Form for WebhookBody {
    fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        read_object(bytes)
    }

    fn faults(body: Value, faults: &mut Faults) {
        faults.of_object::<Self>(body, "");
    }
}

/// What was heard of a webhook.
pub(super) struct HeardWebhook {
    pub(super) plan: EndpointPlan,
    pub(super) disabled: bool,
    /// The signing key, where it was drawn or given just now.
    pub(super) shown: Option<SigningKey>,
}

impl WebhookBody {
    /// The webhook that it tells, where there was one `before`.
    pub(super) fn hear(
        self,
        app: &AppState,
        tenant: TenantId,
        before: Option<&EndpointPlan>,
    ) -> Result<HeardWebhook, Problem> {
        let mut refusals = Refusals::default();
        let target = target(app, &self.url, "/url", &mut refusals);
        if app.shapes.get(&self.shape).is_none() {
            let names = app.shapes.names().collect::<Vec<_>>().join(", ");
            refusals.add("/shape", format!("must be one of: {names}"));
        }
        if self.note.chars().count() > MOST_NOTE {
            refusals.add("/note", format!("must have at most {MOST_NOTE} characters"));
        }
        if self.topics.contains(&Topic::Test) {
            refusals.add("/topics", format!("{} is told when it is asked for", Topic::Test.as_str()));
        }
        let scope = before.map_or(self.tracking_id.clone(), |before| before.scope.clone());
        let same = |id: &TrackingId| scope.as_ref().is_some_and(|scope| scope.key() == id.key());
        if !self.tracking_id.as_ref().is_none_or(same) {
            refusals.add("/trackingId", "was decided when the webhook was made");
        }
        let auth = self.auth.hear(app, tenant, before.map(|before| &before.auth), &mut refusals)?;
        let Some((target, Heard { auth, shown })) = target.zip(auth) else {
            return Err(refusals.or(()).err().unwrap_or_else(super::not_found));
        };
        let plan = EndpointPlan {
            scope,
            target,
            shape: self.shape,
            auth,
            topics: self.topics.into_iter().collect(),
            includes_code: self.include_code,
            note: self.note,
        };
        refusals.or(HeardWebhook { plan, disabled: self.disabled, shown })
    }
}

/// A webhook.
#[derive(Debug, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Webhook {
    /// By what it is named.
    id: i64,
    /// Where.
    url: String,
    /// In which shape.
    shape: String,
    /// How it shows who we are, without secrets.
    auth: AuthBody,
    /// About what; about everything where there is none.
    topics: Vec<Topic>,
    /// About that shipment alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    tracking_id: Option<TrackingId>,
    /// Whether the delivery code may stand in what is told.
    include_code: bool,
    /// What you want to remember of it.
    note: String,
    /// When it was made.
    created_at: Timestamp,
    /// Whether it is told nothing.
    disabled: bool,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled_at: Option<Timestamp>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled_why: Option<Disabled>,
    /// Since when nothing reached it; absent while it goes well.
    #[serde(skip_serializing_if = "Option::is_none")]
    failing_since: Option<Timestamp>,
    /// Until when it asked to be left alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    paused_until: Option<Timestamp>,
    /// The signing key, shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^whsec_")]
    secret: Option<String>,
}

impl Webhook {
    /// As it is shown, with a signing key that was made or given just now.
    pub(super) fn of(endpoint: Endpoint, shown: Option<&SigningKey>) -> Self {
        let Endpoint { id, plan, created_at, disabled, failing_since, paused_until, .. } = endpoint;
        Self {
            id: id.0,
            url: plan.target.as_str().to_owned(),
            shape: plan.shape,
            auth: AuthBody::from(&plan.auth),
            topics: plan.topics.listed(),
            tracking_id: plan.scope,
            include_code: plan.includes_code,
            note: plan.note,
            created_at,
            disabled: disabled.is_some(),
            disabled_at: disabled.map(|(at, _)| at),
            disabled_why: disabled.map(|(_, why)| why),
            failing_since,
            paused_until,
            secret: shown.map(SigningKey::reveal),
        }
    }
}
