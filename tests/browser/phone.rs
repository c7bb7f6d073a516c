//! What a phone's owner counts on: the page opens in a tunnel, shows what was seen last and how old that is, a
//! code that was shown stays readable, what is written there is sent once; and nothing of it outlasts the right to see it.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use harness::browser::{Browser, Settings};
use harness::eventually;
use harness::road::{Road, Traffic};
use harness::server::Server;
use serde_json::{Value, json};

use crate::recipient::{COMMENT, Visit, offline, press, save_comment, write};
use crate::takeover::shipment_under_way;

/// Everything that a script could find on this device, by where it lies.
pub(crate) const KEPT: &str = "
    const found = {cookie: document.cookie};
    for (const [name, storage] of Object.entries({local: localStorage, session: sessionStorage})) {
        for (const key of Object.keys(storage)) found[name + ' ' + key] = storage.getItem(key);
    }
    const databases = indexedDB.databases ? indexedDB.databases() : Promise.resolve([]);
    return databases.then(async (all) => {
        found.databases = all.map((one) => one.name).join();
        for (const name of self.caches ? await caches.keys() : []) {
            const cache = await caches.open(name);
            for (const key of await cache.keys()) {
                found['cache ' + key.url] = await (await cache.match(key)).text();
            }
        }
        return found;
    });";

/// Where `text` lies on this device.
pub(crate) async fn places(page: &Browser, text: &str) -> Result<Vec<String>> {
    let kept = page.run(KEPT).await?;
    let kept = kept.as_object().with_context(|| format!("what is kept: {kept}"))?;
    let holds = |value: &Value| value.as_str().is_some_and(|value| value.contains(text));
    Ok(kept.iter().filter(|(_, value)| holds(value)).map(|(place, _)| place.clone()).collect())
}

/// Waits until `text` lies in just so many places on this device.
async fn lies(page: &Browser, text: &str, count: usize) -> Result<Vec<String>> {
    eventually(&format!("{text:?} lies in {count} places"), || async {
        Ok(Some(places(page, text).await?).filter(|places| places.len() == count))
    })
    .await
}

/// Whether this engine, driven as it is here, has service workers; says so where it has none.
async fn has_workers(page: &Browser) -> Result<bool> {
    let has = page.run("return 'serviceWorker' in navigator && 'caches' in self").await? == json!(true);
    if !has {
        eprintln!("skipped: {:?} has no service workers here", page.engine());
    }
    Ok(has)
}

/// Waits until the page could be opened without a network.
pub(crate) async fn is_kept(page: &Browser) -> Result<()> {
    let kept = "return navigator.serviceWorker.getRegistration().then(async (worker) =>
        !!worker?.active && !!(await caches.match('/kept/' + location.pathname.split('/')[2])) &&
        (await caches.keys()).some((name) => name.startsWith('doorstep-shell-')))";
    eventually("the page is kept", || async { Ok(page.run(kept).await?.as_bool().filter(|kept| *kept)) })
        .await
        .map(drop)
}

/// In one of the two ways: an engine that is told to be offline may forget it with the page.
fn waits(text: &str) -> bool {
    text.contains("Waiting for a connection") || text.contains("Not saved yet")
}

