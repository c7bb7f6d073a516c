//! The whole journey of a recipient, against the real server, from the link to the proof. With
//! `DOORSTEP_SHOTS` naming a folder, each step leaves its screenshot there.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use harness::browser::{Browser, Settings};
use serde_json::json;

use crate::recipient::{PIXEL, Visit, press, write};

/// Takes a picture of the whole page, where somebody wants it.
async fn shot(page: &Browser, name: &str) -> Result<()> {
    let Some(folder) = std::env::var_os("DOORSTEP_SHOTS").map(PathBuf::from) else { return Ok(()) };
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let height = page.run("return document.documentElement.scrollHeight").await?;
    let metrics = json!({"width": 360, "height": height, "deviceScaleFactor": 1, "mobile": false});
    page.devtools("Emulation.setDeviceMetricsOverride", metrics).await?;
    let picture = page.session().screenshot().await?;
    page.devtools("Emulation.clearDeviceMetricsOverride", json!({})).await?;
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join(format!("{name}.png")), picture)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_link_to_the_proof() -> Result<()> {
    let more = json!({
        "code": {"digits": 6},
        "events": [
            {"id": "1", "status": "confirmed", "time": "2026-11-20T08:00:00Z"},
            {"id": "2", "status": "preparing", "time": "2026-11-20T09:00:00Z", "place": "Librería Central"},
        ],
    });
    let visit = Visit::open("JOURNEY", more, &Settings::default()).await?;
    let (page, carrier) = (&visit.page, &visit.carrier);
    page.shows("#doorstep", "data-live", "live").await?;
    shot(page, "1-opened").await?;

    write(page, "#phone-digits", "1111").await?;
    press(page, "[data-panel=step-up]", "Confirm").await?;
    page.reads("[data-panel=step-up]", |text| text.contains("4 tries left")).await?;
    write(page, "#phone-digits", "3471").await?;
    press(page, "[data-panel=step-up]", "Confirm").await?;
    page.reads("[data-panel=step-up]", |text| text.contains("It is you")).await?;
    press(page, "[data-panel=address]", "Show the address").await?;
    page.reads("[data-panel=address]", |text| text.contains("Calle de Ejemplo 12")).await?;
    shot(page, "2-stepped-up").await?;

    write(page, "#comment-text", "The bell is broken, please knock").await?;
    press(page, "[data-matter=comment]", "Save").await?;
    page.reads("[data-matter=comment]", |text| text.contains("Saved.")).await?;
    page.run("document.querySelector('[data-matter=contactless] input[type=radio]:not(:disabled)').click()")
        .await?;
    press(page, "[data-matter=contactless]", "Save").await?;
    page.reads("[data-matter=contactless]", |text| text.contains("Saved.")).await?;
    shot(page, "3-edited").await?;

    for receipt in ["passed", "on_device", "read"] {
        let told = json!({"comment": {"version": 1, "receipt": receipt}, "contactless": {"version": 1, "receipt": receipt}});
        let answer = carrier.call("POST /shipments/JOURNEY/receipts", &[], &told).await?;
        ensure!(answer.status < 300, "{answer:?}");
    }
    for matter in ["comment", "contactless"] {
        let current = format!("[data-matter={matter}] .receipts [data-state=current]");
        page.reads(&current, |text| text.starts_with("Read by the courier")).await?;
    }
    shot(page, "4-read").await?;

    let window = |from: &str, until: &str| json!({"kind": "between", "from": format!("2030-03-01T{from}:00Z"), "until": format!("2030-03-01T{until}:00Z")});
    let out = json!({"id": "3", "status": "out_for_delivery", "courier": {"name": "Mateo Ejemplo"},
                     "eta": {"window": window("13:10", "13:40"), "confidence": "high"}});
    carrier.report("JOURNEY", out).await?;
    page.reads("[data-part=sentence]", |text| text.contains("14:10") || text.contains("2:10")).await?;
    let moved = json!({"id": "4", "eta": {"window": window("13:25", "13:55"), "confidence": "high", "cause": "two stops added"}});
    carrier.report("JOURNEY", moved).await?;
    page.reads("[data-panel=arrival]", |text| {
        text.contains("15 min later") && text.contains("two stops added")
    })
    .await?;
    page.reads("#doorstep", |text| text.contains("Mateo")).await?;
    shot(page, "5-moved").await?;

    press(page, "[data-panel=code]", "Show the code").await?;
    let digits = page.reads(".digits", |text| text.chars().filter(char::is_ascii_digit).count() == 6).await?;
    let code: String = digits.chars().filter(char::is_ascii_digit).collect();
    let words = carrier.get("/shipments/JOURNEY").await?.1["code"]["handshake"].clone();
    let said = format!("{} {}", words[0].as_str().unwrap_or_default(), words[1].as_str().unwrap_or_default());
    page.reads("[data-panel=code]", |text| text.contains(&said)).await?;
    shot(page, "6-code").await?;

    carrier.report("JOURNEY", json!({"id": "5", "status": "arrived"})).await?;
    page.reads("[data-panel=instructions]", |text| text.contains("Fixed") && !text.contains("Undo")).await?;
    let photo = json!({"kind": "photo", "reference": "P-1", "place": "at the door", "picture": {"mediaType": "image/png", "base64": PIXEL}});
    let taken = carrier.call("POST /shipments/JOURNEY/proofs", &[], &photo).await?;
    ensure!(taken.status == 201, "{taken:?}");
    let tried = carrier.call("POST /shipments/JOURNEY/code/verify", &[], &json!({"code": code})).await?;
    ensure!(tried.status == 200, "{tried:?}");
    page.reads("[data-part=sentence]", |text| text.starts_with("Delivered")).await?;
    page.reads("[data-panel=proof]", |text| text.contains("at the door")).await?;
    let loaded = "const i = document.querySelector('[data-panel=proof] img'); i?.scrollIntoView(); return !!i && i.complete && i.naturalWidth === 1";
    harness::eventually("the picture is shown", || async {
        Ok(page.run(loaded).await?.as_bool().filter(|loaded| *loaded))
    })
    .await?;
    shot(page, "7-delivered").await
}
