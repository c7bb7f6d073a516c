//! Tenants and their clients in SQL. Knows keys as hashes only.

use async_trait::async_trait;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use super::errand::Errand;
use crate::identity::{Client, ClientId, KeyHash, Role, TenantId, TenantName};
use crate::store::StoreError;

/// A client to be made, and its tenant where it is new.
pub(super) struct NewClient {
    pub(super) tenant: TenantName,
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) key: KeyHash,
}

#[async_trait]
impl Errand for NewClient {
    type Answer = Client;

    async fn run(self, connection: &mut SqliteConnection) -> Result<Client, StoreError> {
        sqlx::query("INSERT INTO tenant (name) VALUES (?1) ON CONFLICT DO NOTHING")
            .bind(self.tenant.as_str())
            .execute(&mut *connection)
            .await?;
        let row = sqlx::query(
            "INSERT INTO client (tenant_id, name, role, key_hash)
             SELECT id, ?2, ?3, ?4 FROM tenant WHERE name = ?1
             RETURNING id, tenant_id, name, role",
        )
        .bind(self.tenant.as_str())
        .bind(&self.name)
        .bind(self.role.as_str())
        .bind(&self.key.0[..])
        .fetch_one(connection)
        .await?;
        client(&row)
    }
}

/// The client that holds the key with this hash.
pub(super) async fn by_key(
    connection: &mut SqliteConnection,
    key: &KeyHash,
) -> Result<Option<Client>, StoreError> {
    let row = sqlx::query("SELECT id, tenant_id, name, role FROM client WHERE key_hash = ?1")
        .bind(&key.0[..])
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(client).transpose()
}

/// The tenant of that name.
pub(super) async fn tenant_by_name(
    connection: &mut SqliteConnection,
    name: &TenantName,
) -> Result<Option<TenantId>, StoreError> {
    let id = sqlx::query_scalar("SELECT id FROM tenant WHERE name = ?1")
        .bind(name.as_str())
        .fetch_optional(connection)
        .await?;
    Ok(id.map(TenantId))
}

fn client(row: &SqliteRow) -> Result<Client, StoreError> {
    let id = row.try_get(0)?;
    let role: &str = row.try_get(3)?;
    let role: Role = role.parse().map_err(|_| StoreError::Corrupt(format!("client {id}: role")))?;
    Ok(Client { id: ClientId(id), tenant: TenantId(row.try_get(1)?), name: row.try_get(2)?, role })
}
