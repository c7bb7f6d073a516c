//! The recipient's journey by keys alone: real ones, through WebDriver. Each stop has a visible focus, and
//! the way goes down the page.

use anyhow::{Context as _, Result, ensure};
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use harness::browser::{Browser, Settings};
use harness::road::Traffic;
use serde_json::json;

use crate::recipient::Visit;

const TAB: char = '\u{e004}';
const ENTER: char = '\u{e007}';
const SPACE: char = ' ';
const SHIFT: char = '\u{e008}';

/// More stops than any page has.
const STOPS: usize = 60;

async fn strike(page: &Browser, keys: &str) -> Result<()> {
    let mut actions = KeyActions::new("keyboard".to_owned());
    for value in keys.chars() {
        actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
    }
    Ok(page.session().perform_actions(actions).await?)
}

/// Which way the tabulator goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Down,
    Up,
}

/// Goes by the tabulator to what `selector` finds.
async fn go_to(page: &Browser, way: Way, selector: &str) -> Result<()> {
    page.finds(selector).await?;
    let look = format!(
        "const now = document.activeElement, style = getComputedStyle(now), before = window.stop;
         window.stop = now;
         return {{
            there: now.matches({}), at: now.outerHTML.slice(0, 120), page: now !== document.body,
            seen: !document.hasFocus() || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2),
            orderly: !before?.isConnected || now === before || !!(before.compareDocumentPosition(now) & {}),
         }}",
        json!(selector),
        if way == Way::Down { "Node.DOCUMENT_POSITION_FOLLOWING" } else { "Node.DOCUMENT_POSITION_PRECEDING" },
    );
    page.run("window.stop = null").await?;
    let mut stops = Vec::new();
    for _ in 0..STOPS {
        if way == Way::Up {
            hold(page, SHIFT, TAB).await?;
        } else {
            strike(page, &TAB.to_string()).await?;
        }
        let stop = page.run(&look).await?;
        let at = stop["at"].as_str().unwrap_or_default().to_owned();
        if stop["page"] == json!(true) {
            ensure!(stop["seen"] == json!(true), "nobody sees the focus at {at}");
            ensure!(stop["orderly"] == json!(true), "the focus jumps to {at}, after {stops:?}");
        } else {
            // Past the end, where the browser's own bar would be.
            page.run("window.stop = null").await?;
        }
        if stop["there"] == json!(true) {
            return Ok(());
        }
        stops.push(at);
    }
    anyhow::bail!("the tabulator never comes to {selector}: {stops:#?}")
}

