//! What a new beginning keeps and what it takes back.

use std::sync::Mutex;

use doorstep_model::event::{Event, Movement};
use doorstep_model::flags::FlagChange;
use doorstep_model::id::{EventId, TrackingId};
use doorstep_model::shipment::Details;
use doorstep_model::status::Status;
use doorstep_model::text::Source;
use doorstep_model::time::{Timestamp, Zone};

use super::*;
use crate::identity::{KeyHash, Role};
use crate::store::sqlite::SqliteStore;
use crate::store::{Observer, Recording, Report, Store as _};

#[derive(Default)]
struct Told(Mutex<Vec<(u64, Status)>>);

impl Observer for Told {
    fn changed(&self, shipments: &[Arc<Shipment>]) {
        let mut told = self.0.lock().unwrap_or_else(|e| panic!("{e}"));
        told.extend(shipments.iter().map(|one| (one.sequence(), one.journey().status)));
    }

    fn all_may_have_changed(&self) {}
}

fn event(id: &str, status: Status) -> Event {
    let at = Timestamp::from_millis(1_795_262_400_000);
    Event {
        id: EventId::parse(id).unwrap_or_else(|e| panic!("{e}")),
        occurred_at: Some(at),
        received_at: at,
        source: Source::parse("test").unwrap_or_else(|e| panic!("{e}")),
        source_word: None,
        language: None,
        status: Some(status),
        movement: Movement::Forward,
        reason: None,
        flags: FlagChange::default(),
        eta: None,
        place: None,
        note: None,
        courier: None,
        next: None,
    }
}

fn new(id: &str, events: Vec<Event>) -> NewShipment {
    NewShipment {
        tracking_id: TrackingId::parse(id).unwrap_or_else(|e| panic!("{e}")),
        details: Details::in_zone(Zone::utc()),
        created_at: Timestamp::from_millis(1_795_262_400_000),
        events,
        once: None,
    }
}

async fn open(path: &std::path::Path, told: &Arc<Told>) -> SqliteStore {
    let path = path.to_str().unwrap_or_default();
    SqliteStore::open(path, told.clone()).await.unwrap_or_else(|e| panic!("{e}"))
}

async fn tenant(store: &SqliteStore, name: &str) -> TenantId {
    let name_of = name.parse().unwrap_or_else(|e| panic!("{e}"));
    let client = store.create_client(&name_of, "test", Role::Manager, KeyHash::of(name)).await;
    client.unwrap_or_else(|e| panic!("{e}")).tenant
}

#[tokio::test]
async fn a_new_beginning_forgets_the_events_and_goes_on_counting() {
    let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
    let path = folder.path().join("anew.db");
    let told = Arc::new(Told::default());
    let store = open(&path, &told).await;
    let (ours, theirs) = (tenant(&store, "ours").await, tenant(&store, "theirs").await);

    let first = vec![event("a", Status::Created), event("b", Status::Delivered)];
    let begun = store.begin_anew(ours, new("ROUND-1", first)).await;
    assert!(matches!(begun, Ok(Creation::Created(one)) if one.sequence() == 3), "a new number is created");

    let again = store.begin_anew(ours, new("round-1", vec![event("a", Status::Created)])).await;
    assert!(matches!(again, Ok(Creation::Created(one)) if one.sequence() == 5 && one.events().len() == 1));

    let foreign = store.begin_anew(theirs, new("ROUND-1", Vec::new())).await;
    assert!(matches!(foreign, Ok(Creation::Taken)));

    let id = TrackingId::parse("ROUND-1").unwrap_or_else(|e| panic!("{e}"));
    let report = Report { tracking_id: id.clone(), events: vec![event("b", Status::InTransit)] };
    let recorded = store.record(ours, vec![report]).await;
    assert!(
        matches!(recorded, Ok(Recording::Recorded(parts)) if parts[0].taken.len() == 1),
        "ids are free again"
    );

    let expected = [(3, Status::Delivered), (5, Status::Created), (6, Status::InTransit)];
    assert_eq!(*told.0.lock().unwrap_or_else(|e| panic!("{e}")), expected);

    let before = store.shipment(&id).await.unwrap_or_else(|e| panic!("{e}"));
    store.close().await;
    let reopened = open(&path, &told).await;
    let after = reopened.shipment(&id).await.unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(before, after);
    assert!(after.is_some_and(|one| one.sequence() == 6 && one.events().len() == 2));
}
