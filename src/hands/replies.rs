//! What the server answers to the recipient's calls, as far as the page needs it; the server's own types
//! are not known here.

use doorstep_model::preferences::{Contactless, Preference};
use doorstep_model::text::Comment;
use doorstep_model::time::Timestamp;

use super::edit::{Heard, Refusal, Stand};
use super::{Choice, Which};
use crate::call::Reply;
use crate::wire;

/// A way to prove that one is the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Method {
    /// The last digits of the phone on file.
    PhoneDigits,
    /// A code by e-mail.
    EmailCode,
    /// The retailer's token, which the page has no part in.
    Token,
}

/// What the session may do.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Session {
    /// Until when code and address may be shown.
    pub(crate) stepped_up_until: Option<Timestamp>,
    /// How that can be proved.
    pub(crate) step_up: Vec<Method>,
    /// Only staff can go on.
    pub(crate) locked: bool,
    /// When the link stops opening it.
    pub(crate) access_ends_at: Option<Timestamp>,
}

/// The full address.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Address {
    /// Whose.
    pub(crate) name: Option<String>,
    /// Where.
    pub(crate) address: Option<String>,
}

/// An answer that is an address.
#[derive(serde::Deserialize)]
pub(super) struct Link {
    pub(super) url: String,
}

/// The word of a problem, and what is left of tries.
#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Trouble {
    pub(super) code: String,
    pub(super) tries_left: Option<u8>,
}

#[derive(serde::Deserialize)]
struct Conflict<T> {
    current: Preference<T>,
}

impl Trouble {
    /// Of `reply`; empty where it says nothing.
    pub(super) fn of(reply: &Reply) -> Self {
        wire::read(&reply.text).unwrap_or_default()
    }
}

/// What `reply` says of an edit of `which`.
pub(super) fn heard(which: Which, reply: &Reply) -> Heard {
    let stand = |conflict| match which {
        Which::Comment => stands::<Comment>(&reply.text, conflict),
        Which::Contactless => stands::<Contactless>(&reply.text, conflict),
    };
    match reply.status {
        200 => stand(false).map_or(Heard::Nothing, Heard::Saved),
        412 => stand(true).map_or(Heard::Nothing, Heard::Conflict),
        409 if Trouble::of(reply).code == "code_excludes_contactless" => Heard::Refused(Refusal::Excluded),
        409 => Heard::Refused(Refusal::CutOff),
        400 | 413 | 422 => Heard::Refused(Refusal::Invalid),
        _ => Heard::Nothing,
    }
}

fn stands<T>(text: &str, conflict: bool) -> Option<Stand>
where
    T: serde::de::DeserializeOwned,
    for<'a> Choice: From<&'a T>,
{
    let stands = if conflict {
        wire::read::<Conflict<T>>(text).ok()?.current
    } else {
        wire::read::<Preference<T>>(text).ok()?
    };
    Some(Stand {
        choice: stands.value.as_ref().map(Choice::from).unwrap_or_default(),
        version: stands.version,
        edit: stands.edit.as_str().to_owned(),
    })
}
