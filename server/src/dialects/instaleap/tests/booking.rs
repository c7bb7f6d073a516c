//! Slots: which are shown, how long they live, and that a place is sold once whoever races.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::shop::{Shop, asked, code, job, store, with};
use crate::api::Keys;
use crate::dialects::DialectState;
use crate::dialects::instaleap::availability::turn;

const MINUTE: Duration = Duration::from_secs(60);

fn expires(answer: &Value) -> String {
    answer.pointer("/expires_at").and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn slots_are_those_of_stores_that_reach_the_place_and_have_room() {
    let shop = Shop::open().await;
    // One o'clock in Madrid: with an hour's lead the first slot is from two to three.
    let slots = shop.ok("POST /jobs/availability", &asked("centro")).await;
    let first = slots.get(0).cloned().unwrap_or_default();
    assert_eq!(first.get("from"), Some(&json!("2026-11-21T13:00:00.000Z")));
    assert_eq!(first.get("expires_at"), Some(&json!("2026-11-21T12:15:00.000Z")));
    assert_eq!(slots.as_array().map(Vec::len), Some(7 + 12), "today's, and tomorrow's");

    let far = json!({ "zip_code": "08001", "latitude": 41.38, "longitude": 2.17 });
    let elsewhere = with(&asked("centro"), &json!({ "destination": far }));
    assert_eq!(shop.ok("POST /jobs/availability", &elsewhere).await, json!([]));
    let by_code = with(&asked("centro"), &json!({ "destination": { "postal_code": "28 001" } }));
    assert_ne!(shop.ok("POST /jobs/availability", &by_code).await, json!([]));
    let near = with(&asked("centro"), &json!({ "destination": { "latitude": 40.43, "longitude": -3.70 } }));
    assert_ne!(shop.ok("POST /jobs/availability", &near).await, json!([]));

    let mut any = asked("centro");
    any.as_object_mut().map(|any| any.remove("store_reference"));
    let collected = with(&any, &json!({ "operational_models_priority": ["PICK_AND_COLLECT"] }));
    let slots = shop.ok("POST /jobs/availability", &collected).await;
    let stores = slots.as_array().into_iter().flatten().map(|slot| slot.pointer("/store/id"));
    assert!(stores.clone().count() > 0 && stores.clone().all(|id| id == Some(&json!("collect"))));
    let evening =
        with(&asked("centro"), &json!({ "start": "2026-11-21T18:00:00Z", "end": "2026-11-21T20:00:00Z" }));
    assert_eq!(shop.ok("POST /jobs/availability", &evening).await.as_array().map(Vec::len), Some(2));

    shop.job("centro", &Value::Null).await;
    let left = shop.ok("POST /jobs/availability", &asked("centro")).await;
    assert_eq!(left.pointer("/0/from"), Some(&json!("2026-11-21T14:00:00.000Z")), "the first one is sold");
}

#[tokio::test]
async fn a_slot_lives_a_quarter_of_an_hour_and_three_more_when_it_is_extended() {
    let shop = Shop::open().await;
    let slot = shop.slot("centro").await;
    let check = format!("GET /jobs/availability/{slot}/check");
    let extend = format!("PUT /jobs/{slot}/extend-expiration-time");
    assert_eq!(expires(&shop.ok(&check, &Value::Null).await), "2026-11-21T12:15:00.000Z");
    shop.house.wait(MINUTE * 14);
    assert_eq!(expires(&shop.ok(&extend, &Value::Null).await), "2026-11-21T13:00:00.000Z");
    assert_eq!(expires(&shop.ok(&extend, &Value::Null).await), "2026-11-21T13:00:00.000Z", "once");
    shop.house.wait(MINUTE * 45);
    assert_eq!(expires(&shop.ok(&check, &Value::Null).await), "2026-11-21T13:00:00.000Z");
    shop.house.wait(MINUTE);
    let expired = (417, "SLOT_EXPIRED".to_owned());
    assert_eq!(shop.code(&check, &Value::Null).await, expired);
    assert_eq!(shop.code(&extend, &Value::Null).await, expired);
    assert_eq!(shop.code("POST /jobs", &job(&slot, &Value::Null)).await, expired);
}

#[tokio::test]
async fn an_extension_holds_the_last_place_until_it_expires_and_showing_holds_none() {
    let shop = Shop::open().await;
    let (slow, fast) = (shop.slot("centro").await, shop.slot("centro").await);
    shop.ok(&format!("PUT /jobs/{slow}/extend-expiration-time"), &Value::Null).await;
    let full = (417, "SLOT_FULL".to_owned());
    assert_eq!(shop.code(&format!("GET /jobs/availability/{fast}/check"), &Value::Null).await, full);
    assert_eq!(shop.code(&format!("PUT /jobs/{fast}/extend-expiration-time"), &Value::Null).await, full);
    assert_eq!(shop.code("POST /jobs", &job(&fast, &Value::Null)).await, full);
    shop.ok(&format!("GET /jobs/availability/{slow}/check"), &Value::Null).await;
    shop.ok("POST /jobs", &job(&slow, &Value::Null)).await;
    assert_eq!(
        shop.code(&format!("GET /jobs/availability/{slow}/check"), &Value::Null).await,
        (417, "SLOT_USED".to_owned())
    );

    let (kept, other) = (shop.slot("centro").await, shop.slot("centro").await);
    shop.ok(&format!("PUT /jobs/{kept}/extend-expiration-time"), &Value::Null).await;
    shop.house.wait(MINUTE * 59);
    assert_eq!(shop.code("POST /jobs", &job(&other, &Value::Null)).await.0, 417);
    shop.house.wait(MINUTE);
    // Its time is over, and the place is free; the slot is the first of the next hour now.
    let next = shop.slot("centro").await;
    shop.ok("POST /jobs", &job(&next, &Value::Null)).await;
}

#[tokio::test]
async fn of_a_hundred_who_race_for_the_last_place_one_wins() {
    let shop = Shop::open().await;
    let slots = join_all((0..100).map(|_| shop.slot("centro"))).await;
    let bodies: Vec<Value> = slots.iter().map(|slot| job(slot, &Value::Null)).collect();
    let answers = join_all(bodies.iter().map(|body| shop.call("POST /jobs", body))).await;
    let codes: Vec<(u16, String)> = answers.iter().map(code).collect();
    let won = codes.iter().filter(|(status, _)| *status == 201).count();
    let lost = codes.iter().filter(|lost| **lost == (417, "SLOT_FULL".to_owned())).count();
    assert_eq!((won, lost), (1, 99), "{codes:?}");
    let told =
        answers.iter().find(|answer| answer.status.as_u16() == 417).map(|answer| answer.at("/message").1);
    assert_eq!(told, Some(json!("The last place of this slot was taken: choose another slot")));

    let slots = join_all((0..100).map(|_| shop.slot("centro"))).await;
    let lines: Vec<String> =
        slots.iter().map(|slot| format!("PUT /jobs/{slot}/extend-expiration-time")).collect();
    let answers = join_all(lines.iter().map(|line| shop.call(line, &Value::Null))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status.as_u16() == 200).count(), 1, "one holds it");
}

