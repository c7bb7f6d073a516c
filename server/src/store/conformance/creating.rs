//! Laws of creation: ids are unique, requests may be repeated.

use std::sync::Arc;

use doorstep_model::shipment::Shipment;
use doorstep_model::status::Status;

use super::samples::{at, event, full_details, full_event, id, new};
use super::{Engine, House};
use crate::store::{Creation, NewShipment, Once};

pub(crate) async fn a_created_shipment_reads_back_whole(engine: impl Engine) {
    let house = House::on(&engine).await;
    let events = vec![full_event("e1"), event("e2", 5, Status::Created), full_event("e1")];
    let asked = NewShipment { details: full_details(), ..new("Ab-1", events.clone()) };
    let created = house.create(asked).await;
    let expected = Shipment::new(id("Ab-1"), full_details(), at(0), events[..2].to_vec(), 3);
    assert_eq!(*created, expected);
    let kept = house.read(house.ours, "aB-1").await.unwrap();
    assert_eq!(*kept, expected);
    assert_eq!(kept.tracking_id().as_str(), "Ab-1");
    let public = house.store.shipment(&id("AB-1")).await.unwrap().unwrap();
    assert_eq!(*public, expected);
    assert!(house.store.shipment(&id("Ab-2")).await.unwrap().is_none());
    house.store.check().await.unwrap();
}

pub(crate) async fn a_taken_id_is_refused_in_any_case_and_tenant(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("Ab-1", vec![])).await;
    for (tenant, tracking_id) in [(house.ours, "Ab-1"), (house.ours, "AB-1"), (house.theirs, "ab-1")] {
        let events = vec![event("theirs", 1, Status::Cancelled)];
        let again = house.store.create_shipment(tenant, new(tracking_id, events)).await.unwrap();
        assert!(matches!(again, Creation::Taken), "{again:?}");
    }
    assert_eq!(house.read(house.ours, "ab-1").await.unwrap().sequence(), 1);
}

pub(crate) async fn the_same_request_again_is_answered_as_the_first(engine: impl Engine) {
    let house = House::on(&engine).await;
    let asked = NewShipment { once: house.once("k", 1), ..new("a", vec![event("e1", 1, Status::Created)]) };
    let first = house.create(asked.clone()).await;
    house.record("a", vec![event("e2", 2, Status::Delivered)]).await;
    let again = house.store.create_shipment(house.ours, asked).await.unwrap();
    let Creation::Repeated(again) = again else { panic!("{again:?}") };
    assert_eq!(*again, *first);
    assert_eq!(house.read(house.ours, "a").await.unwrap().sequence(), 3);
    assert_eq!(house.witness.of("a"), [2, 3]);
}

pub(crate) async fn another_body_under_a_key_is_refused(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(NewShipment { once: house.once("k", 1), ..new("a", vec![]) }).await;
    let other = NewShipment { once: house.once("k", 2), ..new("b", vec![]) };
    let answer = house.store.create_shipment(house.ours, other.clone()).await.unwrap();
    assert!(matches!(answer, Creation::KeyReused), "{answer:?}");
    assert!(house.read(house.ours, "b").await.is_none());
    let key = crate::identity::KeyHash::of("second");
    let role = crate::identity::Role::Manager;
    let second = house.store.create_client(&"ours".parse().unwrap(), "app", role, key).await.unwrap();
    let once = Some(Once { client: second.id, key: "k".to_owned(), fingerprint: [2; 32] });
    house.create(NewShipment { once, ..other }).await;
}

pub(crate) async fn one_of_many_same_requests_creates(engine: impl Engine) {
    let house = House::on(&engine).await;
    let asked = NewShipment { once: house.once("k", 1), ..new("a", vec![event("e", 1, Status::Created)]) };
    let asking: Vec<_> = (0..16)
        .map(|_| {
            let (store, asked, tenant) = (Arc::clone(&house.store), asked.clone(), house.ours);
            tokio::spawn(async move { store.create_shipment(tenant, asked).await.unwrap() })
        })
        .collect();
    let mut created = 0;
    for answer in asking {
        match answer.await.unwrap() {
            Creation::Created(shipment) => {
                created += 1;
                assert_eq!(shipment.sequence(), 2);
            }
            Creation::Repeated(shipment) => assert_eq!(shipment.sequence(), 2),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((created, house.witness.of("a")), (1, vec![2]));
}

pub(crate) async fn a_refused_creation_leaves_its_key_free(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("a", vec![])).await;
    let taken = NewShipment { once: house.once("k", 1), ..new("A", vec![]) };
    let answer = house.store.create_shipment(house.ours, taken).await.unwrap();
    assert!(matches!(answer, Creation::Taken), "{answer:?}");
    house.create(NewShipment { once: house.once("k", 2), ..new("b", vec![]) }).await;
}

pub(crate) async fn a_key_is_forgotten_after_a_day(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(NewShipment { once: house.once("k", 1), ..new("a", vec![]) }).await;
    let later =
        |seconds| NewShipment { created_at: at(seconds), once: house.once("k", 2), ..new("b", vec![]) };
    let early = house.store.create_shipment(house.ours, later(86_399)).await.unwrap();
    assert!(matches!(early, Creation::KeyReused), "{early:?}");
    house.create(later(86_400)).await;
    let again = house.store.create_shipment(house.ours, later(86_401)).await.unwrap();
    assert!(matches!(again, Creation::Repeated(_)), "{again:?}");
}
