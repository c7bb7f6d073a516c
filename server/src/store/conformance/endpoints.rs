//! Laws of endpoints: what their answers bring about, what they leave to each other, how long they and what they were
//! told stay. That news is written and told in order is [`super::telling`]'s affair.

use doorstep_model::status::Status;

use super::samples::{at, event, id, new};
use super::telling::{add, add_to, claim, claim_of, deliver, drain, end, plan, told};
use super::{Engine, House};
use crate::store::outbox::{Claim, DeliveryState, Effect, MessagePageRequest, Next, Replay};
use crate::store::{Creation, NewShipment};
use crate::webhooks::{Auth, Disabled, Endpoint, EndpointPlan, Topic};

pub(crate) async fn who_is_slow_or_gone_is_left_alone(engine: impl Engine) {
    let house = House::on(&engine).await;
    let endpoint = add(&house, plan("a")).await;
    let seen = async || house.store.endpoint(house.ours, endpoint.id).await.unwrap().unwrap();
    for name in ["a", "b"] {
        house.create(new(name, vec![])).await;
    }
    let mut claimed = claim(&house.store, 1, 10).await;
    // One is slowed down while the other is on its way.
    end(&house, &claimed[0], 10, Next::Again(at(15)), Effect::Paused(at(60))).await;
    assert_eq!((seen().await.failing_since, seen().await.paused_until), (Some(at(10)), Some(at(60))));
    house.create(new("c", vec![])).await;
    assert!(claim(&house.store, 2, 39).await.is_empty());
    // What it takes that was on its way already ends no pause.
    deliver(&house, &claimed.split_off(1), 20).await;
    assert_eq!((seen().await.failing_since, seen().await.paused_until), (None, Some(at(60))));
    house.create(new("d", vec![])).await;
    assert!(claim(&house.store, 1, 59).await.is_empty());
    let claimed = claim(&house.store, 1, 60).await;
    assert_eq!(claimed.len(), 3);
    // Of two pauses the longer holds, for all that waits.
    end(&house, &claimed[0], 60, Next::Again(at(90)), Effect::Paused(at(90))).await;
    end(&house, &claimed[1], 61, Next::Again(at(70)), Effect::Paused(at(70))).await;
    end(&house, &claimed[2], 62, Next::Again(at(65)), Effect::Failed).await;
    assert_eq!(seen().await.paused_until, Some(at(90)));
    assert!(claim(&house.store, 1, 89).await.is_empty());
    let claimed = claim(&house.store, 1, 90).await;
    assert_eq!(claimed.len(), 3);
    deliver(&house, &claimed[..1], 91).await;
    assert_eq!(seen().await.paused_until, None, "a pause that is over");
    end(&house, &claimed[1], 91, Next::Again(at(91)), Effect::Gone).await;
    assert_eq!(seen().await.disabled, Some((at(91), Disabled::Gone)));
    end(&house, &claimed[2], 91, Next::Again(at(92)), Effect::Failed).await;
    house.create(new("e", vec![])).await;
    assert!(claim(&house.store, 1, 10_000).await.is_empty());
    assert_eq!(house.store.next_try().await.unwrap(), None);
    // Whoever enables it gets what waited, and not what happened meanwhile.
    house.store.change_endpoint(&endpoint, plan("new"), None).await.unwrap().unwrap();
    assert_eq!(seen().await.plan.target.as_str(), "https://new.example/");
    assert_eq!(drain(&house, 10_000).await.len(), 2);
}

