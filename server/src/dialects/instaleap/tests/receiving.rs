//! Instaleap's webhooks, received: by the source's token alone, and the same shipment whatever the order they come in.

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::{Value, json};

use super::shop::{Shop, code, with};
use crate::api::tests::house::{Answer, House};
use crate::limits::Allowances;

/// A source that was set up, and its token.
async fn source(shop: &Shop, id: &str) -> String {
    let made = shop.ok(&format!("PUT /setup/sources/{id}"), &json!({ "zone": "America/Bogota" })).await;
    let token = made.get("token").and_then(Value::as_str).unwrap_or_default().to_owned();
    assert_eq!(made.get("url"), Some(&json!(format!("https://track.test/api/instaleap/webhooks/{id}"))));
    token
}

async fn send(shop: &Shop, source: &str, token: &str, body: &Value) -> Answer {
    let bearer = format!("Bearer {token}");
    let line = format!("POST /api/instaleap/webhooks/{source}");
    shop.house.call(&line, "", &[("authorization", &bearer)], &body.to_string()).await
}

/// A webhook as the original sends it: the event, and the job as it was then.
fn hook(n: usize, word: &str, job: &Value) -> Value {
    let plain = json!({
        "id": "job-7",
        "client_reference": "ORDER-7",
        "recipient": { "name": "Ana María", "email": "ana@example.com", "phone_number": "300" },
        "slot": { "from": "2026-11-21T14:00:00Z", "to": "2026-11-21T15:00:00Z" },
        "destination": { "address": "Calle 118", "city": "Bogotá" },
    });
    json!({
        "id": format!("event-{n}"), "type": word, "created_at": format!("2026-11-21T11:{n:02}:00Z"),
        "clientId": "c", "job": with(&plain, job),
    })
}

/// A whole journey: picked, reset, brought; comment, code, window and each part of the recipient change on the way, what
/// a webhook leaves out says nothing, and a word nobody knows is in it.
fn journey() -> Vec<Value> {
    let quiet = json!({ "recipient": null, "destination": null, "client_reference": null });
    let later = json!({ "slot": { "from": "2026-11-21T16:00:00Z", "to": "2026-11-21T17:00:00Z" } });
    let words = [
        ("CREATED", json!({ "job_comment": "One", "delivery_code": "1111" })),
        ("ALLOCATED", json!({ "job_comment": "One" })),
        (
            "PICKING_STARTED",
            json!({ "recipient": { "name": "Ana", "phone_number": "301" }, "destination": null }),
        ),
        (
            "JOB_COMMENT_UPDATED",
            json!({ "job_comment": "Two", "contact_less": { "comment": "LeaveInReception" },
                "delivery_code": "2222", "recipient": { "email": "am@example.com" } }),
        ),
        (
            "SOMETHING_NEW",
            json!({ "recipient": null, "destination": { "address": "Calle 7" }, "client_reference": "ORDER-8" }),
        ),
        ("TASK_RESET_FULL_SERVICE", with(&quiet, &json!({ "job_comment": "Two" }))),
        ("RESCHEDULED", with(&quiet, &later)),
        ("PICKING_STARTED", with(&quiet, &later)),
        ("GOING_TO_DESTINATION_STARTED", with(&quiet, &later)),
    ];
    words.iter().enumerate().map(|(n, (word, job))| hook(n, word, job)).collect()
}

/// The job as it was told last.
async fn shown(shop: &Shop) -> Value {
    shop.house.get("/shipments/job-7").await.json()
}

/// What follows from what was received, but for how it came: versions, times of arrival, the sequence.
async fn outcome(shop: &Shop) -> Value {
    let shown = shown(shop).await;
    let part = |pointer: &str| shown.pointer(pointer).cloned().unwrap_or_default();
    let events = part("/events").as_array().cloned().unwrap_or_default();
    let events =
        events.iter().map(|event| json!([event["id"], event["status"], event["time"], event["movement"]]));
    json!({
        "status": part("/status"), "since": part("/since"), "flags": part("/flags"), "eta": part("/eta/window"),
        "recipient": part("/recipient"), "promise": part("/promise"), "reference": part("/reference"),
        "comment": part("/preferences/comment/value"), "contactless": part("/preferences/contactless/value"),
        "code": shop.digits("job-7").await,
        "events": events.collect::<Vec<_>>(),
    })
}

