//! Every JSON sample of the source document: requests are taken unchanged, answers have the same keys and types.
//! The samples stand in `samples/`, as the document prints them; what differs is listed here, word for word as
//! `docs/DIALECTS.md` names it.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::shop::{Shop, order};

macro_rules! sample {
    ($name:literal) => {
        serde_json::from_str::<Value>(include_str!(concat!("samples/", $name, ".json")))
            .unwrap_or_else(|e| panic!("{}: {e}", $name))
    };
}

/// Where `ours` lacks a key of `sample`, or has a value of another type.
fn differences(sample: &Value, ours: &Value) -> String {
    let mut told = String::new();
    compare(sample, ours, "", &mut told);
    told
}

fn compare(sample: &Value, ours: &Value, at: &str, told: &mut String) {
    match (sample, ours) {
        (Value::Object(sample), Value::Object(ours)) => {
            for (key, value) in sample {
                let at = format!("{at}/{key}");
                match ours.get(key) {
                    Some(ours) => compare(value, ours, &at, told),
                    None => drop(writeln!(told, "{at}: is missing")),
                }
            }
        }
        (Value::Array(sample), Value::Array(ours)) => {
            // Lists hold things of one kind: each of ours is compared with the first.
            if let Some(first) = sample.first() {
                for (i, ours) in ours.iter().enumerate() {
                    compare(first, ours, &format!("{at}/{i}"), told);
                }
            }
        }
        // What a sample has no value for has no type to compare.
        (Value::Null, _) => {}
        (sample, ours) if kind(sample) == kind(ours) => {}
        (sample, ours) => drop(writeln!(told, "{at}: {} where the sample has {}", kind(ours), kind(sample))),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

/// The fields that a client tells come back with the values that it gave.
fn assert_kept(given: &Value, answered: &Value) {
    let fields = given.as_object().unwrap_or_else(|| panic!("{given}"));
    for (field, value) in fields {
        // What is ours to fill, what the parcel is completed with, and what was not told.
        let told = !super::super::view::is_ours(field) && field != "package" && !value.is_null();
        if told {
            assert_eq!(answered.get(field).map(without_nulls), Some(without_nulls(value)), "{field}");
        }
    }
}

/// `value` without what says nothing.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let told = fields.iter().filter(|(_, value)| !value.is_null());
            Value::Object(told.map(|(name, value)| (name.clone(), without_nulls(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(without_nulls).collect()),
        value => value.clone(),
    }
}

impl Shop {
    /// The provider that the samples propose, with its price.
    async fn door_dash(&self) {
        let provider = json!({"name": "DoorDash", "kind": {"type": "simulated"}, "services": [{"id": "delivery",
            "type": "Delivery", "terms": {"base": 10.34, "pickupMinutes": 20, "deliveryMinutes": 45}}],
            "carries": {"temperatures": ["refrigerated"], "contents": ["alcohol"]}});
        let set_up = self.call("PUT /setup/providers/doordash", &provider).await;
        assert_eq!(set_up.status.as_u16(), 200, "{}", set_up.text);
    }

    /// Places an order as one of the samples has it, whatever its answer holds beside what a client tells.
    async fn place_sample(&self, sample: &Value) {
        let location = sample["locationExternalId"].as_str().unwrap_or_default();
        self.door_dash().await;
        self.assign(location, &json!(["doordash"])).await;
        let placed = self.call("POST /shipments", sample).await;
        assert_eq!(placed.status.as_u16(), 201, "{}", placed.text);
    }
}

#[tokio::test]
async fn the_request_to_create_and_its_answer() {
    let shop = Shop::open().await;
    let (given, wanted) = (sample!("create.request"), sample!("create.answer"));
    let placed = shop.call("POST /shipments", &given).await;
    assert_eq!(placed.status.as_u16(), 201, "{}", placed.text);
    assert_kept(&given, &placed.json());
    // The original fills in windows that nobody asked for; we promise nothing that was not.
    let differs =
        "/deliveryTime: null where the sample has object\n/pickupTime: null where the sample has object\n";
    assert_eq!(differences(&wanted, &placed.json()), differs);
    assert_eq!(placed.json()["warnings"], json!([]));
}

#[tokio::test]
async fn the_request_to_list_and_its_answer() {
    let shop = Shop::open().await;
    let wanted = sample!("list.answer");
    for order in wanted["data"].as_array().into_iter().flatten() {
        shop.place_sample(order).await;
    }
    let mut listed = shop.call("POST /shipments/list", &json!({})).await.json();
    // The sample's first was placed first here, and so is the oldest.
    if let Some(data) = listed["data"].as_array_mut() {
        data.reverse();
    }
    let pairs =
        wanted["data"].as_array().into_iter().flatten().zip(listed["data"].as_array().into_iter().flatten());
    assert_eq!(pairs.clone().count(), 4);
    for (given, listed) in pairs {
        assert_kept(given, listed);
        // One of the four has an end there, the others have not: an estimate of one instant.
        let differs = differences(given, listed);
        let differs = differs.replace("/estimatedPickupTime/endsAt: null where the sample has number\n", "");
        assert_eq!(differs, "");
    }
    // The sample's token is another system's; without it, the request is taken as it stands.
    let mut request = sample!("list.request");
    let refused = shop.call("POST /shipments/list", &request).await;
    assert_eq!(refused.at("/type"), (400, json!("INVALID_DATA")));
    request.as_object_mut().and_then(|request| request.remove("paginationToken"));
    let answer = shop.call("POST /shipments/list", &request).await;
    assert_eq!(answer.at("/data"), (200, json!([])));
}

#[tokio::test]
async fn the_answer_that_shows_one() {
    let shop = Shop::open().await;
    let wanted = sample!("get.answer");
    shop.place_sample(&wanted).await;
    let shown = shop.call("GET /shipments/876581", &json!(null)).await;
    assert_eq!(shown.status.as_u16(), 200);
    assert_kept(&wanted, &shown.json());
    assert_eq!(differences(&wanted, &shown.json()), "");
}

#[tokio::test]
async fn the_answer_to_cancelling() {
    let shop = Shop::open().await;
    let wanted = sample!("cancel.answer");
    shop.place_sample(&wanted).await;
    let cancelled = shop.call("DELETE /shipments/15June11", &json!(null)).await;
    assert_eq!(cancelled.at("/status"), (200, json!("ORDER_CANCELLED")));
    assert_kept(&wanted, &cancelled.json());
    assert_eq!(differences(&wanted, &cancelled.json()), "");
}

#[tokio::test]
async fn the_request_to_edit_and_its_answer() {
    let shop = Shop::open().await;
    let (given, wanted) = (sample!("edit.request"), sample!("edit.answer"));
    // It changes the parcel, so it is made before anybody has it.
    shop.assign("7709", &json!([])).await;
    let failed = shop.place("19082413").await;
    assert_eq!(failed.at("/type"), (422, json!("NO_PROVIDER_ASSIGNED")));
    let edited = shop.call("PUT /shipments/19082413", &given).await;
    assert_eq!(edited.status.as_u16(), 200, "{}", edited.text);
    assert_kept(&given, &edited.json());
    // The sample's answer belongs to another order than its request.
    shop.place_sample(&wanted).await;
    let answer = shop.call("PUT /shipments/876581", &json!({"groupId": "group1"})).await;
    assert_kept(&wanted, &answer.json());
    assert_eq!(differences(&wanted, &answer.json()), "");
}

#[tokio::test]
async fn the_answer_to_a_retry() {
    let shop = Shop::open().await;
    let wanted = sample!("retry.answer");
    shop.assign("100983", &json!([])).await;
    let failed = shop.call("POST /shipments", &wanted).await;
    assert_eq!(failed.at("/type"), (422, json!("NO_PROVIDER_ASSIGNED")));
    shop.door_dash().await;
    shop.assign("100983", &json!(["doordash"])).await;
    let retried = shop.call("POST /shipments/19082418/retry", &json!(null)).await;
    assert_eq!(retried.at("/status"), (201, json!("ORDER_DISPATCHED")));
    assert_kept(&wanted, &retried.json());
    assert_eq!(differences(&wanted, &retried.json()), "");
}

#[tokio::test]
async fn the_history_to_the_letter() {
    let shop = Shop::open().await;
    let wanted = sample!("history.answer");
    let webhook = |status: &str, epoch: &str, more: Value| {
        let mut webhook = json!({"orderExternalId": "H-1", "orderId": "6268f4a9d9f309c2a43e3a6a", "status": status,
            "receivedAtEpoch": super::receiving::millis(epoch), "statusUser": "Default_Business_Key"});
        if let (Some(webhook), Some(more)) = (webhook.as_object_mut(), more.as_object()) {
            webhook.extend(more.clone());
        }
        webhook
    };
    shop.set_up_source().await;
    for heard in [
        webhook("REQUEST_RECEIVED", "2022-04-27T07:45:45Z", json!({})),
        webhook("ESTIMATES_RECEIVED", "2022-04-27T07:45:46Z", json!({})),
        webhook("ORDER_DISPATCHED", "2022-04-27T07:45:47Z", json!({})),
        webhook(
            "ORDER_UNDELIVERABLE",
            "2022-10-26T20:46:07Z",
            json!({
                "note": "ARRIVED_AT_RETURN( RT-001 - Customer rejected (missing item or quality issue) )",
                "statusUser": "Walmart GoLocal",
                "subStatus": "RETURN_AT_LOCATION",
                "eventReason": {"code": "CUSTOMER_REJECTED", "title": "Customer Rejected",
                    "note": "RT-001 - Customer rejected (missing item or quality issue)"},
            }),
        ),
    ] {
        let answer = shop.hear(&heard).await;
        assert_eq!(answer.at("/new"), (200, json!(true)), "{}", answer.text);
    }
    let told = shop.call("GET /shipments/H-1/status-history", &json!(null)).await.json();
    assert_eq!(told[0]["orderStatus"], wanted[0]["orderStatus"]);
    assert_eq!(told[0]["orderId"], wanted[0]["orderId"]);
    assert_eq!(differences(&wanted, &told), "");
}

#[test]
fn a_difference_is_found() {
    let sample = json!({"a": 1, "b": {"c": "x"}, "d": null, "e": [{"f": 1}]});
    let ours = json!({"a": "1", "b": {}, "d": 3, "e": [{"f": 1}, {}]});
    let told = "/a: string where the sample has number\n/b/c: is missing\n/e/1/f: is missing\n";
    assert_eq!(differences(&sample, &ours), told);
    assert_eq!(differences(&order("x"), &order("y")), "");
}
