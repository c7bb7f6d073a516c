//! What a decision about providers needs to know of an order, in comparable units. Made from an order where it is
//! needed; knows nothing of how orders are written.

use std::collections::BTreeSet;

use doorstep_model::time::Timestamp;

use super::zone::Position;

/// The temperature control that asks for nothing.
pub(crate) const AMBIENT: &str = "none";

/// What is to be brought where.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Parcel {
    /// Where it is collected, if that is known.
    pub(crate) from: Option<Position>,
    /// Where it goes, if that is known.
    pub(crate) to: Option<Position>,
    /// The country it goes to, upper case.
    pub(crate) country: Option<String>,
    /// The postal code it goes to.
    pub(crate) postal_code: Option<String>,
    /// Its weight in grams.
    pub(crate) weight: Measured<f64>,
    /// Its edges in millimetres, shortest first.
    pub(crate) edges: Measured<[f64; 3]>,
    /// How it is kept on the way; [`AMBIENT`] where that is all the same.
    pub(crate) temperature: String,
    /// What it holds that not everybody may bring ("alcohol"), lower case.
    pub(crate) contents: BTreeSet<String>,
    /// Whether somebody has to sign.
    pub(crate) signature: bool,
    /// When it may be collected; now, where nothing was said or that is past.
    pub(crate) ready_at: Timestamp,
    /// Until when it is to be there, if that was said and is not past.
    pub(crate) due_by: Option<Timestamp>,
}

/// A measure that a client may have left out, or written in a unit that nobody knows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Measured<T> {
    /// Nothing was said: nothing is asked.
    Unsaid,
    /// In the unit of the field.
    Known(T),
    /// Said in a unit that nobody knows.
    Incomparable,
}

impl<T> Measured<T> {
    /// From what was written, and what that is in the unit of the field.
    pub(crate) fn of<W>(written: Option<&W>, measure: impl FnOnce(&W) -> Option<T>) -> Self {
        match written.map(measure) {
            None => Self::Unsaid,
            Some(Some(measure)) => Self::Known(measure),
            Some(None) => Self::Incomparable,
        }
    }
}

impl Parcel {
    /// How far it goes, in kilometres as the crow flies.
    pub(crate) fn km(&self) -> Option<f64> {
        Some(self.from?.km_to(self.to?))
    }
}

/// What a client's word for a signature asks: anything but a "no" asks for one.
pub(crate) fn asks_for_signature(word: Option<&str>) -> bool {
    let word = word.unwrap_or_default().trim().to_ascii_lowercase();
    !matches!(word.as_str(), "" | "none" | "no" | "false" | "not_required" | "notrequired" | "not required")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_no_asks_for_no_signature() {
        for no in [None, Some(""), Some("not_required"), Some(" NONE ")] {
            assert!(!asks_for_signature(no), "{no:?}");
        }
        assert!(asks_for_signature(Some("required")));
        assert!(asks_for_signature(Some("adult")));
    }
}
