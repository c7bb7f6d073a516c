//! How many messages are on their way at once: over all, for one tenant, for one receiver, and for one that takes none
//! just now. So a dead receiver holds one place, however many endpoints lead there, and not those of others. Knows
//! nothing of messages.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Receiver;
use crate::store::outbox::Room;

/// The most messages on their way from this process.
const MOST: u32 = 512;

/// The most of them for one tenant.
const PER_TENANT: u32 = MOST / 4;

/// The most of them to one receiver.
const PER_RECEIVER: u32 = 8;

/// The most of them to a receiver that did not take the last one.
const FAILING: u32 = 1;

/// From how many remembered receivers on those are forgotten to which nothing is on its way.
const REMEMBERED: usize = 10_000;

/// Counts what is on its way.
#[derive(Default)]
pub(super) struct Pace(Mutex<HashMap<Receiver, Standing>>);

#[derive(Clone, Copy, Default)]
struct Standing {
    on_the_way: u32,
    fails: bool,
}

impl Standing {
    fn room(self) -> u32 {
        let most = if self.fails { FAILING } else { PER_RECEIVER };
        most.saturating_sub(self.on_the_way)
    }
}

impl Pace {
    /// How many more may go on their way.
    pub(super) fn room(&self) -> Room {
        let standings = self.lock();
        let mut room =
            Room { most: MOST, per_tenant: PER_TENANT, per_receiver: PER_RECEIVER, ..Room::default() };
        for (receiver, standing) in &*standings {
            room.most = room.most.saturating_sub(standing.on_the_way);
            let of_tenant: &mut u32 = room.tenants.entry(receiver.tenant).or_insert(PER_TENANT);
            *of_tenant = of_tenant.saturating_sub(standing.on_the_way);
            room.receivers.insert(receiver.clone(), standing.room());
        }
        room
    }

    /// One goes on its way.
    pub(super) fn begin(&self, receiver: Receiver) {
        self.lock().entry(receiver).or_default().on_the_way += 1;
    }

    /// One came to its end; whether the receiver took it, where that was seen.
    pub(super) fn end(&self, receiver: Receiver, took: Option<bool>) {
        let mut standings = self.lock();
        let standing = standings.entry(receiver.clone()).or_default();
        standing.on_the_way = standing.on_the_way.saturating_sub(1);
        standing.fails = took.map_or(standing.fails, |took| !took);
        if !standing.fails && standing.on_the_way == 0 {
            standings.remove(&receiver);
        }
        if standings.len() > REMEMBERED {
            standings.retain(|_, standing| standing.on_the_way > 0);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Receiver, Standing>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::TenantId;

    fn receiver(tenant: i64, host: &str) -> Receiver {
        Receiver { tenant: TenantId(tenant), authority: host.to_owned() }
    }

    /// For how many there is room to a receiver.
    fn room(pace: &Pace, receiver: &Receiver) -> u32 {
        pace.room().take(receiver, u32::MAX)
    }

    #[test]
    fn who_fails_holds_one_place_until_it_takes_something() {
        let (pace, slow) = (Pace::default(), receiver(1, "slow"));
        assert_eq!(room(&pace, &slow), PER_RECEIVER);
        for _ in 0..PER_RECEIVER {
            pace.begin(slow.clone());
        }
        assert_eq!((room(&pace, &slow), pace.room().most), (0, MOST - PER_RECEIVER));
        for _ in 0..PER_RECEIVER {
            pace.end(slow.clone(), Some(false));
        }
        assert_eq!((room(&pace, &slow), pace.room().most), (FAILING, MOST));
        pace.begin(slow.clone());
        assert_eq!((room(&pace, &slow), pace.room().most), (0, MOST - 1));
        pace.end(slow.clone(), Some(true));
        assert_eq!(room(&pace, &slow), PER_RECEIVER);
        assert!(pace.lock().is_empty(), "who is well is not remembered");
    }

    #[test]
    fn a_tenant_with_many_receivers_leaves_room_for_others() {
        let pace = Pace::default();
        for n in 0..PER_TENANT {
            let host = receiver(1, &n.to_string());
            assert_eq!(room(&pace, &host), PER_RECEIVER.min(PER_TENANT - n));
            pace.begin(host);
        }
        assert_eq!(room(&pace, &receiver(1, "another")), 0);
        assert_eq!(room(&pace, &receiver(2, "another")), PER_RECEIVER);
    }
}
