//! Endpoints in SQL. Secrets come sealed; what they open is not known here.

use std::collections::HashSet;

use async_trait::async_trait;
use doorstep_model::id::TrackingId;
use doorstep_model::time::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use super::super::errand::Errand;
use crate::identity::TenantId;
use crate::store::StoreError;
use crate::webhooks::{Auth, Disabled, Endpoint, EndpointId, EndpointPlan, Topics};

/// The columns of an endpoint `e`, in the order in which [`read`] wants them.
macro_rules! columns {
    () => {
        "e.id, e.tenant_id, e.scope, e.url, e.shape, e.auth, e.topics, e.includes_code, e.note, e.created_at,
         e.disabled_at, e.disabled_why, e.failing_since, e.paused_until"
    };
}
pub(super) use columns;

/// The most endpoints that are listed.
const LISTED: i64 = 200;

/// An endpoint to be made.
pub(super) struct Add {
    pub(super) tenant: TenantId,
    pub(super) plan: EndpointPlan,
    pub(super) at: Timestamp,
    pub(super) most: u32,
}

#[async_trait]
impl Errand for Add {
    type Answer = Option<Endpoint>;

    fn changes_endpoints(&self) -> bool {
        true
    }

    async fn run(self, connection: &mut SqliteConnection) -> Result<Option<Endpoint>, StoreError> {
        let Self { tenant, plan, at, most } = self;
        let row = sqlx::query(concat!(
            "INSERT INTO endpoint AS e (tenant_id, scope, url, shape, auth, topics, includes_code, note, created_at)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
             WHERE (SELECT COUNT(*) FROM endpoint WHERE tenant_id = ?1 AND scope = ?2) < ?10
             RETURNING ",
            "id, tenant_id, scope, url, shape, auth, topics, includes_code, note, created_at,
             disabled_at, disabled_why, failing_since, paused_until"
        ))
        .bind(tenant.0)
        .bind(scope(plan.scope.as_ref()))
        .bind(plan.target.as_str())
        .bind(&plan.shape)
        .bind(json(&plan.auth)?)
        .bind(plan.topics.bits())
        .bind(plan.includes_code)
        .bind(&plan.note)
        .bind(at.millis())
        .bind(most)
        .fetch_optional(connection)
        .await?;
        row.as_ref().map(|row| read(row, 0)).transpose()
    }
}

/// An endpoint to be changed.
pub(super) struct Change {
    pub(super) before: Endpoint,
    pub(super) plan: EndpointPlan,
    pub(super) disabled: Option<(Timestamp, Disabled)>,
}

#[async_trait]
impl Errand for Change {
    type Answer = Option<Endpoint>;

    fn changes_endpoints(&self) -> bool {
        true
    }

    async fn run(self, connection: &mut SqliteConnection) -> Result<Option<Endpoint>, StoreError> {
        let Self { before, plan, disabled } = self;
        if !is_as_before(connection, &before).await? {
            return Ok(None);
        }
        let Endpoint { tenant, id, .. } = before;
        sqlx::query(
            "UPDATE endpoint SET url = ?3, shape = ?4, auth = ?5, topics = ?6, includes_code = ?7, note = ?8,
                    disabled_at = ?9, disabled_why = ?10, paused_until = NULL
             WHERE tenant_id = ?1 AND id = ?2",
        )
        .bind(tenant.0)
        .bind(id.0)
        .bind(plan.target.as_str())
        .bind(&plan.shape)
        .bind(json(&plan.auth)?)
        .bind(plan.topics.bits())
        .bind(plan.includes_code)
        .bind(&plan.note)
        .bind(disabled.map(|(at, _)| at.millis()))
        .bind(disabled.map(|(_, why)| why.as_str()))
        .execute(&mut *connection)
        .await?;
        if disabled.is_some() {
            hold(connection, id).await?
        } else {
            line_up(connection, id).await?
        }
        one(connection, tenant, id).await
    }
}

/// An endpoint that is to show in another way who we are.
pub(super) struct Rotate {
    pub(super) before: Endpoint,
    pub(super) auth: Auth,
}

#[async_trait]
impl Errand for Rotate {
    type Answer = bool;

    async fn run(self, connection: &mut SqliteConnection) -> Result<bool, StoreError> {
        if !is_as_before(connection, &self.before).await? {
            return Ok(false);
        }
        let rotate = sqlx::query("UPDATE endpoint SET auth = ?2 WHERE id = ?1");
        rotate.bind(self.before.id.0).bind(json(&self.auth)?).execute(connection).await?;
        Ok(true)
    }
}

/// Whether an endpoint is there and shows who we are as it did when it was read.
async fn is_as_before(connection: &mut SqliteConnection, before: &Endpoint) -> Result<bool, StoreError> {
    let now = one(connection, before.tenant, before.id).await?;
    Ok(now.is_some_and(|now| now.plan.auth == before.plan.auth))
}

/// An endpoint to be removed, with all that was for it.
pub(super) struct Remove {
    pub(super) tenant: TenantId,
    pub(super) id: EndpointId,
}

#[async_trait]
impl Errand for Remove {
    type Answer = bool;

    fn changes_endpoints(&self) -> bool {
        true
    }

    async fn run(self, connection: &mut SqliteConnection) -> Result<bool, StoreError> {
        let remove = sqlx::query("DELETE FROM endpoint WHERE tenant_id = ?1 AND id = ?2");
        let removed = remove.bind(self.tenant.0).bind(self.id.0).execute(connection).await?;
        Ok(removed.rows_affected() > 0)
    }
}

