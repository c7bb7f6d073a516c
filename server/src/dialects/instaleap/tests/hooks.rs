//! Webhook 1, out: which words leave, in which form, and who hears the code. What carries it (signature, tries, order) is
//! the outbox's own and tested there.

use serde_json::{Value, json};

use super::shop::{Shop, blind, code};
use crate::store::outbox::{Claim, Room};
use crate::webhooks::{EndpointId, News};

/// What waits to be told in that shape, rendered, in its order. What waits in others is told, too.
async fn told(shop: &Shop, shape: &str) -> Vec<Value> {
    told_all(shop).await.into_iter().filter(|(of, _)| of == shape).map(|(_, body)| body).collect()
}

/// What waits to be told, rendered, in its order, each with its shape.
pub(super) async fn told_all(shop: &Shop) -> Vec<(String, Value)> {
    let state = &shop.house.state;
    let mut told = Vec::new();
    let mut node = 0;
    // One of a shipment's messages at a time: what waits behind it is claimed once it is settled.
    loop {
        node += 1;
        let now = state.clock.now();
        let until = doorstep_model::time::Timestamp::from_millis(now.millis() + 60_000);
        let room = Room { most: 100, per_tenant: 100, per_receiver: 100, ..Room::default() };
        let claim = Claim { claimed_by: node, now, until, after: EndpointId(0), room };
        let claimed = state.store.claim(claim).await.unwrap_or_else(|e| panic!("{e:?}")).claimed;
        if claimed.is_empty() {
            return told;
        }
        for message in claimed {
            let subject = state.store.subject(message.delivery).await.unwrap_or_else(|e| panic!("{e:?}"));
            let code = subject.shipment.as_ref().filter(|_| message.endpoint.plan.includes_code);
            let code = code.and_then(|shipment| {
                let drawn = &shipment.handoff().code.as_ref()?.drawn;
                state.vault.code(drawn, shipment.tracking_id())
            });
            let news = News {
                message: message.message.clone(),
                topic: subject.topic,
                at: subject.at,
                shipment: subject.shipment,
                event: subject.event,
                code,
            };
            let shaper = state.shapes.get(&message.endpoint.plan.shape).unwrap_or_else(|| panic!("no shape"));
            let rendered = shaper.render(&news, &message.endpoint).await.unwrap_or_else(|e| panic!("{e:?}"));
            if let Some(rendered) = rendered {
                let body = serde_json::from_str(&rendered.body).unwrap_or_else(|e| panic!("{e}"));
                told.push((message.endpoint.plan.shape.clone(), body));
            }
            let settled = crate::store::outbox::Settled {
                delivery: message.delivery,
                claimed_by: node,
                attempt: None,
                at: now,
                next: crate::store::outbox::Next::Done(crate::store::outbox::DeliveryState::Delivered),
                endpoint: crate::store::outbox::Effect::None,
            };
            state.store.settle(settled).await.unwrap_or_else(|e| panic!("{e:?}"));
        }
    }
}

fn words(told: &[Value]) -> Vec<&str> {
    told.iter().filter_map(|message| message.get("type")?.as_str()).collect()
}

#[tokio::test]
async fn every_event_of_a_job_is_told_in_its_word() {
    let shop = Shop::open().await;
    shop.ok("POST /setup/webhooks", &json!({ "url": "https://shop.example.com/hook" })).await;
    let id = shop
        .job("norte", &json!({ "add_delivery_code": true, "external_data": { "webhook": { "key": "k" } } }))
        .await;
    shop.ok(&format!("PUT /jobs/{id}/job-comment"), &json!({ "job_comment": "Ring twice" })).await;
    shop.happens(&id, &json!({ "type": "PICKING_STARTED" })).await;
    shop.house.wait(std::time::Duration::from_secs(60));
    let who = json!({ "delivery_info": { "name": "Marco Polo" } });
    shop.fleet_says(&id, "ASSIGNED", &who).await;
    shop.house.wait(std::time::Duration::from_secs(60));
    shop.fleet_says(&id, "CANCELLED", &Value::Null).await;
    shop.house.wait(std::time::Duration::from_secs(60));
    shop.happens(&id, &json!({ "type": "TASK_RESET_PICK_UP" })).await;
    shop.ok(&format!("PUT /jobs/{id}/external_data"), &json!({})).await;
    let told = told(&shop, "instaleap").await;
    let expected = [
        "CREATED",
        "JOB_COMMENT_UPDATED",
        "PICKING_STARTED",
        "ALLOCATED",
        "TASK_RESET_DELIVERY",
        "TASK_RESET_PICK_UP",
        "EXTERNAL_DATA_UPDATED",
    ];
    assert_eq!(words(&told), expected);
    assert!(told.iter().all(|message| message.pointer("/job/delivery_code").is_none()), "it may not hear it");
    assert_eq!(told[1].pointer("/job/job_comment"), Some(&json!("Ring twice")));
    insta::assert_json_snapshot!(blind(
        told.first(),
        &[
            ("/id", "[message]"),
            ("/job/id", "[job]"),
            ("/job/job_id", "[job]"),
            ("/job/slot_id", "[slot]"),
            ("/job/slot/id", "[slot]"),
            ("/job/fleet/task_id", "[task]")
        ]
    ));
}

