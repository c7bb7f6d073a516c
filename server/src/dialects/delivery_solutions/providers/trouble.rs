//! What goes wrong with providers, told apart by what can be done about it, and what a client is answered in the
//! end (`systems.md` 4.6). Knows no HTTP.

use super::choose::Offer;
use super::dispatch::Answers;
use crate::dialects::delivery_solutions::failure::{self, Call, Kind, ProviderError};

/// Why a provider gave no estimate or did not take an order. The words are its own.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    /// It may go well later.
    #[error("{0}")]
    Transient(String),
    /// It will not.
    #[error("{0}")]
    Hard(String),
    /// It cannot find the address.
    #[error("the address was not found: {0}")]
    Geocoding(String),
    /// It said something that nobody understands; it may go well later.
    #[error("an answer that is not understood: {0}")]
    Unmapped(String),
}

impl Failure {
    /// Whether the same may go well later.
    pub(crate) const fn is_transient(&self) -> bool {
        matches!(self, Self::Transient(_) | Self::Unmapped(_))
    }

    const fn kind(&self) -> Kind {
        match self {
            Self::Transient(_) | Self::Hard(_) => Kind::PlaceOrderFailed,
            Self::Geocoding(_) => Kind::GeocodingFailed,
            Self::Unmapped(_) => Kind::Unmapped,
        }
    }
}

/// Why an order is with no provider, as the client is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// Which of the documented errors.
    pub(crate) kind: Kind,
    /// What each provider said, or why it does not fit.
    pub(crate) errors: Vec<ProviderError>,
}

impl Trouble {
    /// What it means that no provider made an offer.
    pub(crate) fn of_estimates(answers: &Answers) -> Self {
        let failed = answers.failed.iter().map(|failed| said(&failed.shown, &failed.why));
        let passed = answers.passed.iter().map(|passed| said(&passed.shown, &passed.why));
        let kind = match answers.failed.last() {
            Some(failed) => failed.why.kind(),
            None if answers.any => Kind::NoProviderMatched,
            None => Kind::NoProviderAssigned,
        };
        Self { kind, errors: failed.chain(passed).collect() }
    }

    /// What it means that the last provider did not take it.
    pub(crate) fn of_placement(offer: &Offer, failure: &Failure) -> Self {
        Self { kind: failure.kind(), errors: vec![said(&offer.shown, failure)] }
    }

    /// What `call` answers with. Where the original does not list the error for it, it is a failed placement.
    pub(crate) fn answer(self, call: Call) -> failure::Failure {
        let kind = if self.kind.calls().contains(&call) { self.kind } else { Kind::PlaceOrderFailed };
        let message = match kind {
            Kind::NoProviderAssigned => "No Provider has been assigned to the mentioned location.",
            Kind::NoProviderMatched => "No Provider matched the criteria for the requested delivery.",
            Kind::GeocodingFailed => "Geocoding Service for the given address failed.",
            Kind::Unmapped => "Request received unidentifiable error response.",
            _ => "Failed to place the requested order with the configured providers.",
        };
        failure::Failure::new(kind, message).said(self.errors)
    }
}

fn said(provider: &str, words: &impl ToString) -> ProviderError {
    ProviderError { provider: provider.to_owned(), code: None, message: words.to_string() }
}

/// Why a provider does not cancel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CancelFailure {
    /// `CANCELLATION_NOT_ALLOWED`: it does not let orders be cancelled, or not any more.
    NotAllowed,
    /// `ORDER_CANCELLATION_FAILED`: it tried, or could not be reached.
    Failed(String),
    /// `UNMAPPED_ERROR`: an answer that nobody understands.
    Unmapped(String),
}

impl CancelFailure {
    /// Whether asking again may help.
    pub(crate) const fn may_pass(&self) -> bool {
        !matches!(self, Self::NotAllowed)
    }
}
