//! Laws of orders: kept whole, written on the version that was read, filed all or not at all; places are
//! never given twice.

use doorstep_model::handoff::{Amended, Refusal};
use doorstep_model::status::Status;
use futures_util::future::join_all;

use super::samples::{at, comment, event, full_event, id, new};
use super::{Engine, House};
use crate::store::orders::{
    DialectName, Entry, EntryKind, Facets, Filed, FiledOrder, Filing, Order, OrderKey, OrderStep, PlaceChange,
};

const DIALECT: DialectName = DialectName("test");
const KIND: EntryKind = EntryKind("store");

fn key(external_id: &str) -> OrderKey {
    OrderKey { dialect: DIALECT, external_id: external_id.to_owned() }
}

fn facets(status: &str) -> Facets {
    Facets {
        status: status.to_owned(),
        location: Some("Almacén \"7\"".to_owned()),
        group: Some("it's".to_owned()),
        starts_at: Some(at(10)),
        ends_at: None,
    }
}

fn filing(external_id: &str, step: OrderStep) -> Filing {
    Filing::of(key(external_id), step, at(5))
}

pub(super) fn make(external_id: &str, tracking_id: &str) -> Filing {
    let step = OrderStep::Make(facets("PLACED"), "{\"a\": \"\\u0000'\u{1F69A}\"}".to_owned());
    Filing { shipment: Some(Box::new(new(tracking_id, vec![]))), ..filing(external_id, step) }
}

async fn done(house: &House, filing: Filing) -> FiledOrder {
    match house.store.file(house.ours, filing).await.unwrap() {
        Filed::Done(done) => *done,
        other => panic!("{other:?}"),
    }
}

async fn read(house: &House, external_id: &str) -> Option<Order> {
    house.store.order(house.ours, &key(external_id)).await.unwrap()
}

pub(crate) async fn an_order_is_kept_whole_with_its_shipment(engine: impl Engine) {
    let house = House::on(&engine).await;
    let first =
        Filing { events: vec![full_event("e1")], amendments: vec![comment("Ring", 0)], ..make("o", "T-1") };
    let filed = done(&house, first).await;
    assert_eq!((filed.order.version, filed.taken), (1, 1));
    assert_eq!(filed.amended, [Amended::Taken]);
    assert_eq!(filed.order.tracking_id, Some(id("T-1")));
    assert_eq!(read(&house, "o").await, Some(filed.order.clone()));
    assert_eq!(house.store.order_of(house.ours, DIALECT, &id("t-1")).await.unwrap(), Some(filed.order));
    assert_eq!(house.read(house.ours, "T-1").await, filed.shipment);
    assert_eq!(house.witness.of(&id("T-1").key()).len(), 1, "all of it is told at once");
    assert_eq!(read(&house, "O").await, None, "ids are told apart by case");

    let kept =
        done(&house, Filing { events: vec![event("e1", 9, Status::Ready)], ..filing("o", OrderStep::Keep) });
    let kept = kept.await;
    assert_eq!((kept.order.version, kept.taken), (1, 0), "a repeat changes nothing");
    assert_eq!(kept.shipment, house.read(house.ours, "T-1").await);
}

pub(crate) async fn an_order_may_become_a_shipment_later(engine: impl Engine) {
    let house = House::on(&engine).await;
    let step = OrderStep::Make(facets("WAITS"), "1".to_owned());
    assert_eq!(done(&house, filing("o", step)).await.order.tracking_id, None);
    let step = OrderStep::Change(1, facets("PLACED"), "2".to_owned());
    let change = Filing { shipment: Some(Box::new(new("T", vec![]))), at: at(7), ..filing("o", step) };
    let order = done(&house, change).await.order;
    assert_eq!((order.version, order.created_at, order.updated_at), (2, at(5), at(7)));
    assert_eq!(read(&house, "o").await, Some(order));
}

