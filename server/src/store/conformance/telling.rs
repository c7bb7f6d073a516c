//! Laws of news on its way out: written with what it is about, told in order for each shipment, claimed by one,
//! and lost by nobody's death.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use doorstep_model::eta::{Confidence, Eta, Window};
use doorstep_model::event::Event;
use doorstep_model::handoff::Amended;
use doorstep_model::status::Status;
use doorstep_model::text::Source;

use super::orders::make;
use super::samples::{at, code_tried, comment, event, id, new, report, with_code};
use super::{Engine, House, Witness};
use crate::identity::TenantId;
use crate::store::orders::Filed;
use crate::store::outbox::{
    Attempt, Claim, Claimed, DeliveryId, DeliveryState, Effect, MessagePageRequest, Next, Replay, Room,
    Settled,
};
use crate::store::{Creation, Store};
use crate::webhooks::{Auth, Endpoint, EndpointId, EndpointPlan, Topic, Topics};

pub(crate) fn plan(name: &str) -> EndpointPlan {
    EndpointPlan {
        scope: None,
        target: format!("https://{name}.example/").parse().unwrap(),
        shape: "standard".to_owned(),
        auth: Auth::None,
        topics: Topics::ALL,
        includes_code: false,
        note: String::new(),
    }
}

/// An endpoint of ours.
pub(crate) async fn add(house: &House, plan: EndpointPlan) -> Endpoint {
    add_to(house, house.ours, plan).await
}

pub(super) async fn add_to(house: &House, tenant: TenantId, plan: EndpointPlan) -> Endpoint {
    house.store.add_endpoint(tenant, plan, at(0), 10).await.unwrap().unwrap()
}

pub(super) fn claim_of(claimed_by: i64, now: i64) -> Claim {
    let room = Room { most: 100, per_tenant: 100, per_receiver: 8, ..Room::default() };
    Claim { claimed_by, now: at(now), until: at(now + 30), after: EndpointId(0), room }
}

pub(crate) async fn claim(store: &Arc<dyn Store>, claimed_by: i64, now: i64) -> Vec<Claimed> {
    let mut claimed = store.claim(claim_of(claimed_by, now)).await.unwrap().claimed;
    claimed.sort_by_key(|claimed| claimed.delivery);
    claimed
}

/// What the claimed messages are about: the topic and where the shipment stood.
pub(super) async fn told(house: &House, claimed: &[Claimed]) -> Vec<(Topic, Option<Status>)> {
    let mut told = Vec::new();
    for claimed in claimed {
        let subject = house.store.subject(claimed.delivery).await.unwrap();
        told.push((subject.topic, subject.shipment.map(|shipment| shipment.journey().status)));
    }
    told
}

pub(super) fn settled(
    delivery: DeliveryId,
    claimed_by: i64,
    now: i64,
    next: Next,
    endpoint: Effect,
) -> Settled {
    let attempt = Attempt { at: at(now), took_ms: 7, status: Some(500), failure: None, answer: None };
    Settled { delivery, claimed_by, attempt: Some(attempt), at: at(now), next, endpoint }
}

pub(super) async fn end(house: &House, claimed: &Claimed, now: i64, next: Next, effect: Effect) {
    house.store.settle(settled(claimed.delivery, 1, now, next, effect)).await.unwrap();
}

pub(super) async fn deliver(house: &House, claimed: &[Claimed], now: i64) {
    for claimed in claimed {
        end(house, claimed, now, Next::Done(DeliveryState::Delivered), Effect::Reached).await;
    }
}

/// Tells everything that is due, one after the other, and says what it was.
pub(super) async fn drain(house: &House, now: i64) -> Vec<(Topic, Option<Status>)> {
    let mut all = Vec::new();
    loop {
        let claimed = claim(&house.store, 1, now).await;
        if claimed.is_empty() {
            return all;
        }
        all.extend(told(house, &claimed).await);
        deliver(house, &claimed, now).await;
    }
}

fn with_eta(name: &str, seconds: i64) -> Event {
    let eta = Eta {
        window: Window::Between { from: at(4_000), until: at(5_800) },
        as_of: at(seconds),
        confidence: Some(Confidence::High),
        source: Source::parse("route").unwrap(),
        cause: None,
    };
    Event { status: None, eta: Some(eta), ..event(name, seconds, Status::Created) }
}

