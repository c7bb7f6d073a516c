//! What the recipient sees through their own link: the public view's matter with window, places, notes,
//! preferences, proof and first names. The delivery code and the full address are not here; they
//! need a step-up and a type of their own.

use crate::code::{DeliveryCode, Settlement};
use crate::eta::{Confidence, Eta, Window};
use crate::event::Event;
use crate::flags::Flags;
use crate::handoff::PhotoAnswer;
use crate::id::TrackingId;
use crate::language::LanguageTag;
use crate::next::NextStep;
use crate::preferences::Preferences;
use crate::proof::{Proof, ProofKind};
use crate::reason::Reason;
use crate::rules::CodeWithContactless;
use crate::shipment::{Editing, PhotoToConfirm, Shipment};
use crate::status::{Status, Step};
use crate::text::{Note, Place, Source, SourceWord};
use crate::time::{Day, Timestamp, Zone};
use crate::words::words;

/// The recipient's view of a shipment.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RecipientView {
    /// The number on the label.
    pub tracking_id: TrackingId,
    /// Grows with every change of the shipment.
    pub sequence: u64,
    /// Where the delivery stands.
    pub status: Status,
    /// Since when, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// The step of the progress bar.
    pub step: Step,
    /// What is true beside the status.
    pub flags: Flags,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The zone of the delivery.
    pub zone: Zone,
    /// When it is expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eta: Option<RecipientEta>,
    /// The day promised to the buyer.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::time::read_optional_day"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub promised: Option<Day>,
    /// What happened, oldest first.
    pub history: Vec<RecipientMilestone>,
    /// When we last heard from a source.
    pub heard_at: Timestamp,
    /// The recipient's first name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient_first_name: Option<String>,
    /// The courier's first name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub courier_first_name: Option<String>,
    /// What happens or is to be done next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<NextStep>,
    /// How the recipient wants it.
    pub preferences: Preferences,
    /// Until when that may be edited.
    pub editing: Editing,
    /// Whether leaving it without meeting anybody may be chosen: not where the code excludes it.
    pub contactless_allowed: bool,
    /// The delivery code's state, where there is one; never its digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<RecipientCode>,
    /// Proofs of its delivery; a proof is named by its place, from 1.
    pub proofs: Vec<RecipientProof>,
    /// The courier's photo that the recipient is asked to confirm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo_to_confirm: Option<PhotoToConfirm>,
    /// What the recipient said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<PhotoAnswer>,
}

words! {
    /// Where the delivery code stands.
    pub enum CodeState {
        /// Not before the courier is on the way.
        Waiting = "waiting",
        /// It may be shown.
        Ready = "ready",
        /// Too many wrong codes were entered: the staff decide.
        Locked = "locked",
        /// The courier entered it.
        Verified = "verified",
        /// The recipient confirmed the courier's photo instead.
        Released = "released",
        /// The journey ended without it.
        Over = "over",
    }
}

/// The delivery code as the recipient's page knows it before it is revealed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RecipientCode {
    /// Where it stands.
    pub state: CodeState,
    /// Counts the codes drawn: what was revealed of an earlier one is void.
    pub version: u32,
    /// How many digits it has.
    pub digits: u8,
    /// The two words that the courier can show, while the courier is on the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handshake: Option<Vec<String>>,
    /// How often it was revealed.
    pub reveals: u32,
    /// When, the last twenty of them, oldest first.
    pub revealed_at: Vec<Timestamp>,
}

/// A proof as the recipient sees it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RecipientProof {
    /// What it is.
    pub kind: ProofKind,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// Where, as the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Whether its picture can be seen.
    pub picture: bool,
}

/// The time of arrival as the recipient sees it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RecipientEta {
    /// When it is expected.
    pub window: ShownWindow,
    /// When the source knew that.
    pub as_of: Timestamp,
    /// How sure it is, where it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// Who said so.
    pub source: Source,
    /// Why it moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Note>,
    /// The window that held before it moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<ShownWindow>,
}

/// A window as a page reads it: either `from` and `until`, or `day`, or nothing where the source withdrew
/// what it had said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ShownWindow {
    /// The earliest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// The latest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Some time on this day, in the zone of the delivery.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::time::read_optional_day"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub day: Option<Day>,
}