async fn comment(shop: &Shop) -> Value {
    shown(shop).await.pointer("/preferences/comment/value").cloned().unwrap_or_default()
}

async fn after(hooks: &[Value]) -> Value {
    let shop = Shop::open().await;
    let token = source(&shop, "insta").await;
    for hook in hooks {
        let answer = send(&shop, "insta", &token, hook).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
        shop.house.wait(std::time::Duration::from_secs(1));
    }
    outcome(&shop).await
}

#[tokio::test]
async fn a_journey_that_comes_in_order_is_the_widgets() {
    let outcome = after(&journey()).await;
    insta::assert_json_snapshot!(outcome);
}

/// A journey in another order, with some of it doubled.
fn disorder() -> impl Strategy<Value = Vec<usize>> {
    let all: Vec<usize> = (0..journey().len()).collect();
    let doubled = prop::collection::vec(0..all.len(), 0..8);
    doubled.prop_flat_map(move |doubled| Just([all.clone(), doubled].concat()).prop_shuffle())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Shuffled and doubled webhooks give the same shipment; so they do when a step on the way is missing, but for
    /// that step.
    #[test]
    fn any_order_gives_the_same_shipment(order in disorder(), gap in 0usize..3) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(fail)?;
        runtime.block_on(async {
            let all = journey();
            let pick = |order: &[usize]| order.iter().filter_map(|n| all.get(*n).cloned()).collect::<Vec<_>>();
            let in_order: Vec<usize> = (0..all.len()).collect();
            prop_assert_eq!(after(&pick(&order)).await, after(&pick(&in_order)).await);

            let without = |order: &[usize]| order.iter().copied().filter(|n| *n != gap).collect::<Vec<_>>();
            let (shuffled, straight) = (without(&order), without(&in_order));
            let (gapped, whole) = (after(&pick(&shuffled)).await, after(&pick(&in_order)).await);
            prop_assert_eq!(&gapped, &after(&pick(&straight)).await);
            for same in ["status", "since", "eta", "promise", "comment", "contactless", "code"] {
                prop_assert_eq!(&gapped[same], &whole[same]);
            }
            Ok(())
        })?;
    }
}

fn fail(error: std::io::Error) -> TestCaseError {
    TestCaseError::fail(error.to_string())
}

#[tokio::test]
async fn a_source_is_opened_by_its_own_token_alone() {
    let shop = Shop::open().await;
    let (ours, other) = (source(&shop, "insta").await, source(&shop, "other").await);
    let body = hook(0, "CREATED", &json!({}));
    let refused = (401, "UNAUTHORIZED".to_owned());
    for (id, token) in [
        ("insta", ""),
        ("insta", &other),
        ("insta", "ilw_1_x"),
        ("none", &ours),
        ("insta", &shop.house.manager),
    ] {
        assert_eq!(code(&send(&shop, id, token, &body).await), refused, "{id}");
    }
    // The token is looked at before the body is.
    assert_eq!(code(&send(&shop, "insta", "x", &json!(7)).await), refused);
    let (key, text) = ([("x-api-key", ours.as_str())], body.to_string());
    let by_key = shop.house.call("POST /api/instaleap/webhooks/insta", "", &key, &text).await;
    assert_eq!(by_key.status.as_u16(), 200);
    let renewed = source(&shop, "insta").await;
    assert_eq!(code(&send(&shop, "insta", &ours, &body).await), refused, "the token before opens nothing");
    assert_eq!(send(&shop, "insta", &renewed, &body).await.status.as_u16(), 200);
    shop.call("DELETE /setup/sources/insta", &Value::Null).await;
    assert_eq!(code(&send(&shop, "insta", &renewed, &body).await), refused);
}

