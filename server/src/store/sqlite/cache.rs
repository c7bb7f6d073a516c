//! Shipments as the last commit left them, so that the writer need not read and fold again what it has
//! just written. Right only as long as nobody else writes: the writer empties it when somebody did.

use hashlink::LruCache;

use crate::store::plan::Kept;

/// The most that is held, counting one for each shipment and each of its events; some 500 bytes each.
const ROOM: usize = 200_000;

/// Recent shipments by their key; those not used for longest go first.
pub(super) struct Cache {
    kept: LruCache<String, Kept>,
    held: usize,
}

impl Cache {
    pub(super) fn new() -> Self {
        Self { kept: LruCache::new_unbounded(), held: 0 }
    }

    /// Gives the shipment of that key away, if it is held: whoever changes it puts it back as it is then.
    pub(super) fn take(&mut self, key: &str) -> Option<Kept> {
        let kept = self.kept.remove(key)?;
        self.held -= weight(&kept);
        Some(kept)
    }

    /// Holds a shipment as it is now.
    pub(super) fn put(&mut self, kept: Kept) {
        self.held += weight(&kept);
        if let Some(former) = self.kept.insert(kept.shipment.tracking_id().key(), kept) {
            self.held -= weight(&former);
        }
        while self.held > ROOM {
            let Some((_, oldest)) = self.kept.remove_lru() else { break };
            self.held -= weight(&oldest);
        }
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.kept.clear();
        self.held = 0;
    }
}

fn weight(kept: &Kept) -> usize {
    1 + kept.shipment.events().len()
}