#[tokio::test]
async fn a_slot_makes_one_job_and_a_repeat_is_the_same() {
    let shop = Shop::open().await;
    let slot = shop.slot("norte").await;
    let body = job(&slot, &Value::Null);
    let many = join_all((0..20).map(|_| shop.call("POST /jobs", &body))).await;
    let ids: std::collections::BTreeSet<String> =
        many.iter().map(|made| made.at("/job_id").1.to_string()).collect();
    assert_eq!(ids.len(), 1);
    let made = many.iter().filter(|made| made.status.as_u16() == 201).count();
    let repeated = many.iter().filter(|made| made.status.as_u16() == 200).count();
    assert_eq!((made, repeated), (1, 19));
    shop.house.wait(MINUTE * 20);
    assert_eq!(shop.call("POST /jobs", &body).await.status.as_u16(), 200, "also once it has expired");
    let other = with(&body, &json!({ "client_reference": "ORDER-2" }));
    assert_eq!(shop.code("POST /jobs", &other).await, (417, "SLOT_USED".to_owned()));
}

#[tokio::test]
async fn other_items_or_places_need_another_slot() {
    let shop = Shop::open().await;
    let slot = shop.slot("norte").await;
    let of_the_slot = asked("norte");
    let (items, destination) = (&of_the_slot["job_items"], &of_the_slot["destination"]);
    for other in [
        json!({ "job_items": [{ "id": "1234", "quantity": 3 }] }),
        json!({ "destination": { "zip_code": "28001" } }),
        json!({ "origin": { "name": "Elsewhere" } }),
    ] {
        assert_eq!(
            shop.code("POST /jobs", &job(&slot, &other)).await,
            (417, "SLOT_CHANGED".to_owned()),
            "{other}"
        );
    }
    let same = json!({ "job_items": items, "destination": destination, "origin": null });
    shop.ok("POST /jobs", &job(&slot, &same)).await;
}

