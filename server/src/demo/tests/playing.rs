//! Journeys played into a real store: under one number, with a sequence that never goes back.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use doorstep_model::time::Timestamp;
use tokio_util::sync::CancellationToken;

use super::{noon, scenarios, speed};
use crate::clock::Clock;
use crate::config::{Config, DatabaseUrl, Flags};
use crate::demo::player::Player;
use crate::demo::timetable::Timetable;
use crate::identity::{KeyHash, Role};
use crate::mail::NoMail;
use crate::server;
use crate::state::AppState;

async fn state(folder: &tempfile::TempDir, clock: Clock) -> AppState {
    let config = Config::resolve(Flags::default()).unwrap_or_else(|e| panic!("{e:#}"));
    let database = DatabaseUrl::Sqlite(folder.path().join("demo.db"));
    let config = Config { database, ..config };
    let state = server::state(&config, Arc::new(NoMail), Default::default(), CancellationToken::new()).await;
    AppState { clock, ..state.unwrap_or_else(|e| panic!("{e:#}")) }
}

#[tokio::test]
async fn a_round_that_ends_begins_anew_under_the_same_number() {
    let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
    let now = Arc::new(AtomicI64::new(noon().millis()));
    let shared = Arc::clone(&now);
    let clock = Clock::from_fn(move || Timestamp::from_millis(shared.load(Ordering::Relaxed)));
    let state = state(&folder, clock).await;
    let name = "demo".parse().unwrap_or_else(|e| panic!("{e}"));
    let client = state.store.create_client(&name, "test", Role::Manager, KeyHash::of("test")).await;
    let tenant = client.unwrap_or_else(|e| panic!("{e}")).tenant;

    let scenario = scenarios().swap_remove(0);
    let (id, scenes) = (scenario.tracking_id.clone(), scenario.events.len());
    let timetable = Timetable::new(&scenario, speed(2.0), noon(), 0, 1);
    let mut player = Player::new(state.clone(), tenant, scenario, speed(2.0), timetable);
    let (mut last, mut rounds, mut most) = (0, 0, 0);
    for _ in 0..600 {
        let moment = player.catch_up().await.unwrap_or_else(|e| panic!("{e:#}"));
        let shipment = state.store.shipment(&id).await.ok().flatten();
        let shipment = shipment.unwrap_or_else(|| panic!("{id} is gone"));
        assert_eq!(shipment.events().len(), moment.played, "the page shows this round and nothing else");
        assert!(shipment.sequence() >= last, "open pages never see an older view as newer");
        last = shipment.sequence();
        most = most.max(moment.played);
        rounds = moment.round;
        now.fetch_add(1_000, Ordering::Relaxed);
    }
    assert_eq!((rounds, most), (4, scenes));
    state.store.close().await;
}
