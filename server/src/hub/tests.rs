//! The hub over the real store: what viewers are told, and what is kept of those who left.

use std::sync::Arc;
use std::time::Duration;

use doorstep_model::event::{Event, Movement};
use doorstep_model::flags::FlagChange;
use doorstep_model::id::{EventId, TrackingId};
use doorstep_model::shipment::Details;
use doorstep_model::status::Status;
use doorstep_model::text::Source;
use doorstep_model::time::{Timestamp, Zone};
use tempfile::TempDir;

use super::*;
use crate::bus::LocalBus;
use crate::identity::{ApiKey, Role, TenantId};
use crate::store::sqlite::SqliteStore;
use crate::store::{Creation, NewShipment, Recording, Report};

struct Node {
    hub: Arc<Hub>,
    store: Arc<dyn Store>,
}

async fn node(folder: &TempDir, bus: Arc<LocalBus>) -> Node {
    let hub = Hub::new(bus);
    let path = folder.path().join("hub.db");
    let store: Arc<dyn Store> =
        Arc::new(SqliteStore::open(path.to_str().unwrap(), hub.clone()).await.unwrap());
    hub.attach(Arc::clone(&store));
    Node { hub, store }
}

fn id(text: &str) -> TrackingId {
    TrackingId::parse(text).unwrap()
}

fn event(name: &str, status: Status) -> Event {
    let at = Timestamp::parse("2026-11-21T10:00:00Z").unwrap();
    Event {
        id: EventId::parse(name).unwrap(),
        occurred_at: Some(at),
        received_at: at,
        source: Source::parse("test").unwrap(),
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

impl Node {
    async fn create(&self, name: &str) -> TenantId {
        let key = ApiKey::random().unwrap().hash();
        let client =
            self.store.create_client(&"shop".parse().unwrap(), "test", Role::Manager, key).await.unwrap();
        let new = NewShipment {
            tracking_id: id(name),
            details: Details::in_zone(Zone::utc()),
            created_at: Timestamp::from_millis(0),
            events: Vec::new(),
            once: None,
        };
        assert!(matches!(self.store.create_shipment(client.tenant, new).await, Ok(Creation::Created(_))));
        client.tenant
    }

    async fn report(&self, tenant: TenantId, name: &str, event: Event) {
        let report = Report { tracking_id: id(name), events: vec![event] };
        assert!(matches!(self.store.record(tenant, vec![report]).await, Ok(Recording::Recorded(_))));
    }
}

/// The next view, or a failure when none comes.
async fn next(viewer: &mut Viewer) -> Arc<Frame> {
    tokio::time::timeout(Duration::from_secs(10), viewer.changed()).await.expect("a change is told")
}

#[tokio::test]
async fn viewers_share_one_frame_a_change() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(&folder, LocalBus::new()).await;
    let tenant = node.create("S-1").await;
    let mut first = node.hub.watch(&id("S-1")).await.unwrap().unwrap();
    let mut second = node.hub.watch(&id("s-1")).await.unwrap().unwrap();
    assert_eq!(first.current().view().unwrap().status, Status::Unknown);
    node.report(tenant, "S-1", event("a", Status::InTransit)).await;
    let (one, other) = (next(&mut first).await, next(&mut second).await);
    assert!(Arc::ptr_eq(&one, &other), "the view was serialised twice");
    assert_eq!(one.view().unwrap().status, Status::InTransit);
    assert_eq!(one.sequence(), 2);
}

#[tokio::test]
async fn a_recipients_view_is_made_while_one_watches_and_never_stale() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(&folder, LocalBus::new()).await;
    let tenant = node.create("S-1").await;
    let everybody = node.hub.watch(&id("S-1")).await.unwrap().unwrap();
    let mut first = node.hub.watch_as_recipient(&id("S-1")).await.unwrap().unwrap();
    let mut second = node.hub.watch_as_recipient(&id("s-1")).await.unwrap().unwrap();
    node.report(tenant, "S-1", event("a", Status::InTransit)).await;
    let (one, other) = (next(&mut first).await, next(&mut second).await);
    assert!(Arc::ptr_eq(&one, &other), "the view was serialised twice");
    assert!(one.json().windows(18).any(|name| name == b"contactlessAllowed"), "it is the recipient's");
    assert_eq!(node.hub.size(), (1, 3));
    drop((first, second));
    node.report(tenant, "S-1", event("b", Status::OutForDelivery)).await;
    let late = node.hub.watch_as_recipient(&id("S-1")).await.unwrap().unwrap();
    assert_eq!(late.current().sequence(), 3, "what was made for those who left is not shown");
    drop((everybody, late));
    node.hub.clear_idle(Instant::now() + 2 * IDLE_FOR);
    assert_eq!(node.hub.size(), (0, 0));
}

