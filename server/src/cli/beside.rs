//! Opens the database for a command that runs beside the server, or without one.

use std::sync::Arc;

use anyhow::Context as _;
use doorstep_model::shipment::Shipment;

use crate::config::DatabaseUrl;
use crate::store::Observer;
use crate::store::sqlite::SqliteStore;

/// No viewer is in this process; a server that has the same database notices by itself.
struct Nobody;

impl Observer for Nobody {
    fn changed(&self, _: &[Arc<Shipment>]) {}

    fn all_may_have_changed(&self) {}
}

/// Opens the database.
pub(super) async fn open(database: &DatabaseUrl) -> anyhow::Result<SqliteStore> {
    let DatabaseUrl::Sqlite(path) = database;
    let path = path.to_str().context("the database's path is no UTF-8")?;
    SqliteStore::open(path, Arc::new(Nobody)).await.with_context(|| {
        format!("the database {path} cannot be opened; is --database the one that the server has?")
    })
}
