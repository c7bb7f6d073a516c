//! Places that are limited, in SQL. Counted in the transaction that takes one: the file has one writer, so
//! that of two who race for the last place the later sees it taken.

use doorstep_model::time::Timestamp;
use sqlx::SqliteConnection;

use crate::identity::TenantId;
use crate::store::StoreError;
use crate::store::orders::{DialectName, PlaceChange};

/// Carries out `changes` in their order, in the transaction that is open; gives the pool that has no place
/// left, and then the transaction must be taken back.
pub(super) async fn change(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    dialect: DialectName,
    changes: &[PlaceChange],
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    for change in changes {
        match change {
            PlaceChange::Take { pool, most, holder, until } => {
                let taken = sqlx::query(
                    "INSERT INTO dialect_place (tenant_id, dialect, pool, holder, until)
                     SELECT ?1, ?2, ?3, ?4, ?5
                     WHERE (SELECT COUNT(*) FROM dialect_place
                            WHERE tenant_id = ?1 AND dialect = ?2 AND pool = ?3 AND holder <> ?4
                                  AND (until IS NULL OR until > ?6)) < ?7
                     ON CONFLICT (tenant_id, dialect, pool, holder) DO UPDATE SET until = ?5",
                )
                .bind(tenant.0)
                .bind(dialect.0)
                .bind(pool)
                .bind(holder)
                .bind(until.map(Timestamp::millis))
                .bind(now.millis())
                .bind(most)
                .execute(&mut *connection)
                .await?;
                if taken.rows_affected() == 0 {
                    return Ok(Some(pool.clone()));
                }
                forget_past(connection, tenant, dialect, pool, now).await?;
            }
            PlaceChange::Leave { pool, holder } => {
                sqlx::query(
                    "DELETE FROM dialect_place
                     WHERE tenant_id = ?1 AND dialect = ?2 AND pool = ?3 AND holder = ?4",
                )
                .bind(tenant.0)
                .bind(dialect.0)
                .bind(pool)
                .bind(holder)
                .execute(&mut *connection)
                .await?;
            }
        }
    }
    Ok(None)
}

/// Places whose time is over count no more; a pool must not grow by those who never came back.
async fn forget_past(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    dialect: DialectName,
    pool: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM dialect_place WHERE tenant_id = ?1 AND dialect = ?2 AND pool = ?3 AND until <= ?4",
    )
    .bind(tenant.0)
    .bind(dialect.0)
    .bind(pool)
    .bind(now.millis())
    .execute(connection)
    .await?;
    Ok(())
}

/// How many places of each pool are taken.
pub(super) async fn taken(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    dialect: DialectName,
    pools: &[String],
    at: Timestamp,
) -> Result<Vec<u32>, StoreError> {
    // One statement however many pools: they come in as a JSON list.
    let names = serde_json::to_string(pools).map_err(|error| StoreError::Engine(error.into()))?;
    let counts: Vec<i64> = sqlx::query_scalar(
        "SELECT (SELECT COUNT(*) FROM dialect_place
                 WHERE tenant_id = ?1 AND dialect = ?2 AND pool = named.value
                       AND (until IS NULL OR until > ?4))
         FROM json_each(?3) AS named ORDER BY named.key",
    )
    .bind(tenant.0)
    .bind(dialect.0)
    .bind(names)
    .bind(at.millis())
    .fetch_all(connection)
    .await?;
    Ok(counts.into_iter().map(|count| u32::try_from(count).unwrap_or(u32::MAX)).collect())
}
