//! What an API client of the tenant sees of its own shipments: all that it told and was told, folded,
//! without what belongs to the recipient alone (the code and its reveals).

use crate::code::DeliveryCode;
use crate::eta::{Confidence, Eta, Promise, Window};
use crate::event::{Event, Movement};
use crate::flags::{FlagChange, Flags};
use crate::handoff::PhotoAnswer;
use crate::id::{EventId, TrackingId};
use crate::language::LanguageTag;
use crate::next::NextStep;
use crate::person::{Courier, Recipient};
use crate::preferences::Preferences;
use crate::proof::Proof;
use crate::reason::Reason;
use crate::shipment::{Editing, Shipment};
use crate::status::{Status, Step};
use crate::text::{Note, Place, Reference, Source, SourceWord};
use crate::time::{Timestamp, Zone};
use crate::views::recipient::CodeState;

/// A tenant's own view of its shipment.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ClientView {
    /// The number on the label.
    pub tracking_id: TrackingId,
    /// Grows with every change of the shipment.
    pub sequence: u64,
    /// When it was made known to us.
    pub created_at: Timestamp,
    /// Where the delivery stands.
    pub status: Status,
    /// Since when, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// The step of the progress bar.
    pub step: Step,
    /// What is true beside the status.
    pub flags: Flags,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// When it is expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eta: Option<ClientEta>,
    /// The zone of the delivery.
    pub zone: Zone,
    /// What was promised to the buyer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promise: Option<Promise>,
    /// The caller's own order number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
    /// Who receives it.
    pub recipient: Recipient,
    /// Who brings it.
    pub courier: Courier,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Place>,
    /// What happens or is to be done next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<NextStep>,
    /// How the recipient wants it.
    pub preferences: Preferences,
    /// Until when the recipient may edit that.
    pub editing: Editing,
    /// The delivery code's state, where there is one; never its digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<ClientCode>,
    /// Whether the recipient can prove who they are only after staff allowed it again.
    pub identity_locked: bool,
    /// Proofs of its delivery; a proof is named by its place, from 1.
    pub proofs: Vec<Proof>,
    /// What the recipient said of the courier's photo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photo: Option<PhotoAnswer>,
    /// When we last heard from a source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heard_at: Option<Timestamp>,
}

/// The delivery code as the tenant may know it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ClientCode {
    /// Where it stands.
    pub state: CodeState,
    /// Counts the codes drawn, from 1.
    pub version: u32,
    /// How many digits it has.
    pub digits: u8,
    /// Wrong codes so far.
    pub wrong_tries: u8,
    /// How often the recipient had it shown.
    pub reveals: u32,
}

/// The time of arrival with its source.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ClientEta {
    /// When it is expected.
    pub window: Window,
    /// When the source knew that.
    pub as_of: Timestamp,
    /// How sure it is, where it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// Who said so.
    pub source: Source,
    /// Why it moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<Note>,
}

/// An event as the tenant's client sees it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ClientEvent {
    /// The caller's own id.
    pub id: EventId,
    /// When it happened; absent where the source does not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<Timestamp>,
    /// When we heard.
    pub received_at: Timestamp,
    /// Who said so.
    pub source: Source,
    /// The source's own word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_word: Option<SourceWord>,
    /// What it means for the status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// How it may move the status.
    pub movement: Movement,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// What it does to the flags.
    #[serde(skip_serializing_if = "FlagChange::is_none")]
    pub flags: FlagChange,
    /// What it says about the time of arrival.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eta: Option<ClientEta>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
    /// In which language word, place and note are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageTag>,
    /// Who brings it from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub courier: Option<Courier>,
    /// What happens or is to be done next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<NextStep>,
}

impl ClientView {
    /// What the tenant that owns `shipment` may see.
    pub fn of(shipment: &Shipment) -> Self {
        let journey = shipment.journey();
        let details = shipment.details();
        let handoff = shipment.handoff();
        Self {
            tracking_id: shipment.tracking_id().clone(),
            sequence: shipment.sequence(),
            created_at: shipment.created_at(),
            status: journey.status,
            since: journey.since,
            step: journey.step,
            flags: journey.flags,
            reason: journey.reason,
            eta: journey.eta.as_ref().map(ClientEta::of),
            zone: details.zone.clone(),
            promise: details.promise,
            reference: details.reference.clone(),
            recipient: details.recipient.clone(),
            courier: shipment.courier().clone(),
            origin: details.origin.clone(),
            next: journey.next,
            preferences: handoff.preferences.clone(),
            editing: shipment.editing(),
            code: handoff.code.as_ref().map(|code| ClientCode::of(code, shipment)),
            identity_locked: handoff.identity_locked(),
            proofs: handoff.proofs.clone(),
            photo: handoff.photo,
            heard_at: journey.heard_at,
        }
    }
}

impl ClientCode {
    fn of(code: &DeliveryCode, shipment: &Shipment) -> Self {
        Self {
            state: CodeState::of(code, shipment),
            version: code.version,
            digits: code.drawn.digits.count(),
            wrong_tries: code.wrong_tries,
            reveals: code.reveals,
        }
    }
}

impl ClientEta {
    pub(super) fn of(eta: &Eta) -> Self {
        Self {
            window: eta.window,
            as_of: eta.as_of,
            confidence: eta.confidence,
            source: eta.source.clone(),
            cause: eta.cause.clone(),
        }
    }
}

impl ClientEvent {
    /// What the tenant may see of `event`: all of it.
    pub fn of(event: &Event) -> Self {
        Self {
            id: event.id.clone(),
            time: event.occurred_at,
            received_at: event.received_at,
            source: event.source.clone(),
            source_word: event.source_word.clone(),
            status: event.status,
            movement: event.movement,
            reason: event.reason,
            flags: event.flags,
            eta: event.eta.as_ref().map(ClientEta::of),
            place: event.place.clone(),
            note: event.note.clone(),
            language: event.language.clone(),
            courier: event.courier.clone(),
            next: event.next,
        }
    }
}
