//! Every code of the dialect is reached over the wire: the table that this prints is the one in the book.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::fmt::Write as _;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use serde_json::{Value, json};
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;

use super::shop::{Shop, asked, code, job};
use crate::api::tests::house::{Answer, House, request};
use crate::dialects::instaleap::fault::Code;
use crate::limits::Allowances;

/// Notes what was asked and answered.
#[derive(Default)]
struct Table {
    rows: String,
    reached: BTreeSet<String>,
}

impl Table {
    fn note(&mut self, expected: (u16, &str), line: &str, answer: &Answer) {
        let (status, word) = code(answer);
        assert_eq!((status, word.as_str()), expected, "{line}: {}", answer.text);
        let word =
            if word.is_empty() { answer.at("/message").1.as_str().unwrap_or("-").to_owned() } else { word };
        let _ = writeln!(self.rows, "{status}  {word:24} {line}");
        self.reached.insert(word);
    }
}

/// Has no order of a house read back.
async fn spoil(house: &House) {
    let options = SqliteConnectOptions::new().filename(house.folder.path().join("house.db"));
    let mut beside = options.connect().await.unwrap_or_else(|e| panic!("{e}"));
    let spoilt = sqlx::query("UPDATE dialect_order SET document = '{'").execute(&mut beside).await;
    assert!(spoilt.unwrap_or_else(|e| panic!("{e}")).rows_affected() > 0);
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table, one row after another")]
async fn every_code_is_reached() {
    let shop = Shop::open().await;
    let (manager, carrier) = (shop.house.manager.clone(), shop.house.carrier.clone());
    let mut table = Table::default();
    let none = Value::Null;
    let with_code = shop.job("norte", &json!({ "add_delivery_code": true })).await;
    let plain = shop.job("norte", &none).await;
    let on = |id: &str, call: &str| format!("PUT /jobs/{id}/{call}");

    // What update-delivery-code answers, as its source lists it.
    let update = on(&with_code, "update-delivery-code");
    let digits = json!({ "delivery_code": "2468" });
    table.note((200, ""), "update-delivery-code, four digits", &shop.call(&update, &digits).await);
    table.note(
        (400, "MALFORMED_REQUEST"),
        "update-delivery-code, a number for a text",
        &shop.call(&update, &json!({ "delivery_code": 2468 })).await,
    );
    table.note(
        (400, "NO_DELIVERY_CODE"),
        "update-delivery-code, created without one",
        &shop.call(&on(&plain, "update-delivery-code"), &digits).await,
    );
    table.note((401, "UNAUTHORIZED"), "update-delivery-code, no key", &shop.call_as(&update, "", "{}").await);
    table.note(
        (401, "UNAUTHORIZED"),
        "update-delivery-code, a key that nobody holds",
        &shop.call_as(&update, "ds_x", "{}").await,
    );
    table.note(
        (403, "FORBIDDEN"),
        "update-delivery-code, a carrier's key",
        &shop.call_as(&update, &carrier, &digits.to_string()).await,
    );
    table.note(
        (404, "NOT_FOUND"),
        "update-delivery-code, no such job",
        &shop.call(&on("none", "update-delivery-code"), &digits).await,
    );
    table.note(
        (404, "NOT_FOUND"),
        "update-delivery-code, another tenant's job",
        &shop.call_as(&update, &shop.house.stranger, &digits.to_string()).await,
    );
    for (bad, what) in
        [("246", "three digits"), ("24680", "five"), ("24 8", "a blank"), ("２４６８", "wide digits")]
    {
        table.note(
            (422, "INVALID_VALUE"),
            &format!("update-delivery-code, {what}"),
            &shop.call(&update, &json!({ "delivery_code": bad })).await,
        );
    }
    shop.happens(&with_code, &json!({ "type": "GOING_TO_DESTINATION_STARTED" })).await;
    table.note(
        (400, "NOT_NOW"),
        "update-delivery-code, the last step has started",
        &shop.call(&update, &digits).await,
    );

    // The last step.
    table.note(
        (400, "DELIVERY_CODE_NEEDED"),
        "CLIENT_RECEIVED of a job with a code",
        &shop.happens(&with_code, &json!({ "type": "CLIENT_RECEIVED" })).await,
    );
    let verify = format!("POST /jobs/{with_code}/verify-delivery-code");
    for _ in 0..5 {
        let wrong = shop.call(&verify, &json!({ "delivery_code": "0000" })).await;
        table.note((400, "DELIVERY_CODE_WRONG"), "verify-delivery-code, wrong", &wrong);
    }
    table.note(
        (400, "DELIVERY_CODE_LOCKED"),
        "verify-delivery-code, after five wrong ones",
        &shop.call(&verify, &digits).await,
    );

    // Slots.
    let slot = shop.slot("centro").await;
    table.note((201, ""), "POST /jobs", &shop.call("POST /jobs", &job(&slot, &none)).await);
    table.note((200, ""), "POST /jobs, the same again", &shop.call("POST /jobs", &job(&slot, &none)).await);
    let other = json!({ "client_reference": "ANOTHER" });
    table.note(
        (417, "SLOT_USED"),
        "POST /jobs, another body with the slot",
        &shop.call("POST /jobs", &job(&slot, &other)).await,
    );
    let (last, late) = (shop.slot("centro").await, shop.slot("centro").await);
    shop.ok("POST /jobs", &job(&last, &none)).await;
    table.note(
        (417, "SLOT_FULL"),
        "POST /jobs, the last place was sold",
        &shop.call("POST /jobs", &job(&late, &none)).await,
    );
    table.note(
        (417, "SLOT_UNKNOWN"),
        "POST /jobs, a slot that never was",
        &shop.call("POST /jobs", &job("string", &none)).await,
    );
    table.note(
        (417, "SLOT_CHANGED"),
        "POST /jobs, other items",
        &shop.call("POST /jobs", &job(&shop.slot("norte").await, &json!({ "job_items": [] }))).await,
    );
    let old = shop.slot("norte").await;
    shop.house.wait(std::time::Duration::from_secs(15 * 60));
    table.note(
        (417, "SLOT_EXPIRED"),
        "POST /jobs, after a quarter of an hour",
        &shop.call("POST /jobs", &job(&old, &none)).await,
    );
    table.note(
        (417, "SLOT_EXPIRED"),
        "GET /jobs/availability/{slotId}/check, likewise",
        &shop.call(&format!("GET /jobs/availability/{old}/check"), &none).await,
    );

    // Payment, fleets, set-up.
    shop.ok(&on(&plain, "payment-info"), &json!({ "payment": { "blocking_policy": "EXIT_STORE" } })).await;
    table.note(
        (400, "PAYMENT_BLOCKED"),
        "GOING_TO_DESTINATION_STARTED under EXIT_STORE",
        &shop.happens(&plain, &json!({ "type": "GOING_TO_DESTINATION_STARTED" })).await,
    );
    table.note(
        (400, "OUT_OF_ORDER"),
        "POST /delivery-layer/status, one left out",
        &shop.fleet_says(&plain, "ARRIVED_TO_STORE", &none).await,
    );
    table.note(
        (422, "INVALID_VALUE"),
        "POST /delivery-layer/status, no word of the protocol",
        &shop.fleet_says(&plain, "FLYING", &none).await,
    );
    for n in 0..4 {
        let hook = json!({ "url": format!("https://shop.example.com/{n}") });
        let answer = shop.call("POST /setup/webhooks", &hook).await;
        if n == 3 {
            table.note((400, "TOO_MANY"), "POST /setup/webhooks, a fourth", &answer);
        }
    }

    // What any call may answer with.
    let availability = "POST /jobs/availability";
    table.note((400, "MALFORMED_REQUEST"), "no JSON", &shop.call_as(availability, &manager, "{").await);
    table.note((404, "NOT_FOUND"), "a path that leads nowhere", &shop.call("GET /nowhere", &none).await);
    table.note((405, "METHOD_NOT_ALLOWED"), "another method", &shop.call("DELETE /jobs", &none).await);
    let call = async |headers: &[(&str, &str)]| {
        let headers = [&[("x-api-key", manager.as_str())], headers].concat();
        let line = "POST /api/instaleap/jobs/availability";
        shop.house.call(line, "", &headers, &asked("norte").to_string()).await
    };
    table.note((415, "NOT_JSON"), "Content-Type: text/plain", &call(&[("content-type", "text/plain")]).await);
    table.note((406, "NOT_ACCEPTABLE"), "Accept: text/html", &call(&[("accept", "text/html")]).await);
    let much = format!("{{\"a\":\"{}\"}}", "x".repeat(1024 * 1024));
    table.note(
        (413, "TOO_LARGE"),
        "more than a mebibyte",
        &shop.call_as(availability, &manager, &much).await,
    );
    let rate = "1/1".parse().unwrap_or_else(|e| panic!("{e}"));
    let busy = Shop {
        house: House::with(Allowances { client_requests: Some(rate), ..Allowances::default() }).await,
    };
    let _ = busy.call("GET /setup/stores", &none).await;
    table.note((429, "TOO_MANY_REQUESTS"), "too often", &busy.call("GET /setup/stores", &none).await);
    busy.house.state.store.close().await;
    let closed = Shop { house: House::new().await };
    closed.house.state.store.close().await;
    table.note(
        (503, "UNAVAILABLE"),
        "while the server stops",
        &closed.call("PUT /setup/stores/x", &super::shop::store(1, "FULL_SERVICE", None)).await,
    );

    // Time goes by itself here, since nothing else happens.
    tokio::time::pause();
    let endless = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
    let line = "POST /api/instaleap/jobs/availability";
    let late = shop.house.ask(request(line, "", &[("x-api-key", &manager)], endless)).await;
    tokio::time::resume();
    table.note((408, "REQUEST_TIMEOUT"), "a body that does not end", &late);
    // Nothing that a client sends makes us fail; what somebody does to the database may.
    spoil(&shop.house).await;
    let failed = shop.call(&on(&plain, "update-delivery-code"), &digits).await;
    table.note((500, "INTERNAL"), "update-delivery-code, of a job that does not read back", &failed);

    println!("{}", table.rows);
    for known in Code::ALL {
        assert!(table.reached.contains(known.as_str()), "{} was not reached", known.as_str());
    }
    insta::assert_snapshot!(table.rows);
}
