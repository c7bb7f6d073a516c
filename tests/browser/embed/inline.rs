//! What `mode=inline` adds: looks by properties and parts, language and theme while it stands, and what happens
//! where the module fails.

use anyhow::{Result, ensure};
use serde_json::json;

use super::stage::{Mode, Stage};

const INLINE: Mode = Mode::Inline;
const UNDER_WAY: &str = "ut for delivery";

/// The computed style of what `selector` finds in the tag.
async fn style(stage: &Stage, selector: &str, property: &str) -> Result<String> {
    let script = format!(
        "return getComputedStyle(document.querySelector('doorstep-tracker').shadowRoot.querySelector('{selector}'))
            .getPropertyValue('{property}')"
    );
    Ok(stage.page.run(&script).await?.as_str().unwrap_or_default().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_dresses_it_by_properties_and_parts() -> Result<()> {
    let stage = Stage::set().await?;
    let looks = "<style>doorstep-tracker {
            --doorstep-accent: rgb(10, 20, 200); --doorstep-surface: rgb(250, 240, 230); --doorstep-ink: rgb(1, 2, 3);
            --doorstep-card-radius: 3px; --doorstep-font: Georgia }
        doorstep-tracker::part(sentence) { text-transform: uppercase }
        doorstep-tracker::part(history) { border-top-width: 7px }</style>";
    let _host = stage.open(&[], looks, &stage.tag(INLINE)).await?;
    stage.shown(INLINE, 1).await?;
    stage.page.comes_true("it says so", "document.querySelector('doorstep-tracker').shadowRoot.querySelector('article')?.innerText.includes('OUT FOR DELIVERY')").await?;
    for (selector, property, value) in [
        ("article", "background-color", "rgb(250, 240, 230)"),
        ("article", "border-top-left-radius", "3px"),
        ("article", "color", "rgb(1, 2, 3)"),
        (".history", "border-top-width", "7px"),
        (".steps", "--tone", "rgb(10, 20, 200)"),
    ] {
        let seen = style(&stage, selector, property).await?;
        ensure!(seen.trim() == value, "{selector} {property}: {seen}");
    }
    ensure!(style(&stage, "article", "font-family").await?.starts_with("Georgia"));
    // In a frame, what no word depends on is passed on.
    let _host = stage.open(&[], looks, &stage.tag(Mode::Frame)).await?;
    stage.shown(Mode::Frame, 1).await?;
    stage.look_in().await?;
    let seen = "return [getComputedStyle(document.querySelector('.steps')).getPropertyValue('--tone').trim(),
        getComputedStyle(document.body).fontFamily.split(',')[0],
        getComputedStyle(document.querySelector('article')).borderTopLeftRadius]";
    let seen = stage.page.run(seen).await?;
    ensure!(seen == json!(["rgb(10, 20, 200)", "Georgia", "16px"]), "{seen}");
    stage.look_out().await
}

#[tokio::test(flavor = "multi_thread")]
async fn language_and_theme_change_while_it_stands() -> Result<()> {
    let stage = Stage::set().await?;
    for mode in Mode::ALL {
        let _host = stage.open(&[], "", &stage.tag_with(mode, "locale=en theme=light")).await?;
        stage.shown(mode, 1).await?;
        stage.says(mode, UNDER_WAY).await?;
        let ground = || async {
            match mode {
                Mode::Inline => style(&stage, "article", "background-color").await,
                Mode::Frame => {
                    stage.look_in().await?;
                    let seen = stage
                        .page
                        .run("return getComputedStyle(document.querySelector('article')).backgroundColor")
                        .await?;
                    stage.look_out().await?;
                    Ok(seen.as_str().unwrap_or_default().to_owned())
                }
            }
        };
        ensure!(ground().await? == "rgb(255, 255, 255)", "{mode:?}");
        stage.page.run("document.querySelector('doorstep-tracker').theme = 'dark'").await?;
        harness::eventually("it is dark", || async {
            Ok((ground().await? == "rgb(24, 32, 39)").then_some(()))
        })
        .await?;
        stage.page.run("document.querySelector('doorstep-tracker').locale = 'de'").await?;
        stage.says(mode, "Zustellung").await?;
        ensure!(ground().await? == "rgb(24, 32, 39)", "{mode:?}: it stays dark");
        stage.nothing_leaked(mode).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_follows_below_does_not_move_and_the_rest_is_within_reach() -> Result<()> {
    let stage = Stage::set().await?;
    let body = format!("{}<p id=below>Below</p>", stage.tag_with(INLINE, "height=300"));
    let _host = stage.open(&[], "", &body).await?;
    stage.shown(INLINE, 1).await?;
    stage.says(INLINE, UNDER_WAY).await?;
    let seen = "const root = document.querySelector('doorstep-tracker').shadowRoot.querySelector('.root');
        return [document.getElementById('below').getBoundingClientRect().top < 330, root.scrollHeight > 300]";
    let seen = stage.page.run(seen).await?;
    ensure!(seen == json!([true, true]), "{seen}");
    let reached =
        "document.querySelector('doorstep-tracker').shadowRoot.querySelector('.root').tabIndex === 0";
    stage.page.comes_true("what scrolls is reached by the keyboard", reached).await?;
    // Whoever does something in it sees all of it.
    let act = "const root = document.querySelector('doorstep-tracker').shadowRoot.querySelector('.root');
        root.dispatchEvent(new PointerEvent('pointerdown', {bubbles: true}))";
    stage.page.run(act).await?;
    stage.api.report("TAG", json!({"id": "9", "status": "arrived"})).await?;
    let grown = "document.getElementById('below').getBoundingClientRect().top > 400";
    stage.page.comes_true("it has grown", grown).await
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_module_fails_a_frame_takes_its_place() -> Result<()> {
    let stage = Stage::set().await?;
    let body = format!("{}{}", stage.tag_with(INLINE, "height=200"), stage.tag_with(INLINE, "height=200"));
    // As the browser tells of a trap: an error whose stack leads through the module's script. The page makes it,
    // since WebDriver's scripts may have classes of their own.
    let trap = "<script nonce=own>window.trap = () => {
        const script = performance.getEntriesByType('resource').map((one) => one.name)
            .find((name) => /[/]assets[/]inline[.][0-9a-f]+[.]js$/.test(name));
        const error = new WebAssembly.RuntimeError('unreachable');
        Object.defineProperty(error, 'stack', {value: 'at ' + script});
        window.unhandled = dispatchEvent(new ErrorEvent('error', {error, message: 'trap', cancelable: true}));
        dispatchEvent(new ErrorEvent('error', {error: new WebAssembly.RuntimeError('of the host'), message: 'own', cancelable: true}));
    }</script>";
    let _host = stage.open(&[], trap, &body).await?;
    stage.shown(INLINE, 2).await?;
    stage.says(INLINE, UNDER_WAY).await?;
    stage.page.run("window.trap()").await?;
    stage.shown(Mode::Frame, 2).await?;
    stage.says(Mode::Frame, UNDER_WAY).await?;
    ensure!(
        stage.page.run("return window.unhandled").await? == false,
        "it is told to the host as its own error"
    );
    Ok(())
}
