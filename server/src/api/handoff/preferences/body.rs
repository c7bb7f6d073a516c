//! An edit of a preference as it is told: the new value, or `null` to take it back, and the editor's own
//! name for the edit.

use doorstep_model::id::EditId;
use doorstep_model::preferences::{Contactless, Edit, Editor, Handover};
use doorstep_model::text::{Comment, PersonName, Phone};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::extract::{Faults, Form, read_object};
use crate::api::wire;

/// An edit of the comment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct CommentEdit {
    /// What the courier is to read; `null` takes it back.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required)]
    value: Option<Comment>,
    /// The editor's own name for this edit; the same edit again under that name changes nothing.
    edit: EditId,
}

/// An edit of the contactless choice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct ContactlessEdit {
    /// What is chosen; `null` takes it back.
    #[serde(deserialize_with = "wire::optional_object")]
    #[schema(required)]
    value: Option<ContactlessBody>,
    /// The editor's own name for this edit; the same edit again under that name changes nothing.
    edit: EditId,
}

/// A contactless choice.
#[derive(Clone, Debug, Deserialize, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::api) struct ContactlessBody {
    /// Where to leave it, or that it is to be handed over.
    #[serde(deserialize_with = "wire::one_word")]
    handover: Handover,
    /// Who has the cash ready, where it is paid at the door.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cash_receiver: Option<PersonName>,
    /// Where that person is reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    phone: Option<Phone>,
}

impl ContactlessBody {
    /// Whether nobody needs to be met.
    pub(in crate::api) fn is_contactless(&self) -> bool {
        self.handover.is_contactless()
    }
}

impl From<ContactlessBody> for Contactless {
    fn from(body: ContactlessBody) -> Self {
        let ContactlessBody { handover, cash_receiver, phone } = body;
        Self { handover, cash_receiver, phone }
    }
}

impl CommentEdit {
    /// The edit that it tells, made on version `base`.
    pub(in crate::api) fn of(self, by: Editor, base: u32) -> Edit<Comment> {
        Edit { value: self.value, base, id: self.edit, by }
    }
}

impl ContactlessEdit {
    /// The edit that it tells, made on version `base`.
    pub(in crate::api) fn of(self, by: Editor, base: u32) -> Edit<Contactless> {
        Edit { value: self.value.map(Contactless::from), base, id: self.edit, by }
    }
}

impl Form for CommentEdit {
    fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        read_object(bytes)
    }

    fn faults(body: Value, faults: &mut Faults) {
        faults.of_object::<Self>(body, "");
    }
}

impl Form for ContactlessEdit {
    fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        read_object(bytes)
    }

    fn faults(body: Value, faults: &mut Faults) {
        faults.of_object::<Self>(body, "");
    }
}
