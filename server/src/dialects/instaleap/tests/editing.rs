//! What retailer and recipient change about a job, and how it comes back.

use doorstep_model::handoff::Amendment;
use doorstep_model::id::EditId;
use doorstep_model::preferences::{Contactless, Edit, Editor, Handover};
use doorstep_model::text::Comment;
use serde_json::{Value, json};

use super::shop::{ParseId as _, Shop, code};

async fn amend(shop: &Shop, job: &str, amendment: Amendment) {
    let id = job.parse_id();
    let state = &shop.house.state;
    let tenant = state.store.tenant_of(&id).await.ok().flatten().unwrap_or_else(|| panic!("{job}"));
    let done = state.store.amend(tenant, &id, amendment, state.clock.now()).await;
    assert!(done.is_ok_and(|done| done.is_some()));
}

fn edit<T>(value: Option<T>, base: u32) -> Edit<T> {
    let id = EditId::parse(&format!("edit-{base}")).unwrap_or_else(|e| panic!("{e}"));
    Edit { value, base, id, by: Editor::Recipient }
}

#[tokio::test]
async fn what_the_recipient_edits_in_the_widget_comes_back() {
    let shop = Shop::open().await;
    let told = json!({
        "job_comment": "Ring twice",
        "contact_less": { "comment": "By the green gate", "cash_receiver": "Eva" },
        "add_delivery_code": true,
    });
    let id = shop.job("norte", &told).await;
    let shown = shop.shown(&id).await;
    assert_eq!(shown.get("contact_less"), told.get("contact_less"), "kept as it was told");
    let preferences = shop.house.state.store.shipment(&id.parse_id()).await.ok().flatten();
    let preferences = preferences.map(|shipment| shipment.handoff().preferences.clone()).unwrap_or_default();
    let choice = preferences.contactless.and_then(|choice| choice.value);
    assert_eq!(choice.map(|choice| choice.handover), Some(Handover::AtDoor));

    let comment = Comment::parse("Leave it with Eva").ok();
    amend(&shop, &id, Amendment::Comment(edit(comment, 1))).await;
    let reception = Contactless { handover: Handover::AtReception, cash_receiver: None, phone: None };
    amend(&shop, &id, Amendment::Contactless(edit(Some(reception), 1))).await;
    let shown = shop.shown(&id).await;
    assert_eq!(shown.get("job_comment"), Some(&json!("Leave it with Eva")));
    assert_eq!(shown.get("contact_less"), Some(&json!({ "comment": "LeaveInReception" })));

    amend(&shop, &id, Amendment::Contactless(edit(None, 2))).await;
    assert_eq!(shop.shown(&id).await.get("contact_less"), Some(&Value::Null));
    shop.ok(&format!("PUT /jobs/{id}/job-comment"), &json!({ "job_comment": "" })).await;
    assert_eq!(shop.shown(&id).await.get("job_comment"), Some(&Value::Null));
}

#[tokio::test]
async fn payment_is_changed_field_by_field_and_its_policy_holds_steps_back() {
    let shop = Shop::open().await;
    let payment = json!({ "payment_info": { "currency_code": "EUR", "payment": { "method": "PAYMENT_LINK", "value": 12 } } });
    let id = shop.job("norte", &payment).await;
    let line = format!("PUT /jobs/{id}/payment-info");
    shop.ok(&line, &json!({ "payment": { "blocking_policy": "CHECKOUT" }, "prices": { "taxes": 1 } })).await;
    let shown = shop.shown(&id).await;
    assert_eq!(
        shown.get("payment_info"),
        Some(&json!({ "currency_code": "EUR", "prices": { "taxes": 1 },
            "payment": { "method": "PAYMENT_LINK", "value": 12, "blocking_policy": "CHECKOUT" } }))
    );
    let blocked = (400, "PAYMENT_BLOCKED".to_owned());
    let step = async |word: &str| code(&shop.happens(&id, &json!({ "type": word })).await);
    assert_eq!(step("PICKING_STARTED").await.0, 200);
    assert_eq!(step("CHECKING_OUT_STARTED").await, blocked);
    shop.ok(&line, &json!({ "payment": { "blocking_policy": "EXIT_STORE" } })).await;
    assert_eq!(step("CHECKED_OUT").await.0, 200);
    assert_eq!(step("GOING_TO_DESTINATION_STARTED").await, blocked);
    let older = format!("PUT /jobs/{id}/payment_info");
    shop.ok(&older, &json!({ "payment": { "blocking_policy": "UNBLOCKED", "payment_status": "SUCCEEDED" } }))
        .await;
    assert_eq!(step("GOING_TO_DESTINATION_STARTED").await.0, 200);

    let invalid = (422, "INVALID_VALUE".to_owned());
    assert_eq!(shop.code(&line, &json!({ "payment": { "blocking_policy": "SOMETIMES" } })).await, invalid);
    assert_eq!(shop.code(&line, &json!({})).await, invalid);
    assert_eq!(shop.code(&line, &json!({ "prices": { "taxes": "1" } })).await.0, 400);
}

