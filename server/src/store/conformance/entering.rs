//! Laws of links and sessions: a secret opens one shipment, in one session, until it is revoked.

use std::sync::Arc;

use doorstep_model::status::Status;
use futures_util::future::join_all;

use super::samples::{at, event, id, new};
use super::{Engine, House, Witness};
use crate::access::{
    AGAIN_MS, IDLE_MS, Link, LinkId, LinkMaker, NewLink, NewSession, ROTATES_MS, SecretHash, Session,
};
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

    /// Presents a token, as the door does with one that finds a session.
    async fn present(&self, number: u8) -> bool {
        let Some(found) = self.session(number).await else { return false };
        self.store.present_token(found.id, token(number), at(20)).await.unwrap()
    }

    async fn links(&self, tracking_id: &str) -> Vec<Link> {
        self.store.links(self.ours, &id(tracking_id)).await.unwrap()
    }

    async fn revoke(&self, tracking_id: &str, which: Option<LinkId>) -> u64 {
        self.store.revoke_links(self.ours, &id(tracking_id), which, at(20)).await.unwrap()
    }
}

pub(crate) async fn a_link_whose_session_was_used_is_used_up(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("Ab-1", vec![])).await;
    let link = house.link("aB-1", 1).await;
    assert_eq!((link.made_at, link.made_by), (at(1), LinkMaker::Client));
    assert_eq!((link.used_at, link.revoked_at), (None, None));
    let opened = house.exchange("AB-1", 1, 1).await.unwrap();
    assert_eq!((opened.tenant, opened.tracking_id.as_str()), (house.ours, "Ab-1"));
    assert_eq!((opened.link, opened.token, opened.token_at), (Some(link.id), token(1), at(10)));
    assert_eq!((opened.token_before, opened.token_seen, opened.stepped_up_until), (None, None, None));
    assert_eq!(house.session(1).await.unwrap(), opened);
    assert!(house.present(1).await);
    let seen = Session { token_seen: Some(at(20)), ..opened };
    assert_eq!(house.session(1).await.unwrap(), seen);
    assert!(
        house.store.present_token(seen.id, token(1), at(21)).await.unwrap(),
        "it is still the present one"
    );
    assert_eq!(house.session(1).await.unwrap(), seen, "when it was seen first is kept");
    assert!(house.exchange("Ab-1", 1, 2).await.is_none());
    assert!(house.session(2).await.is_none());
    assert_eq!(house.links("ab-1").await, [Link { used_at: Some(at(10)), ..link }]);
}

pub(crate) async fn a_link_whose_answer_was_lost_is_exchanged_again(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("a", vec![])).await;
    house.create(new("b", vec![])).await;
    let link = house.link("a", 1).await;
    let lost = house.exchange("a", 1, 1).await.unwrap();
    let last = at(10 + AGAIN_MS / 1_000);
    let proven = NewSession { at: last, stepped_up_until: Some(at(9_000)), ..session(2) };
    let again = house.store.exchange_link(&id("a"), &secret(1), proven).await.unwrap().unwrap();
    let expected = Session {
        token: token(2),
        token_at: last,
        stepped_up_until: proven.stepped_up_until,
        ..lost.clone()
    };
    assert_eq!(again, expected, "it is one session");
    assert!(house.session(1).await.is_none(), "what was lost opens nothing");
    assert!(!house.store.present_token(lost.id, token(1), at(20)).await.unwrap());
    assert_eq!(house.session(2).await.unwrap(), expected);
    assert_eq!(house.links("a").await, [Link { used_at: Some(at(10)), ..link }]);
    assert!(house.exchange("b", 1, 3).await.is_none(), "a link to another shipment");
    let late = NewSession { at: at(11 + AGAIN_MS / 1_000), ..session(3) };
    assert!(house.store.exchange_link(&id("a"), &secret(1), late).await.unwrap().is_none());
    assert_eq!(house.session(2).await.unwrap(), expected, "who comes late disturbs nobody");
    house.store.end_session(again.id).await.unwrap();
    assert!(house.exchange("a", 1, 4).await.is_none(), "the session is over, and the link with it");
}

