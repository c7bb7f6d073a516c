//! Third-party fleets: statuses in their order, repeats, codes, giving up; and what they are told.

use serde_json::{Value, json};

use super::hooks::told;
use super::shop::{Shop, blind, code};

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
    shop.happens(&id, &json!({ "type": "RE_ALLOCATED", "task": { "kind": "PICK_UP_FOR_DELIVERY" } })).await;
    shop.ok(&format!("PUT /jobs/{id}/cancel"), &json!({})).await;
    let told = told(&shop, "instaleap-fleet").await;
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
    assert!(super::hooks::told(&shop, "instaleap").await.is_empty(), "nobody else listens");
}