#[tokio::test]
async fn external_data_and_curbside_are_kept() {
    let shop = Shop::open().await;
    let id = shop
        .job("collect", &json!({ "curbside": true, "external_data": { "webhook": { "URL": "x" } } }))
        .await;
    shop.house.wait(std::time::Duration::from_secs(1));
    shop.ok(&format!("PUT /jobs/{id}/external_data"), &json!({ "backoffice": { "key": "k" } })).await;
    let car = format!("PUT /jobs/{id}/curbside-details");
    shop.ok(&car, &json!({ "car_color": "red", "car_plate": "0000 BBB" })).await;
    shop.ok(&car, &json!({ "parking_zone": "B2" })).await;
    let shown = shop.shown(&id).await;
    assert_eq!(shown.get("external_data"), Some(&json!({ "backoffice": { "key": "k" } })));
    assert_eq!(
        shown.get("curbside_details"),
        Some(&json!({ "car_color": "red", "car_plate": "0000 BBB", "parking_zone": "B2" }))
    );
    assert_eq!(shown.pointer("/last_event/type"), Some(&json!("EXTERNAL_DATA_UPDATED")));
    let plain = shop.job("collect", &Value::Null).await;
    let line = format!("PUT /jobs/{plain}/curbside-details");
    assert_eq!(shop.code(&line, &json!({ "car_color": "red" })).await, (400, "NOT_NOW".to_owned()));
}

#[tokio::test]
async fn the_retailers_own_code_takes_the_place_of_the_drawn_one_until_the_last_step() {
    let shop = Shop::open().await;
    let id = shop.job("norte", &json!({ "add_delivery_code": true })).await;
    let drawn = shop.digits(&id).await;
    assert!(drawn.len() == 4 && drawn.bytes().all(|digit| digit.is_ascii_digit()));
    let own = if drawn == "2468" { "8642" } else { "2468" };
    let update = format!("PUT /jobs/{id}/update-delivery-code");
    shop.ok(&update, &json!({ "delivery_code": own })).await;
    assert_eq!(shop.digits(&id).await, own);
    assert!(!shop.shown(&id).await.to_string().contains(own), "no answer tells it");

    shop.happens(&id, &json!({ "type": "GOING_TO_DESTINATION_STARTED" })).await;
    assert_eq!(shop.code(&update, &json!({ "delivery_code": "1111" })).await, (400, "NOT_NOW".to_owned()));
    let verify = format!("POST /jobs/{id}/verify-delivery-code");
    let received = json!({ "type": "CLIENT_RECEIVED" });
    assert_eq!(code(&shop.happens(&id, &received).await), (400, "DELIVERY_CODE_NEEDED".to_owned()));
    let wrong = shop.call(&verify, &json!({ "delivery_code": drawn })).await;
    assert_eq!(
        (code(&wrong), wrong.at("/tries_left").1),
        ((400, "DELIVERY_CODE_WRONG".to_owned()), json!(4))
    );
    for _ in 0..2 {
        shop.ok(&verify, &json!({ "delivery_code": own })).await;
    }
    let shown = shop.shown(&id).await;
    assert_eq!(shown.get("status"), Some(&json!("delivered")));
    assert_eq!(shown.pointer("/last_event/type"), Some(&json!("CLIENT_RECEIVED")));
}

