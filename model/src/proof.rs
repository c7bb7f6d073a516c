//! Proof of delivery: that it was handed over, with time and place. The picture itself lies elsewhere;
//! here stands only what it is and under which name it is kept.

use crate::text::{Place, Reference};
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// What kind of proof it is.
    pub enum ProofKind {
        /// A photograph.
        Photo = "photo",
        /// A signature.
        Signature = "signature",
        /// A document.
        Document = "document",
    }
}

/// One proof.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Proof {
    /// What it is.
    pub kind: ProofKind,
    /// The source's name for it.
    pub reference: Reference,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// When we were told of it.
    pub told_at: Timestamp,
    /// Whether we keep its picture.
    #[serde(default)]
    pub picture: bool,
    /// Where, as the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

impl Proof {
    /// Whether the source told the same proof: of that kind, under that name. When it was told, or taken
    /// where the source does not say, differs from telling to telling.
    pub fn is_same(&self, other: &Self) -> bool {
        (self.kind, &self.reference) == (other.kind, &other.reference)
    }
}
