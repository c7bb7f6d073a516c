//! "Notify me", as far as a browser goes that no push service knows: the endpoint is ours, and what arrives there
//! is handed to the browser by its own protocol, as its push service would.

use std::time::Duration;

use anyhow::{Result, ensure};
use harness::browser::{Browser, Settings};
use harness::eventually;
use harness::push::PushService;
use harness::server::Server;
use serde_json::{Value, json};

use crate::phone::is_kept;
use crate::recipient::press;

const SHOWN: &str =
    "return navigator.serviceWorker.getRegistration().then((worker) => worker.getNotifications()).then(
    (all) => all.map(({title, body, tag, lang, silent}) => ({title, body, tag, lang, silent})))";

/// The deliveries that the worker still tells about, as it keeps them.
const WATCHED: &str =
    "return caches.open('doorstep-watched').then((cache) => cache.keys().then((keys) => Promise.all(
    keys.map((key) => cache.match(key).then((one) => one.json())))))";

/// The one notification, once the worker has noted that it is shown. Not asked for before: Chromium forgets a
/// notification that its platform does not show yet when somebody lists them
/// (`PlatformNotificationContextImpl::DoReadAllNotificationDataForServiceWorkerRegistration`).
async fn shown(page: &Browser, noted: impl Fn(&Value) -> bool) -> Result<Value> {
    let told = async || Ok(Some(page.run(WATCHED).await?).filter(|watched| noted(watched)));
    eventually("the worker has told it", told).await?;
    let shown = page.run(SHOWN).await?;
    ensure!(shown.as_array().is_some_and(|all| all.len() == 1), "{shown}");
    Ok(shown[0].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_told_in_its_language_what_has_changed() -> Result<()> {
    let service = PushService::open().await?;
    let server = Server::start_with(&["--push-allow", "127.0.0.0/8"]).await?;
    let shop = server.client_as("shop", "manager").await?;
    shop.create("BELL").await?;
    let page = Browser::open(&Settings::default()).await?;
    page.goto(&server.url("/t/BELL?lang=de")).await?;
    let origin = server.url("");
    let granted = json!({"origin": origin, "permissions": ["notifications"]});
    page.devtools("Browser.grantPermissions", granted).await?;
    is_kept(&page).await?;
    let endpoint = json!(service.endpoint("browser"));
    page.run(&format!(
        "PushManager.prototype.subscribe = async () => ({{endpoint: {endpoint}}});
         PushManager.prototype.getSubscription = async () => ({{unsubscribe: async () => {{ window.ended = true; }}}});"
    ))
    .await?;

    press(&page, ".phone", "Benachrichtigen").await?;
    page.reads(".phone .told", |text| text.contains("Sie werden benachrichtigt")).await?;
    page.reads(".phone", |text| text.contains("Nicht mehr benachrichtigen")).await?;

    let comes = async |count: usize| {
        eventually("a message arrives", || async { Ok((service.messages().len() == count).then_some(())) })
            .await?;
        let message = json!({"origin": origin, "registrationId": "0", "data": ""});
        page.devtools("ServiceWorker.deliverPushMessage", message).await
    };
    page.devtools("ServiceWorker.enable", json!({})).await?;
    shop.report("BELL", json!({"id": "1", "status": "out_for_delivery"})).await?;
    comes(1).await?;
    let first = shown(&page, |watched| watched[0]["told"]["status"] == "out_for_delivery").await?;
    let says = |shown: &Value, part: &str, text| shown[part].as_str().is_some_and(|said| said.contains(text));
    ensure!(says(&first, "title", "BELL") && says(&first, "body", "In Zustellung"), "{first}");
    ensure!(first["lang"] == "de" && first["tag"] == "BELL", "{first}");
    // The same once more, as after a crash of the server: what is shown stays, without a sound. The worker notes
    // nothing of it, so each look has a message of its own.
    eventually("it is shown silently", || async {
        comes(1).await?;
        tokio::time::sleep(Duration::from_millis(300)).await;
        let again = page.run(SHOWN).await?;
        Ok((again[0]["silent"] == json!(true) && again[1].is_null()).then_some(()))
    })
    .await?;

    press(&page, ".phone", "Nicht mehr benachrichtigen").await?;
    page.reads(".phone .told", |text| text.contains("nicht mehr benachrichtigt")).await?;
    page.comes_true("the browser's subscription ends", "window.ended === true").await?;
    press(&page, ".phone", "Benachrichtigen").await?;
    page.reads(".phone .told", |text| text.contains("Sie werden benachrichtigt")).await?;

    shop.report("BELL", json!({"id": "2", "status": "delivered"})).await?;
    comes(2).await?;
    let last = shown(&page, |watched| watched.as_array().is_some_and(Vec::is_empty)).await?;
    ensure!(says(&last, "body", "Zugestellt"), "{last}");
    page.comes_true(
        "there is nothing more to be told",
        "!document.querySelectorAll('.phone .button')[1].checkVisibility()",
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_allow_it_is_told_so_and_nothing_else() -> Result<()> {
    let server = Server::start().await?;
    let shop = server.client_as("shop", "manager").await?;
    shop.create("DENIED").await?;
    let page = Browser::open(&Settings::default()).await?;
    page.goto(&server.url("/t/DENIED")).await?;
    is_kept(&page).await?;
    page.run("Notification.requestPermission = async () => 'denied'").await?;
    press(&page, ".phone", "Notify me").await?;
    page.reads(".phone .told", |text| text.contains("does not allow this page to notify you")).await?;
    // A browser without a push service: nothing is promised.
    page.run("Notification.requestPermission = async () => 'granted'").await?;
    press(&page, ".phone", "Notify me").await?;
    page.reads(".phone .told", |text| text.contains("did not work")).await?;
    page.reads(".phone", |text| text.contains("Notify me")).await.map(drop)
}
