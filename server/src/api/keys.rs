//! Who holds which key, remembered for a few seconds so that a call needs no look into the store for it.
//! Only keys that somebody holds are remembered, by their hash; a key taken away works for at most
//! [`FRESH`] more.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dashmap::DashMap;
use doorstep_model::text::Source;

use crate::identity::{Client, KeyHash};
use crate::store::{Store, StoreError};

/// How long the store's word holds.
const FRESH: Duration = Duration::from_secs(5);

/// The most keys remembered; a busy server has hundreds.
const MOST: usize = 10_000;

/// A client with what follows from its name.
pub(crate) struct KnownClient {
    pub(crate) client: Client,
    /// The source of the events it reports.
    pub(crate) source: Source,
}

/// Remembers who holds which key.
#[derive(Clone, Default)]
pub(crate) struct Keys(Arc<DashMap<KeyHash, (Arc<KnownClient>, Instant)>>);

impl Keys {
    /// Who holds the key that was presented, if anybody does.
    pub(crate) async fn holder(
        &self,
        presented: &str,
        store: &dyn Store,
    ) -> Result<Option<Arc<KnownClient>>, StoreError> {
        let hash = KeyHash::of(presented);
        let now = Instant::now();
        if let Some(known) = self.0.get(&hash) {
            let (client, since) = known.value();
            if now.duration_since(*since) < FRESH {
                return Ok(Some(Arc::clone(client)));
            }
        }
        let Some(client) = store.client_by_key(&hash).await? else {
            self.0.remove(&hash);
            return Ok(None);
        };
        let source = Source::parse(&client.name)
            .map_err(|error| StoreError::Corrupt(format!("the name of client {}: {error}", client.id.0)))?;
        let known = Arc::new(KnownClient { client, source });
        if self.0.len() >= MOST {
            self.0.retain(|_, (_, since)| now.duration_since(*since) < FRESH);
        }
        if self.0.len() < MOST {
            self.0.insert(hash, (Arc::clone(&known), now));
        }
        Ok(Some(known))
    }
}
