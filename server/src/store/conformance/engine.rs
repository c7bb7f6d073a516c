//! The factory that an engine gives to the suite, and the observer that watches its stores.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use doorstep_model::shipment::Shipment;

use crate::identity::{Client, KeyHash, Role, TenantId};
use crate::store::{Observer, Store};

/// One database, as often opened as a law wants.
#[async_trait]
pub(crate) trait Engine: Send + Sync + 'static {
    /// A store on the database.
    async fn open(&self, observer: Arc<dyn Observer>) -> Arc<dyn Store>;
}

/// Remembers what it was told.
#[derive(Default)]
pub(crate) struct Witness {
    told: Mutex<HashMap<String, Vec<u64>>>,
    everything: AtomicUsize,
}

impl Witness {
    /// The sequences at which it was told of a shipment, in order.
    pub(crate) fn of(&self, key: &str) -> Vec<u64> {
        self.told.lock().unwrap().get(key).cloned().unwrap_or_default()
    }

    /// How often it was told that anything may have changed.
    pub(crate) fn everything(&self) -> usize {
        self.everything.load(Ordering::SeqCst)
    }
}

impl Observer for Witness {
    fn changed(&self, shipments: &[Arc<Shipment>]) {
        let mut told = self.told.lock().unwrap();
        for shipment in shipments {
            told.entry(shipment.tracking_id().key()).or_default().push(shipment.sequence());
        }
    }

    fn all_may_have_changed(&self) {
        self.everything.fetch_add(1, Ordering::SeqCst);
    }
}

/// A store with two tenants, watched.
pub(crate) struct House {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) witness: Arc<Witness>,
    pub(crate) client: Client,
    pub(crate) ours: TenantId,
    pub(crate) theirs: TenantId,
}

impl House {
    /// Builds it on an engine's database.
    pub(crate) async fn on(engine: &impl Engine) -> Self {
        let witness = Arc::new(Witness::default());
        let store = engine.open(Arc::clone(&witness) as Arc<dyn Observer>).await;
        let make = async |tenant: &str| {
            let key = KeyHash::of(tenant);
            store.create_client(&tenant.parse().unwrap(), "till", Role::Manager, key).await.unwrap()
        };
        let client = make("ours").await;
        let theirs = make("theirs").await.tenant;
        Self { ours: client.tenant, store, witness, client, theirs }
    }
}
