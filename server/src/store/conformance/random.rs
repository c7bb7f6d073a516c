//! The law of the whole: however events are cut into reports, requests and groups, with repeats, the
//! shipments are what the model makes of the union.

use std::collections::BTreeMap;
use std::sync::Arc;

use doorstep_model::event::Event;
use doorstep_model::id::EventId;
use doorstep_model::shipment::{Details, Shipment};
use doorstep_model::status::Status;
use doorstep_model::time::Zone;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};
use tokio::task::JoinSet;

use super::samples::{at, event, id, new, report};
use super::{Engine, House};
use crate::store::Recording;

const SHIPMENTS: [&str; 4] = ["p0", "p1", "p2", "p3"];
const ROUNDS: usize = 24;

/// Which shipment, and of its events which ones, by number.
type Told = Vec<(usize, Vec<u8>)>;

/// Requests; those of one inner list are sent at once.
fn requests() -> impl Strategy<Value = Vec<Vec<Told>>> {
    let told = prop::collection::vec((0..SHIPMENTS.len(), prop::collection::vec(0..40u8, 0..6)), 1..5);
    prop::collection::vec(prop::collection::vec(told, 1..10), 1..5)
}

/// The event of a number: always the same, so that repeats are repeats.
fn numbered(round: usize, number: u8) -> Event {
    let status = Status::ALL[usize::from(number) % Status::ALL.len()];
    // Few instants for many events, so that ties are met.
    event(&format!("r{round}-{number}"), i64::from(number) * 7 % 10, status)
}

pub(crate) async fn any_grouping_gives_the_union(engine: impl Engine) {
    let house = House::on(&engine).await;
    let mut runner = TestRunner::new(Config::default());
    for round in 0..ROUNDS {
        let steps = requests().new_tree(&mut runner).unwrap().current();
        let name = |shipment: usize| format!("{}-{round}", SHIPMENTS[shipment]);
        for shipment in 0..SHIPMENTS.len() {
            house.create(new(&name(shipment), vec![])).await;
        }
        let mut union: BTreeMap<usize, BTreeMap<EventId, Event>> = BTreeMap::new();
        for step in &steps {
            let mut sending = JoinSet::new();
            for told in step {
                let mut reports = Vec::new();
                for (shipment, numbers) in told {
                    let events: Vec<Event> = numbers.iter().map(|n| numbered(round, *n)).collect();
                    let known = union.entry(*shipment).or_default();
                    known.extend(events.iter().map(|event| (event.id.clone(), event.clone())));
                    reports.push(report(&name(*shipment), events));
                }
                let (store, ours) = (Arc::clone(&house.store), house.ours);
                sending.spawn(async move { store.record(ours, reports).await.unwrap() });
            }
            while let Some(answer) = sending.join_next().await {
                assert!(matches!(answer.unwrap(), Recording::Recorded(_)));
            }
        }
        for (shipment, events) in union {
            let sequence = 1 + events.len() as u64;
            let events = events.into_values().collect();
            let details = Details::in_zone(Zone::utc());
            let expected = Shipment::new(id(&name(shipment)), details, at(0), events, sequence);
            let kept = house.read(house.ours, &name(shipment)).await.unwrap();
            assert_eq!(*kept, expected, "{steps:?}");
            assert_eq!(house.witness.of(&name(shipment)).last(), Some(&sequence));
        }
    }
}
