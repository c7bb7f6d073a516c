//! Promise 2 on the wire: with a tracking number alone, nothing personal is in any answer, page, stream,
//! metric or log.

use anyhow::{Result, ensure};
use harness::browser::{Browser, Settings};
use harness::server::Server;
use serde_json::json;

/// In every field that is not for everybody.
const CANARY: &str = "kanarienvogel";

#[tokio::test(flavor = "multi_thread")]
async fn no_canary_leaves_the_house() -> Result<()> {
    let server = Server::start_with(&["--log", "trace"]).await?;
    let api = server.client("secret").await?;
    let word = |field: &str| format!("{CANARY} {field}");
    let created = json!({
        "trackingId": "CANARY", "zone": "Europe/Madrid", "reference": word("reference"), "origin": word("origin"),
        "recipient": {"name": word("name"), "phone": word("phone"), "email": word("email"), "address": word("address")},
        "courier": {"name": word("courier"), "phone": word("courier phone")},
        "events": [{
            "id": "1", "status": "out_for_delivery", "time": "2026-11-20T10:00:00Z", "note": word("note"), "place": word("place"),
            "eta": {"window": {"kind": "day", "day": "2030-01-01"}, "cause": word("cause")},
        }],
    });
    let (status, body) = api.post("/shipments", &created).await?;
    ensure!(status == 201, "{status} {body}");
    let own = api.get("/shipments/CANARY").await?.1.to_string();
    ensure!(own.matches(CANARY).count() >= 10, "the tenant itself sees its fields: {own}");

    let page = Browser::open(&Settings::default()).await?;
    page.goto(&server.url("/t/CANARY")).await?;
    page.shows("#doorstep", "data-live", "live").await?;
    let event = json!({"id": "2", "status": "arrived", "note": word("note"), "place": word("place")});
    let sequence = api.report("CANARY", event).await?;
    page.shows("#doorstep", "data-sequence", &sequence.to_string()).await?;
    let seen = page.run("return document.documentElement.outerHTML").await?.to_string();
    ensure!(!seen.contains(CANARY), "the page: {seen}");

    for path in [
        "/t/CANARY",
        "/api/v1/track/CANARY",
        "/t/canary?lang=x",
        "/find?id=CANARY",
        "/api/v1/shipments/CANARY",
    ] {
        let answer = reqwest::get(server.url(path)).await?;
        let headers = format!("{:?}", answer.headers());
        let text = format!("{headers} {}", answer.text().await?);
        ensure!(!text.contains(CANARY), "{path}: {text}");
    }
    // What is refused is not echoed either.
    let (status, refused) = api
        .post(
            "/shipments",
            &json!({"zone": "Mars/Olympus", "recipient": {"name": word("bad"), "shoe": word("size")}}),
        )
        .await?;
    ensure!(status >= 400 && !refused.to_string().contains(CANARY), "{refused}");
    let (status, refused) = api
        .post("/shipments/CANARY/events", &json!({"id": "3", "note": format!("{CANARY}{}", "x".repeat(600))}))
        .await?;
    ensure!(status >= 400 && !refused.to_string().contains(CANARY), "{refused}");

    let log = server.log()?;
    ensure!(!log.contains(CANARY), "the log holds a canary");
    ensure!(log.len() > 200, "there is a log to search");
    let metrics = server.metrics().await?;
    ensure!(metrics.contains("doorstep_") && !metrics.contains(CANARY), "{metrics}");
    ensure!(!metrics.contains("CANARY"), "metrics are not labelled by shipment: {metrics}");
    Ok(())
}