/// Strikes `value` while `with` is held.
async fn hold(page: &Browser, with: char, value: char) -> Result<()> {
    let actions = KeyActions::new("keyboard".to_owned())
        .then(KeyAction::Down { value: with })
        .then(KeyAction::Down { value })
        .then(KeyAction::Up { value })
        .then(KeyAction::Up { value: with });
    Ok(page.session().perform_actions(actions).await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_journey_is_done_by_keys_alone() -> Result<()> {
    let more = json!({"code": {"digits": 4}, "events": [{"id": "1", "status": "preparing"}]});
    let visit = Visit::open("KEYS", more, &Settings::default()).await?;
    let page = &visit.page;
    page.shows("#doorstep", "data-live", "live").await?;

    go_to(page, Way::Down, "#phone-digits").await?;
    strike(page, "3471").await?;
    strike(page, &ENTER.to_string()).await?;
    page.comes_true("it is proved", "!document.querySelector('#phone-digits')").await?;

    go_to(page, Way::Down, "#comment-text").await?;
    strike(page, "Please knock").await?;
    go_to(page, Way::Down, "[data-matter=comment] .row .button:not(.quiet)").await?;
    strike(page, &SPACE.to_string()).await?;
    page.finds("[data-matter=comment] .receipts").await?;
    ensure!(visit.own("KEYS").await?["preferences"]["comment"]["value"] == "Please knock");

    go_to(page, Way::Down, "[data-matter=contactless] input[type=radio]").await?;
    strike(page, &SPACE.to_string()).await?;
    page.finds("[data-matter=contactless] input:checked").await?;
    go_to(page, Way::Down, "[data-matter=contactless] .row .button:not(.quiet)").await?;
    strike(page, &ENTER.to_string()).await?;
    page.finds("[data-matter=contactless] .receipts").await?;

    visit.carrier.report("KEYS", json!({"id": "2", "status": "out_for_delivery"})).await?;
    page.finds("[data-panel=code] .row .button").await?;
    go_to(page, Way::Up, "[data-panel=code] .row .button").await?;
    strike(page, &ENTER.to_string()).await?;
    page.finds(".digits").await?;
    let focused = page.run("return document.activeElement.closest('[data-panel]')?.dataset.panel").await?;
    ensure!(focused == json!("code"), "showing the code keeps the focus: {focused}");

    go_to(page, Way::Down, ".panels > .opens summary").await?;
    strike(page, &ENTER.to_string()).await?;
    go_to(page, Way::Down, ".panels > .opens .button").await?;
    strike(page, &ENTER.to_string()).await?;
    page.finds("#new-link").await?;
    let link = page.run("return document.querySelector('#new-link').value").await?;
    ensure!(link.as_str().context("a link")?.contains("#k="), "{link}");

    let share = "Object.defineProperty(navigator, 'share', {configurable: true, value: async (what) => { window.shared = what; }})";
    page.run(share).await?;
    go_to(page, Way::Down, ".phone .button").await?;
    strike(page, &ENTER.to_string()).await?;
    page.comes_true("the status is shared", "window.shared?.url.endsWith('/t/KEYS')").await
}

/// Writes down what the live regions say.
const LISTEN: &str = "window.said = [];
    const tell = (node) => {
        const element = node.nodeType === 1 ? node : node.parentElement;
        if (element?.closest('[role=status], [role=alert], [aria-live]')) {
            const text = (node.textContent ?? '').trim();
            if (text) window.said.push(text);
        }
    };
    new MutationObserver((changes) => {
        for (const change of changes) {
            if (change.type === 'characterData') tell(change.target);
            for (const node of change.addedNodes) tell(node);
        }
    }).observe(document.querySelector('#doorstep'), {subtree: true, childList: true, characterData: true});";

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_is_said_once_and_what_ticks_is_not() -> Result<()> {
    let visit = Visit::open("SAID", json!({}), &Settings::default()).await?;
    let page = &visit.page;
    page.shows("#doorstep", "data-live", "live").await?;
    page.run(LISTEN).await?;
    for (id, status, says) in
        [("1", "in_transit", "On its way"), ("2", "out_for_delivery", "Out for delivery")]
    {
        let sequence = visit.carrier.report("SAID", json!({"id": id, "status": status})).await?;
        page.shows("#doorstep", "data-sequence", &sequence.to_string()).await?;
        let said = page.run("return window.said.splice(0)").await?;
        let said: Vec<_> = said.as_array().into_iter().flatten().filter_map(|text| text.as_str()).collect();
        let times = said.iter().filter(|text| text.contains(says)).count();
        ensure!(times == 1, "{says:?} is said {times} times: {said:?}");
        let mut distinct = said.clone();
        distinct.sort_unstable();
        distinct.dedup();
        ensure!(distinct.len() == said.len(), "something is said twice: {said:?}");
    }
    // Longer than the page's clock takes to tick.
    tokio::time::sleep(std::time::Duration::from_secs(17)).await;
    let said = page.run("return window.said").await?;
    ensure!(said == json!([]), "a tick is said: {said}");

    visit.road.set(Traffic::Cut);
    page.shows("#doorstep", "data-live", "reconnecting").await?;
    visit.road.set(Traffic::Open);
    page.shows("#doorstep", "data-live", "live").await?;
    let said = page.run("return window.said").await?;
    let said: Vec<_> = said.as_array().into_iter().flatten().filter_map(|text| text.as_str()).collect();
    let live = said.iter().filter(|text| **text == "Live").count();
    ensure!(live == 1, "to be live again is said {live} times: {said:?}");
    ensure!(
        !said.iter().any(|text| text.contains("delivery")),
        "what has not changed is said again: {said:?}"
    );
    ensure!(said.windows(2).all(|two| two[0] != two[1]), "something is said twice: {said:?}");
    Ok(())
}
