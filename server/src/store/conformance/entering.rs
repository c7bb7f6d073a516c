//! Laws of links and sessions: a secret opens one shipment, once, until it is revoked.

use std::sync::Arc;

use doorstep_model::status::Status;
use futures_util::future::join_all;

use super::samples::{at, event, id, new};
use super::{Engine, House, Witness};
use crate::access::{IDLE_MS, Link, LinkId, LinkMaker, NewLink, NewSession, ROTATES_MS, SecretHash, Session};
use crate::store::Creation;

/// The hash of the secret with that number.
fn secret(number: u8) -> SecretHash {
    SecretHash::of(&format!("secret {number}"))
}

/// The hash of the token with that number.
fn token(number: u8) -> SecretHash {
    SecretHash::of(&format!("token {number}"))
}

fn session(number: u8) -> NewSession {
    NewSession { token: token(number), at: at(10), stepped_up_until: None }
}

impl House {
    async fn link(&self, tracking_id: &str, number: u8) -> Link {
        let new =
            NewLink { hash: secret(number), made_at: at(i64::from(number)), made_by: LinkMaker::Client };
        self.store.add_link(self.ours, &id(tracking_id), new).await.unwrap().unwrap()
    }

    async fn exchange(&self, tracking_id: &str, link: u8, as_session: u8) -> Option<Session> {
        self.store.exchange_link(&id(tracking_id), &secret(link), session(as_session)).await.unwrap()
    }

    async fn session(&self, number: u8) -> Option<Session> {
        self.store.session(&token(number)).await.unwrap()
    }

    async fn links(&self, tracking_id: &str) -> Vec<Link> {
        self.store.links(self.ours, &id(tracking_id)).await.unwrap()
    }

    async fn revoke(&self, tracking_id: &str, which: Option<LinkId>) -> u64 {
        self.store.revoke_links(self.ours, &id(tracking_id), which, at(20)).await.unwrap()
    }
}

pub(crate) async fn a_link_is_exchanged_once(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("Ab-1", vec![])).await;
    let link = house.link("aB-1", 1).await;
    assert_eq!((link.made_at, link.made_by), (at(1), LinkMaker::Client));
    assert_eq!((link.used_at, link.revoked_at), (None, None));
    let opened = house.exchange("AB-1", 1, 1).await.unwrap();
    assert_eq!((opened.tenant, opened.tracking_id.as_str()), (house.ours, "Ab-1"));
    assert_eq!((opened.link, opened.token, opened.token_at), (Some(link.id), token(1), at(10)));
    assert_eq!((opened.token_before, opened.stepped_up_until), (None, None));
    assert_eq!(house.session(1).await.unwrap(), opened);
    assert!(house.exchange("Ab-1", 1, 2).await.is_none());
    assert!(house.session(2).await.is_none());
    assert_eq!(house.links("ab-1").await, [Link { used_at: Some(at(10)), ..link }]);
}

pub(crate) async fn of_many_exchanges_at_once_one_wins(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("a", vec![])).await;
    // A second store, as another node has it: the one writer of a process is not what decides.
    let beside = engine.open(Arc::new(Witness::default())).await;
    house.link("a", 1).await;
    let (a, first) = (id("a"), secret(1));
    let stores = [&house.store, &beside];
    let exchanges = (0..50).map(|n| stores[usize::from(n) % 2].exchange_link(&a, &first, session(n)));
    let opened: Vec<Session> = join_all(exchanges).await.into_iter().filter_map(Result::unwrap).collect();
    assert_eq!(opened.len(), 1);
    let mut found = Vec::new();
    for number in 0..50 {
        found.extend(house.session(number).await);
    }
    assert_eq!(found, opened);
}

