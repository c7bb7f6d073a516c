//! Which shipments a list shows, as its client asks and as the store understands it.

use doorstep_model::status::Status;
use doorstep_model::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::MOST;
use crate::dialects::delivery_solutions::status::Word;
use crate::dialects::delivery_solutions::wire::checks::in_order;
use crate::dialects::delivery_solutions::wire::number::EpochMs;
use crate::dialects::delivery_solutions::wire::parts::TimeWindow;
use crate::dialects::delivery_solutions::wire::read::Fault;
use crate::dialects::delivery_solutions::wire::text::{Text100, Text1000};
use crate::store::orders::{OrderFilter, Span, Standing, Words};

/// The most ids that one request names.
const MOST_IDS: usize = 100;

/// The widest window of `lastUpdatedAt`: 30 days.
const WIDEST_MS: i64 = 30 * 24 * 60 * 60 * 1_000;

/// How far back a list goes where nothing was asked for: 24 hours.
const USUAL_MS: i64 = 24 * 60 * 60 * 1_000;

/// Which shipments, and which page of them.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ListBody {
    /// How many at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
    /// Only those that changed last in it; at most 30 days wide.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_updated_at: Option<TimeWindow>,
    /// Only those that were made in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<TimeWindow>,
    /// Only these.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 100)]
    order_external_ids: Option<Vec<Text100>>,
    /// Only those of that group; told apart by case.
    #[serde(skip_serializing_if = "Option::is_none")]
    group_id: Option<Text100>,
    /// Only those from these locations.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 100)]
    location_external_ids: Option<Vec<Text100>>,
    /// Only those whose `pickupTime.startsAt` is that or later. Needs `deliveryTime`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pickup_time: Option<StartsAt>,
    /// Only those whose `deliveryTime.endsAt` is that or earlier. Needs `pickupTime`.
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery_time: Option<EndsAt>,
    /// Only those that stand at one of these words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Word>>)]
    status: Option<Vec<Text100>>,
    /// `next` or `previous` of another page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pagination_token: Option<Text1000>,
}

/// From then on.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StartsAt {
    /// The first instant.
    starts_at: EpochMs,
}

/// Until then.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EndsAt {
    /// The last instant.
    ends_at: EpochMs,
}

impl ListBody {
    /// How many at most; checked by [`ListBody::filter`].
    pub(super) fn limit(&self) -> u32 {
        self.limit.unwrap_or(MOST)
    }

    /// As the store understands it. "The last 24 hours" are those before `now`.
    ///
    /// # Errors
    /// The first [`Fault`] that is found.
    pub(super) fn filter(&self, now: Timestamp) -> Result<OrderFilter, Fault> {
        if !(1..=MOST).contains(&self.limit()) {
            return Err(Fault::value("limit", format!("must be a whole number from 1 to {MOST}")));
        }
        let updated = self.updated()?;
        in_order(self.created_at, "createdAt")?;
        if self.pickup_time.is_some() && self.delivery_time.is_none() {
            return Err(Fault::value("deliveryTime.endsAt", "is required if pickupTime is present"));
        }
        if self.delivery_time.is_some() && self.pickup_time.is_none() {
            return Err(Fault::value("pickupTime.startsAt", "is required if deliveryTime is present"));
        }
        let mut filter = OrderFilter {
            external_ids: ids(self.order_external_ids.as_deref(), "orderExternalIds")?,
            locations: ids(self.location_external_ids.as_deref(), "locationExternalIds")?,
            group: self.group_id.as_ref().map(|group| group.as_str().to_owned()),
            standing: self.standing()?,
            created: span(self.created_at),
            updated,
            starts_from: self.pickup_time.map(|pickup| pickup.starts_at.at()),
            ends_until: self.delivery_time.map(|delivery| delivery.ends_at.at()),
        };
        if self.asks_for_nothing_older() {
            filter.created.from = Some(Timestamp::from_millis(now.millis() - USUAL_MS));
        }
        Ok(filter)
    }

    /// Whether nothing that it asks for says how far back to go.
    fn asks_for_nothing_older(&self) -> bool {
        let window = |window: Option<TimeWindow>| window.is_none_or(|window| window.is_open());
        window(self.created_at)
            && window(self.last_updated_at)
            && self.order_external_ids.as_ref().is_none_or(Vec::is_empty)
            && self.group_id.is_none()
            && self.pickup_time.is_none()
    }

    fn updated(&self) -> Result<Span, Fault> {
        in_order(self.last_updated_at, "lastUpdatedAt")?;
        let updated = span(self.last_updated_at);
        if let Span { from: Some(from), until: Some(until) } = updated
            && until.millis() - from.millis() > WIDEST_MS
        {
            return Err(Fault::value("lastUpdatedAt", "date range cannot be greater than 30 days"));
        }
        Ok(updated)
    }

    fn standing(&self) -> Result<Option<Vec<Standing>>, Fault> {
        let Some(words) = &self.status else { return Ok(None) };
        if words.is_empty() {
            return Ok(None);
        }
        let word = |word: &Text100| {
            Word::ALL.iter().find(|known| known.as_str() == word.as_str()).copied().ok_or_else(|| {
                let all: Vec<&str> = Word::ALL.iter().map(|word| word.as_str()).collect();
                Fault::value("status", format!("must be of {}", all.join(", ")))
            })
        };
        let words = words.iter().map(word).collect::<Result<Vec<Word>, Fault>>()?;
        Ok(Some(words.into_iter().flat_map(standing_at).collect()))
    }
}

/// Where an order stands that is answered with `word`: exactly what [`Word::now`] says, the other way round.
fn standing_at(word: Word) -> Vec<Standing> {
    let own = Standing {
        statuses: Status::ALL.iter().copied().filter(|status| word.holds_at(*status)).collect(),
        words: Words::In(vec![word.as_str()]),
    };
    let moved = Status::ALL.iter().copied().filter(|status| Word::of(*status) == Some(word)).map(|status| {
        let holding = Word::ALL.iter().filter(|own| own.holds_at(status)).map(|own| own.as_str());
        Standing { statuses: vec![status], words: Words::NotIn(holding.collect()) }
    });
    std::iter::once(own).chain(moved).collect()
}

fn span(window: Option<TimeWindow>) -> Span {
    let window = window.unwrap_or_default();
    Span { from: window.starts_at.map(EpochMs::at), until: window.ends_at.map(EpochMs::at) }
}

fn ids(ids: Option<&[Text100]>, at: &str) -> Result<Vec<String>, Fault> {
    let ids = ids.unwrap_or_default();
    if ids.len() > MOST_IDS {
        return Err(Fault::value(at, format!("must have at most {MOST_IDS} items")));
    }
    Ok(ids.iter().map(|id| id.as_str().to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For every own word and every status, the filter of a word takes an order exactly when it is answered with
    /// that word.
    #[test]
    fn a_filter_finds_what_is_answered_and_nothing_else() {
        for asked in Word::ALL {
            let standing = standing_at(*asked);
            for own in Word::ALL {
                for status in Status::ALL {
                    let found = standing.iter().any(|one| {
                        one.statuses.contains(status)
                            && match &one.words {
                                Words::In(words) => words.contains(&own.as_str()),
                                Words::NotIn(words) => !words.contains(&own.as_str()),
                            }
                    });
                    assert_eq!(found, own.now(*status) == *asked, "{asked} {own} {status}");
                }
            }
        }
    }
}