#[tokio::test]
async fn another_slot_may_be_chosen_until_it_leaves_the_store_and_frees_the_place() {
    let shop = Shop::open().await;
    let id = shop.job("centro", &Value::Null).await;
    let first = "2026-11-21T13:00:00.000Z";
    assert_eq!(shop.shown(&id).await.pointer("/slot/from"), Some(&json!(first)));
    let reschedule = format!("PUT /jobs/{id}/reschedule");
    let later = shop.slot("centro").await;
    let chosen = json!({ "slot_id": later });
    shop.ok(&reschedule, &chosen).await;
    shop.ok(&reschedule, &chosen).await;
    let shown = shop.shown(&id).await;
    assert_eq!(shown.pointer("/slot/from"), Some(&json!("2026-11-21T14:00:00.000Z")));
    assert_eq!(shown.pointer("/last_event/type"), Some(&json!("RESCHEDULED")));
    assert_eq!(shown.get("status"), Some(&json!("scheduled")));
    let free = shop.ok("POST /jobs/availability", &asked("centro")).await;
    assert_eq!(free.pointer("/0/from"), Some(&json!(first)), "the place before is free again");

    let used = job(&later, &Value::Null);
    assert_eq!(shop.code("POST /jobs", &used).await, (417, "SLOT_USED".to_owned()));
    let of_another = json!({ "slot_id": shop.slot("norte").await });
    assert_eq!(shop.code(&reschedule, &of_another).await, (417, "SLOT_CHANGED".to_owned()));
    assert_eq!(
        shop.code(&reschedule, &json!({ "slot_id": "nonsense" })).await,
        (417, "SLOT_UNKNOWN".to_owned())
    );
    let again = json!({ "slot_id": shop.slot("centro").await });
    shop.happens(&id, &json!({ "type": "GOING_TO_DESTINATION_STARTED" })).await;
    assert_eq!(shop.code(&reschedule, &again).await, (400, "NOT_NOW".to_owned()));
}

#[tokio::test]
async fn a_cancelled_job_frees_its_place() {
    let shop = Shop::open().await;
    let id = shop.job("centro", &Value::Null).await;
    for _ in 0..2 {
        shop.ok(&format!("PUT /jobs/{id}/cancel"), &json!({ "reason": "Out of stock" })).await;
    }
    assert_eq!(shop.status(&id).await, "cancelled");
    let free = shop.ok("POST /jobs/availability", &asked("centro")).await;
    assert_eq!(free.pointer("/0/from"), Some(&json!("2026-11-21T13:00:00.000Z")));
}

#[tokio::test]
async fn whoever_is_faster_a_cancelled_job_holds_no_place() {
    let shop = Shop::open().await;
    let before = shop.slots("centro").await.len();
    for n in 0..24 {
        let id = shop.job("centro", &Value::Null).await;
        let chosen = json!({ "slot_id": shop.slot("centro").await });
        let (cancel, reschedule) = (format!("PUT /jobs/{id}/cancel"), format!("PUT /jobs/{id}/reschedule"));
        let body = json!({});
        let (cancelled, _) = match n % 2 {
            0 => tokio::join!(shop.call(&cancel, &body), shop.call(&reschedule, &chosen)),
            _ => {
                let (moved, cancelled) =
                    tokio::join!(shop.call(&reschedule, &chosen), shop.call(&cancel, &body));
                (cancelled, moved)
            }
        };
        assert_eq!(cancelled.status.as_u16(), 200, "{}", cancelled.text);
        assert_eq!(shop.status(&id).await, "cancelled");
        assert_eq!(shop.slots("centro").await.len(), before, "round {n}");
    }
}

#[tokio::test]
async fn a_job_that_another_source_cancelled_gives_its_place_back_when_it_is_cancelled_here() {
    let shop = Shop::open().await;
    let before = shop.slots("centro").await.len();
    let id = shop.job("centro", &Value::Null).await;
    let event = r#"{"id":"e","status":"cancelled","time":"2026-11-21T12:00:00Z"}"#;
    let told = shop.house.post(&format!("/shipments/{id}/events"), event).await;
    assert!(told.status.is_success(), "{}", told.text);
    for _ in 0..2 {
        shop.ok(&format!("PUT /jobs/{id}/cancel"), &json!({})).await;
    }
    assert_eq!(shop.slots("centro").await.len(), before);
}

