//! Laws of those who are told by push: nobody is told twice by two who look at once, and whoever was taken and
//! not settled is found again.

use std::collections::HashMap;
use std::sync::Arc;

use doorstep_model::id::TrackingId;
use doorstep_model::status::Status;
use futures_util::future::join_all;

use super::samples::{at, event, id, new};
use super::{Engine, House, Witness};
use crate::store::pushes::{Became, Claim, MOST_PUSHES, NewPush, Push, PushName, Subscribed};
use crate::store::{Report, Store};

/// One that has seen what [`created`] made.
fn device(number: u8) -> NewPush {
    NewPush {
        name: PushName([number; 16]),
        endpoint: format!("https://push.example/{number}"),
        at: at(10),
        sequence: 2,
        told: "created".to_owned(),
    }
}

fn claim(of: Option<&[&str]>, now: i64) -> Claim {
    let of = of.map(|ids| ids.iter().map(|one| id(one)).collect::<Vec<TrackingId>>());
    let (now, until) = (at(now), at(now + 30));
    Claim { of, now, until, most: 10, per_service: 10, being_told: HashMap::new() }
}

impl House {
    async fn with_device(&self, tracking_id: &str, number: u8) {
        let kept = self.store.subscribe(&id(tracking_id), device(number)).await.unwrap();
        assert_eq!(kept, Subscribed::Kept);
    }

    async fn goes_on(&self, tracking_id: &str, event_id: &str, status: Status) {
        let events = vec![event(event_id, 2, status)];
        let report = Report { tracking_id: id(tracking_id), events };
        self.store.record(self.ours, vec![report]).await.unwrap();
    }

    async fn behind(&self, of: Option<&[&str]>, now: i64) -> Vec<String> {
        let claimed = self.store.claim_pushes(claim(of, now)).await.unwrap();
        claimed.into_iter().map(|push| push.endpoint).collect()
    }
}

fn only(mut pushes: Vec<Push>) -> Push {
    assert_eq!(pushes.len(), 1);
    pushes.remove(0)
}

async fn created(engine: &impl Engine) -> House {
    let house = House::on(engine).await;
    house.create(new("a", vec![event("1", 1, Status::Created)])).await;
    house.create(new("b", vec![event("1", 1, Status::Created)])).await;
    house
}

pub(crate) async fn who_is_behind_is_found_and_nobody_else(engine: impl Engine) {
    let house = created(&engine).await;
    house.with_device("A", 1).await;
    house.with_device("b", 2).await;
    assert!(house.behind(None, 20).await.is_empty(), "nothing has happened");
    house.goes_on("a", "2", Status::InTransit).await;
    assert!(house.behind(Some(&["b", "nobody"]), 20).await.is_empty());
    assert!(house.behind(Some(&[]), 20).await.is_empty());
    assert_eq!(house.behind(Some(&["a", "b"]), 20).await, ["https://push.example/1"]);
    assert!(house.behind(None, 49).await.is_empty(), "it was taken");
    let push = only(house.store.claim_pushes(claim(None, 50)).await.unwrap());
    assert_eq!((push.tracking_id.as_str(), push.told.as_str(), push.tries), ("a", "created", 0));
}

pub(crate) async fn of_many_who_look_at_once_one_takes(engine: impl Engine) {
    let house = created(&engine).await;
    let beside = engine.open(Arc::new(Witness::default())).await;
    house.with_device("a", 1).await;
    house.goes_on("a", "2", Status::InTransit).await;
    let stores: [&Arc<dyn Store>; 2] = [&house.store, &beside];
    let looks = (0..20).map(|number| stores[number % 2].claim_pushes(claim(None, 20)));
    let taken: usize = join_all(looks).await.into_iter().map(|found| found.unwrap().len()).sum();
    assert_eq!(taken, 1);
}