pub(crate) async fn nobody_takes_the_place_of_others(engine: impl Engine) {
    let house = House::on(&engine).await;
    let dead = add(&house, plan("dead")).await;
    let target = "https://[2606:4700::1111]:8443?to=https://x/".parse().unwrap();
    let full = add(&house, EndpointPlan { target, ..plan("full") }).await;
    for n in 0..50 {
        house.create(new(&format!("s{n}"), vec![])).await;
    }
    let well = add_to(&house, house.theirs, plan("well")).await;
    let theirs = house.store.create_shipment(house.theirs, new("theirs", vec![])).await.unwrap();
    assert!(matches!(theirs, Creation::Created(_)), "{theirs:?}");
    let mut full_of_one = claim_of(1, 10);
    full_of_one.room.receivers.insert(full.receiver(), 0);
    let claimed = house.store.claim(full_of_one).await.unwrap().claimed;
    let of =
        |endpoint: &Endpoint| claimed.iter().filter(|claimed| claimed.endpoint.id == endpoint.id).count();
    assert_eq!((of(&dead), of(&full), of(&well)), (8, 0, 1));
    let mut few = claim_of(2, 10);
    few.room.most = 3;
    assert_eq!(house.store.claim(few).await.unwrap().claimed.len(), 3);
    let mut of_tenant = claim_of(3, 10);
    of_tenant.room.tenants.insert(house.ours, 5);
    assert_eq!(house.store.claim(of_tenant).await.unwrap().claimed.len(), 5);
}

pub(crate) async fn endpoints_of_one_receiver_share_its_room_and_each_has_its_turn(engine: impl Engine) {
    let house = House::on(&engine).await;
    // More endpoints than are looked through at once, all but the last at one receiver.
    for n in 0..300 {
        let scope = Some(id(&format!("s{n}")));
        let target = format!("https://dead.example/{n}").parse().unwrap();
        add(&house, EndpointPlan { scope, target, ..plan("dead") }).await;
        house.create(new(&format!("s{n}"), vec![])).await;
    }
    let well = add_to(&house, house.theirs, plan("well")).await;
    house.store.create_shipment(house.theirs, new("theirs", vec![])).await.unwrap();
    let first = house.store.claim(claim_of(1, 10)).await.unwrap();
    assert_eq!(first.claimed.len(), 8, "one receiver's room, whatever leads there");
    let mut seen: Vec<_> = first.claimed.iter().map(|claimed| claimed.endpoint.id).collect();
    let goes_on = Claim { after: first.next.unwrap(), ..claim_of(2, 10) };
    let rest = house.store.claim(goes_on).await.unwrap();
    assert_eq!(rest.next, None, "it came to the last");
    assert!(rest.claimed.iter().any(|claimed| claimed.endpoint.id == well.id));
    seen.extend(rest.claimed.iter().map(|claimed| claimed.endpoint.id));
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 17);
}

pub(crate) async fn what_was_given_up_is_told_again(engine: impl Engine) {
    let house = House::on(&engine).await;
    let endpoint = add(&house, plan("a")).await.id;
    house.create(new("a", vec![])).await;
    house.record("a", vec![event("e1", 1, Status::Ready), event("e2", 2, Status::PickedUp)]).await;
    let mut names = Vec::new();
    for now in [10, 20] {
        let claimed = claim(&house.store, 1, now).await;
        names.push(claimed[0].message.clone());
        house.store.keep_rendering(claimed[0].delivery, 1, format!("at {now}")).await.unwrap();
        end(&house, &claimed[0], now, Next::Done(DeliveryState::GivenUp), Effect::Failed).await;
    }
    let replay = async |which| house.store.replay(house.ours, endpoint, which).await.unwrap();
    assert_eq!(replay(Replay::GivenUpSince(at(20))).await, Some(1));
    let claimed = claim(&house.store, 1, 30).await;
    assert_eq!(
        (claimed.len(), &claimed[0].message, claimed[0].tries),
        (1, &names[1], 0),
        "before what follows"
    );
    assert_eq!(claimed[0].rendering.as_deref(), Some("at 20"));
    deliver(&house, &claimed, 30).await;
    // Also one that was delivered, and one while the next is on its way.
    let next = claim(&house.store, 1, 30).await;
    assert_eq!(next.len(), 1);
    assert_eq!(replay(Replay::One(names[0].clone())).await, Some(1));
    assert_eq!(replay(Replay::One(names[1].clone())).await, Some(1));
    // It waits behind them, however soon it would have been tried again.
    end(&house, &next[0], 31, Next::Again(at(31)), Effect::Failed).await;
    let rest = drain(&house, 31).await;
    let ready_and_picked_up =
        [Status::Ready, Status::PickedUp].map(|status| (Topic::StatusChanged, Some(status)));
    assert_eq!(rest[0], (Topic::Created, Some(Status::Unknown)));
    assert_eq!(rest[1..], ready_and_picked_up);
    assert_eq!(replay(Replay::One("msg_0".to_owned())).await, None);
    assert_eq!(replay(Replay::GivenUpSince(at(0))).await, Some(0));
}

