//! How the recipient wants it: a comment for the courier and a contactless choice, each with its
//! version and how far it has travelled. Until when they may be edited is [`crate::rules`]' business; who
//! may edit them is not decided here.

use crate::id::EditId;
use crate::text::{Comment, PersonName, Phone};
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// Where to leave it, or that it is to be handed over.
    pub enum Handover {
        /// From hand to hand.
        InPerson = "in_person",
        /// Left at the door.
        AtDoor = "at_door",
        /// Left at the reception or with the porter.
        AtReception = "at_reception",
    }
}

impl Handover {
    /// Whether nobody needs to be met.
    pub const fn is_contactless(self) -> bool {
        !matches!(self, Self::InPerson)
    }
}

/// The contactless choice (Instaleap's `contact_less`; `systems.md` 2.4).
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Contactless {
    /// Where to leave it.
    pub handover: Handover,
    /// Who has the cash ready, where it is paid at the door.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash_receiver: Option<PersonName>,
    /// Where that person is reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
}

words! {
    /// How far an edit has travelled, as far as the source reports. Grows only.
    pub enum Receipt {
        /// We hold it.
        Saved = "saved",
        /// Passed to the carrier.
        Passed = "passed",
        /// On the courier's device.
        OnDevice = "on_device",
        /// Read by the courier.
        Read = "read",
    }
}

words! {
    /// Who edited.
    pub enum Editor {
        /// Whoever holds the recipient's link.
        Recipient = "recipient",
        /// An API client of the tenant.
        Client = "client",
    }
}

/// One preference, as it stands after its last edit.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Preference<T> {
    /// What was chosen; absent once it was taken back.
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub value: Option<T>,
    /// Counts the edits from 1; names the state an edit builds on.
    pub version: u32,
    /// When it was last edited.
    pub edited_at: Timestamp,
    /// By whom.
    pub edited_by: Editor,
    /// The editor's own name for that edit; the same name again is the same edit.
    pub edit: EditId,
    /// How far it has travelled.
    pub receipt: Receipt,
}

/// How the recipient wants it. What was never edited is absent: its version is 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Preferences {
    /// For the courier to read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<Preference<Comment>>,
    /// Where to leave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contactless: Option<Preference<Contactless>>,
}

/// A change of one preference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit<T> {
    /// What is chosen; `None` takes it back.
    pub value: Option<T>,
    /// The version that the editor saw; 0 where there was none.
    pub base: u32,
    /// The editor's own name for this edit.
    pub id: EditId,
    /// Who edits.
    pub by: Editor,
}
