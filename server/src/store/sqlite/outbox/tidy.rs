//! Forgets what is long done, a bounded number at a time, so that no writer waits long.

use async_trait::async_trait;
use doorstep_model::status::Status;
use doorstep_model::time::Timestamp;
use sqlx::SqliteConnection;

use super::super::errand::Errand;
use crate::store::StoreError;

/// The most that is forgotten of each kind at once.
const AT_ONCE: i64 = 2_000;

/// What is forgotten, in this order: what goes lets the next go. An endpoint of one shipment stays 60 days longer,
/// and as long as anything may still happen to its shipment.
const FORGET: [&str; 3] = [
    "DELETE FROM delivery WHERE id IN (SELECT id FROM delivery WHERE done_at < ?1 LIMIT ?2)",
    "DELETE FROM news WHERE id IN
         (SELECT n.id FROM news AS n WHERE n.at < ?1
              AND NOT EXISTS (SELECT 1 FROM delivery AS d WHERE d.news_id = n.id)
          ORDER BY n.at LIMIT ?2)",
    "DELETE FROM endpoint WHERE id IN
         (SELECT e.id FROM endpoint AS e WHERE e.scope <> '' AND e.created_at < ?1 - 5184000000
              AND NOT EXISTS (SELECT 1 FROM delivery AS d WHERE d.endpoint_id = e.id)
              AND NOT EXISTS (SELECT 1 FROM shipment AS s JOIN standing AS n ON n.shipment_id = s.id
                              WHERE s.tracking_key = e.scope AND s.tenant_id = e.tenant_id
                                    AND NOT (n.updated_at < ?1 - 5184000000
                                             AND n.status IN (SELECT value FROM json_each(?3))))
          ORDER BY e.created_at LIMIT ?2)",
];

/// What was done before an instant, to be forgotten.
pub(super) struct Tidy {
    pub(super) before: Timestamp,
}

#[async_trait]
impl Errand for Tidy {
    type Answer = u64;

    async fn run(self, connection: &mut SqliteConnection) -> Result<u64, StoreError> {
        let ends: Vec<_> =
            Status::ALL.iter().filter(|status| status.is_final()).map(|end| end.as_str()).collect();
        let ends = serde_json::Value::from(ends).to_string();
        let mut forgotten = 0;
        for sql in FORGET {
            let done = sqlx::query(sql).bind(self.before.millis()).bind(AT_ONCE).bind(&ends);
            forgotten += done.execute(&mut *connection).await?.rows_affected();
        }
        Ok(forgotten)
    }
}

#[cfg(test)]
mod tests {
    use sqlx::Row as _;

    use super::FORGET;
    use crate::store::sqlite::connect;

    #[tokio::test]
    async fn what_is_not_old_is_not_looked_at() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("doorstep.db").display().to_string();
        let mut connection = connect::writer(&connect::options(&path)).await.unwrap();
        for sql in FORGET {
            let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
            let steps = sqlx::query(explain).fetch_all(&mut connection).await.unwrap();
            let steps: Vec<String> = steps.iter().map(|step| step.get("detail")).collect();
            let scans = steps.iter().filter(|step| step.starts_with("SCAN") && !step.contains("json_each"));
            assert_eq!(scans.count(), 0, "{sql}: {steps:#?}");
        }
    }
}