pub(crate) async fn a_refused_filing_leaves_nothing(engine: impl Engine) {
    let house = House::on(&engine).await;
    let before = done(&house, make("o", "T-1")).await;
    let file = async |filing| house.store.file(house.ours, filing).await.unwrap();
    let change = |version| OrderStep::Change(version, facets("CHANGED"), "2".to_owned());

    assert!(matches!(file(make("o", "T-2")).await, Filed::Exists(order) if *order == before.order));
    assert!(
        matches!(file(filing("o", change(2))).await, Filed::Stale(Some(order)) if *order == before.order)
    );
    assert!(matches!(file(filing("none", change(1))).await, Filed::Stale(None)));
    assert!(matches!(file(filing("none", OrderStep::Keep)).await, Filed::Stale(None)));
    assert!(matches!(file(make("p", "t-1")).await, Filed::TrackingIdTaken));
    let refused = Filing {
        events: vec![event("e", 6, Status::Ready)],
        amendments: vec![comment("One", 0), comment("Two", 0)],
        places: vec![PlaceChange::Take { pool: "x".into(), most: 1, holder: "o".into(), until: None }],
        ..filing("o", change(1))
    };
    assert!(matches!(file(refused).await, Filed::Refused(1, Refusal::Conflict)));
    let full = Filing {
        places: vec![PlaceChange::Take { pool: "x".into(), most: 0, holder: "q".into(), until: None }],
        ..make("q", "T-3")
    };
    assert!(matches!(file(full).await, Filed::NoPlace(pool) if pool == "x"));

    assert_eq!(read(&house, "o").await, Some(before.order));
    assert_eq!(house.read(house.ours, "T-1").await, before.shipment);
    for nothing in ["p", "q"] {
        assert_eq!(read(&house, nothing).await, None);
    }
    for nothing in ["T-2", "T-3"] {
        assert_eq!(house.read(house.ours, nothing).await, None);
    }
    let last = Filing {
        places: vec![PlaceChange::Take { pool: "x".into(), most: 1, holder: "z".into(), until: None }],
        ..filing("o", OrderStep::Keep)
    };
    assert!(matches!(file(last).await, Filed::Done(_)), "the refused one took no place");
}

pub(crate) async fn of_many_who_write_one_version_one_wins(engine: impl Engine) {
    let house = House::on(&engine).await;
    done(&house, make("o", "T")).await;
    let write = |n: usize| {
        let step = OrderStep::Change(1, facets("X"), n.to_string());
        house.store.file(house.ours, filing("o", step))
    };
    let ends = join_all((0..20).map(write)).await;
    let won = ends.iter().filter(|end| matches!(end, Ok(Filed::Done(_)))).count();
    assert_eq!((won, read(&house, "o").await.unwrap().version), (1, 2));
}

pub(crate) async fn a_place_is_never_given_twice(engine: impl Engine) {
    let house = House::on(&engine).await;
    let take = |n: usize, until| {
        let place = PlaceChange::Take { pool: "10-11".into(), most: 3, holder: n.to_string(), until };
        let made = make(&format!("o{n}"), &format!("T-{n}"));
        house.store.file(house.ours, Filing { places: vec![place], ..made })
    };
    let ends = join_all((0..100).map(|n| take(n, Some(at(60))))).await;
    assert_eq!(ends.iter().filter(|end| matches!(end, Ok(Filed::Done(_)))).count(), 3);
    assert_eq!(ends.iter().filter(|end| matches!(end, Ok(Filed::NoPlace(_)))).count(), 97);

    let theirs = PlaceChange::Take { pool: "10-11".into(), most: 1, holder: "t".into(), until: None };
    let theirs = Filing { places: vec![theirs], ..make("theirs", "T-theirs") };
    assert!(
        matches!(house.store.file(house.theirs, theirs).await, Ok(Filed::Done(_))),
        "pools are a tenant's"
    );
}

pub(crate) async fn places_are_kept_left_and_run_out(engine: impl Engine) {
    let house = House::on(&engine).await;
    done(&house, make("o", "T")).await;
    let change = async |seconds, change| {
        let filing = Filing { at: at(seconds), places: vec![change], ..filing("o", OrderStep::Keep) };
        matches!(house.store.file(house.ours, filing).await, Ok(Filed::Done(_)))
    };
    let take =
        |holder: &str, until| PlaceChange::Take { pool: "x".into(), most: 1, holder: holder.into(), until };
    assert!(change(0, take("a", Some(at(10)))).await);
    assert!(!change(9, take("b", None)).await);
    assert!(change(9, take("a", Some(at(20)))).await, "who holds one keeps it for longer");
    assert!(!change(19, take("b", None)).await);
    assert!(change(20, take("b", None)).await, "its time is over");
    assert!(!change(9_999, take("a", None)).await);
    assert!(change(9_999, PlaceChange::Leave { pool: "x".into(), holder: "b".into() }).await);
    assert!(change(9_999, take("a", None)).await);
}

pub(crate) async fn places_are_counted_as_they_stand(engine: impl Engine) {
    let house = House::on(&engine).await;
    let take = |pool: &str, holder: &str, until| PlaceChange::Take {
        pool: pool.into(),
        most: 9,
        holder: holder.into(),
        until,
    };
    let places = vec![take("x", "a", None), take("x", "b", Some(at(20))), take("y", "a", Some(at(30)))];
    done(&house, Filing { places, ..make("o", "T") }).await;
    let pools = ["y", "none", "x", "y"].map(str::to_owned);
    let taken =
        async |tenant, seconds| house.store.places_taken(tenant, DIALECT, &pools, at(seconds)).await.unwrap();
    assert_eq!(taken(house.ours, 19).await, [1, 0, 2, 1]);
    assert_eq!(taken(house.ours, 20).await, [1, 0, 1, 1], "its time is over");
    assert_eq!(taken(house.theirs, 19).await, [0; 4]);
    assert!(house.store.places_taken(house.ours, DIALECT, &[], at(0)).await.unwrap().is_empty());
}

