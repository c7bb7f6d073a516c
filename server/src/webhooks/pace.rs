//! How many messages are on their way at once: over all, for one endpoint, and for one that takes none just now.
//! So a dead receiver holds one place, and not those of others. Knows nothing of messages.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::EndpointId;

/// The most messages on their way from this process.
const MOST: u32 = 512;

/// The most of them to one endpoint.
pub(super) const PER_ENDPOINT: u32 = 8;

/// The most of them to an endpoint that did not take the last one.
const FAILING: u32 = 1;

/// From how many remembered endpoints on those are forgotten to which nothing is on its way.
const REMEMBERED: usize = 10_000;

/// Counts what is on its way.
#[derive(Default)]
pub(super) struct Pace(Mutex<HashMap<EndpointId, Standing>>);

#[derive(Clone, Copy, Default)]
struct Standing {
    on_the_way: u32,
    fails: bool,
}

impl Standing {
    fn room(self) -> u32 {
        let most = if self.fails { FAILING } else { PER_ENDPOINT };
        most.saturating_sub(self.on_the_way)
    }
}

impl Pace {
    /// How many more may go on their way, and to which endpoints fewer than [`PER_ENDPOINT`].
    pub(super) fn room(&self) -> (u32, HashMap<EndpointId, u32>) {
        let standings = self.lock();
        let on_the_way: u32 = standings.values().map(|standing| standing.on_the_way).sum();
        let room = standings.iter().map(|(endpoint, standing)| (*endpoint, standing.room()));
        (MOST.saturating_sub(on_the_way), room.filter(|(_, room)| *room < PER_ENDPOINT).collect())
    }

    /// One goes on its way.
    pub(super) fn begin(&self, endpoint: EndpointId) {
        self.lock().entry(endpoint).or_default().on_the_way += 1;
    }

    /// One came to its end; whether the endpoint took it, where that was seen.
    pub(super) fn end(&self, endpoint: EndpointId, took: Option<bool>) {
        let mut standings = self.lock();
        let standing = standings.entry(endpoint).or_default();
        standing.on_the_way = standing.on_the_way.saturating_sub(1);
        standing.fails = took.map_or(standing.fails, |took| !took);
        if !standing.fails && standing.on_the_way == 0 {
            standings.remove(&endpoint);
        }
        if standings.len() > REMEMBERED {
            standings.retain(|_, standing| standing.on_the_way > 0);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<EndpointId, Standing>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_fails_holds_one_place_until_it_takes_something() {
        let (pace, slow) = (Pace::default(), EndpointId(1));
        for _ in 0..PER_ENDPOINT {
            pace.begin(slow);
        }
        assert_eq!(pace.room(), (MOST - PER_ENDPOINT, HashMap::from([(slow, 0)])));
        for _ in 0..PER_ENDPOINT {
            pace.end(slow, Some(false));
        }
        assert_eq!(pace.room(), (MOST, HashMap::from([(slow, FAILING)])));
        pace.begin(slow);
        assert_eq!(pace.room(), (MOST - 1, HashMap::from([(slow, 0)])));
        pace.end(slow, Some(true));
        assert_eq!(pace.room(), (MOST, HashMap::new()));
    }
}