#[tokio::test]
async fn an_event_of_before_the_end_does_not_get_around_the_code() {
    let shop = Shop::open().await;
    let with_code = json!({ "add_delivery_code": true });
    let (refused, cancelled) = (shop.job("norte", &with_code).await, shop.job("norte", &with_code).await);
    shop.happens(&refused, &json!({ "type": "REFUSED" })).await;
    shop.ok(&format!("PUT /jobs/{cancelled}/cancel"), &json!({})).await;
    let before = json!({ "type": "CLIENT_RECEIVED", "created_at": "2026-11-21T11:59:59Z" });
    for (id, stands) in [(refused, "undeliverable"), (cancelled, "cancelled")] {
        let answer = shop.happens(&id, &before).await;
        assert_eq!(code(&answer), (400, "DELIVERY_CODE_NEEDED".to_owned()));
        assert_eq!(shop.status(&id).await, stands);
    }
}

/// One row a word: what each policy holds back.
#[tokio::test]
async fn a_policy_holds_back_its_step_and_all_after_it() {
    let shop = Shop::open().await;
    let rows = [
        ("PICKING_STARTED", false, false),
        ("PICKING_FINISHED", false, false),
        ("PARKING_STARTED", false, false),
        ("CHECKING_OUT_STARTED", true, false),
        ("CHECKED_OUT", true, false),
        ("TRANSFERRING_STARTED", true, false),
        ("STORING_STARTED", true, false),
        ("STORING_UPDATED", true, false),
        ("STORING_FINISHED", true, false),
        ("TRANSFERRED", true, false),
        ("GOING_TO_DESTINATION_STARTED", true, true),
        ("ARRIVED_TO_DESTINATION", true, true),
        ("DELIVERING_STARTED", true, true),
        ("CLIENT_RECEIVED", true, true),
        ("REFUSED", false, false),
    ];
    let under = async |policy: &str| {
        let payment = json!({ "payment_info": { "payment": { "blocking_policy": policy } } });
        shop.job("norte", &payment).await
    };
    let (checkout, exit, open) =
        (under("CHECKOUT").await, under("EXIT_STORE").await, under("UNBLOCKED").await);
    for (word, at_checkout, at_exit) in rows {
        for (id, held) in [(&checkout, at_checkout), (&exit, at_exit), (&open, false)] {
            let answer = code(&shop.happens(id, &json!({ "type": word })).await);
            let blocked = answer == (400, "PAYMENT_BLOCKED".to_owned());
            assert_eq!((blocked, answer.0), (held, if held { 400 } else { 200 }), "{word}");
        }
    }
    let id = shop.job("norte", &Value::Null).await;
    let who = json!({ "delivery_info": { "name": "Marco Polo" } });
    for status in ["ASSIGNED", "ARRIVED_TO_STORE", "GOING_TO_DESTINATION"] {
        assert_eq!(shop.fleet_says(&id, status, &who).await.status.as_u16(), 200, "{status}");
    }
    let policy = json!({ "payment": { "blocking_policy": "EXIT_STORE" } });
    shop.ok(&format!("PUT /jobs/{id}/payment-info"), &policy).await;
    let arrived = shop.fleet_says(&id, "ARRIVED_TO_DESTINATION", &Value::Null).await;
    assert_eq!(code(&arrived), (400, "PAYMENT_BLOCKED".to_owned()));
}

#[tokio::test]
async fn a_job_does_not_grow_without_end() {
    let shop = Shop::open().await;
    let id = shop.job("norte", &json!({ "curbside": true })).await;
    let full = (400, "NOT_NOW".to_owned());
    let much = "x".repeat(600_000);
    let payment = format!("PUT /jobs/{id}/payment-info");
    shop.ok(&payment, &json!({ "payment": { "a": much } })).await;
    assert_eq!(shop.code(&payment, &json!({ "payment": { "b": much } })).await, full);
    assert_eq!(shop.code(&format!("PUT /jobs/{id}/curbside-details"), &json!({ "c": much })).await, full);
    shop.ok(&payment, &json!({ "payment": { "a": "less" } })).await;

    let items = |range: std::ops::Range<u32>| {
        let items = range.map(|n| (format!("added-{n}"), json!({ "status": "ADDED" })));
        json!({ "type": "ITEMS_UPDATED", "job_items": items.collect::<serde_json::Map<_, _>>() })
    };
    assert_eq!(shop.happens(&id, &items(0..998)).await.status.as_u16(), 200);
    assert_eq!(code(&shop.happens(&id, &items(998..999)).await), full);
    assert_eq!(shop.happens(&id, &items(0..998)).await.status.as_u16(), 200, "what is there may change");
    shop.ok(&format!("PUT /jobs/{id}/cancel"), &json!({})).await;
}
