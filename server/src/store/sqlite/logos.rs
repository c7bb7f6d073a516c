//! Tenants' logos in SQL. Knows nothing of what is in them.

use async_trait::async_trait;
use bytes::Bytes;
use sqlx::SqliteConnection;

use super::SqliteStore;
use super::errand::Errand;
use crate::access::{Logo, LogoName, LogoPicture};
use crate::identity::TenantId;
use crate::store::StoreError;
use crate::store::logos::Logos;

/// A logo to be kept in the place of what is there, or nothing.
struct KeepLogo {
    tenant: TenantId,
    picture: Option<LogoPicture>,
}

#[async_trait]
impl Errand for KeepLogo {
    type Answer = ();

    async fn run(self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let Some(LogoPicture { logo, media_type, bytes }) = self.picture else {
            let forget = sqlx::query("DELETE FROM logo WHERE tenant_id = ?1").bind(self.tenant.0);
            forget.execute(connection).await?;
            return Ok(());
        };
        sqlx::query(
            "INSERT OR REPLACE INTO logo (tenant_id, name, media_type, width, height, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )
        .bind(self.tenant.0)
        .bind(logo.name.as_str())
        .bind(media_type)
        .bind(logo.width)
        .bind(logo.height)
        .bind(&bytes[..])
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// What a page says of a tenant's logo.
async fn of(connection: &mut SqliteConnection, tenant: TenantId) -> Result<Option<Logo>, StoreError> {
    let row: Option<(String, u32, u32)> =
        sqlx::query_as("SELECT name, width, height FROM logo WHERE tenant_id = ?1")
            .bind(tenant.0)
            .fetch_optional(connection)
            .await?;
    row.map(|(name, width, height)| Ok(Logo { name: named(&name)?, width, height })).transpose()
}

/// The logo of that name, whosever it is.
async fn by_name(
    connection: &mut SqliteConnection,
    name: &LogoName,
) -> Result<Option<LogoPicture>, StoreError> {
    let row: Option<(String, u32, u32, Vec<u8>)> =
        sqlx::query_as("SELECT media_type, width, height, bytes FROM logo WHERE name = ?1 LIMIT 1")
            .bind(name.as_str())
            .fetch_optional(connection)
            .await?;
    Ok(row.map(|(media_type, width, height, bytes)| LogoPicture {
        logo: Logo { name: name.clone(), width, height },
        media_type,
        bytes: Bytes::from(bytes),
    }))
}

fn named(name: &str) -> Result<LogoName, StoreError> {
    LogoName::parse(name).map_err(|error| StoreError::Corrupt(format!("logo {name:?}: {error}")))
}

#[async_trait]
impl Logos for SqliteStore {
    async fn keep_logo(&self, tenant: TenantId, picture: Option<LogoPicture>) -> Result<(), StoreError> {
        self.queue.run(KeepLogo { tenant, picture }).await
    }

    async fn logo_of(&self, tenant: TenantId) -> Result<Option<Logo>, StoreError> {
        of(&mut *self.readers.acquire().await?, tenant).await
    }

    async fn logo(&self, name: &LogoName) -> Result<Option<LogoPicture>, StoreError> {
        by_name(&mut *self.readers.acquire().await?, name).await
    }
}
