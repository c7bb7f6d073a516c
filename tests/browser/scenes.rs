//! Every state that the page can be in, one after the other, against the real server. Whoever walks through
//! looks at each: for what bars people from it, or to draw it.

mod statuses;

use anyhow::{Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use harness::api::Api;
use harness::browser::{Browser, Settings};
use harness::road::{Road, Traffic};
use harness::server::Server;
use serde_json::{Value, json};
use url::Url;

use crate::phone::{again, is_kept};
use crate::recipient::{Visit, write};

/// Looks at the page in a state of that name.
pub(crate) trait Looker {
    async fn look(&mut self, page: &Browser, scene: &str) -> Result<()>;
}

/// The logo of the demo's tenant.
const LOGO: &[u8] = include_bytes!("../../server/src/demo/brand/logo.png");

const PROVE: &str = "[data-panel=step-up] .button:not(.quiet)";
const SAVE: &str = "[data-matter=comment] .row .button:not(.quiet)";
const REVEAL: &str = "[data-panel=code] .row .button";

/// What everybody sees.
pub(crate) async fn public(language: &str, looker: &mut impl Looker) -> Result<()> {
    let server = Server::start().await?;
    let shop = server.client("shop").await?;
    let page = Browser::open(&Settings::default()).await?;
    let road = Road::to(&server.url("")).await?;
    let open =
        async |path: &str| page.goto(&road.over(&server.url(&format!("{path}?lang={language}")))?).await;

    open("/").await?;
    page.shows("#doorstep", "data-ready", "true").await?;
    looker.look(&page, "home").await?;
    page.press(".find .button").await?;
    page.finds("[aria-invalid=true]").await?;
    looker.look(&page, "home-wrong").await?;
    open("/t/NOT-THERE").await?;
    page.shows("#doorstep", "data-ready", "true").await?;
    looker.look(&page, "not-found").await?;

    dress(&shop).await?;
    for (scene, events) in statuses::scenes() {
        let id = scene.to_uppercase();
        let mut body = json!({"trackingId": id, "zone": "Europe/Madrid", "events": events});
        if scene == "late" {
            body["promise"] = json!({"day": "2026-03-02"});
        }
        let (status, answer) = shop.post("/shipments", &body).await?;
        ensure!(status == 201, "{scene}: {status} {answer}");
        open(&format!("/t/{id}")).await?;
        page.shows("#doorstep", "data-live", "live").await?;
        page.finds(".phone .button").await?;
        looker.look(&page, scene).await?;
    }
    is_kept(&page).await?;
    road.set(Traffic::Cut);
    page.shows("#doorstep", "data-live", "reconnecting").await?;
    looker.look(&page, "reconnecting").await?;
    page.set_offline(true).await?;
    page.shows("#doorstep", "data-live", "offline").await?;
    looker.look(&page, "offline").await?;
    // Opened anew without a network: what was seen last, and a page that was never seen.
    again(&page).await?;
    page.finds(".phone .button").await?;
    looker.look(&page, "kept").await?;
    open("/t/NEVER-SEEN").await?;
    page.shows("#doorstep", "data-ready", "true").await?;
    looker.look(&page, "never-seen").await
}

/// Gives the shop its looks: a logo, a colour that nobody could read, and where it helps.
pub(crate) async fn dress(shop: &Api) -> Result<()> {
    let logo = json!({"mediaType": "image/png", "base64": STANDARD.encode(LOGO)});
    let kept = shop.call("PUT /settings/logo", &[], &logo).await?;
    ensure!(kept.status == 200, "{kept:?}");
    let brand =
        json!({"name": "Northgate Market", "accent": "#ffcc00", "support": "mailto:help@northgate.example"});
    let told = shop.call("PUT /settings", &[], &json!({"brand": brand})).await?;
    ensure!(told.status == 200, "{told:?}");
    Ok(())
}

/// What the recipient sees before anybody comes: edits, their troubles, and the proof of who they are.
pub(crate) async fn editing(language: &str, looker: &mut impl Looker) -> Result<()> {
    let more = json!({"events": [{"id": "1", "status": "preparing"}], "code": {"digits": 4}});
    let visit = Visit::open_in(language, "EDITING", more, &Settings::default()).await?;
    let page = &visit.page;
    page.shows("#doorstep", "data-live", "live").await?;
    page.finds(".phone .button").await?;
    looker.look(page, "recipient").await?;
    write(page, "#comment-text", "The bell is broken, please knock 👋").await?;
    visit.road.set(Traffic::Hangs);
    page.press(SAVE).await?;
    page.finds("[data-matter=comment] .told:not(:empty)").await?;
    looker.look(page, "busy").await?;
    visit.road.set(Traffic::Cut);
    page.set_offline(true).await?;
    page.finds("[data-matter=comment] .told.wrong:not(:empty)").await?;
    looker.look(page, "waiting").await?;
    let other = json!({"value": "Called: leave it with the porter", "edit": "staff-1"});
    let saved = visit.shop.call("PUT /shipments/EDITING/comment", &[("if-match", "\"0\"")], &other).await?;
    ensure!(saved.status == 200, "{saved:?}");
    visit.road.set(Traffic::Open);
    page.set_offline(false).await?;
    page.finds("[data-matter=comment] .version").await?;
    looker.look(page, "conflict").await?;
    page.press("[data-matter=comment] .version .button").await?;
    page.finds("[data-matter=comment] .receipts").await?;
    page.press("[data-matter=contactless] input").await?;
    looker.look(page, "saved").await?;

    page.press(".panels > .opens summary").await?;
    page.press(".panels > .opens .button").await?;
    page.finds("#new-link").await?;
    looker.look(page, "new-link").await?;
    for _ in 0..5 {
        write(page, "#phone-digits", "0000").await?;
        page.press(PROVE).await?;
        page.comes_true("the proof is refused", "!document.querySelector('#phone-digits')?.value").await?;
        page.finds("[data-panel=step-up] .told.wrong:not(:empty)").await?;
        if page.run("return !document.querySelector('#phone-digits')").await? == json!(true) {
            break;
        }
    }
    page.comes_true("it is locked", "!document.querySelector('#phone-digits')").await?;
    looker.look(page, "locked").await
}

/// What the recipient sees of the last hour: address, code, proof; and of a link that was used before.
pub(crate) async fn receiving(language: &str, looker: &mut impl Looker) -> Result<()> {
    let more = json!({"events": [{"id": "1", "status": "preparing"}], "code": {"digits": 6}});
    let visit = Visit::open_in(language, "RECEIVING", more, &Settings::default()).await?;
    let (page, carrier) = (&visit.page, &visit.carrier);
    write(page, "#phone-digits", "3471").await?;
    page.press(PROVE).await?;
    page.press("[data-panel=address] .button").await?;
    page.finds("[data-panel=address] .fixed").await?;
    let window = |from: &str, until: &str| json!({"window": {"kind": "between", "from": format!("2030-03-01T{from}:00Z"), "until": format!("2030-03-01T{until}:00Z")}, "confidence": "high"});
    carrier
        .report(
            "RECEIVING",
            json!({"id": "2", "status": "out_for_delivery", "courier": {"name": "Mateo Ejemplo"}, "eta": window("13:10", "13:40")}),
        )
        .await?;
    let moved: Value = json!({"id": "3", "eta": window("13:25", "13:55"), "next": {"action": "waiting"}});
    let sequence = match carrier.report("RECEIVING", moved).await {
        Ok(sequence) => sequence,
        Err(_) => carrier.report("RECEIVING", json!({"id": "3b", "eta": window("13:25", "13:55")})).await?,
    };
    page.shows("#doorstep", "data-sequence", &sequence.to_string()).await?;
    looker.look(page, "stepped-up").await?;
    page.press(REVEAL).await?;
    page.finds(".digits").await?;
    let digits = page.text(".digits").await?.unwrap_or_default();
    let code: String = digits.chars().filter(char::is_ascii_digit).collect();
    looker.look(page, "code").await?;

    let photo = json!({"kind": "photo", "reference": "P-1", "place": "at the door", "picture": {"mediaType": "image/png", "base64": PIXEL}});
    let taken = carrier.call("POST /shipments/RECEIVING/proofs", &[], &photo).await?;
    ensure!(taken.status == 201, "{taken:?}");
    let entered = carrier.call("POST /shipments/RECEIVING/code/verify", &[], &json!({"code": code})).await?;
    ensure!(entered.status == 200, "{entered:?}");
    page.finds("[data-panel=proof]").await?;
    looker.look(page, "received").await?;

    let mut used = Url::parse(&visit.road.over(&visit.shop.link("RECEIVING").await?)?)?;
    used.query_pairs_mut().append_pair("lang", language);
    page.goto(used.as_str()).await?;
    page.comes_true("the secret is gone", "!location.hash").await?;
    page.finds("[data-panel=proof]").await?;
    page.session().delete_all_cookies().await?;
    page.goto("about:blank").await?;
    page.goto(used.as_str()).await?;
    page.finds(".access").await?;
    looker.look(page, "refused").await
}

/// A PNG of one pixel.
const PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
