//! What the tag does by itself: it waits until it is near, makes its frame the recipient's by a token, and keeps
//! what is somebody's own out of the host's page.

use std::time::Duration;

use anyhow::{Result, ensure};
use harness::host::HostPage;
use serde_json::json;

use super::stage::{Mode, Stage};
use crate::recipient::PIXEL;

/// What the page has fetched of anybody's.
const FETCHED: &str = "return performance.getEntriesByType('resource').map((one) => one.name)
    .filter((name) => !name.endsWith('/favicon.ico'))";

#[tokio::test(flavor = "multi_thread")]
async fn far_from_the_viewport_nothing_is_fetched_but_the_script() -> Result<()> {
    let stage = Stage::set().await?;
    for mode in Mode::ALL {
        let space = "<div style='height:5000px'></div>";
        let _host = stage.open(&[], "", &format!("{space}{}", stage.tag(mode))).await?;
        stage.page.comes_true("the tag is defined", "!!customElements.get('doorstep-tracker')").await?;
        tokio::time::sleep(Duration::from_millis(500)).await;
        let fetched = stage.page.run(FETCHED).await?;
        // WebKit does not list what it had in memory.
        let script = json!(stage.server.url("/embed/v1.js"));
        let only = fetched.as_array().is_some_and(|all| all.iter().all(|one| *one == script));
        ensure!(only, "{mode:?}: {fetched}");
        let link =
            "const [link] = document.querySelector('doorstep-tracker').shadowRoot.querySelector('slot')
            .assignedElements(); return link.getBoundingClientRect().height > 0";
        ensure!(stage.page.run(link).await? == true, "the plain link is there meanwhile");
        stage.page.run("scrollTo(0, 9999)").await?;
        stage.shown(mode, 1).await?;
        stage.says(mode, "ut for delivery").await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_comes_late_is_shown_when_it_comes() -> Result<()> {
    let stage = Stage::set().await?;
    for mode in Mode::ALL {
        let tag = stage.tag(mode).replace(" tracking-id=TAG", "");
        let _host = stage.open(&[], "", &tag).await?;
        stage.page.comes_true("the tag is defined", "!!customElements.get('doorstep-tracker')").await?;
        // It has been near the viewport for a while.
        tokio::time::sleep(Duration::from_millis(300)).await;
        for _ in 0..2 {
            stage.page.run("document.querySelector('doorstep-tracker').trackingId = 'TAG'").await?;
            stage.shown(mode, 1).await?;
            stage.says(mode, "ut for delivery").await?;
            stage
                .page
                .run("document.querySelector('doorstep-tracker').removeAttribute('tracking-id')")
                .await?;
            stage.shown(mode, 0).await?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_made_for_another_widget_shows_its_titles() -> Result<()> {
    let stage = Stage::set().await?;
    let link = "/lsw/?job=TAG&token=secret&language=en&received=Got%20it&goingToDestination=%3Cb%3EGoing";
    stage.page.goto(&stage.server.url(link)).await?;
    stage.page.shows("#doorstep", "data-live", "live").await?;
    let names = "return [...document.querySelectorAll('.step .name')].map((name) => name.textContent)";
    let names = stage.page.run(names).await?;
    ensure!(names == json!(["Got it", "Preparing", "<b>Going", "Arriving", "Delivered"]), "{names}");
    let at = stage.page.run("return location.href").await?;
    ensure!(at.as_str().is_some_and(|at| !at.contains("secret")), "{at}");

    // As Instaleap's documentation shows it: all of the titles, percent-encoded as UTF-8, in a language.
    stage.api.report("TAG", json!({"id": "8", "status": "picked_up", "movement": "step_back"})).await?;
    let link = "/lsw/?job=TAG&token=secret&language=es&received=Recibido&picking=En%20preparaci%C3%B3n\
        &goingToDestination=En%20camino&delivered=Entregado&subStepPickedUp=Recogido";
    stage.page.goto(&stage.server.url(link)).await?;
    stage.page.shows("#doorstep", "data-live", "live").await?;
    let root = stage.page.run("return [document.documentElement.lang, document.documentElement.dir]").await?;
    ensure!(root == json!(["es", "ltr"]), "{root}");
    let names = "return [...document.querySelectorAll('.step .name')].map((name) => name.textContent)";
    let picked_up = stage.page.run(names).await?;
    ensure!(
        picked_up == json!(["Recibido", "En preparación", "Recogido", "Llegando", "Entregado"]),
        "{picked_up}"
    );
    stage.api.report("TAG", json!({"id": "9", "status": "out_for_delivery"})).await?;
    stage
        .page
        .comes_true(
            "it goes on",
            "[...document.querySelectorAll('.step .name')][2].textContent === 'En camino'",
        )
        .await
}

/// Signs as a shop's server would; the page does it here, so that the test needs no other program.
const SIGN: &str = "<script>
    const text = new TextEncoder();
    const base64 = (bytes) => btoa(String.fromCharCode(...bytes))
        .replace(/[+]/g, '-').replace(/[/]/g, '_').replace(/=/g, '');
    const part = (value) => base64(text.encode(JSON.stringify(value)));
    window.asked = 0;
    window.sign = async () => {
        asked += 1;
        const now = Math.floor(Date.now() / 1000);
        const claims = { shipment: 'TAG', scope: 'recipient', iat: now, exp: now + 60 };
        const signed = part({ alg: 'HS256', kid: 'k' }) + '.' + part(claims);
        const how = { name: 'HMAC', hash: 'SHA-256' };
        const key = await crypto.subtle.importKey('raw', text.encode('SECRET'), how, false, ['sign']);
        const mac = await crypto.subtle.sign('HMAC', key, text.encode(signed));
        return signed + '.' + base64(new Uint8Array(mac));
    };
</script>";

const SECRET: &str = "a-secret-of-the-shop-of-32-bytes!";

/// A page with the tag that signs in its customer.
async fn shop(stage: &Stage, mode: Mode) -> Result<HostPage> {
    let sign = "<script>document.querySelector('doorstep-tracker').getToken = sign</script>";
    stage.open(&[], &SIGN.replace("SECRET", SECRET), &(stage.tag(mode) + sign)).await
}

async fn allow(stage: &Stage, page: &HostPage) -> Result<()> {
    let settings = json!({
        "origins": [page.origin()],
        "tokenKeys": [{"id": "k", "algorithm": "HS256", "key": SECRET}],
    });
    let answer = stage.api.call("PUT /settings", &[], &settings).await?;
    ensure!(answer.status == 200, "{} {}", answer.status, answer.text);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_makes_it_the_recipients_in_a_frame_of_the_shops_pages_only() -> Result<()> {
    let stage = Stage::set().await?;
    // Whatever the mode: what is somebody's own does not come into the host's page.
    for mode in Mode::ALL {
        let page = shop(&stage, mode).await?;
        allow(&stage, &page).await?;
        stage.page.goto(page.url()).await?;
        stage.shown(Mode::Frame, 1).await?;
        stage.look_in().await?;
        stage.page.shows("#doorstep", "data-live", "live").await?;
        stage.page.reads(".panels", |text| !text.is_empty()).await?;
        let kept = stage.page.run("return document.cookie + location.href + localStorage.length").await?;
        ensure!(kept.as_str().is_some_and(|kept| !kept.contains("eyJ")), "{kept}");
        let sequence =
            stage.api.report("TAG", json!({"status": "arrived", "id": format!("{mode:?}")})).await?;
        stage.page.shows("#doorstep", "data-sequence", &sequence.to_string()).await?;
        stage.look_out().await?;
        ensure!(stage.page.run("return asked").await? == 1, "one token is enough");

        let _other = shop(&stage, mode).await?;
        tokio::time::sleep(Duration::from_secs(2)).await;
        let script =
            "return [asked, !!document.querySelector('doorstep-tracker').shadowRoot.querySelector('.shown')]";
        let seen = stage.page.run(script).await?;
        ensure!(seen == json!([0, false]), "{mode:?}: a page of another origin frames it: {seen}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_recipients_frame_shows_pictures() -> Result<()> {
    let stage = Stage::set().await?;
    let picture =
        json!({"kind": "photo", "reference": "P-1", "picture": {"mediaType": "image/png", "base64": PIXEL}});
    let taken = stage.api.call("POST /shipments/TAG/proofs", &[], &picture).await?;
    ensure!(taken.status == 201, "{taken:?}");
    let page = shop(&stage, Mode::Frame).await?;
    allow(&stage, &page).await?;
    stage.page.goto(page.url()).await?;
    stage.shown(Mode::Frame, 1).await?;
    // It is loaded once it comes into sight.
    stage.page.run("document.querySelector('doorstep-tracker').scrollIntoView({block: 'end'})").await?;
    stage.look_in().await?;
    let seen = "(() => {
        const picture = document.querySelector('img.picture');
        picture?.scrollIntoView();
        return picture?.naturalWidth === 1;
    })()";
    stage.page.comes_true("the picture is shown", seen).await?;
    stage.look_out().await
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_list_of_pages_no_other_reads_the_public_view_either() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.open(&[], "", &stage.tag(Mode::Inline)).await?;
    allow(&stage, &page).await?;
    stage.page.goto(page.url()).await?;
    stage.shown(Mode::Inline, 1).await?;
    stage.says(Mode::Inline, "ut for delivery").await?;

    let hear = "<script>window.told = [];
        addEventListener('error', ({ detail }) => detail && told.push(detail.reason), true)</script>";
    let _other = stage.open(&[], hear, &stage.tag(Mode::Inline)).await?;
    stage.page.comes_true("it says that it cannot", "told.length > 0").await?;
    let told = stage.page.run("return told").await?;
    ensure!(told[0] == "unreachable", "{told}");
    let shown = "document.querySelector('doorstep-tracker').shadowRoot.querySelector('article')";
    ensure!(stage.page.run(&format!("return {shown}")).await?.is_null(), "the shipment is shown");
    Ok(())
}
