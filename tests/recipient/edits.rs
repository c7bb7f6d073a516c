//! Edits: of two on one version one holds and the other learns what stands, an edit sent twice is one, and
//! a restart loses none.

use anyhow::{Result, ensure};
use harness::recipient::Recipient;
use serde_json::{Value, json};

use crate::House;

#[tokio::test(flavor = "multi_thread")]
async fn of_two_editors_the_later_one_sees_both() -> Result<()> {
    let house = House::open(&[]).await?;
    house.shipment("TWO", json!({})).await?;
    let mut one = Recipient::enter(&house.manager.link("TWO").await?).await?;
    let mut other = Recipient::enter(&house.manager.link("TWO").await?).await?;
    let mine = one.comment("Ring twice", 0, "edit-1").await?;
    ensure!(mine.status == 200 && mine.header("etag") == Some("\"1\""), "{mine:?}");
    let late = other.comment("Third floor", 0, "edit-2").await?;
    ensure!(late.status == 412 && late.json()["code"] == "edit_conflict", "{late:?}");
    ensure!(late.json()["current"]["value"] == "Ring twice", "it tells what stands: {}", late.text);
    ensure!(late.json()["current"]["version"] == 1, "{}", late.text);
    let chosen = other.comment("Third floor. Ring twice", 1, "edit-3").await?;
    ensure!(chosen.status == 200 && chosen.json()["version"] == 2, "{chosen:?}");
    let without = one.call("PUT /recipient/comment", &[], &json!({"value": "x", "edit": "e"})).await?;
    ensure!(without.status == 428, "an edit must say what it was made on: {without:?}");
    // Staff edit under the same rule.
    let staff = json!({"value": "Called: leave it with the porter", "edit": "staff-1"});
    let behind = house.manager.call("PUT /shipments/TWO/comment", &[("if-match", "\"1\"")], &staff).await?;
    ensure!(behind.status == 412, "{behind:?}");
    let told = house.manager.call("PUT /shipments/TWO/comment", &[("if-match", "\"2\"")], &staff).await?;
    ensure!(told.status == 200 && told.json()["editedBy"] == "client", "{told:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_sent_again_is_one_edit_also_after_a_kill() -> Result<()> {
    let mut house = House::open(&[]).await?;
    house.shipment("AGAIN", json!({})).await?;
    let mut recipient = Recipient::enter(&house.manager.link("AGAIN").await?).await?;
    for round in 0..6_u32 {
        let (text, edit) = (format!("Version {round}"), format!("edit-{round}"));
        let first = recipient.comment(&text, round, &edit).await?;
        ensure!(first.status == 200, "{first:?}");
        // The answer is lost, or so the page thinks: killed as by a power cut, then sent again.
        house.server.kill().await?;
        house.server.start_again().await?;
        let again = recipient.comment(&text, round, &edit).await?;
        ensure!(again.status == 200 && again.json()["version"] == round + 1, "{again:?}");
    }
    let own = house.manager.get("/shipments/AGAIN").await?.1;
    ensure!(own["preferences"]["comment"]["version"] == 6, "{own}");
    ensure!(own["preferences"]["comment"]["value"] == "Version 5", "{own}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_while_the_server_restarts_is_applied_once() -> Result<()> {
    let mut house = House::open(&[]).await?;
    house.shipment("RESTART", json!({})).await?;
    let recipient = Recipient::enter(&house.manager.link("RESTART").await?).await?;
    let mut sender = recipient.clone();
    let sending = tokio::spawn(async move {
        for edit in 0..40_u32 {
            let (text, name) = (format!("Edit {edit}"), format!("edit-{edit}"));
            // As the page does: again and again under the same name until it is answered.
            loop {
                match sender.comment(&text, edit, &name).await {
                    Ok(answer) if answer.status == 200 => break,
                    Ok(answer) if answer.status != 503 => anyhow::bail!("edit {edit}: {answer:?}"),
                    _ => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
                }
            }
        }
        Ok(())
    });
    for _ in 0..3 {
        tokio::time::sleep(std::time::Duration::from_millis(60)).await;
        house.server.kill().await?;
        house.server.start_again().await?;
    }
    sending.await??;
    let own = house.manager.get("/shipments/RESTART").await?.1;
    ensure!(own["preferences"]["comment"]["version"] == 40, "none lost, none twice: {own}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_cut_off_nothing_changes_and_the_page_is_told() -> Result<()> {
    let house = House::open(&[]).await?;
    house.shipment("CUT", json!({"events": [{"id": "1", "status": "out_for_delivery"}]})).await?;
    let mut recipient = Recipient::enter(&house.manager.link("CUT").await?).await?;
    ensure!(recipient.comment("In time", 0, "a").await?.status == 200);
    let read = json!({"comment": {"version": 1, "receipt": "read"}});
    let receipt = house.carrier.call("POST /shipments/CUT/receipts", &[], &read).await?;
    ensure!(receipt.status < 300, "{receipt:?}");
    house.carrier.report("CUT", json!({"id": "2", "status": "arrived"})).await?;
    let late = recipient.comment("Too late", 1, "b").await?;
    ensure!(late.status == 409 && late.json()["code"] == "cut_off", "{late:?}");
    // The edit that was in time is answered as it was, whenever its answer was lost.
    ensure!(recipient.comment("In time", 0, "a").await?.status == 200);
    let view = recipient.call("GET /recipient", &[], &Value::Null).await?.json();
    ensure!(view["preferences"]["comment"]["value"] == "In time", "{view}");
    ensure!(
        view["preferences"]["comment"]["receipt"] == "read" && view["editing"]["closed"] == true,
        "{view}"
    );
    Ok(())
}
