//! "Notify me", as far as a browser goes that no push service knows: the endpoint is ours, and what arrives there
//! is handed to the browser by its own protocol, as its push service would.

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

/// Waits until the one notification says that.
async fn is_shown(page: &Browser, text: &str) -> Result<Value> {
    let last = std::cell::RefCell::new(Value::Null);
    let shown = eventually("a notification", || async {
        let shown = page.run(SHOWN).await?;
        last.replace(shown.clone());
        let fits = shown[0]["body"].as_str().is_some_and(|body| body.contains(text));
        Ok(fits.then_some(shown))
    });
    let shown = shown.await.map_err(|error| error.context(format!("{text:?}: {}", last.borrow())))?;
    ensure!(shown.as_array().is_some_and(|all| all.len() == 1), "{shown}");
    Ok(shown[0].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_told_in_its_language_what_has_changed() -> Result<()> {
    let service = PushService::open().await?;
    let server = Server::start_with(&["--outbound-allow", "127.0.0.0/8"]).await?;
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
    let shown = is_shown(&page, "In Zustellung").await?;
    ensure!(shown["title"].as_str().is_some_and(|title| title.contains("BELL")), "{shown}");
    ensure!(shown["lang"] == "de" && shown["tag"] == "BELL", "{shown}");
    // The same once more, as after a crash of the server: what is shown stays, without a sound.
    comes(1).await?;
    eventually("it is shown silently", || async {
        let shown = page.run(SHOWN).await?;
        Ok((shown[0]["silent"] == json!(true) && shown[1].is_null()).then_some(()))
    })
    .await?;

    press(&page, ".phone", "Nicht mehr benachrichtigen").await?;
    page.reads(".phone .told", |text| text.contains("nicht mehr benachrichtigt")).await?;
    page.comes_true("the browser's subscription ends", "window.ended === true").await?;
    press(&page, ".phone", "Benachrichtigen").await?;
    page.reads(".phone .told", |text| text.contains("Sie werden benachrichtigt")).await?;

    shop.report("BELL", json!({"id": "2", "status": "delivered"})).await?;
    comes(2).await?;
    is_shown(&page, "Zugestellt").await?;
    let watched =
        "return caches.open('doorstep-watched').then((cache) => cache.keys()).then((keys) => keys.length)";
    ensure!(page.run(watched).await? == json!(0), "it is told no more");
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
