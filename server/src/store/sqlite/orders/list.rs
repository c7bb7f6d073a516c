//! Pages of a tenant's orders. The position is the order's id, which grows in the order of making; what stands
//! at the ends of a page is asked for in the same state of the file as the page itself.

use std::collections::HashMap;
use std::sync::Arc;

use doorstep_model::shipment::Shipment;
use doorstep_model::time::Timestamp;
use sqlx::{Connection as _, QueryBuilder, Row as _, Sqlite, SqliteConnection};

use super::rows;
use crate::identity::TenantId;
use crate::store::StoreError;
use crate::store::orders::{
    DialectName, OrderFilter, OrderId, OrderPage, OrderPageRequest, OrderPageStart, Span, Standing, Words,
};
use crate::store::sqlite::load;

/// One page.
pub(super) async fn page(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    dialect: DialectName,
    filter: &OrderFilter,
    request: OrderPageRequest,
) -> Result<OrderPage, StoreError> {
    let mut tx = connection.begin().await?;
    let matching = Matching { tenant, dialect, filter };
    let limit = request.limit as usize;
    let (side, forward) = match request.start {
        OrderPageStart::Newest => (None, true),
        OrderPageStart::OlderThan(order) => (Some(Side::Older(order)), true),
        OrderPageStart::NewerThan(order) => (Some(Side::Newer(order)), false),
    };
    // One more than the page takes tells whether the list goes on.
    let mut ids = matching.ids(&mut tx, side, i64::from(request.limit) + 1).await?;
    let goes_on = ids.len() > limit;
    ids.truncate(limit);
    if !forward {
        ids.reverse();
    }
    let (newer, older) = match ids.first().copied().zip(ids.last().copied()) {
        // Nothing further on: what lies behind is still there to go back to.
        None => match request.start {
            OrderPageStart::Newest => (None, None),
            OrderPageStart::OlderThan(OrderId(id)) => {
                let behind = matching.any(&mut tx, Side::Newer(OrderId(id - 1))).await?;
                (behind.then_some(OrderId(id - 1)), None)
            }
            OrderPageStart::NewerThan(OrderId(id)) => {
                let behind = matching.any(&mut tx, Side::Older(OrderId(id + 1))).await?;
                (None, behind.then_some(OrderId(id + 1)))
            }
        },
        Some((first, last)) if forward => {
            let newer =
                request.start != OrderPageStart::Newest && matching.any(&mut tx, Side::Newer(first)).await?;
            (newer.then_some(first), goes_on.then_some(last))
        }
        Some((first, last)) => {
            let older = matching.any(&mut tx, Side::Older(last)).await?;
            (goes_on.then_some(first), older.then_some(last))
        }
    };
    let orders = rows::by_ids(&mut tx, dialect, &ids).await?;
    let shipments: Vec<i64> = orders.iter().filter_map(|(_, shipment)| *shipment).collect();
    let shipments = load::by_rows(&mut tx, &shipments).await?;
    tx.commit().await?;
    let mut by_id: HashMap<String, Arc<Shipment>> =
        shipments.into_iter().map(|shipment| (shipment.tracking_id().key(), shipment)).collect();
    let with_shipment = |(order, _): (crate::store::orders::Order, _)| {
        let shipment = order.tracking_id.as_ref().and_then(|id| by_id.remove(&id.key()));
        (order, shipment)
    };
    Ok(OrderPage { orders: orders.into_iter().map(with_shipment).collect(), newer, older })
}

/// Which side of an order, going away from it.
#[derive(Clone, Copy)]
enum Side {
    Older(OrderId),
    Newer(OrderId),
}

/// The orders that a list shows.
struct Matching<'a> {
    tenant: TenantId,
    dialect: DialectName,
    filter: &'a OrderFilter,
}

impl Matching<'_> {
    async fn any(&self, connection: &mut SqliteConnection, side: Side) -> Result<bool, StoreError> {
        Ok(!self.ids(connection, Some(side), 1).await?.is_empty())
    }

    /// Up to `limit` ids, from the newest or away from an order.
    async fn ids(
        &self,
        connection: &mut SqliteConnection,
        side: Option<Side>,
        limit: i64,
    ) -> Result<Vec<OrderId>, StoreError> {
        let filter = self.filter;
        let mut sql = QueryBuilder::new(
            "SELECT o.id FROM dialect_order AS o LEFT JOIN standing AS n ON n.shipment_id = o.shipment_id
             WHERE o.tenant_id = ",
        );
        sql.push_bind(self.tenant.0).push(" AND o.dialect = ").push_bind(self.dialect.0);
        match side {
            None => {}
            Some(Side::Older(order)) => drop(sql.push(" AND o.id < ").push_bind(order.0)),
            Some(Side::Newer(order)) => drop(sql.push(" AND o.id > ").push_bind(order.0)),
        }
        one_of(&mut sql, "o.external_id", &filter.external_ids);
        one_of(&mut sql, "o.location", &filter.locations);
        if let Some(group) = &filter.group {
            sql.push(" AND o.in_group = ").push_bind(group.clone());
        }
        within(&mut sql, "o.created_at", filter.created);
        within(&mut sql, "MAX(o.updated_at, COALESCE(n.updated_at, 0))", filter.updated);
        within(&mut sql, "o.starts_at", Span { from: filter.starts_from, until: None });
        within(&mut sql, "o.ends_at", Span { from: None, until: filter.ends_until });
        if let Some(standing) = &filter.standing {
            stands(&mut sql, standing);
        }
        let towards = if matches!(side, Some(Side::Newer(_))) { "ASC" } else { "DESC" };
        sql.push(" ORDER BY o.id ").push(towards).push(" LIMIT ").push_bind(limit);
        let ids: Vec<i64> =
            sql.build().try_map(|row: sqlx::sqlite::SqliteRow| row.try_get(0)).fetch_all(connection).await?;
        Ok(ids.into_iter().map(OrderId).collect())
    }
}

fn one_of(sql: &mut QueryBuilder<Sqlite>, column: &str, values: &[String]) {
    if values.is_empty() {
        return;
    }
    list(sql.push(" AND ").push(column).push(" IN ("), values.iter().cloned());
}

fn within(sql: &mut QueryBuilder<Sqlite>, column: &str, span: Span) {
    if let Some(from) = span.from.map(Timestamp::millis) {
        sql.push(" AND ").push(column).push(" >= ").push_bind(from);
    }
    if let Some(until) = span.until.map(Timestamp::millis) {
        sql.push(" AND ").push(column).push(" <= ").push_bind(until);
    }
}

/// An order that stands at one of `standing`; none where that is empty.
fn stands(sql: &mut QueryBuilder<Sqlite>, standing: &[Standing]) {
    sql.push(" AND (FALSE");
    for Standing { statuses, words } in standing {
        let statuses = statuses.iter().map(|status| status.as_str().to_owned());
        list(sql.push(" OR (COALESCE(n.status, 'unknown') IN ("), statuses);
        let (how, words) = match words {
            Words::In(words) => (" AND o.status IN (", words),
            Words::NotIn(words) => (" AND o.status NOT IN (", words),
        };
        list(sql.push(how), words.iter().map(|word| (*word).to_owned()));
        sql.push(")");
    }
    sql.push(")");
}

/// The values of a list that was opened, and its end.
fn list(sql: &mut QueryBuilder<Sqlite>, values: impl Iterator<Item = String>) {
    let mut list = sql.separated(", ");
    for value in values {
        list.push_bind(value);
    }
    sql.push(")");
}
