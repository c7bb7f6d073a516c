//! Pages of a tenant's shipments. The position is the row, which grows in the order of creation; what
//! stands at the ends of a page is asked for in the same state of the file as the page itself.

use doorstep_model::status::Status;
use sqlx::{Connection as _, QueryBuilder, Sqlite, SqliteConnection};

use super::load;
use crate::identity::TenantId;
use crate::store::{Filter, Page, PageRequest, PageStart, Position, StoreError};

/// One page.
pub(super) async fn page(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page, StoreError> {
    let mut tx = connection.begin().await?;
    let matching = Matching { tenant, filter };
    let limit = request.limit as usize;
    let (side, forward) = match request.start {
        PageStart::Newest => (None, true),
        PageStart::OlderThan(position) => (Some(Side::Older(position)), true),
        PageStart::NewerThan(position) => (Some(Side::Newer(position)), false),
    };
    // One more than the page takes tells whether the list goes on.
    let mut rows = matching.rows(&mut tx, side, i64::from(request.limit) + 1).await?;
    let goes_on = rows.len() > limit;
    rows.truncate(limit);
    if !forward {
        rows.reverse();
    }
    let ends = rows.first().copied().map(Position).zip(rows.last().copied().map(Position));
    let (newer, older) = match ends {
        None => (None, None),
        Some((first, last)) if forward => {
            let newer = request.start != PageStart::Newest
                && !matching.rows(&mut tx, Some(Side::Newer(first)), 1).await?.is_empty();
            (newer.then_some(first), goes_on.then_some(last))
        }
        Some((first, last)) => {
            let older = !matching.rows(&mut tx, Some(Side::Older(last)), 1).await?.is_empty();
            (goes_on.then_some(first), older.then_some(last))
        }
    };
    let shipments = load::by_rows(&mut tx, &rows).await?;
    tx.commit().await?;
    Ok(Page { shipments, newer, older })
}

/// Which side of a position, going away from it.
#[derive(Clone, Copy)]
enum Side {
    Older(Position),
    Newer(Position),
}

/// The shipments that a list shows.
struct Matching<'a> {
    tenant: TenantId,
    filter: &'a Filter,
}

impl Matching<'_> {
    /// Up to `limit` rows, from the newest or away from a position.
    async fn rows(
        &self,
        connection: &mut SqliteConnection,
        side: Option<Side>,
        limit: i64,
    ) -> Result<Vec<i64>, StoreError> {
        let mut sql = QueryBuilder::new("");
        let statuses = &self.filter.statuses;
        if statuses.is_empty() || self.filter.updated_since.is_some() {
            self.select(&mut sql, statuses, side, limit);
        } else {
            // Each status by its own index range, each at most a page long: no scan over the rest of the
            // list, however rare the status.
            sql.push("SELECT id FROM (");
            for (index, status) in statuses.iter().enumerate() {
                sql.push(if index == 0 { "SELECT id FROM (" } else { " UNION SELECT id FROM (" });
                self.select(&mut sql, std::slice::from_ref(status), side, limit);
                sql.push(")");
            }
            sql.push(")");
            order(&mut sql, side, limit);
        }
        Ok(sql.build_query_scalar().fetch_all(connection).await?)
    }

    fn select(&self, sql: &mut QueryBuilder<Sqlite>, statuses: &[Status], side: Option<Side>, limit: i64) {
        sql.push("SELECT shipment_id AS id FROM standing");
        if self.filter.updated_since.is_some() {
            sql.push(" INDEXED BY standing_by_update");
        }
        sql.push(" WHERE tenant_id = ").push_bind(self.tenant.0);
        match side {
            None => {}
            Some(Side::Older(position)) => drop(sql.push(" AND shipment_id < ").push_bind(position.0)),
            Some(Side::Newer(position)) => drop(sql.push(" AND shipment_id > ").push_bind(position.0)),
        }
        if let Some(since) = self.filter.updated_since {
            sql.push(" AND updated_at >= ").push_bind(since.millis());
        }
        if !statuses.is_empty() {
            let mut words = sql.push(" AND status IN (").separated(", ");
            for status in statuses {
                words.push_bind(status.as_str());
            }
            sql.push(")");
        }
        order(sql, side, limit);
    }
}

fn order(sql: &mut QueryBuilder<Sqlite>, side: Option<Side>, limit: i64) {
    let towards = if matches!(side, Some(Side::Newer(_))) { "ASC" } else { "DESC" };
    sql.push(" ORDER BY id ").push(towards).push(" LIMIT ").push_bind(limit);
}
