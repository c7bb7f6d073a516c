//! Work that is due, in SQL. Knows nothing of what it is.

use async_trait::async_trait;
use doorstep_model::time::Timestamp;
use sqlx::SqliteConnection;

use super::SqliteStore;
use super::errand::Errand;
use crate::identity::TenantId;
use crate::store::StoreError;
use crate::store::orders::DialectName;
use crate::store::work::{Claimed, WorkChange, WorkKind, Works};

#[async_trait]
impl Works for SqliteStore {
    async fn claim_work(
        &self,
        dialect: DialectName,
        kind: WorkKind,
        now: Timestamp,
        until: Timestamp,
        most: u32,
    ) -> Result<Vec<Claimed>, StoreError> {
        self.queue.run(Claim { dialect, kind, now, until, most }).await
    }

    async fn next_work(
        &self,
        dialect: DialectName,
        kind: WorkKind,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let due: Option<i64> = sqlx::query_scalar(
            "SELECT due_at FROM dialect_work
             WHERE dialect = ?1 AND kind = ?2 AND (claimed_until IS NULL OR claimed_until <= ?3)
             ORDER BY due_at LIMIT 1",
        )
        .bind(dialect.0)
        .bind(kind.0)
        .bind(now.millis())
        .fetch_optional(&self.readers)
        .await?;
        Ok(due.map(Timestamp::from_millis))
    }

    async fn change_work(
        &self,
        tenant: TenantId,
        dialect: DialectName,
        changes: Vec<WorkChange>,
    ) -> Result<(), StoreError> {
        self.queue.run(ChangeWork { tenant, dialect, changes }).await
    }
}

/// Due work to be claimed.
struct Claim {
    dialect: DialectName,
    kind: WorkKind,
    now: Timestamp,
    until: Timestamp,
    most: u32,
}

#[async_trait]
impl Errand for Claim {
    type Answer = Vec<Claimed>;

    async fn run(self, connection: &mut SqliteConnection) -> Result<Vec<Claimed>, StoreError> {
        let rows: Vec<(i64, String, i64, i64, String)> = sqlx::query_as(
            "UPDATE dialect_work SET claimed_until = ?4, claims = claims + 1
             WHERE (tenant_id, dialect, kind, work_id) IN
                   (SELECT tenant_id, dialect, kind, work_id FROM dialect_work
                    WHERE dialect = ?1 AND kind = ?2 AND due_at <= ?3
                          AND (claimed_until IS NULL OR claimed_until <= ?3)
                    ORDER BY due_at LIMIT ?5)
             RETURNING tenant_id, work_id, due_at, claims, document",
        )
        .bind(self.dialect.0)
        .bind(self.kind.0)
        .bind(self.now.millis())
        .bind(self.until.millis())
        .bind(self.most)
        .fetch_all(connection)
        .await?;
        let claimed = |(tenant, id, due_at, claims, document)| Claimed {
            tenant: TenantId(tenant),
            id,
            due_at: Timestamp::from_millis(due_at),
            claims: u32::try_from(claims).unwrap_or(u32::MAX),
            document,
        };
        let mut claimed: Vec<_> = rows.into_iter().map(claimed).collect();
        // The engine gives back rows in whatever order it wrote them.
        claimed.sort_by_key(|work| work.due_at);
        Ok(claimed)
    }
}

/// Work to be changed beside any filing.
struct ChangeWork {
    tenant: TenantId,
    dialect: DialectName,
    changes: Vec<WorkChange>,
}

#[async_trait]
impl Errand for ChangeWork {
    type Answer = ();

    fn weight(&self) -> usize {
        self.changes.len().max(1)
    }

    async fn run(self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        change(connection, self.tenant, self.dialect, self.changes).await
    }
}

/// Carries out `changes` in their order, in the transaction that is open.
pub(super) async fn change(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    dialect: DialectName,
    changes: Vec<WorkChange>,
) -> Result<(), StoreError> {
    for change in changes {
        match change {
            WorkChange::Due { kind, id, at, document } => {
                sqlx::query(
                    "INSERT INTO dialect_work (tenant_id, dialect, kind, work_id, due_at, claims, document)
                     VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6)
                     ON CONFLICT (tenant_id, dialect, kind, work_id)
                     DO UPDATE SET due_at = ?5, claims = 0, claimed_until = NULL, document = ?6",
                )
                .bind(tenant.0)
                .bind(dialect.0)
                .bind(kind.0)
                .bind(id)
                .bind(at.millis())
                .bind(document)
                .execute(&mut *connection)
                .await?;
            }
            WorkChange::Done { kind, id } => {
                let sql = "DELETE FROM dialect_work
                           WHERE tenant_id = ?1 AND dialect = ?2 AND kind = ?3 AND work_id = ?4";
                let done = sqlx::query(sql).bind(tenant.0).bind(dialect.0).bind(kind.0).bind(id);
                done.execute(&mut *connection).await?;
            }
        }
    }
    Ok(())
}
