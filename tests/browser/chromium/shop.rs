//! The demo's sample shop: its page keeps its own strict policy, shows the tag, tells what it tells, and bars nobody.

use anyhow::{Result, ensure};
use harness::browser::{Browser, Settings};
use harness::demo::Demo;
use serde_json::json;

use super::axe::Axe;
use super::look::{Colours, appear};

const SHOWN: &str = "!!document.querySelector('doorstep-tracker').shadowRoot?.querySelector('.shown iframe')";

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_shop_shows_the_tag_under_its_own_policy() -> Result<()> {
    let demo = Demo::start().await?;
    let shop = demo.link("/shop");
    ensure!(shop.starts_with("http://localhost:"), "it is another origin than the server's: {shop}");
    let page = Browser::open(&Settings { window: (1280, 900), ..Settings::default() }).await?;
    let watch = "window.violations = [];
        document.addEventListener('securitypolicyviolation', (e) => violations.push(e.violatedDirective + ' ' + e.blockedURI));
        window.addEventListener('error', (e) => violations.push('error ' + e.message));";
    page.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": watch})).await?;
    let axe = Axe::read()?;
    for asked in ["", "?id=DEMO-LATE&mode=frame&theme=dark&locale=de"] {
        page.goto(&format!("{shop}{asked}")).await?;
        page.comes_true("the tag shows its frame", SHOWN).await?;
        page.reads("#log", |text| text.contains("ready") && text.contains("\"status\"")).await?;
        page.reads("#policy", |text| text.contains("frame-ancestors 'none'")).await?;
        for width in [320, 1280] {
            for colours in Colours::ALL {
                appear(&page, width, 900, colours).await?;
                let at = format!("{asked:?} {width} {colours:?}");
                let scroll = page.run("return document.documentElement.scrollWidth").await?;
                ensure!(scroll.as_u64().is_some_and(|scroll| scroll <= u64::from(width)), "{at}: {scroll}");
                let found = axe.finds(&page).await?;
                ensure!(found.is_empty(), "{at}: {found:#?}");
            }
        }
        let violations = page.run("return violations").await?;
        ensure!(violations == json!([]), "{asked:?}: {violations}");
    }
    let told = page.run("const tag = document.querySelector('doorstep-tracker'); return [tag.trackingId, tag.theme, tag.locale, tag.querySelector('a').pathname]").await?;
    ensure!(told == json!(["DEMO-LATE", "dark", "de", "/t/DEMO-LATE"]), "{told}");
    Ok(())
}
