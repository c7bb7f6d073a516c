//! The link: used up once its session was used, gone when revoked, alike for all who are refused.

use anyhow::{Result, ensure};
use harness::api::ask;
use harness::recipient::{Recipient, exchange, parts};
use serde_json::{Value, json};

use crate::House;

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_opens_once_and_every_refusal_looks_alike() -> Result<()> {
    let house = House::open(&[]).await?;
    house.shipment("OPEN", json!({})).await?;
    house.shipment("OTHER", json!({})).await?;
    let link = house.manager.link("OPEN").await?;
    let (base, id, secret) = parts(&link)?;
    ensure!(secret.len() >= 22, "128 random bits take 22 characters of base 64: {secret}");

    // As a scanner would log it: the number alone.
    let bare = link.split('#').next().unwrap_or_default().replace(&base, "");
    let page = ask(&base, &format!("GET {bare}"), &[], Vec::new()).await?;
    ensure!(page.status == 200 && !page.text.contains("Ada"), "{}", page.text);

    let mut recipient = Recipient::enter(&link).await?;
    let view = recipient.call("GET /recipient", &[], &Value::Null).await?;
    ensure!(view.json()["recipientFirstName"] == "Ada", "{}", view.text);

    let revoked = house.manager.link("OPEN").await?;
    let foreign = parts(&house.manager.link("OTHER").await?)?.2;
    let answer = house.manager.call("DELETE /shipments/OPEN/links", &[], &Value::Null).await?;
    ensure!(answer.status < 300, "{} {}", answer.status, answer.text);
    let unknown = "A".repeat(43);
    let mut answers = Vec::new();
    for (what, id, secret) in [
        ("used", id.as_str(), secret.as_str()),
        ("revoked", "OPEN", &parts(&revoked)?.2),
        ("foreign", "OPEN", &foreign),
        ("unknown secret", "OPEN", &unknown),
        ("unknown shipment", "NOBODY", &unknown),
    ] {
        let answer = exchange(&base, id, secret).await?;
        let mut headers = answer.headers.clone();
        headers.remove("date");
        answers.push((what, answer.status, format!("{headers:?}"), answer.text));
    }
    ensure!(answers.iter().all(|answer| answer.1 == 401), "{answers:?}");
    let alike = |a: &(&str, u16, String, String)| (a.1, a.2.clone(), a.3.clone());
    ensure!(answers.iter().all(|answer| alike(answer) == alike(&answers[0])), "{answers:#?}");

    // Revoking ended the session that came from it.
    let view = recipient.call("GET /recipient", &[], &Value::Null).await?;
    ensure!(view.status == 401, "{} {}", view.status, view.text);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_whose_answer_was_lost_opens_again_until_somebody_is_in() -> Result<()> {
    let house = House::open(&[]).await?;
    house.shipment("LOST", json!({})).await?;
    let link = house.manager.link("LOST").await?;
    let (mut lost, mut second) = (Recipient::enter(&link).await?, Recipient::enter(&link).await?);
    let view = lost.call("GET /recipient", &[], &Value::Null).await?;
    ensure!(view.status == 401, "what was lost opens nothing: {}", view.text);
    ensure!(second.call("GET /recipient", &[], &Value::Null).await?.status == 200);
    let (base, id, secret) = parts(&link)?;
    let answers = futures_util::future::join_all((0..20).map(|_| exchange(&base, &id, &secret))).await;
    for answer in answers {
        ensure!(answer?.status == 401, "somebody is in");
    }
    ensure!(second.call("GET /recipient", &[], &Value::Null).await?.status == 200, "and stays");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_digits_lock_across_links_and_sessions() -> Result<()> {
    let house = House::open(&[]).await?;
    house.shipment("LOCK", json!({})).await?;
    let mut statuses = Vec::new();
    for digits in ["0000", "1111", "2222", "3333", "4444", "3471"] {
        // A new link and a new session for each try.
        let mut recipient = Recipient::enter(&house.manager.link("LOCK").await?).await?;
        statuses.push(recipient.step_up(digits).await?.status);
    }
    ensure!(statuses == [403, 403, 403, 403, 403, 423], "{statuses:?}");
    let mut recipient = Recipient::enter(&house.manager.link("LOCK").await?).await?;
    ensure!(recipient.call("GET /recipient/address", &[], &Value::Null).await?.status == 403);
    let unlocked =
        house.manager.call("POST /shipments/LOCK/unlock", &[], &json!({"what": "identity"})).await?;
    ensure!(unlocked.status < 300, "{} {}", unlocked.status, unlocked.text);
    ensure!(recipient.step_up("3471").await?.status == 200, "staff let them try again");
    let address = recipient.call("GET /recipient/address", &[], &Value::Null).await?;
    ensure!(address.text.contains("Calle de Ejemplo 12"), "{}", address.text);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_recipient_makes_a_new_link_and_disowns_all() -> Result<()> {
    let house = House::open(&[]).await?;
    house.shipment("RENEW", json!({})).await?;
    let mut first = Recipient::enter(&house.manager.link("RENEW").await?).await?;
    let mut second = Recipient::enter(&house.manager.link("RENEW").await?).await?;
    let renewed = first.call("POST /recipient/link", &[], &Value::Null).await?;
    ensure!(renewed.status == 201, "{} {}", renewed.status, renewed.text);
    let url = renewed.json()["url"].as_str().unwrap_or_default().to_owned();
    ensure!(second.call("GET /recipient", &[], &Value::Null).await?.status == 401, "other sessions end");
    ensure!(first.call("GET /recipient", &[], &Value::Null).await?.status == 200, "this one goes on");
    let mut third = Recipient::enter(&url).await?;
    let disowned = third.call("DELETE /recipient/link", &[], &Value::Null).await?;
    ensure!(disowned.status == 204, "{} {}", disowned.status, disowned.text);
    for recipient in [&mut first, &mut third] {
        ensure!(recipient.call("GET /recipient", &[], &Value::Null).await?.status == 401);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_changes_by_get_nor_from_a_foreign_page() -> Result<()> {
    let house = House::open(&[]).await?;
    house.shipment("QUIET", json!({})).await?;
    let link = house.manager.link("QUIET").await?;
    let before = house.manager.get("/shipments/QUIET").await?.1;
    let (base, _, secret) = parts(&link)?;
    for path in
        ["/t/QUIET", "/embed/QUIET", "/t/QUIET?k=x", "/api/v1/track/QUIET", "/api/v1/track/QUIET/recipient"]
    {
        ask(&base, &format!("GET {path}"), &[], Vec::new()).await?;
        ask(&base, &format!("HEAD {path}"), &[], Vec::new()).await?;
    }
    ensure!(house.manager.get("/shipments/QUIET").await?.1 == before, "a GET changed something");
    let without_header = [("content-type", "application/json")];
    let body = json!({"secret": secret}).to_string().into_bytes();
    let refused = ask(&base, "POST /api/v1/track/QUIET/session", &without_header, body).await?;
    ensure!(refused.status == 403, "{} {}", refused.status, refused.text);
    Recipient::enter(&link).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn previews_get_a_card_without_status() -> Result<()> {
    let house = House::open(&[]).await?;
    house.shipment("CARD", json!({"events": [{"id": "1", "status": "out_for_delivery"}]})).await?;
    for agent in [
        "facebookexternalhit/1.1",
        "WhatsApp/2.23",
        "Slackbot-LinkExpanding 1.0",
        "TelegramBot (like TwitterBot)",
    ] {
        let answer = ask(&house.server.url(""), "GET /t/CARD", &[("user-agent", agent)], Vec::new()).await?;
        ensure!(answer.status == 200, "{agent}: {}", answer.status);
        ensure!(
            !answer.text.contains("CARD") && !answer.text.contains("Out for delivery"),
            "{agent}: {}",
            answer.text
        );
    }
    Ok(())
}
