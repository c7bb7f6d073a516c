//! What job events do: each word of the table, by task and model, as the table says.

use doorstep_model::event::Movement;
use doorstep_model::status::Status;
use serde_json::{Value, json};

use super::shop::{Shop, code};
use crate::dialects::instaleap::words::{self, Around, Teller, Work};

#[tokio::test]
async fn a_full_service_goes_from_the_store_to_the_door() {
    let shop = Shop::open().await;
    let id = shop.job("centro", &Value::Null).await;
    assert_eq!(shop.status(&id).await, "scheduled");
    let task = json!({ "kind": "FULL_SERVICE" });
    for (word, status) in [
        ("ALLOCATED", "confirmed"),
        ("GOING_TO_ORIGIN_STARTED", "confirmed"),
        ("ARRIVED_TO_ORIGIN", "confirmed"),
        ("PICKING_STARTED", "preparing"),
        ("PICKING_FINISHED", "preparing"),
        ("CHECKED_OUT", "preparing"),
        ("TRANSFERRED", "ready"),
        ("TASK_RESET_FULL_SERVICE", "confirmed"),
        ("PICKING_STARTED", "preparing"),
        ("GOING_TO_DESTINATION_STARTED", "out_for_delivery"),
        ("ARRIVED_TO_DESTINATION", "arrived"),
        ("CLIENT_RECEIVED", "delivered"),
    ] {
        shop.house.wait(std::time::Duration::from_secs(60));
        let answer = shop.happens(&id, &json!({ "type": word, "task": task })).await;
        assert_eq!(answer.status.as_u16(), 200, "{word}: {}", answer.text);
        assert_eq!(shop.status(&id).await, status, "{word}");
    }
}

#[tokio::test]
async fn what_is_collected_waits_at_the_store() {
    let shop = Shop::open().await;
    let id = shop.job("collect", &Value::Null).await;
    for (word, status) in [
        ("PICKING_STARTED", "preparing"),
        ("STORING_STARTED", "preparing"),
        ("STORING_FINISHED", "available_for_pickup"),
        ("DELIVERING_STARTED", "available_for_pickup"),
        ("CLIENT_RECEIVED", "delivered"),
    ] {
        shop.happens(&id, &json!({ "type": word })).await;
        assert_eq!(shop.status(&id).await, status, "{word}");
        shop.house.wait(std::time::Duration::from_secs(60));
    }
}

#[tokio::test]
async fn a_repeat_changes_nothing_and_items_are_updated() {
    let shop = Shop::open().await;
    let id = shop.job("norte", &Value::Null).await;
    let event = json!({
        "id": "e-1", "type": "ITEMS_UPDATED", "created_at": "2026-11-21T11:59:00Z",
        "job_items": { "1234": { "status": "REMOVED", "found_quantity": 0 }, "7": { "name": "Eggs", "status": "ADDED" } },
    });
    for _ in 0..3 {
        assert_eq!(shop.happens(&id, &event).await.status.as_u16(), 200);
    }
    let shown = shop.shown(&id).await;
    let items = shown.get("job_items").and_then(Value::as_array).cloned().unwrap_or_default();
    assert_eq!(items.len(), 3);
    assert_eq!(items.first().and_then(|item| item.get("status")), Some(&json!("REMOVED")));
    assert_eq!(items.first().and_then(|item| item.get("name")), Some(&json!("Milk")));
    assert_eq!(items.last().and_then(|item| item.get("id")), Some(&json!("7")));
    let nameless = json!({ "type": "PICKING_STARTED", "created_at": "2026-11-21T11:59:30Z" });
    for _ in 0..2 {
        shop.happens(&id, &nameless).await;
    }
    let shipment = shop.house.get(&format!("/shipments/{id}")).await;
    assert_eq!(shipment.json().get("events").and_then(Value::as_array).map(Vec::len), Some(3));
}

#[tokio::test]
async fn what_has_a_call_of_its_own_or_no_meaning_is_refused_where_it_stands() {
    let shop = Shop::open().await;
    let id = shop.job("norte", &Value::Null).await;
    for (event, pointer) in [
        (json!({ "type": "CANCELLED" }), "/type"),
        (json!({ "type": "DANCED" }), "/type"),
        (json!({ "type": "TASK_RESET_" }), "/type"),
        (json!({ "type": format!("TASK_RESET_{}", "A".repeat(70)) }), "/type"),
        (json!({ "type": "PICKING_STARTED", "task": { "kind": "DANCING" } }), "/task/kind"),
        (json!({ "type": "PICKING_STARTED", "created_at": "2026-11-21T13:00:00Z" }), "/created_at"),
        (json!({ "type": "PICKING_STARTED", "id": "" }), "/id"),
        (
            json!({ "type": "PICKING_STARTED", "eta": { "from": "2026-11-21T13:00:00Z", "to": "2026-11-21T12:00:00Z" } }),
            "/eta/to",
        ),
    ] {
        let answer = shop.happens(&id, &event).await;
        assert_eq!(code(&answer), (422, "INVALID_VALUE".to_owned()), "{event}");
        assert_eq!(answer.at("/errors/0/pointer").1, json!(pointer), "{event}");
    }
    assert_eq!(code(&shop.happens(&id, &json!({ "type": 7 })).await), (400, "MALFORMED_REQUEST".to_owned()));
}

/// One line a word: what it means without more, for a picker, for a courier, and where it is collected.
#[test]
fn the_table_of_words() {
    let mut table = String::new();
    for row in words::TABLE.iter().map(|row| row.word).chain(["TASK_RESET_FULL_SERVICE", "UNHEARD_OF"]) {
        let told = |around| {
            let told = words::read(row, around);
            let back = if told.movement == Movement::StepBack { "back to " } else { "" };
            format!("{back}{}", told.status.map_or("–", Status::as_str))
        };
        let plain = Around::default();
        let cells = [
            told(plain),
            told(Around { work: Some(Work::Picking), ..plain }),
            told(Around { work: Some(Work::Delivering), ..plain }),
            told(Around { collected: true, ..plain }),
        ];
        let teller = match words::row_of(row).map(|row| row.teller) {
            Some(Teller::Call(call)) => call,
            _ => "",
        };
        table.push_str(
            format!("{row:30} {} | {teller}", cells.map(|cell| format!("{cell:22}")).join(" ")).trim_end(),
        );
        table.push('\n');
    }
    insta::assert_snapshot!(table);
}