pub(crate) async fn what_became_nothing_is_forgotten(engine: impl Engine) {
    let house = House::on(&engine).await;
    let offer = |id: &str, status: &str, seconds| {
        let facets = Facets { ends_at: Some(at(seconds)), ..facets(status) };
        filing(id, OrderStep::Make(facets, "{}".to_owned()))
    };
    for filing in [offer("old", "offer", 9), offer("open", "offer", 10), offer("other", "PLACED", 9)] {
        done(&house, filing).await;
    }
    done(&house, Filing { shipment: Some(Box::new(new("T", vec![]))), ..offer("sold", "offer", 9) }).await;
    let forget = async |tenant| house.store.forget_orders(tenant, DIALECT, "offer", at(10)).await.unwrap();
    assert_eq!(forget(house.theirs).await, 0);
    assert_eq!(forget(house.ours).await, 1);
    assert_eq!(read(&house, "old").await, None);
    for stays in ["open", "other", "sold"] {
        assert!(read(&house, stays).await.is_some(), "{stays}");
    }
    let take =
        |pool: &str, until| PlaceChange::Take { pool: pool.into(), most: 1, holder: "a".into(), until };
    let places = vec![take("over", Some(at(9))), take("held", Some(at(10))), take("taken", None)];
    done(&house, Filing { places, ..filing("open", OrderStep::Keep) }).await;
    let pools = ["over", "held", "taken"].map(str::to_owned);
    let kept = async || house.store.places_taken(house.ours, DIALECT, &pools, at(0)).await.unwrap();
    forget(house.theirs).await;
    assert_eq!(kept().await, [1, 1, 1]);
    forget(house.ours).await;
    assert_eq!(kept().await, [0, 1, 1], "nobody needs to come back to the pool");
}

pub(crate) async fn nobody_reaches_orders_of_others(engine: impl Engine) {
    let house = House::on(&engine).await;
    let (store, theirs) = (&house.store, house.theirs);
    let ours = done(&house, make("o", "T-1")).await;
    assert_eq!(store.order(theirs, &key("o")).await.unwrap(), None);
    assert_eq!(store.order_of(theirs, DIALECT, &id("T-1")).await.unwrap(), None);
    let keep = Filing { events: vec![event("e", 6, Status::Ready)], ..filing("o", OrderStep::Keep) };
    assert!(matches!(store.file(theirs, keep).await, Ok(Filed::Stale(None))));
    assert!(
        matches!(store.file(theirs, make("o", "T-2")).await, Ok(Filed::Done(_))),
        "ids are a tenant's own"
    );
    let other = OrderKey { dialect: DialectName("other"), ..key("o") };
    assert_eq!(store.order(house.ours, &other).await.unwrap(), None);
    assert_eq!(read(&house, "o").await, Some(ours.order));
}

pub(crate) async fn what_is_set_up_is_kept_by_tenant(engine: impl Engine) {
    let house = House::on(&engine).await;
    let (store, ours, theirs) = (&house.store, house.ours, house.theirs);
    let entry = |id: &str, document: &str| Entry { id: id.to_owned(), document: document.to_owned() };
    assert_eq!(store.entries(ours, DIALECT, KIND).await.unwrap(), []);
    for (id, document) in [("b", "1"), ("a", "2"), ("A", "3"), ("b", "4")] {
        assert!(store.put_entry(ours, DIALECT, KIND, entry(id, document)).await.unwrap());
    }
    let all = [entry("A", "3"), entry("a", "2"), entry("b", "4")];
    assert_eq!(store.entries(ours, DIALECT, KIND).await.unwrap(), all);
    assert_eq!(store.entry(ours, DIALECT, KIND, "b").await.unwrap(), Some(entry("b", "4")));
    assert_eq!(store.entry(theirs, DIALECT, KIND, "b").await.unwrap(), None);
    assert_eq!(store.entries(ours, DIALECT, EntryKind("other")).await.unwrap(), []);
    assert!(!store.delete_entry(theirs, DIALECT, KIND, "b").await.unwrap());
    assert!(store.delete_entry(ours, DIALECT, KIND, "b").await.unwrap());
    assert!(!store.delete_entry(ours, DIALECT, KIND, "b").await.unwrap());
    assert_eq!(store.entries(ours, DIALECT, KIND).await.unwrap(), all[..2]);
}
