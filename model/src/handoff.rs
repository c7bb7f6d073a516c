//! What recipient, courier and staff did about handing the parcel over, beside the events: preferences,
//! the delivery code, proofs, tries at proving who one is. A change of it is an [`Amendment`]; what an
//! amendment does, and when it is refused, follows from the shipment and the time alone
//! ([`Shipment::amend`](crate::shipment::Shipment::amend)).

mod amend;
mod amendment;
#[cfg(test)]
mod tests;

pub(crate) use amend::amend;
pub use amendment::{Amended, Amendment, Refusal};

use crate::code::DeliveryCode;
use crate::preferences::Preferences;
use crate::proof::Proof;
use crate::time::Timestamp;

/// Wrong proofs of identity after which only staff can go on (design section 4). Neither a new link nor a
/// new session resets them.
pub const MOST_IDENTITY_TRIES: u8 = 5;

/// The most proofs that a shipment takes.
pub const MOST_PROOFS: usize = 12;

/// What was done about handing it over.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Handoff {
    /// How the recipient wants it.
    pub preferences: Preferences,
    /// The delivery code, where the shipment asks for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<DeliveryCode>,
    /// Wrong proofs of identity so far.
    pub identity_tries: u8,
    /// Proofs of its delivery, in the order told; a proof is named by its place, from 1.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<Proof>,
    /// What the recipient said of the courier's photo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photo: Option<PhotoAnswer>,
}

/// What the recipient said of the courier's photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PhotoAnswer {
    /// Which proof, from 1.
    pub proof: u32,
    /// Whether it is theirs.
    pub mine: bool,
    /// When they said so.
    pub at: Timestamp,
}

impl Handoff {
    /// Whether nothing was done.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether proving who one is takes staff now.
    pub fn identity_locked(&self) -> bool {
        self.identity_tries >= MOST_IDENTITY_TRIES
    }
}