#[tokio::test]
async fn what_the_recipient_wrote_is_not_overwritten_by_what_the_source_says_again() {
    let shop = Shop::open().await;
    let token = source(&shop, "insta").await;
    send(&shop, "insta", &token, &hook(0, "CREATED", &json!({ "job_comment": "One" }))).await;
    let edit = r#"{"edit":"e-1","value":"Mine"}"#;
    let headers = [("if-match", "\"1\"")];
    let line = "PUT /api/v1/shipments/job-7/comment";
    let edited = shop.house.call(line, &shop.house.manager, &headers, edit).await;
    assert_eq!(edited.status.as_u16(), 200, "{}", edited.text);
    send(&shop, "insta", &token, &hook(1, "PICKING_STARTED", &json!({ "job_comment": "One" }))).await;
    assert_eq!(comment(&shop).await, "Mine");
    send(&shop, "insta", &token, &hook(2, "JOB_COMMENT_UPDATED", &json!({ "job_comment": "Two" }))).await;
    assert_eq!(comment(&shop).await, "Two", "something new counts");
}

#[tokio::test]
async fn what_comes_first_with_the_last_step_is_taken_before_it() {
    let shop = Shop::open().await;
    let token = source(&shop, "insta").await;
    send(&shop, "insta", &token, &hook(0, "CREATED", &json!({ "delivery_code": "1111" }))).await;
    let new = json!({ "delivery_code": "2222", "job_comment": "One" });
    let answer = send(&shop, "insta", &token, &hook(1, "GOING_TO_DESTINATION_STARTED", &new)).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    assert_eq!(shop.digits("job-7").await, "2222");
    // The webhooks between were lost: the last one brings what they told.
    let new = json!({
        "job_comment": "Two", "delivery_code": "3333", "contact_less": { "comment": "LeaveAtTheDoor" },
        "recipient": { "name": "Eva" },
    });
    for _ in 0..2 {
        let answer = send(&shop, "insta", &token, &hook(2, "CLIENT_RECEIVED", &new)).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    }
    let shown = shown(&shop).await;
    assert_eq!(shown.get("status"), Some(&json!("delivered")));
    assert_eq!(shown.pointer("/recipient/name"), Some(&json!("Eva")));
    assert_eq!((comment(&shop).await, shop.digits("job-7").await), (json!("Two"), "3333".to_owned()));
    let late = json!({ "job_comment": "Three", "delivery_code": "4444" });
    let answer = send(&shop, "insta", &token, &hook(3, "JOB_COMMENT_UPDATED", &late)).await;
    assert_eq!((answer.status.as_u16(), comment(&shop).await), (200, json!("Two")), "after the end it stays");
}

#[tokio::test]
async fn a_code_that_comes_later_is_taken_and_an_older_one_is_not() {
    let shop = Shop::open().await;
    let token = source(&shop, "insta").await;
    let created = hook(0, "CREATED", &json!({ "delivery_code": "1111" }));
    send(&shop, "insta", &token, &hook(1, "PICKING_STARTED", &json!({}))).await;
    send(&shop, "insta", &token, &hook(2, "PICKING_FINISHED", &json!({ "delivery_code": "2222" }))).await;
    assert_eq!(shop.digits("job-7").await, "2222", "the first one");
    for _ in 0..2 {
        send(&shop, "insta", &token, &created).await;
        assert_eq!(shop.digits("job-7").await, "2222", "CREATED came late");
    }
}

#[tokio::test]
async fn a_repeat_without_a_time_says_nothing_again() {
    let shop = Shop::open().await;
    let token = source(&shop, "insta").await;
    let timeless = |n: usize, comment: &str| {
        let mut hook = hook(n, "JOB_COMMENT_UPDATED", &json!({ "job_comment": comment }));
        hook.as_object_mut().map(|hook| hook.remove("created_at"));
        hook
    };
    for hook in [timeless(0, "One"), timeless(1, "Two"), timeless(0, "One")] {
        assert_eq!(send(&shop, "insta", &token, &hook).await.status.as_u16(), 200);
        shop.house.wait(std::time::Duration::from_secs(1));
    }
    assert_eq!(comment(&shop).await, "Two");
}

