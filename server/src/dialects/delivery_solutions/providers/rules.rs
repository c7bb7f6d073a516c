//! By which a tenant chooses among providers and what happens when one fails. Kept for the tenant, or for one
//! location in its place. Data only; what they mean is decided in `choose` and `dispatch`.

use utoipa::ToSchema;

use super::config::ProviderId;

/// The most placements with one provider.
const MOST_ATTEMPTS: u32 = 20;

/// The longest wait for the next, in seconds: a day.
const MOST_DELAY: u32 = 24 * 60 * 60;

/// The longest that estimates are waited for, in seconds.
const MOST_ESTIMATE: u32 = 20;

/// The most providers of a preferred order.
const MOST_PREFERRED: usize = 100;

/// What makes one offer better than another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChooseBy)]
pub(crate) enum Choose {
    /// The lower price; then the earlier delivery.
    #[default]
    Cheapest,
    /// The earlier delivery; then the lower price.
    Fastest,
    /// The earlier place in `preferred`; what is not there comes after all that is, the cheapest first.
    Preferred,
}

/// By which a tenant chooses.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[schema(as = OrchestrationRules)]
pub(crate) struct Rules {
    /// What makes one offer better than another.
    pub(crate) choose: Choose,
    /// Ids of providers, the best first; for `preferred`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub(crate) preferred: Vec<ProviderId>,
    /// How long estimates are waited for.
    #[schema(minimum = 1, maximum = 20)]
    pub(crate) estimate_seconds: u32,
    /// How often a provider is asked to take an order before the next one is, as long as its failures are transient.
    #[schema(minimum = 1, maximum = 20)]
    pub(crate) attempts: u32,
    /// How long to wait between two of them.
    #[schema(minimum = 1, maximum = 86400)]
    pub(crate) delay_seconds: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            choose: Choose::default(),
            preferred: Vec::new(),
            estimate_seconds: 5,
            attempts: 3,
            delay_seconds: 60,
        }
    }
}

impl Rules {
    /// What is wrong with them, if anything; the first thing.
    pub(crate) fn fault(&self) -> Option<String> {
        if self.preferred.len() > MOST_PREFERRED {
            return Some(format!("preferred has at most {MOST_PREFERRED} entries"));
        }
        for (name, value, most) in [
            ("estimateSeconds", self.estimate_seconds, MOST_ESTIMATE),
            ("attempts", self.attempts, MOST_ATTEMPTS),
            ("delaySeconds", self.delay_seconds, MOST_DELAY),
        ] {
            if !(1..=most).contains(&value) {
                return Some(format!("{name} must be 1 to {most}"));
            }
        }
        None
    }
}
