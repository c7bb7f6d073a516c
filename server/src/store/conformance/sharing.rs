//! Laws of several stores on one database, and of stores that end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use doorstep_model::status::Status;

use super::samples::{at, event, id, new, report};
use super::{Engine, House, Witness};
use crate::store::{Creation, NewShipment, Observer, Recording, StoreError};

pub(crate) async fn two_stores_on_one_database_notice_each_other(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("a", vec![event("e0", 0, Status::Created)])).await;
    let beside = Arc::new(Witness::default());
    let other = engine.open(Arc::clone(&beside) as Arc<dyn Observer>).await;
    // What the first store remembers of `a` must not hide what the second writes.
    let changed = vec![event("e1", 1, Status::Ready), event("e0", 9, Status::Delivered)];
    let answer = other.record(house.ours, vec![report("a", changed.clone())]).await.unwrap();
    assert!(matches!(answer, Recording::Recorded(_)), "{answer:?}");
    let recorded = house.record("a", [changed, vec![event("e2", 2, Status::InTransit)]].concat()).await;
    assert_eq!((recorded.taken.len(), recorded.shipment.sequence()), (1, 4));
    assert!(house.witness.everything() > 0);
    let taken = other.create_shipment(house.theirs, new("b", vec![])).await.unwrap();
    assert!(matches!(taken, Creation::Created(_)), "{taken:?}");
    let taken = house.store.create_shipment(house.ours, new("B", vec![])).await.unwrap();
    assert!(matches!(taken, Creation::Taken), "{taken:?}");
    // A store that does nothing notices as well, in its own time.
    let told = beside.everything();
    house.record("a", vec![event("e3", 3, Status::Delivered)]).await;
    let began = Instant::now();
    while beside.everything() == told {
        assert!(began.elapsed() < Duration::from_secs(10), "the other store never noticed");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(other.shipment(&id("a")).await.unwrap().unwrap().sequence(), 5);
}

pub(crate) async fn a_store_notices_not_its_own_writes(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("a", vec![])).await;
    for n in 0..20 {
        house.record("a", vec![event(&format!("e{n}"), n, Status::Ready)]).await;
        house.read(house.ours, "a").await;
    }
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert_eq!(house.witness.everything(), 0);
}

pub(crate) async fn what_was_answered_is_there_after_a_drop(engine: impl Engine) {
    let house = House::on(&engine).await;
    let asked = NewShipment { once: house.once("k", 1), ..new("a", vec![event("e0", 0, Status::Created)]) };
    house.create(asked.clone()).await;
    let recorded = house.record("a", vec![event("e1", 1, Status::Ready)]).await;
    let (ours, client) = (house.ours, house.client.clone());
    drop(house);
    let store = engine.open(Arc::new(Witness::default())).await;
    assert_eq!(store.shipment(&id("a")).await.unwrap(), Some(recorded.shipment));
    let key = crate::identity::KeyHash::of("ours");
    assert_eq!(store.client_by_key(&key).await.unwrap(), Some(client));
    let again = store.create_shipment(ours, asked).await.unwrap();
    assert!(matches!(&again, Creation::Repeated(first) if first.sequence() == 2), "{again:?}");
    let later = NewShipment { created_at: at(1), ..new("b", vec![]) };
    let created = store.create_shipment(ours, later).await.unwrap();
    assert!(matches!(created, Creation::Created(_)), "{created:?}");
}

pub(crate) async fn closing_finishes_what_waits(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("a", vec![])).await;
    let tell = |n: i64| {
        let (store, ours) = (Arc::clone(&house.store), house.ours);
        tokio::spawn(async move {
            store.record(ours, vec![report("a", vec![event(&format!("e{n}"), n, Status::Ready)])]).await
        })
    };
    let telling: Vec<_> = (0..50).map(tell).collect();
    tokio::task::yield_now().await;
    house.store.close().await;
    let mut kept = 0;
    for answer in telling {
        match answer.await.unwrap() {
            Ok(Recording::Recorded(_)) => kept += 1,
            Err(StoreError::Closed) => {}
            other => panic!("{other:?}"),
        }
    }
    let late = house.store.record(house.ours, vec![report("a", vec![])]).await;
    assert!(matches!(late, Err(StoreError::Closed)), "{late:?}");
    let read = house.store.shipment(&id("a")).await;
    assert!(matches!(read, Err(StoreError::Closed)), "{read:?}");
    assert!(matches!(house.store.check().await, Err(StoreError::Closed)));
    house.store.close().await;
    let store = engine.open(Arc::new(Witness::default())).await;
    assert_eq!(store.shipment(&id("a")).await.unwrap().unwrap().events().len(), kept);
}