/// Opens the same page anew. A driver's own reload goes past the worker in Firefox, as with the shift key.
pub(crate) async fn again(page: &Browser) -> Result<()> {
    let url = page.run("return location.href").await?;
    page.goto(url.as_str().context("a page has an address")?).await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_network_the_page_shows_what_was_seen_last_and_of_when_it_is() -> Result<()> {
    let server = Server::start().await?;
    let api = shipment_under_way(&server, "TUNNEL").await?;
    let road = Road::to(&server.url("")).await?;
    let page = Browser::open(&Settings::default()).await?;
    page.goto(&road.over(&server.url("/t/TUNNEL"))?).await?;
    page.shows("#doorstep", "data-live", "live").await?;
    if !has_workers(&page).await? {
        return Ok(());
    }
    is_kept(&page).await?;
    let sequence = api.report("TUNNEL", json!({"id": "seen-live", "status": "arrived"})).await?;
    page.shows("#doorstep", "data-sequence", &sequence.to_string()).await?;
    lies(&page, r#"\"arrived\""#, 1).await?;

    offline(&page, &road, true).await?;
    api.report("TUNNEL", json!({"id": "unseen", "status": "delivered"})).await?;
    again(&page).await?;
    page.reads("[data-part=sentence]", |text| text.starts_with("The courier is here")).await?;
    page.reads("[data-part=live]", |text| text.contains("last connected")).await?;
    page.finds("[data-ready] .history .event").await?;

    offline(&page, &road, false).await?;
    page.reads("[data-part=sentence]", |text| text.starts_with("Delivered")).await?;
    page.shows("#doorstep", "data-live", "live").await?;
    // While there is a network, the page is the server's, whatever is kept.
    again(&page).await?;
    ensure!(page.attribute("#doorstep-view", "data-kept").await?.is_none());
    page.reads("[data-part=sentence]", |text| text.starts_with("Delivered")).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_began_in_a_tunnel_asks_once_what_its_session_may_do() -> Result<()> {
    // Nothing to prove who one is by: the server's answer is as empty as none.
    let nobody = json!({"recipient": {"name": "Ada Ejemplo"}});
    let visit = Visit::open("ONCE", nobody, &Settings::default()).await?;
    let page = &visit.page;
    if !has_workers(page).await? {
        return Ok(());
    }
    is_kept(page).await?;
    offline(page, &visit.road, true).await?;
    again(page).await?;
    page.reads("[data-part=live]", |text| text.contains("last connected")).await?;
    offline(page, &visit.road, false).await?;
    page.shows("#doorstep", "data-live", "live").await?;
    page.reads("[data-panel=step-up]", |text| text.contains("not offer")).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let asked = "return performance.getEntriesByType('resource').filter((one) => one.name.endsWith('/session')).length";
    let asked = page.run(asked).await?;
    // Once when it began, in vain, and once with a network.
    ensure!(asked.as_u64().is_some_and(|asked| asked <= 2), "{asked} times");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_answer_is_not_waited_for() -> Result<()> {
    let server = Server::start().await?;
    shipment_under_way(&server, "SILENT").await?;
    let road = Road::to(&server.url("")).await?;
    let page = Browser::open(&Settings::default()).await?;
    page.goto(&road.over(&server.url("/t/SILENT"))?).await?;
    if !has_workers(&page).await? {
        return Ok(());
    }
    is_kept(&page).await?;
    road.set(Traffic::Hangs);
    again(&page).await?;
    page.reads("[data-part=live]", |text| text.contains("last connected")).await?;
    // Of another delivery nothing is known.
    page.goto(&road.over(&server.url("/t/ELSEWHERE"))?).await?;
    page.finds(".notice").await?;
    let there = page.run("return document.body.innerText").await?.to_string();
    ensure!(!there.contains("SILENT"), "{there}");
    road.set(Traffic::Open);
    page.reads(".notice .sentence", |text| text.contains("cannot find")).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_and_an_edit_outlast_a_tunnel_and_the_code_not_its_delivery() -> Result<()> {
    let more = json!({"code": {"digits": 8}, "events": [{"id": "1", "status": "out_for_delivery"}]});
    let visit = Visit::open("PHONE", more, &Settings::default()).await?;
    let page = &visit.page;
    if !has_workers(page).await? {
        return Ok(());
    }
    write(page, "#phone-digits", "3471").await?;
    press(page, "[data-panel=step-up]", "Confirm").await?;
    page.reads("[data-panel=step-up]", |text| text.contains("It is you")).await?;
    is_kept(page).await?;
    press(page, "[data-panel=code]", "Show the code").await?;
    let digits = page.reads(".digits", |text| text.chars().filter(char::is_ascii_digit).count() == 8).await?;
    let code: String = digits.chars().filter(char::is_ascii_digit).collect();
    page.reads("[data-panel=code]", |text| text.contains("kept on this device until")).await?;
    ensure!(places(page, &code).await? == ["local doorstep/PHONE/code"]);

    offline(page, &visit.road, true).await?;
    again(page).await?;
    page.reads("[data-panel=code]", |text| text.contains("Show the code")).await?;
    ensure!(page.text(".digits").await?.is_none(), "it is shown when it is asked for");
    press(page, "[data-panel=code]", "Show the code").await?;
    page.reads(".digits", |text| text.chars().filter(char::is_ascii_digit).eq(code.chars())).await?;
    save_comment(page, "Written in a tunnel").await?;
    page.reads(COMMENT, waits).await?;
    again(page).await?;
    page.reads(COMMENT, waits).await?;
    ensure!(visit.own("PHONE").await?["preferences"]["comment"].is_null(), "nothing was sent");

    offline(page, &visit.road, false).await?;
    page.reads(COMMENT, |text| text.contains("Saved")).await?;
    again(page).await?;
    page.shows("#doorstep", "data-live", "live").await?;
    let comment = visit.own("PHONE").await?["preferences"]["comment"].clone();
    ensure!(comment["value"] == "Written in a tunnel" && comment["version"] == 1, "{comment}");

    let entered =
        visit.carrier.call("POST /shipments/PHONE/code/verify", &[], &json!({"code": code})).await?;
    ensure!(entered.status == 200, "{entered:?}");
    page.reads("[data-part=sentence]", |text| text.starts_with("Delivered")).await?;
    lies(page, &code, 0).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_look_any_more_leaves_nothing_behind() -> Result<()> {
    let more = json!({"comment": "By the blue door", "code": {"digits": 6},
                      "events": [{"id": "1", "status": "out_for_delivery"}]});
    let visit = Visit::open("REVOKED", more, &Settings::default()).await?;
    let page = &visit.page;
    if !has_workers(page).await? {
        return Ok(());
    }
    write(page, "#phone-digits", "3471").await?;
    press(page, "[data-panel=step-up]", "Confirm").await?;
    press(page, "[data-panel=code]", "Show the code").await?;
    page.reads(".digits", |text| !text.is_empty()).await?;
    is_kept(page).await?;
    lies(page, "blue door", 1).await?;

    // Revoked while the phone is in a tunnel: it cannot know, and shows what it showed before.
    offline(page, &visit.road, true).await?;
    let revoked = visit.shop.call("DELETE /shipments/REVOKED/links", &[], &Value::Null).await?;
    ensure!(revoked.status == 204, "{revoked:?}");
    again(page).await?;
    page.reads(COMMENT, |text| text.contains("editable") || !text.is_empty()).await?;
    // As soon as it hears of it, everything personal goes.
    offline(page, &visit.road, false).await?;
    page.reads(".access", |text| text.contains("has ended")).await?;
    lies(page, "blue door", 0).await?;
    ensure!(places(page, "\"until\"").await?.iter().all(|place| !place.contains("code")));
    is_kept(page).await?;
    offline(page, &visit.road, true).await?;
    again(page).await?;
    page.reads("[data-part=sentence]", |text| text.starts_with("Out for delivery")).await?;
    let seen = page.run("return document.body.outerHTML").await?.to_string();
    ensure!(!seen.contains("blue door") && !seen.contains("data-panel"), "{seen}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_release_leaves_no_old_shell_and_few_views_are_kept() -> Result<()> {
    let server = Server::start().await?;
    shipment_under_way(&server, "SHELF").await?;
    let page = Browser::open(&Settings::default()).await?;
    page.goto(&server.url("/t/SHELF")).await?;
    if !has_workers(&page).await? {
        return Ok(());
    }
    is_kept(&page).await?;
    // The page looks after the views by itself: they are counted before the worker goes, since WebKit was seen to take what
    // a page keeps along with a worker that is unregistered.
    let many = "return caches.open('doorstep-views').then(async (views) => {
        for (let n = 1; n <= 30; n++) {
            const view = {id: 'V' + n, view: '{}', own: false, lang: 'en', at: n, until: n === 30 ? 1 : 9e15};
            await views.put('/kept/V' + n, new Response(JSON.stringify(view)));
        }
        return true; })";
    ensure!(page.run(many).await? == json!(true));
    again(&page).await?;
    let last = std::cell::RefCell::new(Value::Null);
    let paths = "return caches.open('doorstep-views').then((cache) => cache.keys()).then(
        (keys) => keys.map((key) => new URL(key.url).pathname.slice(6)))";
    let few = eventually("the oldest views go", || async {
        last.replace(page.run(paths).await?);
        let last = last.borrow();
        let kept: Vec<_> = last.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let fits = kept.len() == 20 && ["SHELF", "V29"].iter().all(|id| kept.contains(id));
        Ok((fits && !["V30", "V1"].iter().any(|id| kept.contains(id))).then_some(()))
    });
    few.await.map_err(|error| error.context(format!("{}", last.borrow())))?;

    let old = "return navigator.serviceWorker.getRegistration().then((worker) => worker.unregister()).then(async () => {
        await (await caches.open('doorstep-shell-0')).put('/offline?lang=en', new Response('old'));
        return true; })";
    ensure!(page.run(old).await? == json!(true));
    again(&page).await?;
    eventually("the old shell goes", || async {
        let names = page.run("return caches.keys()").await?;
        let shells = names.as_array().into_iter().flatten().filter_map(Value::as_str);
        let shells: Vec<_> = shells.filter(|name| name.starts_with("doorstep-shell-")).collect();
        Ok((shells.len() == 1 && shells != ["doorstep-shell-0"]).then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shared_is_the_status_alone() -> Result<()> {
    let visit = Visit::open("SHARE", json!({}), &Settings::default()).await?;
    let page = &visit.page;
    page.finds(".phone .button").await?;
    let words = page.text(".phone").await?.unwrap_or_default();
    ensure!(words.contains("Whoever opens it sees what everybody sees"), "{words}");
    page.run("Object.defineProperty(navigator, 'share', {configurable: true, value: async (what) => { window.shared = what; }})")
        .await?;
    press(page, ".phone", "Share the status").await?;
    page.comes_true("it is shared", "!!window.shared").await?;
    let shared = page.run("return window.shared").await?;
    ensure!(shared["url"] == visit.road.over(&visit.server.url("/t/SHARE"))?, "{shared}");
    ensure!(!shared.to_string().contains("k="), "{shared}");

    let copy = "Object.defineProperty(navigator, 'share', {configurable: true, value: undefined});
        Object.defineProperty(navigator, 'clipboard', {configurable: true, value: {writeText: async (text) => { window.copied = text; }}});";
    page.run(copy).await?;
    press(page, ".phone", "Share the status").await?;
    page.reads(".phone .told", |text| text.contains("is copied")).await?;
    ensure!(page.run("return window.copied").await? == shared["url"]);

    page.run("Object.defineProperty(navigator, 'clipboard', {configurable: true, value: undefined})").await?;
    press(page, ".phone", "Share the status").await?;
    let url = shared["url"].as_str().context("a url")?;
    page.reads(".phone .told", |text| text.contains(url)).await.map(drop)
}
