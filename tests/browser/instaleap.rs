//! Instaleap's story from end to end, as a retailer lives it: slot, job, widget, the recipient's edits, a signed webhook at
//! a real receiver, a fleet that moves it, and the code that ends it.

use anyhow::{Context as _, Result, ensure};
use harness::api::Api;
use harness::browser::{Browser, Settings};
use harness::receiver::{Plan, Receiver};
use harness::server::Server;
use serde_json::{Value, json};

use crate::recipient::{press, write};

const COMMENT: &str = "[data-matter=comment]";
const CONTACTLESS: &str = "[data-matter=contactless]";

/// Sets up a store with a fleet and a webhook; gives the webhook's secret.
async fn set_up(shop: &Api, receiver: &Receiver) -> Result<String> {
    let fleet = json!({ "name": "Rápidos", "url": receiver.url("/fleet"), "token": "of-the-fleet" });
    shop.dialect("PUT /api/instaleap/setup/fleets/rapidos", &fleet).await?;
    let store = json!({
        "name": "Librería Central", "zone": "Europe/Madrid",
        "address": { "address": "Gran Vía 1", "city": "Madrid", "zip_code": "28013" },
        "opening_hours": [{ "days": ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"], "from": "00:00", "to": "24:00" }],
        "capacity_per_slot": 10, "coverage": { "postal_codes": ["28001"] },
        "operational_model": "PICK_AND_DELIVERY", "fleet_id": "rapidos",
    });
    shop.dialect("PUT /api/instaleap/setup/stores/centro", &store).await?;
    let hook = json!({ "url": receiver.url("/hook") });
    let made = shop.dialect("POST /api/instaleap/setup/webhooks", &hook).await?;
    made["secret"].as_str().map(str::to_owned).context("a webhook has a secret")
}

/// Buys the first slot; gives the job's id and the recipient's link.
async fn buy(shop: &Api) -> Result<(String, String)> {
    let asked = json!({
        "destination": { "address": "Calle Mayor 2", "city": "Madrid", "zip_code": "28001" },
        "job_items": [{ "id": "1", "name": "Milk", "quantity": 2 }],
    });
    let slots = shop.dialect("POST /api/instaleap/jobs/availability", &asked).await?;
    let slot = slots[0]["id"].as_str().context("there is a slot")?;
    shop.dialect(&format!("GET /api/instaleap/jobs/availability/{slot}/check"), &Value::Null).await?;
    let job = json!({
        "slot_id": slot, "client_reference": "ORDER-1", "add_delivery_code": true,
        "recipient": { "name": "Ada Ejemplo", "phone_number": "+34 600 123 471", "email": "ada@example.com" },
        "job_comment": "Second floor", "contact_less": { "comment": "LeaveAtTheDoor" },
    });
    let made = shop.dialect("POST /api/instaleap/jobs", &job).await?;
    let text =
        |name: &str| made[name].as_str().map(str::to_owned).with_context(|| format!("no {name}: {made}"));
    Ok((text("job_id")?, text("recipient_url")?))
}

fn is(word: &'static str) -> impl Fn(&Value) -> bool {
    move |body| body["type"] == word
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_slot_to_the_code() -> Result<()> {
    // The receiver is this machine: only by its owner's word may it be called.
    let server = Server::start_with(&["--outbound-allow", "127.0.0.0/8"]).await?;
    let (shop, carrier) =
        (server.client_as("shop", "manager").await?, server.client_as("shop", "carrier").await?);
    let receiver = Receiver::open(|_, _| Plan::of(200)).await?;
    let secret = set_up(&shop, &receiver).await?;
    let (job, link) = buy(&shop).await?;

    let told = receiver.hears("the job is told", is("CREATED")).await?;
    ensure!(told.is_signed_with(&secret)?, "{told:?}");
    ensure!(
        told.json()["job"]["id"] == job.as_str() && told.json()["job"]["delivery_code"].is_null(),
        "{}",
        told.body
    );
    let task = receiver.hears("the fleet is told", |body| body["task_id"].is_string()).await?;
    ensure!(task.header("x-api-key") == "of-the-fleet", "{task:?}");
    let task = task.json()["task_id"].as_str().unwrap_or_default().to_owned();

    let page = Browser::open(&Settings::default()).await?;
    page.goto(&link).await?;
    page.shows("#doorstep", "data-live", "live").await?;
    page.run("window.neverReloaded = true").await?;
    page.comes_true(
        "the comment stands",
        "document.querySelector('#comment-text')?.value === 'Second floor'",
    )
    .await?;
    page.finds(&format!("{CONTACTLESS} input:checked")).await?;
    page.finds("[data-panel=code]").await?;

    write(&page, "#comment-text", "The bell is broken").await?;
    press(&page, COMMENT, "Save").await?;
    page.reads(COMMENT, |text| text.contains("Saved.")).await?;
    let edited = receiver.hears("the edit is told", is("JOB_COMMENT_UPDATED")).await?;
    ensure!(edited.is_signed_with(&secret)?, "{edited:?}");
    ensure!(edited.json()["job"]["job_comment"] == "The bell is broken", "{}", edited.body);
    let other = format!(
        "document.querySelector('{CONTACTLESS} input[type=radio]:not(:checked):not(:disabled)').click()"
    );
    page.run(&other).await?;
    press(&page, CONTACTLESS, "Save").await?;
    page.reads(CONTACTLESS, |text| text.contains("Saved.")).await?;
    let shown = shop.dialect(&format!("GET /api/instaleap/jobs/{job}"), &Value::Null).await?;
    ensure!(shown["job_comment"] == "The bell is broken", "{shown}");
    ensure!(shown["contact_less"] != json!({ "comment": "LeaveAtTheDoor" }), "{shown}");

    let report = async |status: &str, more: Value| {
        let mut body = json!({ "task_id": task, "status": status });
        if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
            body.extend(more);
        }
        carrier.dialect("POST /api/instaleap/delivery-layer/status", &body).await
    };
    report("ASSIGNED", json!({ "delivery_info": { "name": "Mateo Ejemplo", "phone": "600" } })).await?;
    page.reads("#doorstep", |text| text.contains("Mateo")).await?;
    report("ARRIVED_TO_STORE", json!({})).await?;
    report("GOING_TO_DESTINATION", json!({})).await?;
    page.reads("[data-part=sentence]", |text| text.starts_with("Out for delivery")).await?;
    report("ARRIVED_TO_DESTINATION", json!({})).await?;
    receiver.hears("it is at the door", is("ARRIVED_TO_DESTINATION")).await?;

    write(&page, "#phone-digits", "3471").await?;
    press(&page, "[data-panel=step-up]", "Confirm").await?;
    page.reads("[data-panel=step-up]", |text| text.contains("It is you")).await?;
    press(&page, "[data-panel=code]", "Show the code").await?;
    let digits = page.reads(".digits", |text| text.chars().filter(char::is_ascii_digit).count() == 4).await?;
    let code: String = digits.chars().filter(char::is_ascii_digit).collect();
    let verify = format!("POST /api/instaleap/jobs/{job}/verify-delivery-code");
    carrier.dialect(&verify, &json!({ "delivery_code": code })).await?;
    page.reads("[data-part=sentence]", |text| text.starts_with("Delivered")).await?;
    receiver.hears("it is told", is("CLIENT_RECEIVED")).await?;
    ensure!(page.run("return window.neverReloaded").await? == json!(true), "the page was reloaded");

    let words: Vec<String> =
        receiver.seen().iter().filter_map(|one| one.json()["type"].as_str().map(str::to_owned)).collect();
    let expected = [
        "CREATED",
        "JOB_COMMENT_UPDATED",
        "JOB_COMMENT_UPDATED",
        "ALLOCATED",
        "ARRIVED_TO_ORIGIN",
        "GOING_TO_DESTINATION_STARTED",
        "ARRIVED_TO_DESTINATION",
        "CLIENT_RECEIVED",
    ];
    ensure!(words == expected, "in their order, each once: {words:?}");
    ensure!(
        receiver.seen().iter().all(|one| !one.body.contains(&format!("\"{code}\""))),
        "nobody heard the code"
    );

    // The address that was made for Instaleap's own widget leads to the same delivery.
    page.goto(&server.url(&format!("/lsw/?job={job}&token=any&language=en"))).await?;
    page.reads("[data-part=sentence]", |text| text.starts_with("Delivered")).await.map(drop)
}