#[tokio::test]
async fn a_part_of_the_person_that_is_left_out_stays() {
    let shop = Shop::open().await;
    let token = source(&shop, "insta").await;
    send(&shop, "insta", &token, &hook(0, "CREATED", &json!({}))).await;
    let name = json!({ "recipient": { "name": "Eva" }, "destination": null });
    send(&shop, "insta", &token, &hook(1, "PICKING_STARTED", &name)).await;
    let place = json!({ "recipient": null, "destination": { "address": "Calle 7" } });
    send(&shop, "insta", &token, &hook(2, "PICKING_FINISHED", &place)).await;
    let all = json!({ "name": "Eva", "email": "ana@example.com", "phone": "300", "address": "Calle 7" });
    assert_eq!(shown(&shop).await.get("recipient"), Some(&all));
}

#[tokio::test]
async fn two_tenants_may_hear_of_the_same_job_by_sources_of_the_same_name() {
    let shop = Shop::open().await;
    shop.house.post("/shipments", r#"{"trackingId":"job-7"}"#).await;
    let line = "PUT /api/instaleap/setup/sources/insta";
    let theirs = [("x-api-key", shop.house.stranger.as_str())];
    let other = shop.house.call(line, "", &theirs, r#"{"zone":"UTC"}"#).await.at("/token").1;
    for token in [json!(source(&shop, "insta").await), other] {
        let body = hook(0, "CREATED", &json!({}));
        let answer = send(&shop, "insta", token.as_str().unwrap_or_default(), &body).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    }
}

#[tokio::test]
async fn a_source_tells_no_more_than_a_client_may() {
    let rate = "1/1".parse().unwrap_or_else(|e| panic!("{e}"));
    let allowances = Allowances { client_events: Some(rate), ..Allowances::default() };
    let shop = Shop { house: House::with(allowances).await };
    let token = source(&shop, "insta").await;
    let first = send(&shop, "insta", &token, &hook(0, "CREATED", &json!({}))).await;
    let second = send(&shop, "insta", &token, &hook(1, "PICKING_STARTED", &json!({}))).await;
    assert_eq!(first.status.as_u16(), 200);
    assert_eq!(code(&second), (429, "TOO_MANY_REQUESTS".to_owned()));
}

#[tokio::test]
async fn a_number_that_is_taken_is_made_up_and_a_strange_field_loses_nothing() {
    let shop = Shop::open().await;
    let token = source(&shop, "insta").await;
    shop.house.post("/shipments", r#"{"trackingId":"job-7"}"#).await;
    let strange = json!({ "recipient": 7, "slot": "soon", "job_comment": [], "delivery_code": 12 });
    let answer = send(&shop, "insta", &token, &hook(0, "PICKING_STARTED", &strange)).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    send(&shop, "insta", &token, &hook(1, "GOING_TO_DESTINATION_STARTED", &json!({}))).await;
    let listed = shop.house.get("/shipments").await.json();
    let statuses: Vec<_> =
        listed["shipments"].as_array().into_iter().flatten().map(|one| one["status"].clone()).collect();
    assert_eq!(statuses, [json!("out_for_delivery"), json!("unknown")]);
    for bad in [
        json!({}),
        json!({ "id": "x", "type": "CREATED", "job": [] }),
        json!({ "id": "x", "type": "CREATED", "job": {} }),
    ] {
        assert_eq!(
            code(&send(&shop, "insta", &token, &bad).await),
            (400, "MALFORMED_REQUEST".to_owned()),
            "{bad}"
        );
    }
    let nameless = hook(0, "", &json!({}));
    assert_eq!(code(&send(&shop, "insta", &token, &nameless).await), (422, "INVALID_VALUE".to_owned()));
}
