//! One event as an API client tells it, and what it must hold to become one of ours.

use doorstep_model::event::{Event, Movement};
use doorstep_model::flags::{Flag, FlagChange, Flags};
use doorstep_model::id::{EventId, TrackingId};
use doorstep_model::language::LanguageTag;
use doorstep_model::person::Courier;
use doorstep_model::reason::Reason;
use doorstep_model::status::Status;
use doorstep_model::text::{Note, Place, Source, SourceWord};
use doorstep_model::time::Timestamp;
use utoipa::ToSchema;

use super::eta::EtaBody;
use super::next::NextBody;
use crate::api::extract::Refusals;
use crate::api::wire;

/// How far ahead of our clock a caller's may be, time zones mistaken included.
const AHEAD_MS: i64 = 24 * 60 * 60 * 1_000;

/// Declares the two ways of telling an event, which differ in nothing but where its shipment is named.
macro_rules! event_bodies {
    ($( $(#[$doc:meta])* $name:ident { $( $(#[$field_doc:meta])* $field:ident: $type:ty ),* } )+) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, serde::Deserialize, serde::Serialize, ToSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub(in crate::api) struct $name {
            $( $(#[$field_doc])* pub(in crate::api) $field: $type, )*
            /// The caller's own id, unique within the shipment; the same id again is the same event.
            id: EventId,
            /// What it means for the status.
            #[serde(default, deserialize_with = "wire::word", skip_serializing_if = "Option::is_none")]
            status: Option<Status>,
            /// When it happened; left out where that is not known.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            time: Option<Timestamp>,
            /// A remark. The recipient may read it, the public may not.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            note: Option<Note>,
            /// Where it happened. The recipient may read it, the public may not.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            place: Option<Place>,
            /// Why.
            #[serde(default, deserialize_with = "wire::word", skip_serializing_if = "Option::is_none")]
            reason: Option<Reason>,
            /// The source's own word for it, verbatim. Everybody may read it.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            source_word: Option<SourceWord>,
            /// In which language note, place and sourceWord are (BCP 47); pages mark them with it.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            language: Option<LanguageTag>,
            /// How it may move the status; forward where it does not say.
            #[serde(default, deserialize_with = "wire::word", skip_serializing_if = "Option::is_none")]
            movement: Option<Movement>,
            /// What it does to the flags.
            #[serde(default, deserialize_with = "wire::optional_object", skip_serializing_if = "Option::is_none")]
            flags: Option<FlagsBody>,
            /// What it says about the time of arrival.
            #[serde(default, deserialize_with = "wire::optional_object", skip_serializing_if = "Option::is_none")]
            eta: Option<EtaBody>,
            /// Who brings it from now on. The recipient may read the first name, the public may not.
            #[serde(default, deserialize_with = "wire::optional_object", skip_serializing_if = "Option::is_none")]
            courier: Option<Courier>,
            /// What happens or is to be done next; the usual step for the status where it does not say.
            #[serde(default, deserialize_with = "wire::optional_object", skip_serializing_if = "Option::is_none")]
            next: Option<NextBody>,
        }

        impl $name {
            /// The event that it tells; what keeps it from being one is noted in `refusals`.
            pub(in crate::api) fn hear(self, hearing: &Hearing<'_>, at: &str, refusals: &mut Refusals) -> Event {
                let flags = self.flags.map(FlagsBody::into_change).unwrap_or_default();
                let says_nothing = self.status.is_none()
                    && self.source_word.is_none()
                    && self.eta.is_none()
                    && self.note.is_none()
                    && self.courier.is_none()
                    && self.next.is_none()
                    && flags.is_none();
                if says_nothing {
                    refusals.add(at, "must have a status, sourceWord, eta, flags, note, courier or next");
                }
                hearing.check_time(self.time, || format!("{at}/time"), refusals);
                let eta = self.eta.map(|eta| eta.hear(hearing, self.time, at, refusals));
                let courier = self.courier.filter(|courier| {
                    let named = *courier != Courier::default();
                    if !named {
                        refusals.add(format!("{at}/courier"), "must have a name or phone");
                    }
                    named
                });
                let next = self.next.map(|next| next.hear(self.time, hearing, at, refusals));
                Event {
                    id: self.id,
                    occurred_at: self.time,
                    received_at: hearing.now,
                    source: hearing.source.clone(),
                    source_word: self.source_word,
                    status: self.status,
                    movement: self.movement.unwrap_or_default(),
                    reason: self.reason,
                    flags,
                    eta,
                    place: self.place,
                    note: self.note,
                    language: self.language,
                    courier,
                    next,
                }
            }
        }
    )+ };
}

event_bodies! {
    /// Something that happened to a shipment. It says at least one of status, sourceWord, eta, flags, note,
    /// courier, next.
    EventBody {}
    /// Something that happened to the shipment that it names. It says at least one of status, sourceWord,
    /// eta, flags, note, courier, next.
    NamedEventBody {
        /// The number on the label of its shipment.
        #[serde(deserialize_with = "wire::tracking_id")]
        tracking_id: TrackingId
    }
}

/// What an event does to the flags.
#[derive(Clone, Debug, serde::Deserialize, serde::Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct FlagsBody {
    /// Becomes true.
    #[serde(default, deserialize_with = "words")]
    set: Flags,
    /// Becomes false; wins over `set`.
    #[serde(default, deserialize_with = "words")]
    clear: Flags,
}

impl FlagsBody {
    fn into_change(self) -> FlagChange {
        FlagChange { set: self.set, clear: self.clear }
    }
}

fn words<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Flags, D::Error> {
    wire::words::<Flag, Flags, D>(deserializer)
}

/// Who tells events, and when we hear them.
pub(in crate::api) struct Hearing<'a> {
    /// The present.
    pub(in crate::api) now: Timestamp,
    /// Who tells.
    pub(in crate::api) source: &'a Source,
}

impl Hearing<'_> {
    /// Refuses a time that can only be a mistake.
    pub(in crate::api) fn check_time(
        &self,
        time: Option<Timestamp>,
        at: impl FnOnce() -> String,
        refusals: &mut Refusals,
    ) {
        if time.is_some_and(|time| time.millis() > self.now.millis() + AHEAD_MS) {
            refusals.add(at(), "lies more than 24 hours in the future");
        }
    }
}
