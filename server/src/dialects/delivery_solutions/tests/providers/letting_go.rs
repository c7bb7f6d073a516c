//! That no two providers bring one order: who may have taken it unheard is told that it is not to bring it, and
//! whatever is asked back is asked of the placement that stands, whoever hangs up or is killed when.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::time::Duration;

use doorstep_model::handoff::Amendment;
use doorstep_model::id::{EditId, TrackingId};
use doorstep_model::preferences::{Edit, Editor};
use doorstep_model::text::Comment;
use serde_json::json;

use super::fleets::{Fleet, report, shop};
use super::simulated;
use crate::dialects::delivery_solutions::desk;
use crate::dialects::delivery_solutions::providers;
use crate::dialects::delivery_solutions::tests::shop::Shop;
use crate::dialects::delivery_solutions::wire::text::ExternalId;

fn heard(told: &[(&str, &str)]) -> Vec<(String, String)> {
    told.iter().map(|(what, place)| ((*what).to_owned(), (*place).to_owned())).collect()
}

async fn tries(shop: &Shop, attempts: u32) {
    shop.sets_up("rules", &json!({"attempts": attempts, "delaySeconds": 30})).await;
}

#[tokio::test]
async fn who_may_have_taken_it_is_told_when_another_brings_it() {
    // A proxy answers for it that it cannot: the task may have come through all the same.
    let (fleet, base) = Fleet::open(&[502, 502, 200]).await;
    let shop = shop(&base, &[simulated("Second", 9.0)]).await;
    tries(&shop, 2).await;
    assert_eq!(shop.place("A-1").await.at("/status"), (201, json!("PENDING_AUTORETRY")));
    shop.after(30).await;
    assert_eq!(shop.shown("A-1").await.at("/provider/name"), (200, json!("Second")));
    let told = [("creation", "1-Fleet"), ("creation", "1-Fleet"), ("CANCELLED", "1-Fleet")];
    assert_eq!(fleet.heard(), heard(&told));
    shop.after(10_000).await;
    assert_eq!(fleet.heard().len(), 3, "once is enough");
}

#[tokio::test]
async fn who_may_have_taken_it_is_told_when_the_order_fails_is_edited_or_is_cancelled() {
    let (fleet, base) = Fleet::open(&[502, 200]).await;
    let failing = shop(&base, &[]).await;
    tries(&failing, 1).await;
    assert_eq!(failing.place("A-1").await.at("/type"), (422, json!("PLACE_ORDER_FAILED")));
    failing.works().await;
    assert_eq!(fleet.heard(), heard(&[("creation", "1-Fleet"), ("CANCELLED", "1-Fleet")]));

    let (fleet, base) = Fleet::open(&[502, 200]).await;
    let cancelled = shop(&base, &[]).await;
    assert_eq!(cancelled.place("A-1").await.at("/status"), (201, json!("PENDING_AUTORETRY")));
    assert_eq!(cancelled.call("DELETE /shipments/A-1", &json!(null)).await.status.as_u16(), 200);
    cancelled.works().await;
    assert_eq!(fleet.heard(), heard(&[("creation", "1-Fleet"), ("CANCELLED", "1-Fleet")]));

    let (fleet, base) = Fleet::open(&[502, 200]).await;
    let edited = shop(&base, &[]).await;
    assert_eq!(edited.place("A-1").await.at("/status"), (201, json!("PENDING_AUTORETRY")));
    let edit = json!({"deliveryInstructions": "Ring twice"});
    assert_eq!(edited.call("PUT /shipments/A-1", &edit).await.status.as_u16(), 200);
    edited.works().await;
    edited.after(60).await;
    let told = [("creation", "1-Fleet"), ("CANCELLED", "1-Fleet"), ("creation", "2-Fleet")];
    assert_eq!(fleet.heard(), heard(&told));
}

#[tokio::test]
async fn who_does_not_hear_it_is_told_again_and_who_says_no_is_noted() {
    let (fleet, base) = Fleet::open(&[502, 503, 200]).await;
    let busy = shop(&base, &[]).await;
    tries(&busy, 1).await;
    busy.place("A-1").await;
    busy.works().await;
    assert_eq!(fleet.heard().len(), 2);
    busy.after(60).await;
    busy.after(10_000).await;
    assert_eq!(fleet.heard().len(), 3, "it heard the second time");

    let (fleet, base) = Fleet::open(&[502, 409]).await;
    let stubborn = shop(&base, &[simulated("Second", 9.0)]).await;
    tries(&stubborn, 1).await;
    stubborn.place("A-1").await;
    stubborn.works().await;
    stubborn.after(60).await;
    assert_eq!(fleet.heard().len(), 2, "a no is an answer");
    let (_, notes) = stubborn.history("A-1").await;
    let note = "Fleet was asked to let go of 1-Fleet and does not: it may bring the order";
    assert!(notes.iter().any(|other| other == note), "{notes:?}");
}

#[tokio::test]
async fn a_cancellation_is_asked_of_whoever_took_the_order_meanwhile() {
    let (fleet, base) = Fleet::open(&[200]).await;
    let shop = shop(&base, &[simulated("Second", 9.0)]).await;
    let task = shop.place("A-1").await.json()["trackingId"].clone();
    fleet.pause.store(400, Ordering::SeqCst);
    let nobody = json!(null);
    let meanwhile = async {
        fleet.has_heard(2).await;
        // It says so before it answers.
        assert_eq!(report(&shop, &task, "CANCELLED").await.status.as_u16(), 200);
        shop.works().await;
        assert_eq!(shop.shown("A-1").await.at("/provider/name"), (200, json!("Second")));
    };
    let (cancelled, ()) = tokio::join!(shop.call("DELETE /shipments/A-1", &nobody), meanwhile);
    assert_eq!(cancelled.at("/status"), (200, json!("ORDER_CANCELLED")), "{}", cancelled.text);
    let (_, notes) = shop.history("A-1").await;
    assert_eq!(notes.last().map(String::as_str), Some("Second let go of it"));
    shop.after(10_000).await;
    assert_eq!(fleet.heard(), heard(&[("creation", "1-Fleet"), ("CANCELLED", "1-Fleet")]));
}

