//! The delivery code: told to the recipient alone, tried five times, and nowhere in clear.

use anyhow::{Context as _, Result, ensure};
use harness::recipient::Recipient;
use serde_json::{Value, json};

use crate::House;

/// Reveals the code to somebody who has proved who they are.
async fn reveal(recipient: &mut Recipient) -> Result<String> {
    let revealed = recipient.call("POST /recipient/code/reveal", &[], &Value::Null).await?;
    ensure!(revealed.status == 200, "{revealed:?}");
    revealed.json()["code"].as_str().map(str::to_owned).context("a reveal has a code")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_goes_from_recipient_to_courier_and_ends_the_journey() -> Result<()> {
    let house = House::open(&[]).await?;
    house.shipment("CODE", json!({"code": {"digits": 6}})).await?;
    let mut recipient = Recipient::enter(&house.manager.link("CODE").await?).await?;
    let reveal_now = |recipient: Recipient| async move {
        let mut recipient = recipient;
        recipient.call("POST /recipient/code/reveal", &[], &Value::Null).await
    };
    let early = reveal_now(recipient.clone()).await?;
    ensure!(early.status == 403 && early.json()["code"] == "step_up_needed", "{early:?}");
    ensure!(recipient.step_up("3471").await?.status == 200);
    let early = reveal_now(recipient.clone()).await?;
    ensure!(early.status == 409 && early.json()["code"] == "code_too_early", "{early:?}");
    house.carrier.report("CODE", json!({"id": "1", "status": "out_for_delivery"})).await?;
    let code = reveal(&mut recipient).await?;
    ensure!(code.len() == 6 && code.bytes().all(|digit| digit.is_ascii_digit()), "{code}");

    let view = recipient.call("GET /recipient", &[], &Value::Null).await?.json();
    ensure!(view["code"]["reveals"] == 1 && view["code"]["revealedAt"][0].is_string(), "{view}");
    let courier = house.carrier.get("/shipments/CODE").await?.1;
    let words = &view["code"]["handshake"];
    ensure!(words.as_array().is_some_and(|words| words.len() == 2), "{view}");
    ensure!(courier["code"]["handshake"] == *words, "both sides show the same words: {courier}");

    let wrong = if code.starts_with('0') { "111111" } else { "000000" };
    let tried = house.carrier.call("POST /shipments/CODE/code/verify", &[], &json!({"code": wrong})).await?;
    ensure!(tried.status == 422 && tried.json()["triesLeft"] == 4, "{tried:?}");
    let tried = house.carrier.call("POST /shipments/CODE/code/verify", &[], &json!({"code": code})).await?;
    ensure!(tried.status == 200 && tried.json()["state"] == "verified", "{tried:?}");
    let view = recipient.call("GET /recipient", &[], &Value::Null).await?.json();
    ensure!(view["status"] == "delivered" && view["code"]["state"] == "verified", "{view}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn five_wrong_codes_lock_whatever_is_drawn_or_opened_meanwhile() -> Result<()> {
    let house = House::open(&[]).await?;
    let out = json!({"code": {"digits": 4}});
    house.shipment("WRONG", out).await?;
    // A code drawn anew before the way: the tries go on.
    let drawn = house.manager.call("POST /shipments/WRONG/code", &[], &Value::Null).await?;
    ensure!(drawn.status < 300 && !drawn.text.contains("sealed"), "{drawn:?}");
    house.carrier.report("WRONG", json!({"id": "1", "status": "out_for_delivery"})).await?;
    let mut recipient = Recipient::enter(&house.manager.link("WRONG").await?).await?;
    recipient.step_up("3471").await?;
    let code = reveal(&mut recipient).await?;
    let wrong = if code == "0000" { "1111" } else { "0000" };
    let mut statuses = Vec::new();
    for _ in 0..5 {
        let body = json!({"code": wrong});
        statuses.push(house.carrier.call("POST /shipments/WRONG/code/verify", &[], &body).await?.status);
    }
    let right = json!({"code": code});
    statuses.push(house.carrier.call("POST /shipments/WRONG/code/verify", &[], &right).await?.status);
    ensure!(statuses[..4] == [422; 4] && statuses[5] == 423, "{statuses:?}");
    let by_carrier =
        house.carrier.call("POST /shipments/WRONG/unlock", &[], &json!({"what": "code"})).await?;
    ensure!(by_carrier.status == 403, "only staff unlock: {by_carrier:?}");
    let unlocked = house.manager.call("POST /shipments/WRONG/unlock", &[], &json!({"what": "code"})).await?;
    ensure!(unlocked.status < 300, "{unlocked:?}");
    let tried = house.carrier.call("POST /shipments/WRONG/code/verify", &[], &right).await?;
    ensure!(tried.status == 200, "{tried:?}");
    Ok(())
}

/// Eight digits, so that nothing else is the same by chance.
#[tokio::test(flavor = "multi_thread")]
async fn the_digits_are_nowhere_but_in_the_recipients_hand() -> Result<()> {
    let mut house = House::open(&["--log", "trace"]).await?;
    house.shipment("NOWHERE", json!({"code": {"digits": 8}})).await?;
    house.carrier.report("NOWHERE", json!({"id": "1", "status": "out_for_delivery"})).await?;
    let mut recipient = Recipient::enter(&house.manager.link("NOWHERE").await?).await?;
    recipient.step_up("3471").await?;
    let code = reveal(&mut recipient).await?;
    let tail = (code.parse::<u64>()? + 1) % 100_000_000;
    let mut told = Vec::new();
    for body in [
        json!({"code": format!("{tail:08}")}),
        json!({"code": [code.clone()]}),
        json!({"code": code.clone(), "eventId": ""}),
        json!({"codes": code.clone()}),
        json!({"code": format!("{code}0")}),
    ] {
        told.push(house.carrier.call("POST /shipments/NOWHERE/code/verify", &[], &body).await?.text);
    }
    for path in ["/shipments/NOWHERE", "/shipments", "/track/NOWHERE"] {
        told.push(house.manager.call(&format!("GET {path}"), &[], &Value::Null).await?.text);
    }
    told.push(house.carrier.call("GET /shipments/NOWHERE", &[], &Value::Null).await?.text);
    told.push(recipient.call("GET /recipient", &[], &Value::Null).await?.text);
    told.push(recipient.call("GET /session", &[], &Value::Null).await?.text);
    told.push(house.server.metrics().await?);
    let done = house.carrier.call("POST /shipments/NOWHERE/code/verify", &[], &json!({"code": code})).await?;
    ensure!(done.status == 200, "{done:?}");
    told.push(done.text);
    told.push(house.manager.call("GET /shipments/NOWHERE", &[], &Value::Null).await?.text);
    for text in &told {
        ensure!(!text.contains(&code), "the code is told: {text}");
    }
    house.server.stop().await?;
    let mut searched = 0;
    for (path, bytes) in house.server.files()? {
        searched += bytes.len();
        let found = bytes.windows(code.len()).any(|window| window == code.as_bytes());
        ensure!(!found, "the code is in {}", path.display());
    }
    ensure!(searched > 10_000, "there is a database and a log to search: {searched} bytes");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn code_and_contactless_exclude_each_other_or_the_photo_releases_the_code() -> Result<()> {
    let house = House::open(&[]).await?;
    house.shipment("EXCLUDE", json!({"code": {"digits": 4}})).await?;
    let mut recipient = Recipient::enter(&house.manager.link("EXCLUDE").await?).await?;
    let choice = json!({"value": {"handover": "at_door"}, "edit": "a"});
    let version = [("if-match", "\"0\"")];
    let refused = recipient.call("PUT /recipient/contactless", &version, &choice).await?;
    ensure!(refused.status == 409 && refused.json()["code"] == "code_excludes_contactless", "{refused:?}");

    let settings = json!({"rules": {"codeWithContactless": "confirm_photo", "confirmPhotoMinutes": 10}});
    let saved = house.manager.call("PUT /settings", &[], &settings).await?;
    ensure!(saved.status < 300, "{saved:?}");
    house.shipment("PHOTO", json!({"code": {"digits": 4}})).await?;
    let mut recipient = Recipient::enter(&house.manager.link("PHOTO").await?).await?;
    let chosen = recipient.call("PUT /recipient/contactless", &version, &choice).await?;
    ensure!(chosen.status == 200, "{chosen:?}");
    house.carrier.report("PHOTO", json!({"id": "1", "status": "out_for_delivery"})).await?;
    let photo =
        json!({"kind": "photo", "reference": "P-1", "picture": {"mediaType": "image/png", "base64": PIXEL}});
    let taken = house.carrier.call("POST /shipments/PHOTO/proofs", &[], &photo).await?;
    ensure!(taken.status == 201 && taken.json()["proof"] == 1, "{taken:?}");
    let view = recipient.call("GET /recipient", &[], &Value::Null).await?.json();
    ensure!(view["photoToConfirm"]["proof"] == 1, "{view}");
    let seen = recipient.call("GET /recipient/proofs/1", &[], &Value::Null).await?;
    ensure!(seen.status == 200 && seen.header("content-type") == Some("image/png"), "{:?}", seen.headers);
    let answer = json!({"proof": 1, "mine": true});
    let early = recipient.call("POST /recipient/photo", &[], &answer).await?;
    ensure!(
        early.status == 403 && early.json()["code"] == "step_up_needed",
        "it is worth the code: {early:?}"
    );
    ensure!(recipient.step_up("3471").await?.status == 200);
    let mine = recipient.call("POST /recipient/photo", &[], &answer).await?;
    ensure!(mine.status < 300, "{mine:?}");
    let courier = house.carrier.get("/shipments/PHOTO").await?.1;
    ensure!(courier["code"]["state"] == "released" && courier["status"] == "delivered", "{courier}");
    Ok(())
}

/// A PNG of one pixel.
pub(crate) const PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
