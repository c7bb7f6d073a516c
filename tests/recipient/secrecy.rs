//! Promise 2 over every route: a marked word in every field of a shipment, and then every call that the
//! API documents, every page and feed, asked by everybody who has no business to know.

use anyhow::{Context as _, Result, ensure};
use harness::api::{Answer, ask};
use harness::recipient::{Recipient, parts};
use serde_json::{Value, json};

use crate::House;
use crate::code::PIXEL;

/// In every field that is not for everybody. A word that stands for a phone must hold digits, too.
const CANARY: &str = "kanarienvogel";

/// A shipment that has everything, with the canary in all of it; gives a link's secret and a session.
async fn shipment(house: &House, id: &str) -> Result<(String, Recipient)> {
    let word = |field: &str| format!("{CANARY} {field}");
    let settings = json!({"rules": {"codeWithContactless": "confirm_photo"}});
    house.manager.call("PUT /settings", &[], &settings).await?;
    let created = json!({
        "reference": word("reference"), "origin": word("origin"),
        "recipient": {"name": word("name"), "phone": word("phone 3471"), "email": format!("{CANARY}@example.org"), "address": word("address")},
        "courier": {"name": word("courier"), "phone": word("courier phone")},
        "comment": word("comment as created"),
        "code": {"digits": 8},
        "events": [{
            "id": "1", "status": "attempt_failed", "time": "2026-11-20T10:00:00Z", "note": word("note"), "place": word("place"),
            "eta": {"window": {"kind": "day", "day": "2030-01-01"}, "cause": word("cause")},
            "courier": {"name": word("other courier"), "phone": word("other phone")},
            "next": {"action": "redelivery", "until": "2029-12-31T10:00:00Z"},
        }],
    });
    house.shipment(id, created).await?;
    let (_, _, secret) = parts(&house.manager.link(id).await?)?;
    let mut recipient = Recipient::enter(&house.manager.link(id).await?).await?;
    let saved = recipient.comment(&word("comment"), 1, "e1").await?;
    ensure!(saved.status == 200, "{saved:?}");
    let choice = json!({"value": {"handover": "at_door", "cashReceiver": word("cash"), "phone": word("cash phone")}, "edit": "e2"});
    let saved = recipient.call("PUT /recipient/contactless", &[("if-match", "\"0\"")], &choice).await?;
    ensure!(saved.status == 200, "{saved:?}");
    house.carrier.report(id, json!({"id": "2", "status": "out_for_delivery"})).await?;
    let photo = json!({"kind": "photo", "reference": word("proof"), "place": word("proof place"),
                       "picture": {"mediaType": "image/png", "base64": PIXEL}});
    let taken = house.carrier.call(&format!("POST /shipments/{id}/proofs"), &[], &photo).await?;
    ensure!(taken.status == 201, "{taken:?}");
    Ok((secret, recipient))
}

