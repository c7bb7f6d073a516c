//! The original's table of errors (`systems.md` 4.6), every cell of it reached at the wire. The test prints its
//! table.

use serde_json::{Value, json};

use super::shop::{Shop, order};
use crate::api::tests::house::Answer;
use crate::dialects::delivery_solutions::failure::{Call, Kind};
use crate::limits::Allowances;

/// The body with which a call goes as it should.
fn body(call: Call) -> Value {
    match call {
        Call::Create => order("NEW"),
        Call::List => json!({}),
        Call::Edit => json!({"orderValue": 5}),
        Call::Show | Call::Cancel | Call::History | Call::Retry => json!(null),
    }
}

fn line(call: Call, id: &str) -> String {
    match call {
        Call::Create => "POST /shipments".to_owned(),
        Call::List => "POST /shipments/list".to_owned(),
        Call::Show => format!("GET /shipments/{id}"),
        Call::Cancel => format!("DELETE /shipments/{id}"),
        Call::Edit => format!("PUT /shipments/{id}"),
        Call::History => format!("GET /shipments/{id}/status-history"),
        Call::Retry => format!("POST /shipments/{id}/retry"),
    }
}

/// Makes `kind` happen to `call`.
async fn provoke(kind: Kind, call: Call) -> Answer {
    match kind {
        Kind::Unauthorized => {
            let shop = Shop::open().await;
            shop.call_as(&line(call, "A"), "ds_nobody", "shop", &body(call)).await
        }
        Kind::Internal => {
            let shop = Shop::open().await;
            // Known keys are remembered for a while, so that the store's failure is met by the call itself.
            shop.place("A").await;
            shop.house.state.store.close().await;
            shop.call(&line(call, "A"), &body(call)).await
        }
        Kind::TooManyRequests => {
            let rate = "1/3".parse().ok();
            let shop = Shop::with(Allowances { client_requests: rate, ..Allowances::default() }).await;
            let mut answer = shop.place("A").await;
            for _ in 0..3 {
                answer = shop.call(&line(call, "A"), &body(call)).await;
            }
            assert!(answer.headers.contains_key("retry-after"));
            answer
        }
        other => provoke_at(other, call, &Shop::open().await).await,
    }
}

async fn provoke_at(kind: Kind, call: Call, shop: &Shop) -> Answer {
    let long = "x".repeat(101);
    match (kind, call) {
        (Kind::Validation, Call::Create) => {
            let mut body = order("A");
            body.as_object_mut().and_then(|body| body.remove("locationExternalId"));
            shop.call(&line(call, ""), &body).await
        }
        (Kind::Validation, Call::Edit) => {
            shop.place("A").await;
            shop.call(&line(call, "A"), &json!({"package": {"name": "other"}})).await
        }
        (Kind::InvalidValue, Call::List) => {
            let window = json!({"lastUpdatedAt": {"startsAt": 0, "endsAt": 31 * 86_400_000_i64}});
            shop.call(&line(call, ""), &window).await
        }
        (Kind::InvalidValue, Call::Edit) => {
            shop.place("A").await;
            shop.call(&line(call, "A"), &json!({"orderValue": -1})).await
        }
        (Kind::InvalidData, Call::Create) => {
            let mut body = order("A");
            body["locationExternalId"] = json!("nowhere");
            shop.call(&line(call, ""), &body).await
        }
        (Kind::InvalidData, _) => shop.call(&line(call, &long), &body(call)).await,
        (Kind::NotFound, _) => shop.call(&line(call, "NOBODY"), &body(call)).await,
        (Kind::DuplicateId, _) => {
            shop.place("A").await;
            let mut other = order("A");
            other["orderValue"] = json!(1);
            shop.call(&line(call, ""), &other).await
        }
        (Kind::DuplicateName, _) => {
            shop.place("a").await;
            shop.place("A").await
        }
        (Kind::DuplicateResource, _) => {
            shop.place("A").await;
            shop.place("A").await
        }
        (Kind::GeocodingFailed, Call::Create) => {
            let mut body = order("A");
            body["deliveryAddress"]["postalCode"] = json!("ABC");
            shop.call(&line(call, ""), &body).await
        }
        (Kind::GeocodingFailed, _) => {
            shop.place("A").await;
            let elsewhere = json!({"deliveryAddress": {"countryCode": "ZZ", "postalCode": "1"}});
            shop.call(&line(call, "A"), &elsewhere).await
        }
        (Kind::AlreadyCanceled, _) => {
            shop.place("A").await;
            shop.call(&line(call, "A"), &json!(null)).await;
            shop.call(&line(call, "A"), &json!(null)).await
        }
        (Kind::InvalidOperation, _) => {
            shop.place("A").await;
            shop.call(&line(call, "A"), &json!(null)).await
        }
        (kind, call) => super::providing::provoke(kind, call, shop).await,
    }
}

#[tokio::test]
async fn every_cell_of_the_table_is_reached() {
    let mut table = String::from("type | HTTP | severity | call | message\n");
    let mut cells = 0;
    for kind in Kind::ALL {
        for call in Call::ALL.into_iter().filter(|call| kind.calls().contains(call)) {
            let answer = provoke(*kind, call).await;
            let (status, told) = answer.at("/type");
            assert_eq!(
                (status, &told),
                (kind.status().as_u16(), &json!(kind.word())),
                "{call:?}: {}",
                answer.text
            );
            let severity = serde_json::to_value(kind.severity()).unwrap_or_default();
            assert_eq!(answer.json()["severity"], severity);
            let message = answer.json()["message"].as_str().unwrap_or_default().to_owned();
            assert!(!message.is_empty());
            table += &format!("{} | {status} | {severity} | {call:?} | {message}\n", kind.word());
            cells += 1;
        }
    }
    println!("{table}");
    // 7 + 7 + 2 + 2 + 3 + 4 + 3 + 3 + 3 + 3 + 2 + 3 + 1 + 4 + 4, as `systems.md` 4.6 counts them.
    assert_eq!(cells, 51, "{table}");
}

#[tokio::test]
async fn who_may_not_call_is_told_as_the_original_tells_it() {
    let shop = Shop::open().await;
    let carrier = shop.house.carrier.clone();
    for (key, tenant, status, told, message) in [
        ("", "shop", 403, "FORBIDDEN", "Invalid Api Key!"),
        ("wrong", "shop", 401, "UNAUTHORIZED", "Invalid Api Key!"),
        (shop.house.manager.as_str(), "", 401, "UNAUTHORIZED", "Invalid Api Key!"),
        (shop.house.manager.as_str(), "other", 401, "UNAUTHORIZED", "Invalid Api Key!"),
        (shop.house.stranger.as_str(), "shop", 401, "UNAUTHORIZED", "Invalid Api Key!"),
        (shop.house.reader.as_str(), "shop", 403, "FORBIDDEN", "This call takes a key of the role manager"),
        (carrier.as_str(), "shop", 403, "FORBIDDEN", "This call takes a key of the role manager"),
    ] {
        let refused = shop.call_as("POST /shipments", key, tenant, &order("A")).await;
        assert_eq!(refused.at("/type"), (status, json!(told)));
        assert_eq!(refused.json()["message"], message);
        // RFC 9110, 11.6.1.
        assert_eq!(refused.headers.contains_key("www-authenticate"), status == 401);
    }
    let unknown = shop.call("GET /nothing", &json!(null)).await;
    assert_eq!(unknown.at("/type"), (404, json!("NOT_FOUND")));
    let method = shop.call("PATCH /shipments/A", &json!(null)).await;
    assert_eq!(method.at("/type"), (405, json!("METHOD_NOT_ALLOWED")));
}
