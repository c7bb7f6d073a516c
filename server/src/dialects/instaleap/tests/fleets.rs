//! Third-party fleets: statuses in their order, repeats, codes, giving up; and what they are told.

use serde_json::{Value, json};

use super::hooks::told_all;
use super::shop::{ParseId as _, Shop, blind, code, job};
use crate::dialects::instaleap::ids;
use crate::identity::TenantId;
use crate::webhooks::{Auth, EndpointPlan, MOST_SCOPED, Rendered, Topics};

const WHO: fn() -> Value = || json!({ "delivery_info": { "name": "Marco Polo", "phone": "600", "photo_url": "https://x.example/p" } });

#[tokio::test]
async fn statuses_come_in_their_order_and_move_the_job() {
    let shop = Shop::open().await;
    let id = shop.job("norte", &Value::Null).await;
    let early = shop.fleet_says(&id, "ARRIVED_TO_STORE", &Value::Null).await;
    assert_eq!(code(&early), (400, "OUT_OF_ORDER".to_owned()));
    assert_eq!(early.at("/message").1, json!("ASSIGNED comes next"));
    assert_eq!(code(&shop.fleet_says(&id, "ASSIGNED", &Value::Null).await).0, 422, "who drives is needed");
    for (status, stands) in [
        ("PROCESSING", "scheduled"),
        ("ASSIGNED", "courier_assigned"),
        ("ARRIVED_TO_STORE", "at_pickup"),
        ("GOING_TO_DESTINATION", "out_for_delivery"),
        ("ARRIVED_TO_DESTINATION", "arrived"),
        ("DELIVERED", "delivered"),
    ] {
        for _ in 0..2 {
            let answer = shop.fleet_says(&id, status, &WHO()).await;
            assert_eq!(answer.at("/message"), (200, json!("STATUS_UPDATED")), "{status}");
        }
        assert_eq!(shop.status(&id).await, stands, "{status}");
    }
    let repeat = shop.fleet_says(&id, "ASSIGNED", &WHO()).await;
    assert_eq!(repeat.status.as_u16(), 200, "an earlier one again does no harm");
    assert_eq!(shop.status(&id).await, "delivered");
    let over = shop.fleet_says(&id, "CANCELLED", &Value::Null).await;
    assert_eq!(code(&over), (400, "OUT_OF_ORDER".to_owned()));
    let shipment = shop.house.get(&format!("/shipments/{id}")).await;
    assert_eq!(shipment.at("/courier/name").1, json!("Marco Polo"));
}

#[tokio::test]
async fn the_last_step_takes_the_code() {
    let shop = Shop::open().await;
    let id = shop.job("norte", &json!({ "add_delivery_code": true })).await;
    let digits = shop.digits(&id).await;
    let other = if digits == "1357" { "7531" } else { "1357" };
    shop.fleet_says(&id, "ASSIGNED", &WHO()).await;
    let of_the_fleet = json!({ "delivery_code": other });
    assert_eq!(shop.fleet_says(&id, "DELIVERY_CODE_UPDATED", &of_the_fleet).await.status.as_u16(), 200);
    for status in ["ARRIVED_TO_STORE", "GOING_TO_DESTINATION", "ARRIVED_TO_DESTINATION"] {
        shop.fleet_says(&id, status, &Value::Null).await;
    }
    assert_eq!(
        code(&shop.fleet_says(&id, "DELIVERED", &Value::Null).await),
        (400, "DELIVERY_CODE_NEEDED".to_owned())
    );
    let wrong = json!({ "delivery_code": digits });
    assert_eq!(
        code(&shop.fleet_says(&id, "DELIVERED", &wrong).await),
        (400, "DELIVERY_CODE_WRONG".to_owned())
    );
    for _ in 0..2 {
        assert_eq!(shop.fleet_says(&id, "DELIVERED", &of_the_fleet).await.status.as_u16(), 200);
    }
    assert_eq!(shop.status(&id).await, "delivered");
}

#[tokio::test]
async fn a_fleet_that_gives_up_gives_the_order_back_and_a_reset_begins_another_task() {
    let shop = Shop::open().await;
    let id = shop.job("norte", &Value::Null).await;
    shop.fleet_says(&id, "ASSIGNED", &WHO()).await;
    shop.house.wait(std::time::Duration::from_secs(60));
    shop.fleet_says(&id, "CANCELLED", &json!({ "status_reason": "No vehicle" })).await;
    let shown = shop.shown(&id).await;
    assert_eq!(shown.get("status"), Some(&json!("confirmed")));
    assert_eq!(shown.pointer("/fleet/status"), Some(&json!("CANCELLED")));
    shop.house.wait(std::time::Duration::from_secs(60));
    shop.happens(&id, &json!({ "type": "TASK_RESET_PICK_UP" })).await;
    assert_eq!(shop.shown(&id).await.pointer("/fleet/task_id"), Some(&json!(format!("{id}.2"))));
    assert_eq!(code(&shop.fleet_says(&id, "ASSIGNED", &WHO()).await), (400, "OUT_OF_ORDER".to_owned()));
    let second = json!({ "task_id": format!("{id}.2") });
    let again = super::shop::with(&second, &WHO());
    assert_eq!(shop.fleet_says(&id, "ASSIGNED", &again).await.status.as_u16(), 200);
    assert_eq!(shop.status(&id).await, "courier_assigned");
    for unknown in ["nonsense", "no-such.1", &format!("{id}.9"), &format!("{id}.0")] {
        let report = json!({ "task_id": unknown });
        assert_eq!(code(&shop.fleet_says(&id, "ASSIGNED", &super::shop::with(&WHO(), &report)).await).0, 404);
    }
}

