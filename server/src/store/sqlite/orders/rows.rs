//! Orders out of their rows and back. Knows columns, and nothing of when an order may be written.

use doorstep_model::id::TrackingId;
use doorstep_model::time::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use crate::identity::TenantId;
use crate::store::StoreError;
use crate::store::orders::{DialectName, Facets, Order, OrderId, OrderKey};

/// `SELECT` of an order `o` with its shipment's tracking id, and then whatever `$tail` says.
macro_rules! select_order {
    ($tail:literal) => {
        concat!(
            "SELECT o.id, o.external_id, s.tracking_id, o.version, o.created_at, o.updated_at, o.status,
                    o.location, o.in_group, o.starts_at, o.ends_at, o.document, o.shipment_id
             FROM dialect_order AS o LEFT JOIN shipment AS s ON s.id = o.shipment_id ",
            $tail
        )
    };
}

/// The order of that key.
pub(in crate::store::sqlite) async fn by_key(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    key: &OrderKey,
) -> Result<Option<Order>, StoreError> {
    const SQL: &str = select_order!("WHERE o.tenant_id = ?1 AND o.dialect = ?2 AND o.external_id = ?3");
    let row = sqlx::query(SQL)
        .bind(tenant.0)
        .bind(key.dialect.0)
        .bind(&key.external_id)
        .fetch_optional(connection)
        .await?;
    row.map(|row| order(&row, key.dialect)).transpose()
}

/// The order of that key, or else one whose external id differs from it by nothing but the case of its letters.
pub(super) async fn by_name(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    key: &OrderKey,
) -> Result<Option<Order>, StoreError> {
    const SQL: &str = select_order!(
        "WHERE o.tenant_id = ?1 AND o.dialect = ?2 AND o.external_id = ?3 COLLATE NOCASE
         ORDER BY o.external_id = ?3 DESC, o.id LIMIT 1"
    );
    let row = sqlx::query(SQL)
        .bind(tenant.0)
        .bind(key.dialect.0)
        .bind(&key.external_id)
        .fetch_optional(connection)
        .await?;
    row.map(|row| order(&row, key.dialect)).transpose()
}

/// The orders of those ids, in that order, each with the row of its shipment.
pub(super) async fn by_ids(
    connection: &mut SqliteConnection,
    dialect: DialectName,
    ids: &[OrderId],
) -> Result<Vec<(Order, Option<i64>)>, StoreError> {
    const SQL: &str =
        select_order!("JOIN json_each(?1) AS wanted ON wanted.value = o.id ORDER BY wanted.key");
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let ids = serde_json::to_string(&ids).map_err(|error| StoreError::Engine(error.into()))?;
    let rows = sqlx::query(SQL).bind(ids).fetch_all(connection).await?;
    rows.iter().map(|row| Ok((order(row, dialect)?, row.try_get(12)?))).collect()
}

/// The order that a shipment belongs to.
pub(in crate::store::sqlite) async fn by_shipment(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    dialect: DialectName,
    id: &TrackingId,
) -> Result<Option<Order>, StoreError> {
    const SQL: &str = select_order!("WHERE s.tracking_key = ?3 AND o.tenant_id = ?1 AND o.dialect = ?2");
    let row =
        sqlx::query(SQL).bind(tenant.0).bind(dialect.0).bind(id.key()).fetch_optional(connection).await?;
    row.map(|row| order(&row, dialect)).transpose()
}

/// Makes an order, in the transaction that is open; gives its id.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    order: &Order,
) -> Result<OrderId, StoreError> {
    let facets = &order.facets;
    let id = sqlx::query_scalar(
        "INSERT INTO dialect_order (tenant_id, dialect, external_id, shipment_id, version, created_at,
                                    updated_at, status, location, in_group, starts_at, ends_at, document)
         VALUES (?1, ?2, ?3, (SELECT id FROM shipment WHERE tracking_key = ?4), ?5, ?6, ?7, ?8, ?9, ?10, ?11,
                 ?12, ?13)
         RETURNING id",
    )
    .bind(tenant.0)
    .bind(order.key.dialect.0)
    .bind(&order.key.external_id)
    .bind(order.tracking_id.as_ref().map(TrackingId::key))
    .bind(version(order)?)
    .bind(order.created_at.millis())
    .bind(order.updated_at.millis())
    .bind(&facets.status)
    .bind(&facets.location)
    .bind(&facets.group)
    .bind(facets.starts_at.map(Timestamp::millis))
    .bind(facets.ends_at.map(Timestamp::millis))
    .bind(&order.document)
    .fetch_one(connection)
    .await?;
    Ok(OrderId(id))
}

/// Writes an order anew, in the transaction that is open.
pub(super) async fn update(connection: &mut SqliteConnection, order: &Order) -> Result<(), StoreError> {
    let facets = &order.facets;
    sqlx::query(
        "UPDATE dialect_order
         SET shipment_id = (SELECT id FROM shipment WHERE tracking_key = ?2), version = ?3, updated_at = ?4,
             status = ?5, location = ?6, in_group = ?7, starts_at = ?8, ends_at = ?9, document = ?10
         WHERE id = ?1",
    )
    .bind(order.id.0)
    .bind(order.tracking_id.as_ref().map(TrackingId::key))
    .bind(version(order)?)
    .bind(order.updated_at.millis())
    .bind(&facets.status)
    .bind(&facets.location)
    .bind(&facets.group)
    .bind(facets.starts_at.map(Timestamp::millis))
    .bind(facets.ends_at.map(Timestamp::millis))
    .bind(&order.document)
    .execute(connection)
    .await?;
    Ok(())
}

fn version(order: &Order) -> Result<i64, StoreError> {
    i64::try_from(order.version).map_err(|error| StoreError::Engine(error.into()))
}

fn order(row: &SqliteRow, dialect: DialectName) -> Result<Order, StoreError> {
    let id: i64 = row.try_get(0)?;
    let corrupt = |column: &str| StoreError::Corrupt(format!("order row {id}: {column}"));
    let instant = |millis: Option<i64>| millis.map(Timestamp::from_millis);
    let tracking_id: Option<&str> = row.try_get(2)?;
    let version: i64 = row.try_get(3)?;
    Ok(Order {
        id: OrderId(id),
        key: OrderKey { dialect, external_id: row.try_get(1)? },
        tracking_id: tracking_id.map(TrackingId::parse).transpose().map_err(|_| corrupt("tracking_id"))?,
        version: u64::try_from(version).map_err(|_| corrupt("version"))?,
        created_at: Timestamp::from_millis(row.try_get(4)?),
        updated_at: Timestamp::from_millis(row.try_get(5)?),
        facets: Facets {
            status: row.try_get(6)?,
            location: row.try_get(7)?,
            group: row.try_get(8)?,
            starts_at: instant(row.try_get(9)?),
            ends_at: instant(row.try_get(10)?),
        },
        document: row.try_get(11)?,
    })
}