impl From<Window> for ShownWindow {
    fn from(window: Window) -> Self {
        let nothing = Self { from: None, until: None, day: None };
        match window {
            Window::Between { from, until } => Self { from: Some(from), until: Some(until), ..nothing },
            Window::OnDay { day } => Self { day: Some(day), ..nothing },
            Window::Unknown => nothing,
        }
    }
}

impl From<ShownWindow> for Window {
    fn from(shown: ShownWindow) -> Self {
        match (shown.from.zip(shown.until), shown.day) {
            (Some((from, until)), _) => Self::Between { from, until },
            (None, Some(day)) => Self::OnDay { day },
            (None, None) => Self::Unknown,
        }
    }
}

/// One line of the recipient's history.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RecipientMilestone {
    /// When it happened; absent where the source does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Timestamp>,
    /// What it means.
    pub status: Status,
    /// The source's own word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_word: Option<SourceWord>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// A remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
    /// In which language word, place and remark are, where the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageTag>,
}

impl RecipientView {
    /// What the recipient of `shipment` may see.
    pub fn of(shipment: &Shipment) -> Self {
        let journey = shipment.journey();
        let details = shipment.details();
        let handoff = shipment.handoff();
        Self {
            tracking_id: shipment.tracking_id().clone(),
            sequence: shipment.sequence(),
            status: journey.status,
            since: journey.since,
            step: journey.step,
            flags: journey.flags,
            reason: journey.reason,
            zone: details.zone.clone(),
            eta: journey.eta.as_ref().map(|eta| RecipientEta::of(eta, journey.window_before)),
            promised: details.promise.map(|promise| promise.day),
            history: shipment.events().iter().filter_map(RecipientMilestone::of).collect(),
            heard_at: journey.heard_at.unwrap_or(shipment.created_at()),
            recipient_first_name: details.recipient.first_name().map(str::to_owned),
            courier_first_name: shipment.courier().first_name().map(str::to_owned),
            next: journey.next,
            preferences: handoff.preferences.clone(),
            editing: shipment.editing(),
            contactless_allowed: handoff.code.is_none()
                || details.rules.code_with_contactless == CodeWithContactless::ConfirmPhoto,
            code: handoff.code.as_ref().map(|code| RecipientCode::of(code, shipment)),
            proofs: handoff.proofs.iter().map(RecipientProof::of).collect(),
            photo_to_confirm: shipment.photo_to_confirm(),
            photo: handoff.photo,
        }
    }
}

impl RecipientEta {
    fn of(eta: &Eta, before: Option<Window>) -> Self {
        Self {
            window: eta.window.into(),
            as_of: eta.as_of,
            confidence: eta.confidence,
            source: eta.source.clone(),
            cause: eta.cause.clone(),
            before: before.map(ShownWindow::from),
        }
    }
}

impl CodeState {
    /// Where `code`, which is that of `shipment`, stands.
    pub fn of(code: &DeliveryCode, shipment: &Shipment) -> Self {
        match code.settled {
            Some((Settlement::Verified, _)) => Self::Verified,
            Some((Settlement::Released, _)) => Self::Released,
            None if shipment.has_ended() => Self::Over,
            None if code.is_locked() => Self::Locked,
            None if shipment.is_out_for_delivery() => Self::Ready,
            None => Self::Waiting,
        }
    }
}

impl RecipientCode {
    fn of(code: &DeliveryCode, shipment: &Shipment) -> Self {
        let state = CodeState::of(code, shipment);
        let words = || code.handshake(shipment.journey().visit).map(str::to_owned).to_vec();
        Self {
            state,
            version: code.version,
            digits: code.drawn.digits.count(),
            handshake: (state == CodeState::Ready).then(words),
            reveals: code.reveals,
            revealed_at: code.revealed_at.clone(),
        }
    }
}

impl RecipientProof {
    fn of(proof: &Proof) -> Self {
        Self {
            kind: proof.kind,
            taken_at: proof.taken_at,
            place: proof.place.clone(),
            picture: proof.picture,
        }
    }
}

impl RecipientMilestone {
    fn of(event: &Event) -> Option<Self> {
        let status = event.status.filter(|_| event.is_milestone())?;
        Some(Self {
            time: event.occurred_at,
            status,
            source_word: event.source_word.clone(),
            reason: event.reason,
            place: event.place.clone(),
            note: event.note.clone(),
            language: event.language.clone(),
        })
    }
}
