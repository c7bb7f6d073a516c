//! Laws of work: kept until it is done, claimed by one at a time, changed together with the order that it is about.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::future::join_all;

use super::samples::{at, new};
use super::{Engine, House, Witness};
use crate::identity::TenantId;
use crate::store::Store;
use crate::store::orders::{DialectName, Facets, Filed, Filing, OrderKey, OrderStep};
use crate::store::work::{Claimed, WorkChange, WorkKind};

const DIALECT: DialectName = DialectName("test");
const KIND: WorkKind = WorkKind("again");

fn due(id: &str, seconds: i64) -> WorkChange {
    WorkChange::Due {
        kind: KIND,
        id: id.to_owned(),
        at: at(seconds),
        document: format!("{{\"{id}\": \"'\"}}"),
    }
}

fn done(id: &str) -> WorkChange {
    WorkChange::Done { kind: KIND, id: id.to_owned() }
}

async fn change(house: &House, tenant: TenantId, changes: Vec<WorkChange>) {
    house.store.change_work(tenant, DIALECT, changes).await.unwrap();
}

async fn claim(store: &Arc<dyn Store>, now: i64, until: i64) -> Vec<Claimed> {
    store.claim_work(DIALECT, KIND, at(now), at(until), 100).await.unwrap()
}

fn ids(claimed: &[Claimed]) -> Vec<&str> {
    claimed.iter().map(|work| work.id.as_str()).collect()
}

pub(crate) async fn work_is_claimed_when_it_is_due_and_by_one(engine: impl Engine) {
    let house = House::on(&engine).await;
    change(&house, house.ours, vec![due("b", 20), due("a", 10)]).await;
    change(&house, house.theirs, vec![due("a", 15)]).await;
    assert_eq!(house.store.next_work(DIALECT, KIND, at(0)).await.unwrap(), Some(at(10)));
    assert!(claim(&house.store, 9, 60).await.is_empty());
    let claimed = claim(&house.store, 15, 60).await;
    let whose: Vec<_> = claimed.iter().map(|work| (work.tenant, work.id.as_str(), work.claims)).collect();
    assert_eq!(whose, [(house.ours, "a", 1), (house.theirs, "a", 1)], "the longest due first");
    assert_eq!((claimed[0].due_at, claimed[0].document.as_str()), (at(10), "{\"a\": \"'\"}"));
    assert_eq!(ids(&claim(&house.store, 20, 60).await), ["b"]);
    assert!(claim(&house.store, 30, 60).await.is_empty());
    assert_eq!(house.store.next_work(DIALECT, KIND, at(30)).await.unwrap(), None);
    assert_eq!(house.store.next_work(DIALECT, WorkKind("other"), at(30)).await.unwrap(), None);
    change(&house, house.ours, vec![done("a"), done("b"), done("never there")]).await;
    let again = claim(&house.store, 60, 90).await;
    assert_eq!(again.iter().map(|work| (work.tenant, work.claims)).collect::<Vec<_>>(), [(house.theirs, 2)]);
    change(&house, house.theirs, vec![due("a", 61)]).await;
    assert_eq!(claim(&house.store, 61, 90).await[0].claims, 1, "a new term has no claims");
}

pub(crate) async fn work_is_there_after_a_drop_and_free_after_its_term(engine: impl Engine) {
    let house = House::on(&engine).await;
    change(&house, house.ours, vec![due("a", 10)]).await;
    assert_eq!(claim(&house.store, 10, 40).await.len(), 1);
    drop(house);
    let store = engine.open(Arc::new(Witness::default())).await;
    assert!(claim(&store, 39, 60).await.is_empty(), "whoever had it may still be at it");
    assert_eq!(claim(&store, 40, 60).await[0].claims, 2);
}

pub(crate) async fn of_many_who_claim_each_work_goes_to_one(engine: impl Engine) {
    let house = House::on(&engine).await;
    change(&house, house.ours, (0..100).map(|n| due(&n.to_string(), 1)).collect()).await;
    let beside = engine.open(Arc::new(Witness::default())).await;
    let stores = [&house.store, &beside];
    let claims = (0..40).map(|n: usize| stores[n % 2].claim_work(DIALECT, KIND, at(5), at(60), 7));
    let claimed: Vec<_> = join_all(claims).await.into_iter().flat_map(Result::unwrap).collect();
    let names: BTreeSet<_> = claimed.iter().map(|work| work.id.clone()).collect();
    assert_eq!((claimed.len(), names.len()), (100, 100));
}

pub(crate) async fn work_changes_with_its_order_or_not_at_all(engine: impl Engine) {
    let house = House::on(&engine).await;
    let key = OrderKey { dialect: DIALECT, external_id: "o".to_owned() };
    let filing = |step, work| Filing { work, ..Filing::of(key.clone(), step, at(5)) };
    let make = OrderStep::Make(Facets::default(), "1".to_owned());
    let made = Filing { shipment: Some(Box::new(new("T", vec![]))), ..filing(make, vec![due("o", 10)]) };
    assert!(matches!(house.store.file(house.ours, made).await.unwrap(), Filed::Done(_)));
    assert_eq!(ids(&claim(&house.store, 10, 20).await), ["o"]);
    // Two did the work: the first to file wins, and what the second wanted is not done.
    let change = |next| filing(OrderStep::Change(1, Facets::default(), "2".to_owned()), vec![next]);
    assert!(matches!(house.store.file(house.ours, change(due("o", 30))).await.unwrap(), Filed::Done(_)));
    assert!(matches!(house.store.file(house.ours, change(done("o"))).await.unwrap(), Filed::Stale(_)));
    let claimed = claim(&house.store, 30, 40).await;
    assert_eq!((ids(&claimed), claimed[0].claims), (vec!["o"], 1));
    let end = filing(OrderStep::Keep, vec![done("o")]);
    assert!(matches!(house.store.file(house.ours, end).await.unwrap(), Filed::Done(_)));
    assert!(claim(&house.store, 99, 100).await.is_empty());
}