pub(crate) async fn what_became_of_it_is_kept(engine: impl Engine) {
    let house = created(&engine).await;
    house.with_device("a", 1).await;
    house.goes_on("a", "2", Status::InTransit).await;
    let push = only(house.store.claim_pushes(claim(None, 20)).await.unwrap());
    house.store.settle_push(push.id, Became::Later { at: at(100) }).await.unwrap();
    assert!(house.behind(None, 99).await.is_empty());
    let push = only(house.store.claim_pushes(claim(None, 100)).await.unwrap());
    assert_eq!(push.tries, 1);
    let told = Became::Told { sequence: 3, told: "in_transit".to_owned() };
    house.store.settle_push(push.id, told).await.unwrap();
    assert!(house.behind(None, 500).await.is_empty(), "all was told");
    house.goes_on("a", "3", Status::OutForDelivery).await;
    let push = only(house.store.claim_pushes(claim(None, 500)).await.unwrap());
    assert_eq!((push.told.as_str(), push.tries), ("in_transit", 0));
    house.store.settle_push(push.id, Became::Nothing { sequence: 4 }).await.unwrap();
    assert!(house.behind(None, 900).await.is_empty());
    house.goes_on("a", "4", Status::Delivered).await;
    let push = only(house.store.claim_pushes(claim(None, 900)).await.unwrap());
    house.store.settle_push(push.id, Became::Over).await.unwrap();
    house.goes_on("a", "5", Status::Returning).await;
    assert!(house.behind(None, 9_000).await.is_empty(), "it is forgotten");
}

pub(crate) async fn devices_are_few_and_can_be_taken_back(engine: impl Engine) {
    let house = created(&engine).await;
    let (store, a) = (&house.store, id("a"));
    assert_eq!(store.subscribe(&id("nobody"), device(1)).await.unwrap(), Subscribed::Unknown);
    for number in 0..MOST_PUSHES {
        house.with_device("a", u8::try_from(number).unwrap()).await;
    }
    assert_eq!(store.subscribe(&a, device(200)).await.unwrap(), Subscribed::Full);
    assert_eq!(store.subscribe(&a, device(3)).await.unwrap(), Subscribed::Kept, "it is told already");
    house.with_device("b", 200).await;
    assert!(!store.unsubscribe(&id("b"), PushName([3; 16])).await.unwrap());
    assert!(store.unsubscribe(&id("A"), PushName([3; 16])).await.unwrap());
    assert!(!store.unsubscribe(&a, PushName([3; 16])).await.unwrap());
    assert_eq!(store.subscribe(&a, device(200)).await.unwrap(), Subscribed::Kept);
}

pub(crate) async fn who_was_not_told_is_there_after_a_drop(engine: impl Engine) {
    let house = created(&engine).await;
    house.with_device("a", 1).await;
    house.goes_on("a", "2", Status::InTransit).await;
    let taken = house.store.claim_pushes(claim(None, 20)).await.unwrap();
    assert_eq!(taken.len(), 1);
    drop(house);
    let store = engine.open(Arc::new(Witness::default())).await;
    assert!(store.claim_pushes(claim(None, 49)).await.unwrap().is_empty());
    assert_eq!(store.claim_pushes(claim(None, 50)).await.unwrap(), taken);
}

pub(crate) async fn a_slow_service_holds_nobody_else_back(engine: impl Engine) {
    let house = created(&engine).await;
    for number in 0..15 {
        house.with_device("a", number).await;
    }
    let elsewhere = NewPush { endpoint: "https://other.example:8443/1".to_owned(), ..device(99) };
    assert_eq!(house.store.subscribe(&id("b"), elsewhere).await.unwrap(), Subscribed::Kept);
    for tracking_id in ["a", "b"] {
        house.goes_on(tracking_id, "2", Status::InTransit).await;
    }
    for of in [None, Some(&["a", "b"][..])] {
        let told = |count| HashMap::from([("push.example".to_owned(), count)]);
        let some = Claim { per_service: 4, being_told: told(1), ..claim(of, 20) };
        assert_eq!(
            house.store.claim_pushes(some).await.unwrap().len(),
            3,
            "its room, though more are first in line"
        );
        let full = Claim { per_service: 4, being_told: told(4), ..claim(of, 20) };
        let taken = only(house.store.claim_pushes(full).await.unwrap());
        assert_eq!(taken.endpoint, "https://other.example:8443/1");
        house.store.settle_push(taken.id, Became::Later { at: at(20) }).await.unwrap();
    }
}

pub(crate) async fn who_asked_long_ago_is_forgotten(engine: impl Engine) {
    let house = created(&engine).await;
    house.with_device("a", 1).await;
    let later = NewPush { at: at(11), ..device(2) };
    assert_eq!(house.store.subscribe(&id("b"), later).await.unwrap(), Subscribed::Kept);
    assert_eq!(house.store.tidy_pushes(at(10)).await.unwrap(), 0);
    assert_eq!(house.store.tidy_pushes(at(11)).await.unwrap(), 1);
    for tracking_id in ["a", "b"] {
        house.goes_on(tracking_id, "2", Status::InTransit).await;
    }
    assert_eq!(house.behind(None, 20).await, ["https://push.example/2"]);
}