pub(crate) async fn of_many_exchanges_at_once_one_token_holds(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("a", vec![])).await;
    // A second store, as another node has it: the one writer of a process is not what decides.
    let beside = engine.open(Arc::new(Witness::default())).await;
    house.link("a", 1).await;
    let (a, first) = (id("a"), secret(1));
    let stores = [&house.store, &beside];
    let exchanges = (0..50).map(|n| stores[usize::from(n) % 2].exchange_link(&a, &first, session(n)));
    let opened: Vec<Session> = join_all(exchanges).await.into_iter().filter_map(Result::unwrap).collect();
    assert_eq!(opened.len(), 50, "nobody used it yet");
    assert!(opened.iter().all(|session| session.id == opened[0].id), "it is one session");
    let mut held = Vec::new();
    for number in 0..50 {
        held.extend(house.session(number).await.map(|_| number));
    }
    assert_eq!(held.len(), 1, "{held:?}");
    assert!(house.present(held[0]).await);
    let exchanges = (50..60).map(|n| stores[usize::from(n) % 2].exchange_link(&a, &first, session(n)));
    assert!(join_all(exchanges).await.into_iter().all(|opened| opened.unwrap().is_none()));
    assert!(house.session(held[0]).await.is_some());
}

pub(crate) async fn of_many_who_use_one_link_at_once_one_gets_in(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("a", vec![])).await;
    let beside = engine.open(Arc::new(Witness::default())).await;
    house.link("a", 1).await;
    let (a, first) = (id("a"), secret(1));
    let stores = [&house.store, &beside];
    let visits = (0..50).map(|number| {
        let (a, store) = (&a, stores[usize::from(number) % 2]);
        async move {
            let opened = store.exchange_link(a, &first, session(number)).await.unwrap()?;
            store.present_token(opened.id, token(number), at(20)).await.unwrap().then_some(number)
        }
    });
    let entered: Vec<u8> = join_all(visits).await.into_iter().flatten().collect();
    assert_eq!(entered.len(), 1, "{entered:?}");
    for number in 0..50 {
        assert_eq!(house.session(number).await.is_some(), entered == [number], "session {number}");
    }
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
    assert!(house.present(1).await);
    let rotate = |from, to| async move {
        store.rotate_session(opened_id, token(from), token(from), token(to), at(30)).await
    };
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

pub(crate) async fn a_token_that_was_lost_is_replaced_by_the_one_before(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("a", vec![])).await;
    let opened = house.store.open_session(house.ours, &id("a"), session(1)).await.unwrap().unwrap();
    let (store, opened_id) = (&house.store, opened.id);
    let rotate = |from, before, to| async move {
        store.rotate_session(opened_id, token(from), token(before), token(to), at(30)).await.unwrap()
    };
    assert!(rotate(1, 1, 2).await);
    assert!(!rotate(2, 9, 3).await, "nobody's token is no token before");
    let found: Vec<bool> = join_all((3..23).map(|to| rotate(2, 1, to))).await;
    assert_eq!(found.iter().filter(|&&done| done).count(), 1, "of many requests at once one rotates");
    assert!(house.session(2).await.is_none(), "the lost one is forgotten");
    assert!(!store.present_token(opened_id, token(1), at(31)).await.unwrap(), "it is the one before");
    let now = (3..23).zip(found).find_map(|(to, done)| done.then_some(to)).unwrap();
    let standing = Session { token: token(now), token_at: at(30), token_before: Some(token(1)), ..opened };
    assert_eq!(house.session(1).await, Some(standing.clone()));
    assert!(house.present(now).await);
    assert!(!rotate(now, 1, 50).await, "it arrived");
    let seen = Session { token_seen: Some(at(20)), ..standing };
    assert_eq!(house.session(1).await, Some(seen));
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
    house.store.rotate_session(opened.id, token(1), token(1), token(3), at(30)).await.unwrap();
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