/// Every call that the API documents, with this shipment's number in it.
async fn documented(house: &House, id: &str) -> Result<Vec<String>> {
    let document = ask(&house.server.url(""), "GET /api/v1/openapi.json", &[], Vec::new()).await?.json();
    let paths = document["paths"].as_object().context("the document has paths")?;
    let mut lines = Vec::new();
    for (path, item) in paths {
        let path = path.replace("{trackingId}", id).replace("{linkId}", "1").replace("{proof}", "1");
        let path = path.replace("{subscription}", "AAAAAAAAAAAAAAAAAAAAAA");
        let path = path.replace("{webhookId}", "1").replace("{messageId}", "msg_1");
        ensure!(!path.contains('{'), "the test does not know a parameter of {path}");
        for method in item.as_object().into_iter().flat_map(|item| item.keys()) {
            // Streams do not end; what they say is asked for below.
            if ["get", "post", "put", "delete", "patch"].contains(&method.as_str())
                && !path.ends_with("/live")
            {
                lines.push(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    Ok(lines)
}

fn says_nothing(who: &str, line: &str, answer: &Answer, more: &[&str]) -> Result<()> {
    let told = format!("{:?} {}", answer.headers, answer.text);
    for word in [CANARY, "Ejemplo"].iter().chain(more) {
        ensure!(!told.contains(word), "{who}, {line}: {told}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tracking_number_alone_opens_nothing_on_any_route() -> Result<()> {
    let house = House::open(&["--log", "trace"]).await?;
    let (secret, mut recipient) = shipment(&house, "SECRET").await?;
    let stranger = house.server.client_as("other", "manager").await?;
    house.shipment("NEIGHBOUR", json!({})).await?;
    let neighbour = Recipient::enter(&house.manager.link("NEIGHBOUR").await?).await?;

    // The words are there to be found.
    let own = recipient.call("GET /recipient", &[], &Value::Null).await?.text;
    ensure!(own.matches(CANARY).count() >= 6, "the recipient sees what is theirs: {own}");
    ensure!(recipient.step_up("3471").await?.status == 200);
    let revealed = recipient.call("POST /recipient/code/reveal", &[], &Value::Null).await?.json();
    let code = revealed["code"].as_str().context("a code")?.to_owned();
    let feed = recipient.call("GET /recipient/calendar", &[], &Value::Null).await?.json();
    let feed = feed["url"].as_str().context("a feed's url")?.to_owned();
    let more = [code.as_str(), secret.as_str()];

    let base = house.server.url("");
    let mut lines = documented(&house, "SECRET").await?;
    ensure!(lines.len() >= 25, "there are calls to make: {lines:?}");
    for page in [
        "/t/SECRET",
        "/embed/SECRET",
        "/t/secret?k=x",
        "/find?id=SECRET",
        "/calendar/SECRET.ics",
        "/calendar/x.ics",
    ] {
        lines.push(format!("GET {page}"));
    }
    for line in &lines {
        let changes = !line.starts_with("GET");
        for (who, header) in [
            ("nobody", ("accept", "*/*".to_owned())),
            ("a neighbour with a session", ("cookie", renamed(&neighbour, &recipient))),
            ("a neighbour with a bearer", ("authorization", bearer(&neighbour))),
        ] {
            let mut headers = vec![(header.0, header.1.as_str()), ("x-doorstep", "1")];
            if changes {
                headers.extend([("content-type", "application/json"), ("if-match", "\"0\"")]);
            }
            let body = if changes { b"{}".to_vec() } else { Vec::new() };
            let answer = ask(&base, line, &headers, body).await?;
            ensure!(answer.status < 500, "{who}, {line}: {answer:?}");
            says_nothing(who, line, &answer, &more)?;
        }
        if let Some((method, path)) = line.split_once(" /api/v1") {
            let body = if changes { json!({}) } else { Value::Null };
            let answer = stranger.call(&format!("{method} {path}"), &[("if-match", "\"0\"")], &body).await?;
            says_nothing("another tenant", line, &answer, &more)?;
        }
    }
    // The feed itself, for whoever was given it, has neither name nor place nor code.
    let path = feed.strip_prefix(&base).context("the feed is on this server")?;
    let answer = ask(&base, &format!("GET {path}"), &[], Vec::new()).await?;
    ensure!(answer.status == 200 && answer.text.contains("BEGIN:VCALENDAR"), "{answer:?}");
    says_nothing("a calendar", path, &answer, &more)?;
    // The carrier sees what it needs, and no code.
    let courier = house.carrier.call("GET /shipments/SECRET", &[], &Value::Null).await?;
    ensure!(courier.text.contains(CANARY) && !courier.text.contains(&code), "{}", courier.text);

    let log = house.server.log()?;
    ensure!(log.len() > 200, "there is a log to search");
    let metrics = house.server.metrics().await?;
    for word in [CANARY, "Ejemplo"].iter().chain(&more) {
        ensure!(!log.contains(word), "the log holds {word}");
        ensure!(!metrics.contains(word), "the metrics hold {word}");
    }
    Ok(())
}

/// The neighbour's token under the name of this shipment's cookie.
fn renamed(neighbour: &Recipient, recipient: &Recipient) -> String {
    let name = recipient.cookie().split('=').next().unwrap_or_default();
    let token = neighbour.cookie().split_once('=').map_or("", |(_, token)| token);
    format!("{name}={token}")
}

fn bearer(neighbour: &Recipient) -> String {
    format!("Bearer {}", neighbour.cookie().split_once('=').map_or("", |(_, token)| token))
}
