//! Pictures of proofs in SQL. Knows nothing of what is in them.

use async_trait::async_trait;
use bytes::Bytes;
use doorstep_model::id::TrackingId;
use sqlx::SqliteConnection;

use super::errand::Errand;
use crate::identity::TenantId;
use crate::store::{Picture, StoreError};

/// A picture weighs one for each so many bytes: about what an event weighs in memory.
const BYTES_OF_WEIGHT: usize = 500;

/// A picture to be kept, where there is none yet.
pub(super) struct KeepPicture {
    pub(super) tenant: TenantId,
    pub(super) id: TrackingId,
    pub(super) proof: u32,
    pub(super) picture: Picture,
}

#[async_trait]
impl Errand for KeepPicture {
    type Answer = ();

    fn weight(&self) -> usize {
        1 + self.picture.bytes.len() / BYTES_OF_WEIGHT
    }

    async fn run(self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT OR IGNORE INTO picture (shipment_id, proof, media_type, bytes)
             SELECT id, ?3, ?4, ?5 FROM shipment WHERE tenant_id = ?1 AND tracking_key = ?2",
        )
        .bind(self.tenant.0)
        .bind(self.id.key())
        .bind(self.proof)
        .bind(&self.picture.media_type)
        .bind(&self.picture.bytes[..])
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// The picture of a proof.
pub(super) async fn of(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    id: &TrackingId,
    proof: u32,
) -> Result<Option<Picture>, StoreError> {
    let row: Option<(String, Vec<u8>)> = sqlx::query_as(
        "SELECT p.media_type, p.bytes FROM shipment AS s JOIN picture AS p ON p.shipment_id = s.id
         WHERE s.tenant_id = ?1 AND s.tracking_key = ?2 AND p.proof = ?3",
    )
    .bind(tenant.0)
    .bind(id.key())
    .bind(proof)
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|(media_type, bytes)| Picture { media_type, bytes: Bytes::from(bytes) }))
}
