//! So many at once, over all and from one address. A place is given back when its permit is dropped, so
//! that no way of ending can forget it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;

use super::Address;

/// Lets so many in at once. Remembers only addresses that are inside.
pub struct Gate(Arc<Inside>);

struct Inside {
    most: usize,
    most_per_address: Option<usize>,
    count: AtomicUsize,
    by_address: DashMap<Address, usize>,
}

/// A place inside; given back when dropped.
pub struct Permit {
    inside: Arc<Inside>,
    from: Address,
}

impl Gate {
    /// Nobody inside yet; `None` sets no limit for one address.
    pub fn new(most: usize, most_per_address: Option<usize>) -> Self {
        let by_address = DashMap::new();
        Self(Arc::new(Inside { most, most_per_address, count: AtomicUsize::new(0), by_address }))
    }

    /// A place for one from `from`, when there is room.
    pub fn enter(&self, from: Address) -> Option<Permit> {
        let inside = &self.0;
        let room = |count: usize| (count < inside.most).then_some(count + 1);
        inside.count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, room).ok()?;
        if let Some(most) = inside.most_per_address {
            let mut held = inside.by_address.entry(from).or_insert(0);
            if *held >= most {
                drop(held);
                inside.count.fetch_sub(1, Ordering::Relaxed);
                return None;
            }
            *held += 1;
        }
        Some(Permit { inside: Arc::clone(inside), from })
    }

    /// How many are inside.
    pub fn count(&self) -> usize {
        self.0.count.load(Ordering::Relaxed)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.inside.count.fetch_sub(1, Ordering::Relaxed);
        if self.inside.most_per_address.is_none() {
            return;
        }
        if let Entry::Occupied(mut held) = self.inside.by_address.entry(self.from) {
            if *held.get() > 1 {
                *held.get_mut() -= 1;
            } else {
                held.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    fn address(last: u8) -> Address {
        Address::of(IpAddr::from([10, 0, 0, last]))
    }

    #[test]
    fn places_are_counted_over_all_and_by_address_and_given_back() {
        let gate = Gate::new(3, Some(2));
        let first = gate.enter(address(1));
        let second = gate.enter(address(1));
        assert!(first.is_some() && second.is_some());
        assert!(gate.enter(address(1)).is_none(), "two are the most from one address");
        let third = gate.enter(address(2));
        assert!(third.is_some());
        assert!(gate.enter(address(3)).is_none(), "three are the most over all");
        drop(first);
        assert!(gate.enter(address(3)).is_some(), "a place was given back");
        drop((second, third));
        assert_eq!((gate.count(), gate.0.by_address.len()), (0, 0), "nobody is remembered");
    }

    #[test]
    fn a_refused_address_is_not_remembered() {
        let gate = Gate::new(10, Some(0));
        assert!(gate.enter(address(1)).is_none());
        assert_eq!(gate.count(), 0);
    }
}
