//! Laws of recording: repeats change nothing, order matters to nothing, all or nothing.

use doorstep_model::fold::fold;
use doorstep_model::id::EventId;
use doorstep_model::status::Status;

use super::samples::{event, full_event, new, report};
use super::{Engine, House};
use crate::store::{MAX_EVENTS, Recorded, Recording};

fn names(recorded: &Recorded) -> Vec<&str> {
    recorded.taken.iter().map(EventId::as_str).collect()
}

pub(crate) async fn new_events_are_taken_and_kept_whole(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("a", vec![])).await;
    let recorded = house.record("A", vec![full_event("e2"), event("e1", 1, Status::Created)]).await;
    assert_eq!(names(&recorded), ["e2", "e1"]);
    assert_eq!(recorded.shipment.sequence(), 3);
    assert_eq!(recorded.shipment.events(), [event("e1", 1, Status::Created), full_event("e2")]);
    assert_eq!(house.read(house.ours, "a").await.unwrap(), recorded.shipment);
    assert_eq!(house.witness.of("a"), [1, 3]);
}

pub(crate) async fn repeats_are_accepted_and_change_nothing(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("a", vec![event("e0", 0, Status::Created)])).await;
    let one = event("e1", 1, Status::Preparing);
    let changed = event("e1", 9, Status::Delivered);
    let recorded = house.record("a", vec![one.clone(), changed.clone(), one.clone()]).await;
    assert_eq!((names(&recorded), recorded.shipment.sequence()), (vec!["e1"], 3));
    let recorded = house.record("a", vec![changed, event("e2", 2, Status::Ready), one.clone()]).await;
    assert_eq!((names(&recorded), recorded.shipment.sequence()), (vec!["e2"], 4));
    let recorded = house.record("a", vec![one.clone()]).await;
    assert_eq!((names(&recorded), recorded.shipment.sequence()), (vec![], 4));
    let recorded = house.record("a", vec![]).await;
    assert_eq!((names(&recorded), recorded.shipment.sequence()), (vec![], 4));
    let kept = house.read(house.ours, "a").await.unwrap();
    assert_eq!(kept.events()[1], one);
    assert_eq!(kept.journey().status, Status::Ready);
    assert_eq!(house.witness.of("a"), [2, 3, 4]);
}

pub(crate) async fn any_order_of_arrival_folds_alike(engine: impl Engine) {
    let house = House::on(&engine).await;
    let journey = [
        event("e1", 1, Status::Created),
        event("e2", 2, Status::PickedUp),
        event("e3", 3, Status::OutForDelivery),
        event("e4", 4, Status::AttemptFailed),
        event("e5", 5, Status::OutForDelivery),
        event("e6", 6, Status::Delivered),
    ];
    for (number, order) in [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [3, 0, 5, 1, 4, 2]].iter().enumerate() {
        let name = format!("a{number}");
        house.create(new(&name, vec![])).await;
        for index in order {
            house.record(&name, vec![journey[*index].clone()]).await;
        }
        let kept = house.read(house.ours, &name).await.unwrap();
        assert_eq!(kept.events(), journey);
        assert_eq!(*kept.journey(), fold(None, &journey));
        assert_eq!(kept.sequence(), 7);
    }
}

pub(crate) async fn a_request_is_taken_whole_or_not_at_all(engine: impl Engine) {
    let house = House::on(&engine).await;
    for name in ["a", "b"] {
        house.create(new(name, vec![])).await;
    }
    let foreign = house.store.create_shipment(house.theirs, new("c", vec![])).await.unwrap();
    assert!(matches!(foreign, crate::store::Creation::Created(_)), "{foreign:?}");
    let one = || vec![event("e", 1, Status::Created)];
    let reports = ["a", "nowhere", "b", "c"].map(|name| report(name, one())).to_vec();
    let answer = house.store.record(house.ours, reports).await.unwrap();
    assert!(matches!(&answer, Recording::Unknown(which) if which == &[1, 3]), "{answer:?}");
    for name in ["a", "b"] {
        assert_eq!(house.read(house.ours, name).await.unwrap().sequence(), 1);
    }
    assert_eq!(house.read(house.theirs, "c").await.unwrap().sequence(), 1);
    let recorded = house.record_all(vec![report("b", one()), report("a", one())]).await;
    let ids: Vec<_> = recorded.iter().map(|part| part.shipment.tracking_id().as_str()).collect();
    assert_eq!(ids, ["b", "a"]);
    assert!(house.record_all(vec![]).await.is_empty());
}

pub(crate) async fn one_shipment_twice_in_a_request(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("a", vec![])).await;
    let [e1, e2] = [event("e1", 1, Status::Created), event("e2", 2, Status::Ready)];
    let reports = vec![report("a", vec![e1.clone()]), report("A", vec![e2, e1])];
    let recorded = house.record_all(reports).await;
    assert_eq!((names(&recorded[0]), names(&recorded[1])), (vec!["e1"], vec!["e2"]));
    assert_eq!(house.read(house.ours, "a").await.unwrap().sequence(), 3);
    assert_eq!(house.witness.of("a"), [1, 3]);
}

pub(crate) async fn a_full_shipment_takes_no_more(engine: impl Engine) {
    let house = House::on(&engine).await;
    let events = |from: usize, to: usize| {
        (from..to).map(|n| event(&format!("e{n}"), n as i64, Status::InTransit)).collect::<Vec<_>>()
    };
    house.create(new("a", vec![])).await;
    house.create(new("b", vec![])).await;
    house.record("a", events(0, MAX_EVENTS - 1)).await;
    let over = vec![
        report("b", events(0, 1)),
        report("a", events(MAX_EVENTS - 2, MAX_EVENTS)),
        report("a", events(MAX_EVENTS, MAX_EVENTS + 1)),
    ];
    let answer = house.store.record(house.ours, over).await.unwrap();
    assert!(matches!(&answer, Recording::Full(which) if which == &[2]), "{answer:?}");
    assert_eq!(house.read(house.ours, "b").await.unwrap().sequence(), 1);
    let last = house.record("a", events(MAX_EVENTS - 2, MAX_EVENTS)).await;
    assert_eq!(last.taken.len(), 1);
    let repeat = house.record("a", events(0, MAX_EVENTS)).await;
    assert!(repeat.taken.is_empty());
    assert_eq!(house.read(house.ours, "a").await.unwrap().events().len(), MAX_EVENTS);
}