#[tokio::test]
async fn of_two_edits_at_once_no_task_is_left_behind() {
    let (fleet, base) = Fleet::open(&[200]).await;
    let shop = shop(&base, &[]).await;
    shop.place("A-1").await;
    fleet.pause.store(400, Ordering::SeqCst);
    let (ring, name) = (json!({"deliveryInstructions": "Ring"}), json!({"deliveryContact": {"name": "Lou"}}));
    let meanwhile = async {
        fleet.has_heard(2).await;
        // While the first waits for the fleet, the second has it placed anew.
        fleet.pause.store(0, Ordering::SeqCst);
        let edited = shop.call("PUT /shipments/A-1", &name).await;
        assert_eq!(edited.status.as_u16(), 200, "{}", edited.text);
    };
    let (edited, ()) = tokio::join!(shop.call("PUT /shipments/A-1", &ring), meanwhile);
    assert_eq!(edited.status.as_u16(), 200, "{}", edited.text);
    shop.after(60).await;
    let shown = shop.shown("A-1").await.json();
    assert_eq!(
        (&shown["deliveryInstructions"], &shown["deliveryContact"]["name"], &shown["status"]),
        (&json!("Ring"), &json!("Lou"), &json!("ORDER_DISPATCHED"))
    );
    let places = |created: bool| -> BTreeSet<String> {
        let heard = fleet.heard().into_iter().filter(|(what, _)| (what == "creation") == created);
        heard.map(|(_, place)| place).collect()
    };
    let left: Vec<String> = places(true).difference(&places(false)).cloned().collect();
    let number = shown["trackingId"].as_str().unwrap_or_default().to_owned();
    assert_eq!(left, [number.rsplit(':').next().unwrap_or_default()], "{:?}", fleet.heard());
}

#[tokio::test]
async fn a_cancellation_comes_to_its_end_when_its_caller_hangs_up() {
    let (fleet, base) = Fleet::open(&[200, 200, 409]).await;
    let shop = shop(&base, &[]).await;
    shop.place("A-1").await;
    fleet.pause.store(200, Ordering::SeqCst);
    let nobody = json!(null);
    tokio::select! {
        answer = shop.call("DELETE /shipments/A-1", &nobody) => panic!("{}", answer.text),
        () = fleet.has_heard(2) => {}
    }
    while shop.shown("A-1").await.json()["status"] != "ORDER_CANCELLED" {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    shop.after(120).await;
    assert_eq!(fleet.heard().len(), 2, "it is not asked twice, which it would refuse");
}

#[tokio::test]
async fn what_a_kill_left_half_done_is_brought_to_its_end() {
    for (for_good, stands, told) in [
        (true, "ORDER_CANCELLED", vec![("CANCELLED", "1-Fleet"), ("CANCELLED", "1-Fleet")]),
        (
            false,
            "ORDER_DISPATCHED",
            vec![("TASK_RESET", "1-Fleet"), ("TASK_RESET", "1-Fleet"), ("creation", "2-Fleet")],
        ),
    ] {
        let (fleet, base) = Fleet::open(&[200]).await;
        let shop = shop(&base, &[]).await;
        shop.place("A-1").await;
        let (state, tenant) = (shop.state(), shop.tenant().await);
        let opened = desk::existing(&state, tenant, &ExternalId::parse("A-1").unwrap()).await.unwrap();
        // It lets go, and nobody lives to write that down.
        providers::release(&state, tenant, &opened, for_good).await.unwrap();
        assert_eq!(shop.shown("A-1").await.at("/status"), (200, json!("ORDER_DISPATCHED")));
        shop.after(60).await;
        assert_eq!(shop.shown("A-1").await.at("/status"), (200, json!(stands)));
        assert_eq!(fleet.heard()[1..], heard(&told));
    }
}

#[tokio::test]
async fn what_the_recipient_wrote_meanwhile_does_not_keep_an_edit_from_being_filed() {
    let (fleet, base) = Fleet::open(&[200]).await;
    let shop = shop(&base, &[]).await;
    let placed = shop.place("A-1").await.json();
    let number = placed["trackingId"].as_str().and_then(|task| task.split(':').next()).unwrap_or_default();
    fleet.pause.store(300, Ordering::SeqCst);
    let meanwhile = async {
        fleet.has_heard(2).await;
        let comment = Amendment::Comment(Edit {
            value: Comment::parse("With the neighbour").ok(),
            base: 0,
            id: EditId::parse("guest").unwrap(),
            by: Editor::Recipient,
        });
        let (store, now) = (&shop.house.state.store, shop.house.state.clock.now());
        let amended =
            store.amend(shop.tenant().await, &TrackingId::parse(number).unwrap(), comment, now).await;
        assert!(amended.unwrap().is_some());
    };
    let ring = json!({"deliveryInstructions": "Ring"});
    let (edited, ()) = tokio::join!(shop.call("PUT /shipments/A-1", &ring), meanwhile);
    assert_eq!(edited.at("/deliveryInstructions"), (200, json!("Ring")), "{}", edited.text);
}
