//! Devices that are told of changes, at the wire of the real server and of a push service: what is told, signed
//! by whom, what it says (nothing), and that nothing is lost when either of the two goes away.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use harness::api::{Answer, Api, ask};
use harness::eventually;
use harness::push::{PushService, vapid};
use harness::receiver::{Plan, Received};
use harness::server::Server;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

const OWN: [(&str, &str); 2] = [("x-doorstep", "1"), ("content-type", "application/json")];

/// Long enough for a message that would come to have come.
const WHILE: Duration = Duration::from_millis(1_500);

/// A server that may call the push service beside it.
struct Town {
    server: Server,
    shop: Api,
    service: PushService,
}

impl Town {
    async fn open() -> Result<Self> {
        let server = Server::start_with(&["--push-allow", "127.0.0.0/8", "--log", "debug"]).await?;
        let shop = server.client_as("shop", "manager").await?;
        Ok(Self { server, shop, service: PushService::open().await? })
    }

    async fn call(&self, line: &str, body: &Value) -> Result<Answer> {
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        ask(&self.server.url(""), line, &OWN, body).await
    }

    /// Has a device told of a shipment; gives the subscription's id.
    async fn subscribe(&self, id: &str, device: &str) -> Result<String> {
        let body = json!({"endpoint": self.service.endpoint(device)});
        let answer = self.call(&format!("POST /api/v1/track/{id}/push"), &body).await?;
        ensure!(answer.status == 201, "{answer:?}");
        answer.json()["id"].as_str().map(str::to_owned).context("a subscription has an id")
    }

    /// Waits until just so many messages have come, and that no other follows.
    async fn hears(&self, count: usize) -> Result<Vec<Received>> {
        eventually(&format!("{count} messages"), || async {
            Ok(Some(self.service.messages()).filter(|messages| messages.len() >= count))
        })
        .await?;
        tokio::time::sleep(WHILE).await;
        let messages = self.service.messages();
        ensure!(messages.len() == count, "{} messages instead of {count}: {messages:?}", messages.len());
        Ok(messages)
    }