pub(crate) async fn what_opens_nothing_writes_nothing(engine: impl Engine) {
    let house = House::on(&engine).await;
    for name in ["a", "b"] {
        house.create(new(name, vec![])).await;
    }
    let link = house.link("a", 1).await;
    assert!(house.exchange("b", 1, 1).await.is_none(), "a link to another shipment");
    assert!(house.exchange("nowhere", 1, 1).await.is_none());
    assert!(house.exchange("a", 9, 1).await.is_none(), "a secret that nobody has");
    assert_eq!(house.links("a").await, [link]);
    house.revoke("a", Some(link.id)).await;
    assert!(house.exchange("a", 1, 1).await.is_none());
    assert!(house.session(1).await.is_none());
    assert_eq!(house.links("a").await, [Link { revoked_at: Some(at(20)), ..link }]);
}

pub(crate) async fn links_are_listed_and_revoked(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("a", vec![])).await;
    house.create(new("b", vec![])).await;
    let [one, two] = [house.link("a", 1).await, house.link("a", 2).await];
    let foreign = house.link("b", 3).await;
    assert_eq!(house.links("a").await, [two, one]);
    house.exchange("a", 1, 1).await.unwrap();
    house.exchange("a", 2, 2).await.unwrap();
    assert_eq!(house.revoke("b", Some(one.id)).await, 0, "not a link to that shipment");
    assert!(house.session(1).await.is_some());
    assert_eq!(house.revoke("a", Some(one.id)).await, 1);
    assert!(house.session(1).await.is_none());
    assert!(house.session(2).await.is_some());
    assert_eq!(house.revoke("a", Some(one.id)).await, 0);
    for number in 10..120 {
        house.link("a", number).await;
    }
    let listed = house.links("a").await;
    assert_eq!(listed.len(), 100);
    assert!(listed.is_sorted_by(|newer, older| newer.id > older.id));
    assert_eq!(house.links("b").await, [foreign]);
}

pub(crate) async fn revoking_all_ends_every_session(engine: impl Engine) {
    let house = House::on(&engine).await;
    for name in ["a", "b"] {
        house.create(new(name, vec![])).await;
    }
    for number in 1..=3 {
        house.link("a", number).await;
    }
    house.link("b", 4).await;
    house.exchange("a", 1, 1).await.unwrap();
    house.exchange("b", 4, 4).await.unwrap();
    let by_token = house.store.open_session(house.ours, &id("A"), session(5)).await.unwrap().unwrap();
    assert_eq!((by_token.link, by_token.tracking_id), (None, id("a")));
    assert_eq!(house.revoke("a", None).await, 3);
    for (number, holds) in [(1, false), (4, true), (5, false)] {
        assert_eq!(house.session(number).await.is_some(), holds, "session {number}");
    }
    assert!(house.exchange("a", 2, 6).await.is_none());
    assert_eq!(house.revoke("a", None).await, 0);
    house.link("a", 7).await;
    assert!(house.exchange("a", 7, 7).await.is_some(), "a link that is made later holds");
}

pub(crate) async fn a_token_rotates_and_the_one_before_still_finds(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("a", vec![])).await;
    let opened = house.store.open_session(house.ours, &id("a"), session(1)).await.unwrap().unwrap();
    let (store, opened_id) = (&house.store, opened.id);
    let rotate =
        |from, to| async move { store.rotate_session(opened_id, &token(from), token(to), at(30)).await };
    let mut won = Vec::new();
    let rotations = (2..12).map(|to| rotate(1, to));
    for (done, to) in join_all(rotations).await.into_iter().zip(2..) {
        won.extend(done.unwrap().then_some(to));
    }
    assert_eq!(won.len(), 1, "of many requests at once one rotates");
    let now = won[0];
    let expected =
        Session { token: token(now), token_at: at(30), token_before: Some(token(1)), ..opened.clone() };
    for presented in [now, 1] {
        assert_eq!(house.session(presented).await, Some(expected.clone()));
    }
    assert!(rotate(now, 50).await.unwrap());
    assert!(house.session(1).await.is_none(), "the one before the one before is nobody's");
    assert!(!rotate(now, 51).await.unwrap());
}