/// Has nothing tried that waits for an endpoint.
pub(super) async fn hold(connection: &mut SqliteConnection, id: EndpointId) -> Result<(), StoreError> {
    let hold =
        sqlx::query("UPDATE delivery SET next_at = NULL WHERE endpoint_id = ?1 AND next_at IS NOT NULL");
    hold.bind(id.0).execute(connection).await?;
    Ok(())
}

/// Has the first of each shipment tried that waits for an endpoint, when it was to be tried or else as soon as the
/// endpoint takes anything, and none behind it. Tests are of no shipment, and wait for nothing.
pub(super) async fn line_up(connection: &mut SqliteConnection, id: EndpointId) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE delivery SET next_at = CASE
             WHEN shipment_id IS NULL
                  OR id = (SELECT MIN(f.id) FROM delivery AS f
                           WHERE f.endpoint_id = ?1 AND f.shipment_id = delivery.shipment_id
                                 AND f.state = 'waiting')
             THEN COALESCE(next_at, (SELECT e.paused_until FROM endpoint AS e WHERE e.id = ?1), 0) END
         WHERE endpoint_id = ?1 AND state = 'waiting'",
    )
    .bind(id.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// The endpoint of that name.
pub(super) async fn one(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    id: EndpointId,
) -> Result<Option<Endpoint>, StoreError> {
    const SQL: &str =
        concat!("SELECT ", columns!(), " FROM endpoint AS e WHERE e.tenant_id = ?1 AND e.id = ?2");
    let row = sqlx::query(SQL).bind(tenant.0).bind(id.0).fetch_optional(connection).await?;
    row.as_ref().map(|row| read(row, 0)).transpose()
}

/// A tenant's endpoints of that scope, oldest first.
pub(super) async fn of(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    about: Option<&TrackingId>,
) -> Result<Vec<Endpoint>, StoreError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM endpoint AS e WHERE e.tenant_id = ?1 AND e.scope = ?2 ORDER BY e.id LIMIT ?3"
    );
    let rows = sqlx::query(SQL).bind(tenant.0).bind(scope(about)).bind(LISTED).fetch_all(connection).await?;
    readable(rows.iter().map(|row| read(row, 0)))
}

/// Those of many that read back. The others are told to the log alone: one broken row must not keep all others
/// from theirs.
pub(super) fn readable<T>(rows: impl Iterator<Item = Result<T, StoreError>>) -> Result<Vec<T>, StoreError> {
    let whole = rows.filter_map(|row| match row {
        Err(StoreError::Corrupt(what)) => {
            tracing::error!(what, "a row of the outbox is left out");
            None
        }
        row => Some(row),
    });
    whole.collect()
}

/// The tenants that want to be told of anything.
pub(in crate::store::sqlite) async fn watched(
    connection: &mut SqliteConnection,
) -> Result<HashSet<TenantId>, StoreError> {
    let sql = "SELECT t.id FROM tenant AS t WHERE EXISTS
                   (SELECT 1 FROM endpoint AS e WHERE e.tenant_id = t.id AND e.disabled_at IS NULL)";
    let tenants: Vec<i64> = sqlx::query_scalar(sql).fetch_all(connection).await?;
    Ok(tenants.into_iter().map(TenantId).collect())
}

/// An endpoint whose columns begin at `first`.
pub(super) fn read(row: &SqliteRow, first: usize) -> Result<Endpoint, StoreError> {
    let id: i64 = row.try_get(first)?;
    // The cause is left out: it may repeat a secret.
    let corrupt = |column: &str| StoreError::Corrupt(format!("endpoint {id}: {column}"));
    let time = |column: usize| {
        Ok::<_, StoreError>(row.try_get::<Option<i64>, _>(first + column)?.map(Timestamp::from_millis))
    };
    let scope: &str = row.try_get(first + 2)?;
    let scope =
        if scope.is_empty() { None } else { Some(TrackingId::parse(scope).map_err(|_| corrupt("scope"))?) };
    let why: Option<&str> = row.try_get(first + 11)?;
    let why: Option<Disabled> = why.map(str::parse).transpose().map_err(|_| corrupt("disabled_why"))?;
    Ok(Endpoint {
        id: EndpointId(id),
        tenant: TenantId(row.try_get(first + 1)?),
        plan: EndpointPlan {
            scope,
            target: row.try_get::<&str, _>(first + 3)?.parse().map_err(|_| corrupt("url"))?,
            shape: row.try_get(first + 4)?,
            auth: serde_json::from_str(row.try_get(first + 5)?).map_err(|_| corrupt("auth"))?,
            topics: Topics::from_bits(row.try_get(first + 6)?),
            includes_code: row.try_get(first + 7)?,
            note: row.try_get(first + 8)?,
        },
        created_at: Timestamp::from_millis(row.try_get(first + 9)?),
        disabled: time(10)?.zip(why),
        failing_since: time(12)?,
        paused_until: time(13)?,
    })
}

fn scope(about: Option<&TrackingId>) -> String {
    about.map(TrackingId::key).unwrap_or_default()
}

fn json(auth: &Auth) -> Result<String, StoreError> {
    serde_json::to_string(auth).map_err(|error| StoreError::Engine(error.into()))
}
