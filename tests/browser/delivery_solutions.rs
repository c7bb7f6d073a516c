//! The story of Delivery Solutions: an order is placed, its provider fails once and is tried again by itself, then
//! brings it, and the page that was open all the time shows each step as it happens.

use anyhow::{Context as _, Result, ensure};
use harness::browser::{Browser, Settings};
use harness::delivery_solutions::DeliverySolutions;
use harness::server::Server;
use serde_json::{Value, json};

/// What the page says under each word, in order.
const TOLD: [(&str, &str); 6] = [
    ("PENDING_AUTORETRY", "Delivery scheduled"),
    ("ORDER_DISPATCHED", "Accepted by the carrier"),
    ("ORDER_ASSIGNED", "Courier on the way to collect it"),
    ("PICKUP_COMPLETED", "Collected by the carrier"),
    ("OUT_FOR_DELIVERY", "Out for delivery"),
    ("ORDER_DELIVERED", "Delivered"),
];

fn providers() -> [Value; 2] {
    let service = |base: f64| {
        json!([{"id": "delivery", "type": "Delivery",
            "terms": {"base": base, "pickupMinutes": 10, "deliveryMinutes": 30}}])
    };
    let journey = json!([
        {"afterSeconds": 4, "status": "ORDER_ASSIGNED"},
        {"afterSeconds": 8, "status": "PICKUP_COMPLETED"},
        {"afterSeconds": 12, "status": "OUT_FOR_DELIVERY"},
        {"afterSeconds": 16, "status": "ORDER_DELIVERED"},
    ]);
    let flaky = json!({"type": "simulated", "placements": {"times": 1}, "journey": journey,
        "driver": {"name": "Bo Meyer", "phone": "+1 201-555-0100"}});
    [
        json!({"name": "Flaky", "services": service(4.25), "kind": flaky}),
        json!({"name": "Dear", "services": service(9.5), "kind": {"type": "simulated"}}),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn from_create_to_delivered_with_a_failure_on_the_way() -> Result<()> {
    let server = Server::start().await?;
    let rules = json!({"choose": "cheapest", "attempts": 2, "delaySeconds": 8});
    let shop = DeliverySolutions::open(&server, &providers(), &rules).await?;
    let page = Browser::open(&Settings::default()).await?;

    let placed = shop.place("A-1").await?;
    ensure!(placed["status"] == "PENDING_AUTORETRY", "{placed}");
    ensure!(placed["warnings"][0]["type"] == "RETRY_FOLLOWS", "{placed}");
    let url = placed["referenceLinks"]["trackingUrl"].as_str().context("a tracking page")?;
    page.goto(url).await?;
    page.shows("#doorstep", "data-live", "live").await?;
    page.run("window.neverReloaded = true").await?;
    for (word, says) in TOLD {
        page.reads("[data-part=sentence]", |text| text.contains(says))
            .await
            .with_context(|| word.to_owned())?;
    }
    ensure!(page.run("return window.neverReloaded").await? == json!(true), "the page was reloaded");

    let told = shop.history("A-1").await?;
    let received = ["REQUEST_RECEIVED", "ESTIMATES_RECEIVED"].map(str::to_owned);
    let all: Vec<String> = received.into_iter().chain(TOLD.map(|(word, _)| word.to_owned())).collect();
    ensure!(told == all, "{told:?}");
    let shown = shop.call("GET /shipments/A-1", &Value::Null).await?.json();
    ensure!(shown["status"] == "ORDER_DELIVERED", "{shown}");
    ensure!(shown["provider"]["name"] == "Flaky" && shown["amount"] == json!(4.25), "{shown}");
    Ok(())
}
