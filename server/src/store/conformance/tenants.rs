//! Laws of separation: a tenant's shipments are its own by every method.

use doorstep_model::status::Status;

use super::samples::{event, id, new, report};
use super::{Engine, House};
use crate::identity::{KeyHash, Role};
use crate::store::{Creation, Filter, PageRequest, PageStart, Recording};

pub(crate) async fn nobody_sees_or_changes_what_is_not_theirs(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("a", vec![event("e", 1, Status::Created)])).await;
    let foreign = vec![event("f", 2, Status::Cancelled)];
    assert!(house.read(house.theirs, "a").await.is_none());
    let answer = house.store.record(house.theirs, vec![report("a", foreign.clone())]).await.unwrap();
    assert!(matches!(&answer, Recording::Unknown(which) if which == &[0]), "{answer:?}");
    let answer = house.store.create_shipment(house.theirs, new("A", foreign)).await.unwrap();
    assert!(matches!(answer, Creation::Taken), "{answer:?}");
    for filter in [
        Filter::default(),
        Filter { statuses: vec![Status::Created, Status::Cancelled], updated_since: None },
        Filter { statuses: vec![], updated_since: Some(super::samples::at(-100)) },
    ] {
        let request = PageRequest { start: PageStart::Newest, limit: 10 };
        let page = house.store.shipments_of(house.theirs, filter.clone(), request).await.unwrap();
        assert!(page.shipments.is_empty() && page.newer.is_none() && page.older.is_none());
        let page = house.store.shipments_of(house.ours, filter, request).await.unwrap();
        assert_eq!(page.shipments.len(), 1);
    }
    let public = house.store.shipment(&id("a")).await.unwrap().unwrap();
    assert_eq!((public.sequence(), public.journey().status), (2, Status::Created));
}

pub(crate) async fn clients_are_found_by_their_key_alone(engine: impl Engine) {
    let house = House::on(&engine).await;
    let found = house.store.client_by_key(&KeyHash::of("ours")).await.unwrap();
    assert_eq!(found.as_ref(), Some(&house.client));
    assert!(house.store.client_by_key(&KeyHash::of("Ours")).await.unwrap().is_none());
    let carrier = house
        .store
        .create_client(&"ours".parse().unwrap(), "van", Role::Carrier, KeyHash::of("van"))
        .await
        .unwrap();
    assert_eq!((carrier.tenant, carrier.role), (house.ours, Role::Carrier));
    assert_ne!(carrier.id, house.client.id);
    let again =
        house.store.create_client(&"ours".parse().unwrap(), "van", Role::Reader, KeyHash::of("van")).await;
    assert!(again.is_err(), "a key hash is one client's");
    let tenant = house.store.tenant_by_name(&"theirs".parse().unwrap()).await.unwrap();
    assert_eq!(tenant, Some(house.theirs));
    assert_eq!(house.store.tenant_by_name(&"nobody".parse().unwrap()).await.unwrap(), None);
}