pub(crate) async fn what_happens_is_told_in_order_with_what_it_left(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("before", vec![])).await;
    add(&house, plan("a")).await;
    house.create(with_code("a")).await;
    let late = event("late", 5, Status::Ready);
    house.record("a", vec![with_eta("eta", 30), late, event("arrived", 50, Status::Arrived)]).await;
    house.record("a", vec![event("arrived", 50, Status::Arrived)]).await;
    assert_eq!(
        house.amend("a", comment("by the gate", 0)).await.0,
        Amended::Refused(doorstep_model::handoff::Refusal::CutOff)
    );
    assert_eq!(house.amend("a", code_tried(false)).await.0, Amended::Taken);
    assert_eq!(house.amend("a", code_tried(true)).await.0, Amended::Taken);
    let out = Some(Status::OutForDelivery);
    let arrived = Some(Status::Arrived);
    assert_eq!(
        drain(&house, 300).await,
        [
            (Topic::Created, out),
            (Topic::EtaChanged, out),
            (Topic::Updated, out),
            (Topic::StatusChanged, arrived),
            (Topic::CodeChanged, arrived),
            (Topic::StatusChanged, Some(Status::Delivered)),
        ]
    );
    house.create(new("b", vec![])).await;
    assert_eq!(house.amend("b", comment("by the gate", 0)).await.0, Amended::Taken);
    assert_eq!(
        drain(&house, 300).await,
        [(Topic::Created, Some(Status::Unknown)), (Topic::PreferencesChanged, Some(Status::Unknown))]
    );
}

pub(crate) async fn one_group_or_many_tell_the_same(engine: impl Engine) {
    let house = House::on(&engine).await;
    add(&house, plan("a")).await;
    let journey = |name: &str| -> Vec<Event> {
        [Status::Ready, Status::PickedUp, Status::Delivered]
            .iter()
            .zip(1..)
            .map(|(status, n)| event(&format!("{name}{n}"), n, *status))
            .collect()
    };
    house.create(new("a", vec![])).await;
    house.create(new("b", vec![])).await;
    house.record_all(vec![report("a", journey("a")), report("b", journey("b"))]).await;
    let together = drain(&house, 10).await;
    assert_eq!(together.len(), 8);
    house.create(new("c", vec![])).await;
    for event in journey("c") {
        house.record("c", vec![event]).await;
    }
    let apart = drain(&house, 10).await;
    let statuses = [Status::Unknown, Status::Ready, Status::PickedUp, Status::Delivered].map(Some);
    assert_eq!(apart.iter().map(|(_, status)| *status).collect::<Vec<_>>(), statuses);
    for status in statuses {
        assert_eq!(together.iter().filter(|(_, told)| *told == status).count(), 2, "{status:?}");
    }
}

pub(crate) async fn only_who_wants_to_know_is_told(engine: impl Engine) {
    let house = House::on(&engine).await;
    let eta = EndpointPlan { topics: [Topic::EtaChanged].into_iter().collect(), ..plan("eta") };
    let eta = add(&house, eta).await;
    // Made before its shipment, so that it is told of its creation; the key is without case.
    let scoped = add(&house, EndpointPlan { scope: Some(id("B")), ..plan("b") }).await;
    add_to(&house, house.theirs, plan("theirs")).await;
    house.create(new("a", vec![])).await;
    house.create(new("b", vec![])).await;
    house.record_all(vec![report("a", vec![with_eta("e", 1)]), report("b", vec![with_eta("e", 1)])]).await;
    let mut count: HashMap<_, usize> = HashMap::new();
    // Two rounds: the first message of each shipment, and then what waited behind it.
    for _ in 0..2 {
        let claimed = claim(&house.store, 1, 10).await;
        for claimed in &claimed {
            *count.entry(claimed.endpoint.id).or_default() += 1;
        }
        deliver(&house, &claimed, 10).await;
    }
    assert_eq!(count, HashMap::from([(eta.id, 2), (scoped.id, 2)]));
    let listed = house.store.endpoints(house.ours, Some(&id("b"))).await.unwrap();
    assert_eq!(
        listed,
        house.store.endpoint(house.ours, scoped.id).await.unwrap().into_iter().collect::<Vec<_>>()
    );
    assert_eq!(house.store.endpoints(house.ours, None).await.unwrap().len(), 1);
}

pub(crate) async fn a_shipments_next_message_waits_and_no_other(engine: impl Engine) {
    let house = House::on(&engine).await;
    add(&house, plan("a")).await;
    house.create(new("a", vec![])).await;
    house.record("a", vec![event("e1", 1, Status::Ready)]).await;
    house.create(new("b", vec![])).await;
    let first = claim(&house.store, 1, 10).await;
    assert_eq!(told(&house, &first).await.len(), 2, "the first of each shipment");
    end(&house, &first[0], 10, Next::Again(at(100)), Effect::Failed).await;
    deliver(&house, &first[1..], 10).await;
    assert!(claim(&house.store, 1, 99).await.is_empty(), "what follows waits");
    assert_eq!(house.store.next_try().await.unwrap(), Some(at(100)));
    let again = claim(&house.store, 1, 100).await;
    assert_eq!((again.len(), again[0].delivery, again[0].tries), (1, first[0].delivery, 1));
    end(&house, &again[0], 100, Next::Done(DeliveryState::GivenUp), Effect::Failed).await;
    assert_eq!(drain(&house, 100).await, [(Topic::StatusChanged, Some(Status::Ready))]);
    assert_eq!(house.store.next_try().await.unwrap(), None);
}