#[tokio::test]
async fn the_code_is_told_where_the_tenant_allows_it_alone() {
    let shop = Shop::open().await;
    let open = json!({ "url": "https://shop.example.com/code", "includes_delivery_code": true });
    shop.ok("POST /setup/webhooks", &open).await;
    let id = shop.job("norte", &json!({ "add_delivery_code": true })).await;
    let told = told(&shop, "instaleap").await;
    let heard = told.first().and_then(|message| message.pointer("/job/delivery_code")).cloned();
    assert_eq!(heard, Some(json!(shop.digits(&id).await)));
}

#[tokio::test]
async fn there_are_three_webhooks_at_most_and_their_secrets_are_shown_once() {
    let shop = Shop::open().await;
    let hook = |n: u32| json!({ "url": format!("https://shop.example.com/{n}") });
    let first = shop.ok("POST /setup/webhooks", &hook(1)).await;
    let secret = first.get("secret").and_then(Value::as_str).unwrap_or_default().to_owned();
    assert!(secret.starts_with("whsec_"), "{first}");
    let token = json!({ "url": "https://shop.example.com/2", "header": { "name": "X-Token", "value": "v" } });
    assert_eq!(shop.ok("POST /setup/webhooks", &token).await.get("secret"), None);
    shop.ok("POST /setup/webhooks", &hook(3)).await;
    assert_eq!(shop.code("POST /setup/webhooks", &hook(4)).await, (400, "TOO_MANY".to_owned()));
    let listed = shop.ok("GET /setup/webhooks", &Value::Null).await;
    assert_eq!(listed.as_array().map(Vec::len), Some(3));
    assert!(!listed.to_string().contains(&secret));
    let id = first.get("id").cloned().unwrap_or_default();
    let gone = shop.call(&format!("DELETE /setup/webhooks/{id}"), &Value::Null).await;
    assert_eq!(gone.status.as_u16(), 204);
    shop.ok("POST /setup/webhooks", &hook(4)).await;
    for (bad, pointer) in [
        (json!({ "url": "http://127.0.0.1/" }), "/url"),
        (json!({ "url": "https://169.254.169.254/x" }), "/url"),
        (json!({ "url": "ftp://shop.example.com" }), "/url"),
        (
            json!({ "url": "https://a.example.com", "header": { "name": "Host", "value": "x" } }),
            "/header/name",
        ),
    ] {
        let answer = shop.call("POST /setup/webhooks", &bad).await;
        assert_eq!((code(&answer).0, answer.at("/errors/0/pointer").1), (422, json!(pointer)), "{bad}");
    }
}

#[tokio::test]
async fn however_many_set_one_up_at_once_there_are_three() {
    let shop = Shop::open().await;
    let bodies: Vec<Value> =
        (0..12).map(|n| json!({ "url": format!("https://shop.example.com/{n}") })).collect();
    let answers =
        futures_util::future::join_all(bodies.iter().map(|body| shop.call("POST /setup/webhooks", body)))
            .await;
    assert_eq!(answers.iter().filter(|answer| answer.status.as_u16() == 201).count(), 3);
    assert_eq!(shop.ok("GET /setup/webhooks", &Value::Null).await.as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn a_shipment_that_is_no_job_is_told_in_the_same_words() {
    let shop = Shop::open().await;
    shop.ok("POST /setup/webhooks", &json!({ "url": "https://shop.example.com/hook" })).await;
    let made = shop.house.post("/shipments", r#"{"trackingId":"NATIVE-1","recipient":{"name":"Ana"}}"#).await;
    assert_eq!(made.status.as_u16(), 201);
    let out = r#"{"id":"e","status":"out_for_delivery","time":"2026-11-21T11:00:00Z"}"#;
    shop.house.post("/shipments/NATIVE-1/events", out).await;
    let told = told(&shop, "instaleap").await;
    assert_eq!(words(&told), ["CREATED", "GOING_TO_DESTINATION_STARTED"]);
    assert_eq!(told[1].pointer("/job/recipient/name"), Some(&json!("Ana")));
}
