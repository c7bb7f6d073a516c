//! Laws of many callers at once: none lost, each change told once and before its answer.

use std::sync::Arc;
use std::time::Duration;

use doorstep_model::status::Status;
use futures_util::future::join_all;
use tokio::task::JoinSet;

use super::samples::{event, id, new, report};
use super::{Engine, House};
use crate::store::{Recording, StoreError};

pub(crate) async fn nothing_of_many_writers_is_lost(engine: impl Engine) {
    let house = House::on(&engine).await;
    for name in ["a", "b", "c"] {
        house.create(new(name, vec![])).await;
    }
    let mut writers = JoinSet::new();
    for writer in 0..64 {
        let (store, ours) = (Arc::clone(&house.store), house.ours);
        writers.spawn(async move {
            for n in 0..8 {
                let name = ["a", "b", "c"][(writer + n) % 3];
                let told = event(&format!("w{writer}-{n}"), n as i64, Status::InTransit);
                let answer = store.record(ours, vec![report(name, vec![told.clone()])]).await.unwrap();
                let Recording::Recorded(recorded) = answer else { panic!("{answer:?}") };
                assert_eq!(recorded[0].taken, std::slice::from_ref(&told.id));
                let kept = store.shipment(&id(name)).await.unwrap().unwrap();
                assert!(kept.events().contains(&told), "an answered event is there to be read");
            }
        });
    }
    while let Some(done) = writers.join_next().await {
        done.unwrap();
    }
    let mut events = 0;
    for name in ["a", "b", "c"] {
        let kept = house.read(house.ours, name).await.unwrap();
        events += kept.events().len();
        assert_eq!(kept.sequence(), 1 + kept.events().len() as u64);
        let told = house.witness.of(name);
        assert!(told.is_sorted_by(|a, b| a < b), "each state is told once, in order: {told:?}");
        assert_eq!(told.last(), Some(&kept.sequence()));
    }
    assert_eq!(events, 64 * 8);
}

pub(crate) async fn changes_are_told_once_and_before_the_answer(engine: impl Engine) {
    let house = House::on(&engine).await;
    for name in ["a", "b"] {
        house.create(new(name, vec![])).await;
        assert_eq!(house.witness.of(name), [1]);
    }
    let [e1, e2] = [event("e1", 1, Status::Created), event("e2", 2, Status::Ready)];
    let reports = vec![report("a", vec![e1.clone()]), report("b", vec![e1.clone()]), report("a", vec![e2])];
    house.record_all(reports).await;
    assert_eq!((house.witness.of("a"), house.witness.of("b")), (vec![1, 3], vec![1, 2]));
    house.record("a", vec![e1]).await;
    assert_eq!(house.witness.of("a"), [1, 3], "a repeat is no change");
}

pub(crate) async fn an_answer_nobody_waits_for_is_still_a_change(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("a", vec![])).await;
    let telling = house.store.record(house.ours, vec![report("a", vec![event("e", 1, Status::Created)])]);
    // Long enough to hand the request over, too short to wait for the disk; either way it must be kept.
    let waited = tokio::time::timeout(Duration::from_micros(1), telling).await;
    house.store.check().await.unwrap();
    assert_eq!(house.witness.of("a"), [1, 2], "{waited:?}");
    assert_eq!(house.read(house.ours, "a").await.unwrap().sequence(), 2);
}

pub(crate) async fn a_flood_is_refused_and_not_held(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("a", vec![])).await;
    let reports = |request| {
        let events = (0..1_000).map(|n| event(&format!("{}", (request + n) % 1_500), n, Status::Ready));
        vec![report("a", events.collect())]
    };
    // Made before the first is sent, so that they come faster than any store writes.
    let flood: Vec<_> = (0..400).map(reports).collect();
    let answers = join_all(flood.into_iter().map(|reports| house.store.record(house.ours, reports))).await;
    let mut refused = 0;
    for answer in answers {
        match answer {
            Ok(Recording::Recorded(_)) => {}
            Err(StoreError::Busy) => refused += 1,
            other => panic!("{other:?}"),
        }
    }
    assert!(refused > 0, "400,000 events at once are more than a store should hold");
    house.record("a", vec![event("after", 1, Status::Ready)]).await;
}