#[tokio::test]
async fn a_slot_that_made_a_job_takes_no_second_place() {
    let shop = Shop::open().await;
    let used = (417, "SLOT_USED".to_owned());
    let extend = |slot: &str| format!("PUT /jobs/{slot}/extend-expiration-time");
    let slots = shop.slots("norte").await;
    let [plain, extended, ..] = slots.as_slice() else { panic!("{slots:?}") };
    let made = shop.ok("POST /jobs", &job(plain, &Value::Null)).await;
    assert_eq!(shop.code(&extend(plain), &Value::Null).await, used);
    shop.ok(&extend(extended), &Value::Null).await;
    shop.ok("POST /jobs", &job(extended, &Value::Null)).await;
    assert_eq!(shop.code(&extend(extended), &Value::Null).await, used);
    let id = made.get("job_id").and_then(Value::as_str).unwrap_or_default();
    let other = json!({ "slot_id": shop.slot("norte").await });
    shop.ok(&format!("PUT /jobs/{id}/reschedule"), &other).await;
    assert_eq!(
        shop.code(&extend(plain), &Value::Null).await,
        used,
        "the first slot of a job that has another"
    );

    // Whoever is faster: the job takes one place of two.
    shop.ok("PUT /setup/stores/norte", &store(2, "PICK_AND_DELIVERY", None)).await;
    for _ in 0..5 {
        let slots = shop.slots("norte").await;
        let (slot, count) = (slots.last().cloned().unwrap_or_default(), slots.len());
        let (line, body) = (extend(&slot), job(&slot, &Value::Null));
        let (made, _) = tokio::join!(shop.call("POST /jobs", &body), shop.call(&line, &Value::Null));
        assert_eq!(made.status.as_u16(), 201, "{}", made.text);
        let left = shop.slots("norte").await;
        assert_eq!(left.len(), count, "one place is left");
        let last = left.last().cloned().unwrap_or_default();
        shop.ok("POST /jobs", &job(&last, &json!({ "client_reference": "ORDER-2" }))).await;
    }
}

#[tokio::test]
async fn a_place_is_the_same_however_it_is_spelled() {
    let shop = Shop::open().await;
    let places = json!({
        "destination": { "name": null, "zip_code": "28001", "latitude": 40, "longitude": -4, "floor": 4 },
        "origin": { "name": "Dock", "city": null, "latitude": 40 },
    });
    let asked = with(&asked("norte"), &places);
    let slots = shop.ok("POST /jobs/availability", &asked).await;
    let slot = slots.pointer("/0/id").and_then(Value::as_str).unwrap_or_default();
    for other in [
        json!({ "destination": { "zip_code": "28001", "latitude": 40, "longitude": -4, "floor": 5 } }),
        json!({ "origin": { "name": "Dock" } }),
        json!({ "origin": "Dock" }),
    ] {
        let other = job(slot, &with(&places, &other));
        assert_ne!(shop.call("POST /jobs", &other).await.status.as_u16(), 201, "{other}");
    }
    shop.ok("POST /jobs", &job(slot, &places)).await;
}

#[tokio::test]
async fn a_smaller_capacity_holds_at_once() {
    let shop = Shop::open().await;
    let slot = shop.slot("norte").await;
    shop.ok("PUT /setup/stores/norte", &store(0, "PICK_AND_DELIVERY", None)).await;
    assert_eq!(shop.code("POST /jobs", &job(&slot, &Value::Null)).await, (417, "SLOT_FULL".to_owned()));
}

#[tokio::test]
async fn offers_that_came_to_nothing_are_forgotten() {
    let shop = Shop::open().await;
    let slot = shop.slot("norte").await;
    let check = format!("GET /jobs/availability/{slot}/check");
    shop.house.wait(Duration::from_secs(24 * 3600));
    assert_eq!(shop.code(&check, &Value::Null).await, (417, "SLOT_EXPIRED".to_owned()));
    let state = DialectState { app: shop.house.state.clone(), keys: Keys::default() };
    let turn = async || turn(&state).await.unwrap_or_else(|e| panic!("{e:?}"));
    assert_eq!(turn().await, 0, "a day it is remembered");
    shop.house.wait(Duration::from_secs(3600));
    // Whether or not anybody asks again.
    assert_eq!((turn().await, turn().await), (1, 0));
    assert_eq!(shop.code(&check, &Value::Null).await, (404, "NOT_FOUND".to_owned()));
    assert_eq!(shop.code("POST /jobs", &job(&slot, &Value::Null)).await, (417, "SLOT_UNKNOWN".to_owned()));
}