#[tokio::test]
async fn an_id_that_nobody_has_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(&folder, LocalBus::new()).await;
    for number in 0..100 {
        assert!(node.hub.watch(&id(&format!("NOBODY-{number}"))).await.unwrap().is_none());
        assert!(node.hub.watch_as_recipient(&id("NOBODY")).await.unwrap().is_none());
        assert!(node.hub.current(&id(&format!("NOBODY-{number}"))).await.unwrap().is_none());
    }
    assert_eq!(node.hub.size(), (0, 0));
}

#[tokio::test]
async fn a_view_that_nobody_watches_is_never_stale() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(&folder, LocalBus::new()).await;
    let tenant = node.create("S-1").await;
    assert_eq!(node.hub.current(&id("S-1")).await.unwrap().unwrap().sequence(), 1);
    node.report(tenant, "S-1", event("a", Status::InTransit)).await;
    assert_eq!(node.hub.current(&id("S-1")).await.unwrap().unwrap().sequence(), 2);
}

#[tokio::test]
async fn the_sweep_takes_what_nobody_watches_and_leaves_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let node = node(&folder, LocalBus::new()).await;
    node.create("WATCHED").await;
    node.create("LEFT").await;
    let viewer = node.hub.watch(&id("WATCHED")).await.unwrap();
    node.hub.current(&id("LEFT")).await.unwrap();
    node.hub.clear_idle(Instant::now());
    assert_eq!(node.hub.size(), (2, 1), "what was asked for lately is kept for a while");
    node.hub.clear_idle(Instant::now() + 2 * IDLE_FOR);
    assert_eq!(node.hub.size(), (1, 1));
    drop(viewer);
    node.hub.clear_idle(Instant::now() + 2 * IDLE_FOR);
    assert_eq!(node.hub.size(), (0, 0));
}

#[tokio::test]
async fn a_viewer_on_one_node_sees_what_another_node_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let bus = LocalBus::new();
    let here = node(&folder, Arc::clone(&bus)).await;
    let there = node(&folder, bus).await;
    let tenant = here.create("S-1").await;
    let mut viewer = here.hub.watch(&id("S-1")).await.unwrap().unwrap();
    there.report(tenant, "S-1", event("a", Status::Delivered)).await;
    assert_eq!(next(&mut viewer).await.view().unwrap().status, Status::Delivered);
}

#[tokio::test]
async fn a_viewer_sees_what_another_process_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let here = node(&folder, LocalBus::new()).await;
    // Another bus: like an import, it shares nothing but the file.
    let there = node(&folder, LocalBus::new()).await;
    let tenant = here.create("S-1").await;
    let mut viewer = here.hub.watch(&id("S-1")).await.unwrap().unwrap();
    there.report(tenant, "S-1", event("a", Status::Delivered)).await;
    assert_eq!(next(&mut viewer).await.view().unwrap().status, Status::Delivered);
}

#[test]
fn a_topic_only_moves_forward() {
    let shipment = |events| {
        Shipment::new(id("S-1"), Details::in_zone(Zone::utc()), Timestamp::from_millis(0), Vec::new(), events)
    };
    let topic = Topic::new();
    topic.offer(&shipment(5));
    topic.offer(&shipment(4));
    topic.offer(&shipment(5));
    assert_eq!(topic.current().map(|frame| frame.sequence()), Some(5));
    assert!(topic.is_behind(6) && !topic.is_behind(5));
}
