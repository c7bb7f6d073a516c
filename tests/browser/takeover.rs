//! Promise 3 and what follows it: the server's HTML has the status already, and the widget takes it over
//! without changing what is seen.

use anyhow::{Result, ensure};
use harness::browser::{Browser, Settings};
use harness::engine::Engine;
use harness::server::Server;
use serde_json::json;

use crate::scenes::dress;

/// A shipment with a bit of everything the public page shows.
pub(crate) async fn shipment_under_way(server: &Server, id: &str) -> Result<harness::api::Api> {
    let api = server.client("takeover").await?;
    let created = json!({
        "trackingId": id, "zone": "Pacific/Auckland", "promise": {"day": "2027-03-02"},
        "events": [
            {"id": "1", "status": "created", "time": "2026-11-19T09:00:00Z", "sourceWord": "CREATED"},
            {"id": "2", "status": "attempt_failed", "time": "2026-11-20T11:30:00Z", "reason": "recipient_absent"},
            {"id": "3", "status": "out_for_delivery", "sourceWord": "OUT <b>&amp; \"about\"</b>", "language": "en"},
        ],
    });
    let (status, body) = api.post("/shipments", &created).await?;
    ensure!(status == 201, "{status} {body}");
    Ok(api)
}

/// What of the page must not change: its elements, classes and text, without the marks of time and
/// connection that are there to change, and without the buttons that come when everything else is there.
const SNAPSHOT: &str = r"
    const clean = (node) => {
        if (node.nodeType === Node.TEXT_NODE) return node.data;
        if (node.nodeType !== Node.ELEMENT_NODE || node.matches('script, noscript, .phone')) return '';
        const attributes = [...node.attributes].filter((a) => !['data-live', 'data-ready'].includes(a.name))
            .map((a) => ` ${a.name}=${a.value}`).sort().join('');
        const inner = node.dataset.part === 'live' ? '' : [...node.childNodes].map(clean).join('');
        return `<${node.tagName.toLowerCase()}${attributes}>${inner}</>`;
    };
";

/// How Chromium's own `Intl` writes the promised day and the clock of the attempt, where the page does not.
/// Commas and blanks apart, in which CLDR changes from release to release; other engines bring other CLDRs.
const WRITTEN: &str = r"
    if (!navigator.userAgent.includes('Chrome')) return [];
    const locale = document.documentElement.lang;
    const alike = (text) => text.replace(/[,\s]/g, '');
    const day = new Intl.DateTimeFormat(locale,
        {timeZone: 'UTC', weekday: 'long', day: 'numeric', month: 'long', numberingSystem: 'latn',
            ...(new Date().getFullYear() !== 2027 && {year: 'numeric'})});
    const clock = new Intl.DateTimeFormat(locale,
        {timeZone: 'Pacific/Auckland', timeStyle: 'short', numberingSystem: 'latn'});
    const texts = [day.format(new Date('2027-03-02')), clock.format(new Date('2026-11-20T11:30:00Z'))];
    return texts.filter((text) => !alike(document.querySelector('#doorstep').textContent).includes(alike(text)));
";

/// Compares the page as it stands with the server's; gives what both have.
async fn alike(page: &Browser, what: &str) -> Result<String> {
    let after = page.run(&format!("{SNAPSHOT} return clean(document.body)")).await?;
    let script = format!(
        "{SNAPSHOT} const done = arguments[arguments.length - 1];
         fetch(location.href).then((answer) => answer.text()).then((html) => {{
            done(clean(new DOMParser().parseFromString(html, 'text/html').body));
         }});"
    );
    let before = page.session().execute_async(&script, Vec::new()).await?;
    ensure!(before == after, "{what}\nserver: {before}\nwidget: {after}");
    Ok(before.as_str().unwrap_or_default().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_widget_takes_over_the_very_same_page() -> Result<()> {
    let server = Server::start().await?;
    let shop = shipment_under_way(&server, "TAKEOVER").await?;
    dress(&shop).await?;
    let page = Browser::open(&Settings { language: "fr", ..Settings::default() }).await?;
    for language in ["", "en-GB", "en-US", "es", "es-MX", "pt-BR", "fr", "de", "ar"] {
        page.goto(&server.url(&format!("/t/TAKEOVER?lang={language}"))).await?;
        page.shows("#doorstep", "data-live", "live").await?;
        let root = page.run("const root = document.documentElement; return [root.lang, root.dir]").await?;
        let expected = match (language, Engine::of_this_run()?) {
            // WebKitGTK's driver cannot choose what its browser asks for.
            ("", Engine::WebKit) => "en-GB",
            ("", _) => "fr",
            (named, _) => named,
        };
        ensure!(
            root == json!([expected, if language == "ar" { "rtl" } else { "ltr" }]),
            "{language}: {root}"
        );
        let written = page.run(WRITTEN).await?;
        ensure!(written == json!([]), "{language}: the browser itself writes {written}");
        let before = alike(&page, language).await?;
        for part in [
            "<header class=brand><img alt=Northgate Market ",
            "<bdi lang=en translate=no>",
            "<footer class=support>",
        ] {
            ensure!(before.contains(part), "no {part:?} to compare: {before}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_without_a_shipment_are_taken_over_as_they_are_too() -> Result<()> {
    let server = Server::start().await?;
    let page = Browser::open(&Settings::default()).await?;
    for (path, has) in [
        ("/", "<form "),
        ("/?lang=de", "<input name=lang type=hidden value=de>"),
        ("/?lang=xx", "<form "),
        ("/t/NOBODY?lang=ar", "href=/?lang=ar"),
        ("/t/NOBODY", "href=/>"),
    ] {
        page.goto(&server.url(path)).await?;
        page.shows("#doorstep", "data-ready", "true").await?;
        let both = alike(&page, path).await?;
        ensure!(both.contains(has), "{path}: no {has:?} in {both}");
    }
    Ok(())
}
