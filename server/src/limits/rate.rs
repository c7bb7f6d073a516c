//! So many a second for each of many names, with governor's GCRA. Names are folded onto a fixed number of
//! slots by a keyed hash, so that inventing names cannot make memory grow; two names that share a slot
//! share its allowance, and nobody can choose whose slot they get.

use std::hash::{BuildHasher as _, Hash, RandomState};
use std::marker::PhantomData;
use std::num::NonZeroU32;
use std::str::FromStr;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::TooMany;

/// The most names told apart. With about 100 bytes each, a full limiter has some 6 MB.
const SLOTS: u64 = 1 << 16;

/// So many a second, and so many at once after a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    per_second: NonZeroU32,
    burst: NonZeroU32,
}

/// A text that is no rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a rate is PER_SECOND or PER_SECOND/BURST, both whole numbers from 1, such as 200/1000")]
pub struct RateError;

impl Rate {
    /// Devices that one address has told of changes: a household's at once, and then one a second.
    pub const SUBSCRIPTIONS: Self =
        Self { per_second: NonZeroU32::MIN, burst: NonZeroU32::MIN.saturating_add(19) };
}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let (per_second, burst) = text.split_once('/').unwrap_or((text, text));
        let number = |text: &str| text.trim().parse().map_err(|_| RateError);
        Ok(Self { per_second: number(per_second)?, burst: number(burst)? })
    }
}

impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.per_second, self.burst)
    }
}

/// Counts for each `K` against one rate, or not at all.
pub struct Throttle<K> {
    counted: Option<Counted>,
    names: PhantomData<fn(&K)>,
}

struct Counted {
    limiter: DefaultKeyedRateLimiter<u32>,
    clock: DefaultClock,
    hasher: RandomState,
    burst: NonZeroU32,
}

impl<K: Hash> Throttle<K> {
    /// Nothing counted yet; `None` lets everything pass.
    pub fn new(rate: Option<Rate>) -> Self {
        let counted = rate.map(|rate| Counted {
            limiter: RateLimiter::keyed(Quota::per_second(rate.per_second).allow_burst(rate.burst)),
            clock: DefaultClock::default(),
            hasher: RandomState::new(),
            burst: rate.burst,
        });
        Self { counted, names: PhantomData }
    }

    /// Counts `count` for `name`, all or nothing; more than the burst counts as the burst.
    ///
    /// # Errors
    /// [`TooMany`] with when to come back.
    pub fn take(&self, name: &K, count: u32) -> Result<(), TooMany> {
        let Some(counted) = &self.counted else { return Ok(()) };
        let Some(count) = NonZeroU32::new(count) else { return Ok(()) };
        // The remainder of a division by SLOTS fits by far.
        let slot = (counted.hasher.hash_one(name) % SLOTS) as u32;
        match counted.limiter.check_key_n(&slot, count.min(counted.burst)) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(not_until)) => {
                let wait = not_until.wait_time_from(counted.clock.now());
                Err(TooMany { retry_after_seconds: wait.as_secs() + 1 })
            }
            // Cannot be: the count is at most the burst.
            Err(_) => Err(TooMany { retry_after_seconds: 1 }),
        }
    }

    /// Forgets names that have their whole allowance again.
    pub fn tidy(&self) {
        if let Some(counted) = &self.counted {
            counted.limiter.retain_recent();
            counted.limiter.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn throttle(rate: &str) -> Throttle<u64> {
        Throttle::new(Some(rate.parse().unwrap_or_else(|e| panic!("{e}"))))
    }

    #[test]
    fn a_burst_passes_and_then_it_is_said_when_to_come_back() {
        let throttle = throttle("1/3");
        assert_eq!(
            (0..3).map(|_| throttle.take(&7, 1)).collect::<Result<Vec<_>, _>>().map(|v| v.len()),
            Ok(3)
        );
        assert_eq!(throttle.take(&7, 1), Err(TooMany { retry_after_seconds: 1 }));
        assert_eq!(throttle.take(&8, 3), Ok(()), "another name has its own allowance");
        assert!(throttle.take(&8, 1).is_err());
    }

    #[test]
    fn more_than_the_burst_at_once_counts_as_the_burst() {
        let throttle = throttle("10/20");
        assert_eq!(throttle.take(&1, 1_000), Ok(()));
        assert!(throttle.take(&1, 1).is_err());
    }

    #[test]
    fn no_rate_lets_everything_pass() {
        let open = Throttle::new(None);
        assert!((0..10_000).all(|_| open.take(&1, 1_000).is_ok()));
    }

    #[test]
    fn invented_names_cannot_make_it_grow() {
        let throttle = throttle("1000/1000");
        for name in 0..200_000 {
            let _ = throttle.take(&name, 1);
        }
        let held = throttle.counted.as_ref().map_or(0, |counted| counted.limiter.len());
        assert!(held as u64 <= SLOTS, "{held}");
    }

    #[test]
    fn a_rate_reads_as_it_is_written() {
        for text in ["200/1000", "1/1"] {
            assert_eq!(text.parse::<Rate>().map(|rate| rate.to_string()), Ok(text.to_owned()));
        }
        assert_eq!("5".parse::<Rate>(), "5/5".parse());
        for bad in ["", "0", "5/0", "-1", "a", "1/2/3", "1.5"] {
            assert_eq!(bad.parse::<Rate>(), Err(RateError), "{bad:?}");
        }
    }
}
