//! How the recipient wants it: a comment for the courier and a contactless choice, each with its
//! version, its cut-off and how far it has travelled. Who may edit them is not decided here.

use crate::text::Comment;
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

words! {
    /// How far an edit has travelled, as far as the source reports.
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

/// One preference with its history's outcome.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Preference<T> {
    /// What was chosen.
    pub value: T,
    /// Counts the edits from 1; names the state an edit builds on.
    pub version: u32,
    /// When it was last edited.
    pub edited_at: Timestamp,
    /// How far it has travelled.
    pub receipt: Receipt,
}

/// How the recipient wants it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Preferences {
    /// For the courier to read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<Preference<Comment>>,
    /// Where to leave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handover: Option<Preference<Handover>>,
    /// Until when both may be edited; `None` while no cut-off is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub editable_until: Option<Timestamp>,
}