pub(crate) async fn sessions_step_up_and_end(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("a", vec![])).await;
    let proven = NewSession { stepped_up_until: Some(at(60)), ..session(1) };
    let opened = house.store.open_session(house.ours, &id("a"), proven).await.unwrap().unwrap();
    assert!(opened.is_stepped_up(at(59)) && !opened.is_stepped_up(at(60)));
    let other = house.store.open_session(house.ours, &id("a"), session(2)).await.unwrap().unwrap();
    house.store.step_up_session(other.id, at(90)).await.unwrap();
    assert_eq!(house.session(2).await.unwrap().stepped_up_until, Some(at(90)));
    assert_eq!(house.session(1).await.unwrap(), opened);
    house.store.end_session(other.id).await.unwrap();
    assert!(house.session(2).await.is_none());
    let next = house.store.open_session(house.ours, &id("a"), session(3)).await.unwrap().unwrap();
    assert!(next.id.0 > other.id.0, "what a stale id names is nobody's");
    house.store.step_up_session(other.id, at(90)).await.unwrap();
    assert_eq!(house.session(3).await.unwrap(), next);
}

pub(crate) async fn tenants_reach_no_links_or_sessions_of_others(engine: impl Engine) {
    let house = House::on(&engine).await;
    let store = &house.store;
    house.create(new("a", vec![event("e", 1, Status::Created)])).await;
    let link = house.link("a", 1).await;
    let foreign = NewLink { hash: secret(2), made_at: at(1), made_by: LinkMaker::Client };
    assert!(store.add_link(house.theirs, &id("a"), foreign).await.unwrap().is_none());
    assert!(store.add_link(house.ours, &id("nowhere"), foreign).await.unwrap().is_none());
    assert!(store.links(house.theirs, &id("a")).await.unwrap().is_empty());
    for which in [None, Some(link.id)] {
        assert_eq!(store.revoke_links(house.theirs, &id("a"), which, at(2)).await.unwrap(), 0);
    }
    assert!(store.open_session(house.theirs, &id("a"), session(1)).await.unwrap().is_none());
    house.exchange("a", 1, 1).await.unwrap();
    store.revoke_links(house.theirs, &id("a"), None, at(2)).await.unwrap();
    assert!(house.session(1).await.is_some());
}

pub(crate) async fn entrances_are_there_after_a_drop(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("a", vec![])).await;
    house.link("a", 1).await;
    house.link("a", 2).await;
    let opened = house.exchange("a", 1, 1).await.unwrap();
    house.store.rotate_session(opened.id, &token(1), token(3), at(30)).await.unwrap();
    let (links, ours) = (house.links("a").await, house.ours);
    let session_before = house.session(3).await;
    drop(house);
    let store = engine.open(Arc::new(Witness::default())).await;
    assert_eq!(store.links(ours, &id("a")).await.unwrap(), links);
    assert_eq!(store.session(&token(1)).await.unwrap(), session_before);
    assert!(store.exchange_link(&id("a"), &secret(1), session(4)).await.unwrap().is_none());
    assert!(store.exchange_link(&id("a"), &secret(2), session(4)).await.unwrap().is_some());
    let created = store.create_shipment(ours, new("b", vec![])).await.unwrap();
    assert!(matches!(created, Creation::Created(_)), "{created:?}");
}

pub(crate) async fn idle_sessions_are_forgotten(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("a", vec![])).await;
    house.store.open_session(house.ours, &id("a"), session(1)).await.unwrap().unwrap();
    let lasts = (IDLE_MS + ROTATES_MS) / 1_000;
    for (number, later, kept) in [(2, lasts, true), (3, lasts + 1, false)] {
        let new = NewSession { at: at(10 + later), ..session(number) };
        house.store.open_session(house.ours, &id("a"), new).await.unwrap().unwrap();
        assert_eq!(house.session(1).await.is_some(), kept);
    }
}
