//! What is noted in an order's history about its providers: the choice and each refusal with its reason. For the
//! tenant's eyes, in the language of the API; no recipient sees it.

use std::fmt::Display;

use super::choose::{Offer, Passed};
use super::dispatch::Answers;
use super::trouble::Failure;

/// What came of asking for estimates.
pub(super) fn estimates(answers: &Answers) -> String {
    let mut parts = Vec::new();
    match answers.ranked.split_first() {
        Some((best, others)) => {
            parts.push(format!("Chosen: {}", offer(best)));
            parts.extend(others.iter().map(|other| format!("Also offered: {}", offer(other))));
        }
        None if !answers.any => parts.push("The location has no providers".to_owned()),
        None => parts.push("No provider made an offer".to_owned()),
    }
    parts.extend(answers.failed.iter().map(|failed| refusal("Gave no estimate", failed)));
    parts.extend(answers.passed.iter().map(|passed| refusal("Not considered", passed)));
    parts.join(". ")
}

/// A provider took it.
pub(super) fn placed(taken: &Offer, reference: &str) -> String {
    match reference {
        "" => format!("Placed with {}", offer(taken)),
        _ => format!("Placed with {}, number {reference}", offer(taken)),
    }
}

/// A provider will be asked again.
pub(super) fn again(failed: &Offer, failure: &Failure, tries: u32, most: u32) -> String {
    format!("{} did not take it ({tries} of {most} tries): {failure}", failed.shown)
}

/// The next provider is asked.
pub(super) fn instead(failed: &Offer, failure: &Failure, next: &Offer) -> String {
    format!("{} did not take it: {failure}. Next: {}", failed.shown, offer(next))
}

/// Nobody is left.
pub(super) fn failed(last: &Offer, failure: &Failure) -> String {
    format!("{} did not take it: {failure}. No provider is left", last.shown)
}

/// A provider gave it back.
pub(super) fn given_back(who: &Offer, why: Option<&str>) -> String {
    let why = why.map(|why| format!(": {why}")).unwrap_or_default();
    format!("{} gave it back{why}", who.shown)
}

fn offer(offer: &Offer) -> String {
    let Offer { shown, service, currency_code, estimate, .. } = offer;
    if offer.own {
        return format!("{shown} {service}");
    }
    format!("{shown} {service}, {} {currency_code}, by {}", estimate.amount, estimate.deliver_at)
}

fn refusal<W: Display>(what: &str, passed: &Passed<W>) -> String {
    format!("{what}: {} ({})", passed.shown, passed.why)
}
