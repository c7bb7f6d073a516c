//! Forgets what is long done, a bounded number at a time, so that no writer waits long.

use async_trait::async_trait;
use doorstep_model::time::Timestamp;
use sqlx::SqliteConnection;

use super::super::errand::Errand;
use crate::store::StoreError;

/// The most that is forgotten of each kind at once.
const AT_ONCE: i64 = 2_000;

/// What was done before an instant, to be forgotten.
pub(super) struct Tidy {
    pub(super) before: Timestamp,
}

#[async_trait]
impl Errand for Tidy {
    type Answer = u64;

    async fn run(self, connection: &mut SqliteConnection) -> Result<u64, StoreError> {
        let mut forgotten = 0;
        // An endpoint of one shipment stays 60 days longer: its shipment may be quiet for long.
        for sql in [
            "DELETE FROM delivery WHERE id IN (SELECT id FROM delivery WHERE done_at < ?1 LIMIT ?2)",
            "DELETE FROM news WHERE id IN
                 (SELECT n.id FROM news AS n WHERE n.at < ?1
                      AND NOT EXISTS (SELECT 1 FROM delivery AS d WHERE d.news_id = n.id)
                  ORDER BY n.id LIMIT ?2)",
            "DELETE FROM endpoint WHERE id IN
                 (SELECT e.id FROM endpoint AS e WHERE e.scope <> '' AND e.created_at < ?1 - 5184000000
                      AND NOT EXISTS (SELECT 1 FROM delivery AS d WHERE d.endpoint_id = e.id)
                  LIMIT ?2)",
        ] {
            let done = sqlx::query(sql).bind(self.before.millis()).bind(AT_ONCE);
            forgotten += done.execute(&mut *connection).await?.rows_affected();
        }
        Ok(forgotten)
    }
}
