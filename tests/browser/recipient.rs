//! The recipient's page: what is theirs is shown, what they say arrives, whatever happens to the network
//! and the server meanwhile.

use anyhow::{Context as _, Result, ensure};
use harness::api::Api;
use harness::browser::{Browser, Settings};
use harness::eventually;
use harness::road::{Road, Traffic};
use harness::server::Server;
use serde_json::{Value, json};
use url::Url;

use crate::phone;

/// A PNG of one pixel.
pub(crate) const PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// A server, its shop, and a page that the recipient of one shipment has open.
pub(crate) struct Visit {
    pub(crate) server: Server,
    pub(crate) shop: Api,
    pub(crate) carrier: Api,
    pub(crate) page: Browser,
    pub(crate) road: Road,
}

impl Visit {
    /// Opens the page of a shipment with a phone on file and what `more` says, by a link of its own.
    pub(crate) async fn open(id: &str, more: Value, settings: &Settings) -> Result<Self> {
        Self::open_in("", id, more, settings).await
    }

    /// The same in a language that the link asks for.
    pub(crate) async fn open_in(language: &str, id: &str, more: Value, settings: &Settings) -> Result<Self> {
        let server = Server::start().await?;
        let shop = server.client_as("shop", "manager").await?;
        let carrier = server.client_as("shop", "carrier").await?;
        let mut body = json!({
            "trackingId": id, "zone": "Europe/Madrid",
            "recipient": {"name": "Ada Ejemplo", "phone": "+34 600 123 471", "address": "Calle de Ejemplo 12, Madrid"},
        });
        if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
            body.extend(more);
        }
        let (status, answer) = shop.post("/shipments", &body).await?;
        ensure!(status == 201, "{status} {answer}");
        let road = Road::to(&server.url("")).await?;
        let page = Browser::open(settings).await?;
        let mut link = Url::parse(&road.over(&shop.link(id).await?)?)?;
        if !language.is_empty() {
            link.query_pairs_mut().append_pair("lang", language);
        }
        page.goto(link.as_str()).await?;
        page.finds("[data-panel=instructions]").await?;
        Ok(Self { server, shop, carrier, page, road })
    }

    /// The shipment as the shop sees it.
    pub(crate) async fn own(&self, id: &str) -> Result<Value> {
        Ok(self.shop.get(&format!("/shipments/{id}")).await?.1)
    }
}

/// Presses the button of that name within a panel, or within one part of it.
pub(crate) async fn press(page: &Browser, within: &str, label: &str) -> Result<()> {
    let script = format!(
        "const button = [...document.querySelectorAll({})].find((b) => b.textContent.trim() === {} && b.getAttribute('aria-disabled') !== 'true');
         button?.click(); return !!button;",
        json!(format!("{within} button")),
        json!(label),
    );
    eventually(&format!("a button {label:?} in {within}"), || async {
        Ok(page.run(&script).await?.as_bool().filter(|pressed| *pressed))
    })
    .await
    .map(drop)
}

/// Replaces what stands in a field, as typing does.
pub(crate) async fn write(page: &Browser, selector: &str, text: &str) -> Result<()> {
    let script = format!(
        "const field = document.querySelector({}); if (!field) return false;
         field.focus(); field.value = {}; field.dispatchEvent(new InputEvent('input', {{bubbles: true}})); return true;",
        json!(selector),
        json!(text),
    );
    eventually(&format!("a field {selector}"), || async {
        Ok(page.run(&script).await?.as_bool().filter(|written| *written))
    })
    .await
    .map(drop)
}

/// Where the comment is edited.
pub(crate) const COMMENT: &str = "[data-matter=comment]";

/// Types a comment and saves it.
pub(crate) async fn save_comment(page: &Browser, text: &str) -> Result<()> {
    write(page, "#comment-text", text).await?;
    press(page, COMMENT, "Save").await
}

