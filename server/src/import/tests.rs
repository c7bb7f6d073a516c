//! Whole files into a store: the real orders, and a copy of them made messy.

mod messy;
mod orders;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use doorstep_model::shipment::Shipment;
use doorstep_model::time::Timestamp;

use super::mapping::{Mapping, Plan};
use super::progress::Progress;
use super::report::Report;
use super::rows::{CsvRows, Rows as _};
use crate::clock::Clock;
use crate::identity::{KeyHash, Role, TenantId};
use crate::store::sqlite::SqliteStore;
use crate::store::{Observer, Store as _};

struct Nobody;

impl Observer for Nobody {
    fn changed(&self, _: &[Arc<Shipment>]) {}

    fn all_may_have_changed(&self) {}
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The real orders, where they are at hand.
fn orders() -> Option<PathBuf> {
    let path = repository().join("../shared/data/orders.csv");
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: {} is not here, so the real orders were not imported", path.display());
    None
}

fn open(file: &Path) -> (Plan, CsvRows) {
    let mapping = Mapping::read(&repository().join("tests/data/orders.mapping.toml"));
    let mapping = mapping.unwrap_or_else(|e| panic!("{e}"));
    let delimiter = mapping.delimiter().unwrap_or_else(|e| panic!("{e}"));
    let rows = CsvRows::open(file, delimiter, &mapping.columns()).unwrap_or_else(|e| panic!("{e}"));
    (mapping.plan(rows.header()).unwrap_or_else(|e| panic!("{e}")), rows)
}

/// A store with one tenant, in a folder that goes with it.
struct Kept {
    store: SqliteStore,
    tenant: TenantId,
    _folder: tempfile::TempDir,
}

impl Kept {
    async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
        let path = folder.path().join("import.db");
        let store = SqliteStore::open(path.to_str().unwrap_or_default(), Arc::new(Nobody)).await;
        let store = store.unwrap_or_else(|e| panic!("{e}"));
        let name = "shop".parse().unwrap_or_else(|e| panic!("{e}"));
        let client = store.create_client(&name, "test", Role::Manager, KeyHash::of("test")).await;
        let tenant = client.unwrap_or_else(|e| panic!("{e}")).tenant;
        Self { store, tenant, _folder: folder }
    }

    /// Imports `file` on 21 November 2026, at noon plus `minutes`.
    async fn import(&self, file: &Path, minutes: i64) -> Report {
        let (plan, rows) = open(file);
        let now = Timestamp::from_millis(1_795_262_400_000 + minutes * 60_000);
        let clock = Clock::from_fn(move || now);
        super::import(&self.store, self.tenant, &plan, rows, &clock, &mut Progress::Silent)
            .await
            .unwrap_or_else(|e| panic!("{e:#}"))
    }

    async fn shipment(&self, id: &str) -> Option<Arc<Shipment>> {
        let id = doorstep_model::id::TrackingId::parse(id).unwrap_or_else(|e| panic!("{e}"));
        self.store.shipment_of(self.tenant, &id).await.unwrap_or_else(|e| panic!("{e}"))
    }
}