pub(crate) async fn an_endpoint_of_one_shipment_stays_while_anything_may_happen(engine: impl Engine) {
    let house = House::on(&engine).await;
    const DAY: i64 = 86_400;
    let scoped = async |name: &str| {
        let plan =
            EndpointPlan { scope: Some(id(name)), topics: [Topic::Test].into_iter().collect(), ..plan(name) };
        add(&house, plan).await.id
    };
    let (early, on_its_way, over) = (scoped("early").await, scoped("way").await, scoped("over").await);
    house.create(new("way", vec![event("e0", 0, Status::InTransit)])).await;
    house.create(new("over", vec![event("e0", 100 * DAY, Status::Delivered)])).await;
    let kept = async |before: i64| {
        house.store.tidy_outbox(at(before)).await.unwrap();
        let mut kept = Vec::new();
        for endpoint in [early, on_its_way, over] {
            kept.push(house.store.endpoint(house.ours, endpoint).await.unwrap().is_some());
        }
        kept
    };
    assert_eq!(kept(60 * DAY).await, [true, true, true]);
    assert_eq!(kept(61 * DAY).await, [false, true, true], "there is no such shipment");
    assert_eq!(kept(160 * DAY).await, [false, true, true], "it ended 60 days ago");
    assert_eq!(kept(161 * DAY).await, [false, true, false]);
    house.record("way", vec![event("e1", 200 * DAY, Status::Delivered)]).await;
    assert_eq!(kept(260 * DAY).await, [false, true, false]);
    assert_eq!(kept(261 * DAY).await, [false, false, false]);
}

pub(crate) async fn endpoints_are_the_tenants_own_and_not_too_many(engine: impl Engine) {
    let house = House::on(&engine).await;
    let full = EndpointPlan {
        auth: Auth::Oauth {
            token_url: "https://id.example/token".to_owned(),
            client_id: "o'\"".to_owned(),
            secret: serde_json::from_str("\"sealed\"").unwrap(),
            scope: Some("all".to_owned()),
        },
        topics: [Topic::Created, Topic::ProofAdded].into_iter().collect(),
        includes_code: true,
        note: "the \"till's\"".to_owned(),
        ..plan("a")
    };
    let made = add(&house, full.clone()).await;
    assert_eq!((made.tenant, &made.plan), (house.ours, &full));
    let store = &house.store;
    assert_eq!(store.endpoint(house.ours, made.id).await.unwrap().as_ref(), Some(&made));
    assert_eq!(store.endpoint(house.theirs, made.id).await.unwrap(), None);
    let stolen = Endpoint { tenant: house.theirs, ..made.clone() };
    assert_eq!(store.change_endpoint(&stolen, plan("b"), None).await.unwrap(), None);
    assert!(!store.rotate_endpoint(&stolen, Auth::None).await.unwrap());
    assert_eq!(store.tell_test(house.theirs, made.id, at(1)).await.unwrap(), None);
    assert_eq!(store.replay(house.theirs, made.id, Replay::GivenUpSince(at(0))).await.unwrap(), None);
    let page = MessagePageRequest { older_than: None, limit: 2 };
    assert_eq!(store.messages(house.theirs, made.id, None, page).await.unwrap(), None);
    assert!(!store.remove_endpoint(house.theirs, made.id).await.unwrap());
    assert_eq!(store.add_endpoint(house.ours, plan("b"), at(0), 1).await.unwrap(), None, "one too many");
    let name = store.tell_test(house.ours, made.id, at(1)).await.unwrap().unwrap();
    assert_eq!(store.message(house.theirs, made.id, &name).await.unwrap(), None);
    let claimed = claim(store, 1, 10).await;
    assert_eq!((&claimed[0].message, &claimed[0].endpoint), (&name, &made));
    assert_eq!(told(&house, &claimed).await, [(Topic::Test, None)]);
    assert!(store.remove_endpoint(house.ours, made.id).await.unwrap());
    deliver(&house, &claimed, 10).await;
    assert_eq!(store.endpoint(house.ours, made.id).await.unwrap(), None);
}

