//! How a shipment is to be handed over, as far as its creator says: whether a delivery code is asked for,
//! and what the recipient has told the shop already. Reads and checks; draws the code.

use doorstep_model::code::{DeliveryCode, Digits};
use doorstep_model::handoff::Handoff;
use doorstep_model::id::{EditId, TrackingId};
use doorstep_model::preferences::{Contactless, Editor, Preference, Preferences, Receipt};
use doorstep_model::rules::{CodeWithContactless, Rules};
use doorstep_model::text::Comment;
use doorstep_model::time::Timestamp;
use utoipa::ToSchema;

use crate::api::extract::Refusals;
use crate::api::handoff::ContactlessBody;
use crate::api::wire;
use crate::problem::{Problem, ProblemKind};
use crate::vault::Vault;

/// The name of the edit that a creation makes.
const EDIT: &str = "created";

/// That a delivery code is asked for. It is drawn at random; only the recipient ever sees it.
#[derive(Clone, Copy, Debug, serde::Deserialize, serde::Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CodeBody {
    /// How many digits it has, as the carrier's app allows.
    #[serde(deserialize_with = "digits")]
    digits: Digits,
}

fn digits<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Digits, D::Error> {
    let count: u8 = wire::whole(deserializer)?;
    Digits::new(count).map_err(serde::de::Error::custom)
}

/// How it is to be handed over.
#[derive(Debug)]
pub(super) struct HandingOver {
    pub(super) code: Option<CodeBody>,
    pub(super) comment: Option<Comment>,
    pub(super) contactless: Option<ContactlessBody>,
}

impl HandingOver {
    /// Notes what does not hold together under `rules`.
    pub(super) fn check(&self, rules: &Rules, refusals: &mut Refusals) {
        let without_meeting = self.contactless.as_ref().is_some_and(ContactlessBody::is_contactless);
        let excludes = rules.code_with_contactless == CodeWithContactless::Exclude;
        if excludes && without_meeting && self.code.is_some() {
            refusals
                .add("/contactless", "excludes a code here: a delivery with a code is handed over in person");
        }
    }

    /// The handoff that the shipment begins with.
    pub(super) fn begin(self, id: &TrackingId, vault: &Vault, now: Timestamp) -> Result<Handoff, Problem> {
        let code = match self.code {
            Some(CodeBody { digits }) => Some(vault.draw_code(digits, id).map_err(|error| {
                tracing::error!(error = format!("{error:#}"), "a delivery code could not be drawn");
                Problem::new(ProblemKind::Internal)
            })?),
            None => None,
        };
        let preferences = Preferences {
            comment: first(self.comment, now)?,
            contactless: first(self.contactless.map(Contactless::from), now)?,
        };
        Ok(Handoff { preferences, code: code.map(DeliveryCode::new), ..Handoff::default() })
    }
}

/// A preference that was told with the creation.
fn first<T>(value: Option<T>, now: Timestamp) -> Result<Option<Preference<T>>, Problem> {
    let Some(value) = value else { return Ok(None) };
    let edit = EditId::parse(EDIT).map_err(|_| Problem::new(ProblemKind::Internal))?;
    let by = Editor::Client;
    let receipt = Receipt::Saved;
    Ok(Some(Preference { value: Some(value), version: 1, edited_at: now, edited_by: by, edit, receipt }))
}