/// Cuts the road, or opens it again, and has the browser know.
pub(crate) async fn offline(page: &Browser, road: &Road, offline: bool) -> Result<()> {
    road.set(if offline { Traffic::Cut } else { Traffic::Open });
    page.set_offline(offline).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secret_leaves_the_address_bar_and_opens_once() -> Result<()> {
    let visit = Visit::open("ONCE", json!({}), &Settings::default()).await?;
    let url = visit.page.run("return location.href + ' ' + history.length").await?;
    ensure!(url.as_str().is_some_and(|url| !url.contains("#k=") && !url.contains('#')), "{url}");
    // The session goes on after a reload, by its cookie, which no script can read.
    visit.page.session().refresh().await?;
    visit.page.reads("[data-panel=instructions]", |text| text.contains("Note for the courier")).await?;
    let readable = visit
        .page
        .run("return document.cookie + JSON.stringify({...localStorage, ...sessionStorage})")
        .await?;
    ensure!(!readable.to_string().contains("doorstep-"), "{readable}");

    // The used link on another device: the status, and a word about it.
    let link = visit.road.over(&visit.shop.link("ONCE").await?)?;
    visit.page.goto(&link).await?;
    visit.page.reads("[data-panel=instructions]", |text| text.contains("Note for the courier")).await?;
    let other = Browser::open(&Settings::default()).await?;
    other.goto(&link).await?;
    other.reads(".access", |text| text.contains("no longer opens the details")).await?;
    other.shows("#doorstep", "data-live", "live").await?;
    let seen = other.run("return document.documentElement.outerHTML").await?.to_string();
    ensure!(!seen.contains("Ada") && !seen.contains("Note for the courier"), "{seen}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_is_saved_carried_and_undone() -> Result<()> {
    let visit = Visit::open("EDIT", json!({}), &Settings::default()).await?;
    save_comment(&visit.page, "Ring <b>twice</b> 👨‍👩‍👧‍👦").await?;
    visit.page.reads(COMMENT, |text| text.contains("Saved.") && text.contains("Undo")).await?;
    let own = visit.own("EDIT").await?;
    ensure!(own["preferences"]["comment"]["value"] == "Ring <b>twice</b> 👨‍👩‍👧‍👦", "{own}");
    for (receipt, label) in [("passed", "Passed to the carrier"), ("read", "Read by the courier")] {
        let told = json!({"comment": {"version": 1, "receipt": receipt}});
        let answer = visit.carrier.call("POST /shipments/EDIT/receipts", &[], &told).await?;
        ensure!(answer.status < 300, "{answer:?}");
        let current = format!("{COMMENT} .receipts [data-state=current]");
        visit.page.reads(&current, |text| text.starts_with(label)).await?;
    }
    save_comment(&visit.page, "Ring once").await?;
    visit.page.reads(COMMENT, |text| text.contains("Undo")).await?;
    let script = format!(
        "const b = [...document.querySelectorAll('{COMMENT} button')].find((b) => b.textContent.startsWith('Undo')); b?.click(); return !!b;"
    );
    eventually("undo", || async { Ok(visit.page.run(&script).await?.as_bool().filter(|done| *done)) })
        .await?;
    eventually("it is as before", || async {
        let own = visit.own("EDIT").await?;
        let comment = &own["preferences"]["comment"];
        Ok((comment["version"] == 3 && comment["value"] == "Ring <b>twice</b> 👨‍👩‍👧‍👦").then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_pages_the_later_one_sees_both_and_chooses() -> Result<()> {
    let visit = Visit::open("BOTH", json!({}), &Settings::default()).await?;
    let other = Browser::open(&Settings::default()).await?;
    let road = Road::to(&visit.server.url("")).await?;
    other.goto(&road.over(&visit.shop.link("BOTH").await?)?).await?;
    other.shows("#doorstep", "data-live", "live").await?;
    // Typed before the other one saves, sent after it.
    write(&other, "#comment-text", "Third floor").await?;
    offline(&other, &road, true).await?;
    press(&other, COMMENT, "Save").await?;
    other.reads(COMMENT, |text| text.contains("Waiting for a connection")).await?;
    save_comment(&visit.page, "Ring twice").await?;
    visit.page.reads(COMMENT, |text| text.contains("Saved.")).await?;
    offline(&other, &road, false).await?;
    let both = |text: &str| {
        text.contains("Third floor") && text.contains("Ring twice") && text.contains("Keep yours")
    };
    other.reads(COMMENT, both).await?;
    ensure!(
        visit.own("BOTH").await?["preferences"]["comment"]["value"] == "Ring twice",
        "nothing is overwritten"
    );
    press(&other, COMMENT, "Keep yours").await?;
    eventually("what was chosen holds", || async {
        Ok((visit.own("BOTH").await?["preferences"]["comment"]["value"] == "Third floor").then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_made_offline_waits_survives_a_reload_and_is_sent_once() -> Result<()> {
    let visit = Visit::open("WAIT", json!({}), &Settings::default()).await?;
    offline(&visit.page, &visit.road, true).await?;
    save_comment(&visit.page, "Written in a tunnel").await?;
    visit.page.reads(COMMENT, |text| text.contains("Waiting for a connection")).await?;
    ensure!(visit.own("WAIT").await?["preferences"]["comment"].is_null(), "nothing was sent");
    offline(&visit.page, &visit.road, false).await?;
    visit.page.session().refresh().await?;
    eventually("it is sent", || async {
        let own = visit.own("WAIT").await?;
        Ok((own["preferences"]["comment"]["value"] == "Written in a tunnel").then_some(()))
    })
    .await?;
    visit.page.session().refresh().await?;
    visit.page.shows("#doorstep", "data-live", "live").await?;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    ensure!(visit.own("WAIT").await?["preferences"]["comment"]["version"] == 1, "it is sent once");
    let kept = visit.page.run("return JSON.stringify({...localStorage})").await?;
    ensure!(!kept.to_string().contains("tunnel"), "what was sent is not kept: {kept}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_made_while_the_server_restarts_is_sent_once() -> Result<()> {
    let mut visit = Visit::open("RESTART", json!({}), &Settings::default()).await?;
    visit.server.kill().await?;
    save_comment(&visit.page, "During the restart").await?;
    visit.page.reads(COMMENT, |text| text.contains("Not saved yet") || text.contains("Waiting")).await?;
    visit.server.start_again().await?;
    eventually("it is sent", || async {
        let comment = visit.own("RESTART").await?["preferences"]["comment"].clone();
        Ok((comment["value"] == "During the restart").then_some(comment))
    })
    .await
    .and_then(|comment| {
        ensure!(comment["version"] == 1, "{comment}");
        Ok(())
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_is_nowhere_before_it_is_revealed_and_stays_readable_offline() -> Result<()> {
    let more = json!({"code": {"digits": 8}, "events": [{"id": "1", "status": "out_for_delivery"}]});
    let visit = Visit::open("REVEAL", more, &Settings::default()).await?;
    let page = &visit.page;
    write(page, "#phone-digits", "3471").await?;
    press(page, "[data-panel=step-up]", "Confirm").await?;
    page.reads("[data-panel=step-up]", |text| text.contains("It is you")).await?;
    let before = page.run(phone::KEPT).await?.to_string();
    press(page, "[data-panel=code]", "Show the code").await?;
    let digits = page.reads(".digits", |text| text.chars().filter(char::is_ascii_digit).count() == 8).await?;
    let code: String = digits.chars().filter(char::is_ascii_digit).collect();
    page.reads("[data-panel=code] .said", |text| text.contains(", ") || text.is_empty()).await?;
    let spoken =
        page.run("return document.querySelector('[data-panel=code] .code .said').textContent").await?;
    let by_digit = code.chars().map(String::from).collect::<Vec<_>>().join(", ");
    ensure!(spoken.as_str().is_some_and(|spoken| spoken.contains(&by_digit)), "{spoken}");
    ensure!(
        page.run("return !!document.querySelector('.qr path[d]')").await? == json!(true),
        "there is a QR code"
    );
    ensure!(!before.contains(&code), "nothing of it was on the device: {before}");
    // From now on it lies in one place, where docs/SECURITY.md says.
    let kept = phone::places(page, &code).await?;
    ensure!(kept.iter().all(|place| place == "local doorstep/REVEAL/code"), "{kept:?}");

    press(page, "[data-panel=code]", "Hide the code").await?;
    offline(page, &visit.road, true).await?;
    press(page, "[data-panel=code]", "Show the code").await?;
    page.reads(".digits", |text| text.chars().filter(char::is_ascii_digit).eq(code.chars())).await?;
    offline(page, &visit.road, false).await?;
    page.reads("[data-panel=code]", |text| text.contains("Shown once")).await?;

    let enter = json!({"code": code});
    let answer = visit.carrier.call("POST /shipments/REVEAL/code/verify", &[], &enter).await?;
    ensure!(answer.status == 200, "{answer:?}");
    page.reads("[data-part=sentence]", |text| text.starts_with("Delivered")).await?;
    let left = page.run("return document.documentElement.outerHTML").await?;
    ensure!(!left.to_string().contains(&by_digit), "a used code is not shown any longer");
    let kept = phone::places(page, &code).await?;
    ensure!(kept.is_empty(), "a used code is kept nowhere: {kept:?}");
    let words = page.text("[data-panel=code]").await?.context("the panel says how it ended")?;
    ensure!(words.contains("the courier entered the right code"), "{words}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_that_is_confirmed_takes_the_place_of_the_code() -> Result<()> {
    let visit = Visit::open("BEFORE-RULES", json!({}), &Settings::default()).await?;
    let rules = json!({"rules": {"codeWithContactless": "confirm_photo", "confirmPhotoMinutes": 10}});
    let saved = visit.shop.call("PUT /settings", &[], &rules).await?;
    ensure!(saved.status < 300, "{saved:?}");
    let body = json!({
        "trackingId": "PHOTO", "code": {"digits": 6}, "contactless": {"handover": "at_door"},
        "recipient": {"phone": "+34 600 123 471"}, "events": [{"id": "1", "status": "out_for_delivery"}],
    });
    let (status, answer) = visit.shop.post("/shipments", &body).await?;
    ensure!(status == 201, "{status} {answer}");
    let page = &visit.page;
    page.goto(&visit.shop.link("PHOTO").await?).await?;
    page.reads("[data-panel=code]", |text| text.contains("Show first that it is you")).await?;

    let picture =
        json!({"kind": "photo", "reference": "P-1", "picture": {"mediaType": "image/png", "base64": PIXEL}});
    let taken = visit.carrier.call("POST /shipments/PHOTO/proofs", &[], &picture).await?;
    ensure!(taken.status == 201, "{taken:?}");
    page.reads("[data-panel=photo]", |text| text.contains("Is this your parcel at your place?")).await?;
    // What takes the place of the code needs the same proof of who one is.
    page.reads("[data-panel=photo]", |text| text.contains("Show first that it is you")).await?;
    write(page, "#phone-digits", "3471").await?;
    press(page, "[data-panel=step-up]", "Confirm").await?;
    press(page, "[data-panel=photo]", "Yes, it is mine").await?;
    page.reads("[data-part=sentence]", |text| text.starts_with("Delivered")).await?;
    page.reads("[data-panel=code]", |text| text.contains("no code was needed")).await.map(drop)
}
