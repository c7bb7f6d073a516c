//! Which providers fit and which offer is the best: pure, so that the same order and the same rules always choose
//! alike, in whatever order the providers come or answer.

use std::cmp::Ordering;

use super::carries::Misfit;
use super::config::{Estimate, Kind, ProviderConfig, ProviderId, Service};
use super::parcel::Parcel;
use super::rules::{Choose, Rules};

/// A provider that an order proposes; what it does not propose is not chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Proposal {
    /// Its name, compared without case.
    pub(crate) name: String,
    /// Ids of its services; any of them when empty.
    pub(crate) services: Vec<String>,
}

/// A service of a provider that fits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Candidate<'a> {
    /// Whose.
    pub(crate) id: &'a ProviderId,
    /// The same as it was set up.
    pub(crate) provider: &'a ProviderConfig,
    /// Which.
    pub(crate) service: &'a Service,
}

/// A provider that was not chosen, and why.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Passed<W = Misfit> {
    /// What people call it.
    pub(crate) shown: String,
    /// Why.
    pub(crate) why: W,
}

/// What a service offers for an order. Kept with the order, so that a later try needs no second choice.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Offer {
    /// Whose.
    pub(crate) provider: ProviderId,
    /// What orders propose it by.
    pub(crate) name: String,
    /// What people call it.
    pub(crate) shown: String,
    /// Which service.
    pub(crate) service: String,
    /// The same in words.
    pub(crate) service_type: String,
    /// In which the price is.
    pub(crate) currency_code: String,
    /// Whether it is the tenant's own: then nobody told a price or a time.
    #[serde(default)]
    pub(crate) own: bool,
    /// What it costs and when.
    #[serde(flatten)]
    pub(crate) estimate: Estimate,
}

impl Candidate<'_> {
    /// What it offers by `estimate`.
    pub(crate) fn offer(&self, estimate: Estimate) -> Offer {
        Offer {
            provider: self.id.clone(),
            name: self.provider.name.clone(),
            shown: self.provider.shown().to_owned(),
            service: self.service.id.clone(),
            service_type: self.service.kind.clone(),
            currency_code: self.provider.currency_code.clone(),
            own: self.provider.kind == Kind::OwnFleet,
            estimate,
        }
    }
}

/// The services that fit `parcel` and are priced in `currency`, and the providers that do not or are not, each
/// with the reason.
pub(crate) fn consider<'a>(
    parcel: &Parcel,
    providers: impl IntoIterator<Item = (&'a ProviderId, &'a ProviderConfig)>,
    proposals: &[Proposal],
    currency: &str,
) -> (Vec<Candidate<'a>>, Vec<Passed>) {
    let (mut candidates, mut passed) = (Vec::new(), Vec::new());
    for (id, provider) in providers {
        let services: Vec<_> =
            provider.services.iter().filter(|s| is_proposed(provider, s, proposals)).collect();
        let fits = match services.is_empty() {
            true => Err(Misfit::NotProposed),
            false => provider.takes(parcel, currency),
        };
        match fits {
            Ok(()) => {
                candidates.extend(services.into_iter().map(|service| Candidate { id, provider, service }))
            }
            Err(why) => passed.push(Passed { shown: provider.shown().to_owned(), why }),
        }
    }
    (candidates, passed)
}

fn is_proposed(provider: &ProviderConfig, service: &Service, proposals: &[Proposal]) -> bool {
    let names = |proposal: &Proposal| {
        proposal.name.trim().eq_ignore_ascii_case(provider.name.trim())
            && (proposal.services.is_empty() || proposal.services.contains(&service.id))
    };
    proposals.is_empty() || proposals.iter().any(names)
}

/// The offers that are in time, the best first, and those that are not.
pub(crate) fn rank(offers: Vec<Offer>, parcel: &Parcel, rules: &Rules) -> (Vec<Offer>, Vec<Passed>) {
    let in_time = |offer: &Offer| parcel.due_by.is_none_or(|due| offer.estimate.deliver_at <= due);
    let (mut ranked, late): (Vec<_>, Vec<_>) = offers.into_iter().partition(in_time);
    ranked.sort_by(|a, b| better(a, b, rules));
    let late = late.into_iter().map(|offer| Passed { shown: offer.shown, why: Misfit::TooLate });
    (ranked, late.collect())
}

/// Which comes first. The ids decide what nothing else does, so that no two are the same.
fn better(a: &Offer, b: &Offer, rules: &Rules) -> Ordering {
    let price = a.estimate.amount.cmp(&b.estimate.amount);
    let time = a.estimate.deliver_at.cmp(&b.estimate.deliver_at);
    let place = |offer: &Offer| {
        let known = rules.preferred.iter().position(|id| *id == offer.provider);
        known.unwrap_or(usize::MAX)
    };
    let first = match rules.choose {
        Choose::Cheapest => price.then(time),
        Choose::Fastest => time.then(price),
        Choose::Preferred => place(a).cmp(&place(b)).then(price).then(time),
    };
    first.then_with(|| (&a.provider, &a.service).cmp(&(&b.provider, &b.service)))
}

#[cfg(test)]
mod tests;