    async fn goes_on(&self, id: &str, event: &str, status: &str) -> Result<()> {
        self.shop.report(id, json!({"id": event, "status": status})).await.map(drop)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_told_of_what_everybody_sees_and_the_message_says_nothing() -> Result<()> {
    let town = Town::open().await?;
    town.shop.create("TOLD").await?;
    town.subscribe("told", "phone").await?;
    town.subscribe("TOLD", "phone").await?;
    town.goes_on("TOLD", "1", "in_transit").await?;
    let first = town.hears(1).await?.remove(0);

    ensure!(first.line == "POST /send/phone" && first.body.is_empty(), "{first:?}");
    let header = |name: &str| first.header(name).to_owned();
    ensure!(header("ttl") == "86400" && header("urgency") == "normal", "{first:?}");
    ensure!(!header("topic").is_empty() && header("topic").len() <= 32, "{first:?}");
    ensure!(first.header("content-encoding").is_empty(), "{first:?}");
    let (token, key) = vapid(&first)?;
    let published = town.call("GET /api/v1/push", &Value::Null).await?.json()["publicKey"].clone();
    ensure!(published == key, "{published}");
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_audience(&[town.service.origin()]);
    let key = DecodingKey::from_ec_der(&URL_SAFE_NO_PAD.decode(key)?);
    jsonwebtoken::decode::<Value>(token, &key, &validation).context("the signature does not hold")?;

    // What nobody but the recipient and the shop sees is no news, nor is the same status again.
    town.goes_on("TOLD", "2", "in_transit").await?;
    let link = town.shop.link("TOLD").await?;
    let mut recipient = harness::recipient::Recipient::enter(&link).await?;
    ensure!(recipient.comment("Knock", 0, "e1").await?.status == 200);
    town.hears(1).await?;
    // Another day is, and another hour of the same day is not.
    let window = |from: &str, until: &str| json!({"window": {"kind": "between", "from": format!("2030-03-01T{from}:00Z"), "until": format!("2030-03-01T{until}:00Z")}});
    town.shop.report("TOLD", json!({"id": "3", "eta": window("10:00", "11:00")})).await?;
    town.hears(2).await?;
    town.shop.report("TOLD", json!({"id": "4", "eta": window("12:00", "13:00")})).await?;
    town.hears(2).await?;
    town.goes_on("TOLD", "5", "out_for_delivery").await?;
    let urgent = town.hears(3).await?.remove(2);
    ensure!(urgent.header("urgency") == "high", "{urgent:?}");

    let log = town.server.log()?;
    ensure!(!log.contains("/send/phone"), "an endpoint stands in the log");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journey_that_ends_is_told_and_its_devices_are_forgotten() -> Result<()> {
    let town = Town::open().await?;
    town.shop.create("END").await?;
    town.subscribe("END", "phone").await?;
    town.goes_on("END", "1", "delivered").await?;
    town.hears(1).await?;
    town.goes_on("END", "2", "returning").await?;
    town.hears(1).await?;
    town.goes_on("END", "3", "returned").await?;
    let body = json!({"endpoint": town.service.endpoint("late")});
    let late = town.call("POST /api/v1/track/END/push", &body).await?;
    ensure!(late.status == 409 && late.json()["code"] == "journey_over", "{late:?}");
    town.hears(1).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_while_either_was_away_is_told_afterwards() -> Result<()> {
    let mut town = Town::open().await?;
    town.shop.create("AWAY").await?;
    town.subscribe("AWAY", "phone").await?;
    // The push service cannot take it, the server is killed meanwhile.
    town.service.answers(Plan::of(503).with("retry-after", "3"));
    town.goes_on("AWAY", "1", "in_transit").await?;
    let refused = town.hears(1).await?.remove(0).at;
    town.server.kill().await?;
    town.server.start_again().await?;
    let told = town.hears(2).await?.remove(1).at;
    ensure!(told - refused >= Duration::from_secs(3), "it was asked to wait: {:?}", told - refused);

    // What was acknowledged the moment before a power cut.
    town.goes_on("AWAY", "2", "out_for_delivery").await?;
    town.server.kill().await?;
    town.server.start_again().await?;
    let came = eventually("it is told all the same", || async {
        Ok(Some(town.service.messages().len()).filter(|count| *count >= 3))
    });
    came.await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_gone_is_told_no_more_and_who_is_slow_is_asked_when() -> Result<()> {
    let town = Town::open().await?;
    town.shop.create("GONE").await?;
    town.subscribe("GONE", "phone").await?;
    town.service.answers(Plan::of(410));
    town.goes_on("GONE", "1", "in_transit").await?;
    town.hears(1).await?;
    town.goes_on("GONE", "2", "out_for_delivery").await?;
    town.hears(1).await?;

    let id = town.subscribe("GONE", "tablet").await?;
    town.service.answers(Plan::of(429).with("retry-after", "2"));
    town.goes_on("GONE", "3", "arrived").await?;
    let both = eventually("it is tried again", || async {
        Ok(Some(town.service.messages()).filter(|messages| messages.len() == 3))
    });
    let both = both.await?;
    let waited = both[2].at - both[1].at;
    ensure!(waited >= Duration::from_secs(2), "{waited:?}");

    let line = format!("DELETE /api/v1/track/GONE/push/{id}");
    for _ in 0..2 {
        ensure!(town.call(&line, &Value::Null).await?.status == 204);
    }
    town.goes_on("GONE", "4", "attempt_failed").await?;
    town.hears(3).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_endpoint_is_refused_and_there_are_few() -> Result<()> {
    // What managers may have called is no push service's.
    let server = Server::start_with(&["--outbound-allow", "127.0.0.0/8,192.168.0.0/16"]).await?;
    let shop = server.client_as("shop", "manager").await?;
    shop.create("HOSTILE").await?;
    let base = server.url("");
    let send = |line: &'static str, headers: &'static [(&'static str, &'static str)], body: String| {
        let base = base.clone();
        async move { ask(&base, line, headers, body.into_bytes()).await }
    };
    let long = format!("https://push.example/{}", "a".repeat(2_000));
    for endpoint in [
        "",
        "push.example/a",
        "http://push.example/a",
        "javascript:alert(1)",
        "https://user:pw@push.example/a",
        "https://localhost/a",
        "https://127.0.0.1:9090/metrics",
        "https://[::1]/a",
        "https://192.168.1.1/a",
        "https://169.254.169.254/latest/meta-data",
        &long,
    ] {
        let body = json!({"endpoint": endpoint}).to_string();
        let answer = send("POST /api/v1/track/HOSTILE/push", &OWN, body).await?;
        let told = endpoint.is_empty() || !answer.text.contains(endpoint);
        // A name is looked up when it is called, and refused then.
        let fits = endpoint == "https://localhost/a" && answer.status == 201 || answer.status == 422 && told;
        ensure!(fits, "{endpoint}: {answer:?}");
    }
    let body = || json!({"endpoint": "https://push.example/a"}).to_string();
    let plain: &[(&str, &str)] = &[("content-type", "application/json")];
    for (line, headers, body, status) in [
        ("POST /api/v1/track/HOSTILE/push", plain, body(), 403),
        ("POST /api/v1/track/NOBODY/push", &OWN, body(), 404),
        ("POST /api/v1/track/HOSTILE/push", &OWN, "[]".to_owned(), 400),
        (
            "POST /api/v1/track/HOSTILE/push",
            &OWN,
            json!({"endpoint": "https://push.example/a", "keys": {}}).to_string(),
            400,
        ),
        ("DELETE /api/v1/track/HOSTILE/push/nonsense", &OWN, String::new(), 400),
        ("DELETE /api/v1/track/HOSTILE/push/AAAAAAAAAAAAAAAAAAAAAA", plain, String::new(), 403),
        ("GET /api/v1/track/HOSTILE/push", &OWN, String::new(), 405),
        ("GET /api/v1/track/NOBODY/sentence", &OWN, String::new(), 404),
    ] {
        let answer = send(line, headers, body).await?;
        ensure!(answer.status == status, "{line}: {answer:?}");
    }
    let mut kept = 0;
    for device in 0..30 {
        let body = json!({"endpoint": format!("https://push.example/{device}")}).to_string();
        let answer = send("POST /api/v1/track/HOSTILE/push", &OWN, body).await?;
        match answer.status {
            201 => kept += 1,
            422 => ensure!(answer.json()["code"] == "too_many_subscriptions", "{answer:?}"),
            _ => anyhow::bail!("{answer:?}"),
        }
    }
    ensure!((19..=20).contains(&kept), "{kept}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_is_said_in_the_viewers_language() -> Result<()> {
    let server = Server::start().await?;
    let shop = server.client_as("shop", "manager").await?;
    shop.create("SAID").await?;
    shop.report("SAID", json!({"id": "1", "status": "out_for_delivery"})).await?;
    for (lang, language, direction, sentence) in [
        ("de-AT, en;q=0.5", "de", "ltr", "In Zustellung"),
        ("xx", "en-GB", "ltr", "Out for delivery"),
        ("ar", "ar", "rtl", ""),
    ] {
        let headers = [("accept-language", lang)];
        let said = ask(&server.url(""), "GET /api/v1/track/said/sentence", &headers, Vec::new()).await?;
        let said = said.json();
        ensure!(said["language"] == language && said["direction"] == direction, "{said}");
        ensure!(said["sentence"].as_str().is_some_and(|text| text.contains(sentence)), "{said}");
        ensure!(said["title"].as_str().is_some_and(|text| text.contains("SAID")), "{said}");
        ensure!(said["status"] == "out_for_delivery" && said["over"] == false, "{said}");
    }
    Ok(())
}