pub(crate) async fn a_message_is_claimed_by_one_and_taken_over_when_that_one_dies(engine: impl Engine) {
    let house = House::on(&engine).await;
    add(&house, plan("a")).await;
    house.create(new("a", vec![])).await;
    let claimed = claim(&house.store, 1, 10).await;
    assert!(house.store.keep_rendering(claimed[0].delivery, 1, "first".to_owned()).await.unwrap());
    assert!(claim(&house.store, 2, 39).await.is_empty());
    let taken_over = claim(&house.store, 2, 40).await;
    assert_eq!(taken_over[0].delivery, claimed[0].delivery);
    assert_eq!(taken_over[0].rendering.as_deref(), Some("first"), "the same is sent again");
    assert!(!house.store.keep_rendering(claimed[0].delivery, 2, "other".to_owned()).await.unwrap());
    // The first was only late: its word counts no more, but the try is seen.
    end(&house, &claimed[0], 41, Next::Again(at(500)), Effect::Gone).await;
    let settled = settled(claimed[0].delivery, 2, 42, Next::Done(DeliveryState::Delivered), Effect::Reached);
    house.store.settle(settled).await.unwrap();
    let endpoint = claimed[0].endpoint.clone();
    let page = MessagePageRequest { older_than: None, limit: 10 };
    let page = house.store.messages(house.ours, endpoint.id, None, page).await.unwrap().unwrap();
    assert_eq!(page.messages[0].state, DeliveryState::Delivered);
    let message = house.store.message(house.ours, endpoint.id, &claimed[0].message).await.unwrap();
    assert_eq!(message.map(|(_, attempts)| attempts.len()), Some(2));
    assert_eq!(house.store.endpoint(house.ours, endpoint.id).await.unwrap(), Some(endpoint));
}

pub(crate) async fn news_is_there_after_a_drop(engine: impl Engine) {
    let house = House::on(&engine).await;
    add(&house, plan("a")).await;
    house.create(new("a", vec![event("e0", 0, Status::Ready)])).await;
    drop(house.store);
    let store = engine.open(Arc::new(Witness::default())).await;
    let claimed = claim(&store, 1, 10).await;
    assert_eq!(claimed.len(), 1);
    drop(store);
    let store = engine.open(Arc::new(Witness::default())).await;
    assert!(claim(&store, 2, 20).await.is_empty(), "claimed still");
    assert_eq!(claim(&store, 2, 40).await[0].message, claimed[0].message);
}

pub(crate) async fn a_store_beside_it_hears_of_endpoints_and_writes_news(engine: impl Engine) {
    let house = House::on(&engine).await;
    let other = engine.open(Arc::new(Witness::default())).await;
    other.create_shipment(house.ours, new("a", vec![])).await.unwrap();
    add(&house, plan("a")).await;
    let made = other.create_shipment(house.ours, new("b", vec![])).await.unwrap();
    assert!(matches!(made, Creation::Created(_)), "{made:?}");
    assert_eq!(drain(&house, 10).await, [(Topic::Created, Some(Status::Unknown))]);
}

pub(crate) async fn a_test_waits_for_no_other(engine: impl Engine) {
    let house = House::on(&engine).await;
    let endpoint = add(&house, plan("a")).await.id;
    let test = async || house.store.tell_test(house.ours, endpoint, at(1)).await.unwrap().unwrap();
    let first = test().await;
    let claimed = claim(&house.store, 1, 10).await;
    end(&house, &claimed[0], 10, Next::Again(at(9_000)), Effect::Failed).await;
    let second = test().await;
    let claimed = claim(&house.store, 1, 20).await;
    assert_eq!(claimed.iter().map(|claimed| &claimed.message).collect::<Vec<_>>(), [&second]);
    end(&house, &claimed[0], 20, Next::Again(at(9_000)), Effect::Failed).await;
    // Nor where all are lined up anew.
    for which in [Replay::One(first), Replay::One(second)] {
        assert_eq!(house.store.replay(house.ours, endpoint, which).await.unwrap(), Some(1));
    }
    assert_eq!(claim(&house.store, 1, 30).await.len(), 2);
}

pub(crate) async fn a_filing_wakes_who_delivers(engine: impl Engine) {
    let house = House::on(&engine).await;
    add(&house, plan("a")).await;
    let woken =
        async || tokio::time::timeout(Duration::from_millis(200), house.store.news_written()).await.is_ok();
    // What was noted before.
    woken().await;
    let filed = house.store.file(house.ours, make("o", "a")).await.unwrap();
    assert!(matches!(filed, Filed::Done(_)), "{filed:?}");
    assert!(woken().await);
}
