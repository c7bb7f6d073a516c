//! Orders with their providers through SIGKILL: another try and a journey go on where they were, and nothing is
//! told twice.

use std::time::Duration;

use anyhow::{Result, ensure};
use harness::delivery_solutions::DeliverySolutions;
use harness::eventually;
use harness::server::Server;
use serde_json::{Value, json};

const ORDERS: usize = 12;

/// What each order comes to, in order.
const STORY: [&str; 9] = [
    "REQUEST_RECEIVED",
    "ESTIMATES_RECEIVED",
    "PENDING_AUTORETRY",
    "ORDER_DISPATCHED",
    "ORDER_ASSIGNED",
    "PICKUP_STARTED",
    "PICKUP_COMPLETED",
    "OUT_FOR_DELIVERY",
    "ORDER_DELIVERED",
];

#[tokio::test(flavor = "multi_thread")]
async fn what_providers_have_to_do_survives_being_killed() -> Result<()> {
    let mut server = Server::start().await?;
    let scene = |(after, status): (u32, &&str)| json!({"afterSeconds": after, "status": status});
    let journey: Vec<Value> = (1..).zip(&STORY[4..]).map(scene).collect();
    let provider = json!({
        "name": "Flaky",
        "services": [{"id": "delivery", "type": "Delivery"}],
        "kind": {"type": "simulated", "placements": {"times": 1}, "journey": journey},
    });
    let rules = json!({"attempts": 2, "delaySeconds": 1});
    let shop = DeliverySolutions::open(&server, &[provider], &rules).await?;
    for number in 0..ORDERS {
        let placed = shop.place(&format!("A-{number}")).await?;
        ensure!(placed["status"] == "PENDING_AUTORETRY", "{placed}");
    }
    for round in 0..6 {
        // At another point of the journey each time.
        tokio::time::sleep(Duration::from_millis(400 + 170 * round)).await;
        server.kill().await?;
        server.start_again().await?;
    }
    for number in 0..ORDERS {
        let id = format!("A-{number}");
        let is_delivered = || async {
            let last = shop.history(&id).await?.pop();
            Ok((last.as_deref() == Some("ORDER_DELIVERED")).then_some(()))
        };
        // Whatever was claimed when a kill came is free again after its term: a minute for the try.
        for _ in 0..4 {
            if eventually("it is delivered", is_delivered).await.is_ok() {
                break;
            }
        }
        let told = shop.history(&id).await?;
        ensure!(told == STORY, "{id}: {told:?}");
    }
    Ok(())
}