pub(crate) async fn a_key_is_lost_to_no_other_change_and_changes_nothing_else(engine: impl Engine) {
    let house = House::on(&engine).await;
    let secret = |name: &str| Auth::Hmac {
        header: "x-sig".to_owned(),
        secret: serde_json::from_str(&format!("{name:?}")).unwrap(),
    };
    let made = add(&house, EndpointPlan { auth: secret("first"), ..plan("a") }).await;
    for name in ["a", "b"] {
        house.create(new(name, vec![])).await;
    }
    let claimed = claim(&house.store, 1, 10).await;
    end(&house, &claimed[0], 10, Next::Again(at(60)), Effect::Paused(at(60))).await;
    end(&house, &claimed[1], 11, Next::Again(at(11)), Effect::Gone).await;
    assert!(house.store.rotate_endpoint(&made, secret("second")).await.unwrap());
    let rotated = house.store.endpoint(house.ours, made.id).await.unwrap().unwrap();
    assert_eq!(rotated.plan, EndpointPlan { auth: secret("second"), ..made.plan.clone() });
    assert_eq!((rotated.disabled, rotated.paused_until), (Some((at(11), Disabled::Gone)), Some(at(60))));
    // Whoever read it before begins anew.
    let late = EndpointPlan { note: "late".to_owned(), ..made.plan.clone() };
    assert_eq!(house.store.change_endpoint(&made, late.clone(), None).await.unwrap(), None);
    assert!(!house.store.rotate_endpoint(&made, secret("third")).await.unwrap());
    assert_eq!(house.store.endpoint(house.ours, made.id).await.unwrap().as_ref(), Some(&rotated));
    assert!(house.store.change_endpoint(&rotated, late, None).await.unwrap().is_some());
}

pub(crate) async fn messages_are_listed_and_old_ones_forgotten(engine: impl Engine) {
    let house = House::on(&engine).await;
    let endpoint = add(&house, plan("a")).await.id;
    for n in 0..5 {
        house.create(NewShipment { created_at: at(n), ..new(&format!("s{n}"), vec![]) }).await;
    }
    let claimed = claim(&house.store, 1, 10).await;
    deliver(&house, &claimed[..2], 10).await;
    let list = async |state, older_than, limit| {
        let page = MessagePageRequest { older_than, limit };
        house.store.messages(house.ours, endpoint, state, page).await.unwrap().unwrap()
    };
    let first = list(None, None, 3).await;
    let ids = |page: &crate::store::outbox::MessagePage| {
        let ids = page.messages.iter().map(|message| message.tracking_id.clone().unwrap());
        ids.map(|id| id.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&first), ["s4", "s3", "s2"]);
    let rest = list(None, first.older, 3).await;
    assert_eq!((ids(&rest), rest.older), (vec!["s1".to_owned(), "s0".to_owned()], None));
    assert_eq!(ids(&list(Some(DeliveryState::Waiting), None, 9).await), ["s4", "s3", "s2"]);
    assert!(house.store.tidy_outbox(at(10)).await.unwrap() == 0);
    assert_eq!(house.store.tidy_outbox(at(11)).await.unwrap(), 4, "two messages and what they told");
    assert_eq!(ids(&list(None, None, 9).await), ["s4", "s3", "s2"]);
}