#[tokio::test]
async fn a_fleet_is_told_of_its_task_and_of_what_changes_about_it() {
    let shop = Shop::open().await;
    let id = shop.job("norte", &json!({ "job_comment": "Ring twice" })).await;
    shop.ok(
        &format!("PUT /jobs/{id}/payment-info"),
        &json!({ "payment": { "payment_status": "SUCCEEDED" } }),
    )
    .await;
    shop.happens(&id, &json!({ "type": "PICKING_STARTED" })).await;
    shop.house.wait(std::time::Duration::from_secs(60));
    shop.happens(&id, &json!({ "type": "TASK_RESET_PICK_UP" })).await;
    shop.house.wait(std::time::Duration::from_secs(60));
    // Who picks is none of the fleet's business, and a task begins once.
    for kind in ["PICKING", "PICK_UP_FOR_DELIVERY", "PICK_UP_FOR_DELIVERY"] {
        shop.happens(&id, &json!({ "type": "RE_ALLOCATED", "task": { "kind": kind } })).await;
        shop.house.wait(std::time::Duration::from_secs(60));
    }
    shop.ok(&format!("PUT /jobs/{id}/cancel"), &json!({})).await;
    let all = told_all(&shop).await;
    assert!(all.iter().all(|(shape, _)| shape == "instaleap-fleet"), "nobody else listens");
    let told: Vec<Value> = all.into_iter().map(|(_, body)| body).collect();
    let brief = |body: &Value| {
        let task = body
            .get("task")
            .unwrap_or(body)
            .get("task_id")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        (body.get("event_type").and_then(Value::as_str).unwrap_or("-").to_owned(), task)
    };
    let (first, second) = (format!("{id}.1"), format!("{id}.2"));
    let expected = [
        ("-", &first),
        ("PAYMENT_UPDATED", &first),
        ("TASK_RESET", &first),
        ("-", &second),
        ("CANCELLED", &second),
    ];
    let expected: Vec<_> =
        expected.iter().map(|(event, task)| ((*event).to_owned(), (*task).clone())).collect();
    assert_eq!(told.iter().map(brief).collect::<Vec<_>>(), expected);
    insta::assert_json_snapshot!(blind(told.first(), &[("/task_id", "[task]")]));
    insta::assert_json_snapshot!(blind(told.last(), &[("/task/task_id", "[task]")]));

    // What a fleet has already, it has; what is gone there needs no update.
    let shape = shop.house.state.shapes.get("instaleap-fleet").unwrap_or_else(|| panic!("no shape"));
    let taken = |body: &Value, status: u16| {
        let status = http::StatusCode::from_u16(status).unwrap_or_default();
        shape.is_taken(&Rendered::json(body.to_string()), status)
    };
    for (status, creation, update) in
        [(200, true, true), (409, true, true), (410, false, true), (404, false, false), (503, false, false)]
    {
        assert_eq!((taken(&told[0], status), taken(&told[1], status)), (creation, update), "{status}");
    }
}

/// How many endpoints a job's fleet is told by.
async fn endpoints(shop: &Shop, job: &str) -> usize {
    let listed = shop.house.state.store.endpoints(tenant(shop, job).await, Some(&job.parse_id())).await;
    listed.unwrap_or_else(|e| panic!("{e:?}")).len()
}

async fn tenant(shop: &Shop, job: &str) -> TenantId {
    let tenant = shop.house.state.store.tenant_of(&job.parse_id()).await;
    tenant.ok().flatten().unwrap_or_else(|| panic!("{job} is no shipment"))
}

#[tokio::test]
async fn a_creation_that_was_cut_off_and_is_repeated_has_the_fleet_told_once() {
    let shop = Shop::open().await;
    let known = shop.job("norte", &Value::Null).await;
    told_all(&shop).await;
    let slot = shop.slot("norte").await;
    let id = ids::job_of(&ids::SlotId::parse(&slot).unwrap_or_else(|| panic!("{slot}")));
    // What a creation leaves that is killed before it files.
    let left = EndpointPlan {
        scope: Some(id.parse_id()),
        target: "https://fleet.example.com/hook".parse().unwrap_or_else(|e| panic!("{e}")),
        shape: "instaleap-fleet".to_owned(),
        auth: Auth::None,
        topics: Topics::ALL,
        includes_code: false,
        note: String::new(),
    };
    let state = &shop.house.state;
    let made =
        state.store.add_endpoint(tenant(&shop, &known).await, left, state.clock.now(), MOST_SCOPED).await;
    assert!(made.is_ok_and(|made| made.is_some()));
    shop.ok("POST /jobs", &job(&slot, &Value::Null)).await;
    assert_eq!((endpoints(&shop, &id).await, told_all(&shop).await.len()), (1, 1));
}

#[tokio::test]
async fn of_creations_beside_each_other_the_fleet_hears_once() {
    let shop = Shop::open().await;
    for _ in 0..5 {
        let body = job(&shop.slot("norte").await, &Value::Null);
        let many = futures_util::future::join_all((0..8).map(|_| shop.call("POST /jobs", &body))).await;
        let id = many.first().map(|made| made.at("/job_id").1).unwrap_or_default();
        assert_eq!(endpoints(&shop, id.as_str().unwrap_or_default()).await, 1);
        assert_eq!(told_all(&shop).await.len(), 1);
    }
}
