//! What tenants decided, as JSON in the tenant's row. Knows nothing of what the settings mean; keys in them
//! come sealed.

use async_trait::async_trait;
use sqlx::SqliteConnection;

use super::errand::Errand;
use crate::access::TenantSettings;
use crate::identity::TenantId;
use crate::store::StoreError;

/// Settings to be kept.
pub(super) struct SaveSettings {
    pub(super) tenant: TenantId,
    pub(super) settings: TenantSettings,
}

#[async_trait]
impl Errand for SaveSettings {
    type Answer = ();

    async fn run(self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let json = serde_json::to_string(&self.settings).map_err(|error| StoreError::Engine(error.into()))?;
        let save = sqlx::query("UPDATE tenant SET settings = ?2 WHERE id = ?1");
        save.bind(self.tenant.0).bind(json).execute(connection).await?;
        Ok(())
    }
}

/// What a tenant decided.
pub(super) async fn of(
    connection: &mut SqliteConnection,
    tenant: TenantId,
) -> Result<TenantSettings, StoreError> {
    let json: Option<Option<String>> = sqlx::query_scalar("SELECT settings FROM tenant WHERE id = ?1")
        .bind(tenant.0)
        .fetch_optional(connection)
        .await?;
    let Some(json) = json.flatten() else { return Ok(TenantSettings::default()) };
    // The cause is left out: it may repeat a key.
    serde_json::from_str(&json).map_err(|_| StoreError::Corrupt(format!("tenant {}: settings", tenant.0)))
}
