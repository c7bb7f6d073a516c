//! The tag in host pages of every kind, one test each, in both modes: each shows the status, and nothing leaks
//! into the host or out of it.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use super::stage::{Mode, OWN, Stage};

/// Of the sentence "Out for delivery".
const UNDER_WAY: &str = "ut for delivery";

#[tokio::test(flavor = "multi_thread")]
async fn a_plain_page_hears_of_changes_and_stays_as_it_was() -> Result<()> {
    let listen = "<script nonce=own>
        window.told = [];
        for (const type of ['ready', 'status-change', 'eta-change', 'error'])
            document.addEventListener(type, (event) => told.push([type, event.detail]), true);
        window.said = [];
        customElements.whenDefined('doorstep-tracker').then(() => {
            const line = document.querySelector('doorstep-tracker').shadowRoot.querySelector('[role=status]');
            new MutationObserver(() => said.push(line.textContent)).observe(line, {childList: true});
        });
        window.shifts = [];
        new PerformanceObserver((list) => {
            for (const { value, sources } of list.getEntries())
                for (const { node, previousRect, currentRect } of sources)
                    shifts.push([node?.nodeName, previousRect.top, currentRect.top, value]);
        }).observe({type: 'layout-shift', buffered: true});
    </script>";
    for mode in Mode::ALL {
        let stage = Stage::set().await?;
        let body = format!("<h1>Order</h1>{}<p>Below</p>", stage.tag(mode));
        let _host = stage.open(&[], listen, &body).await?;
        stage.shown(mode, 1).await?;
        stage.says(mode, UNDER_WAY).await?;
        // A screen reader hears what it is waited for, until the status is there to be read.
        let said = stage.page.run("return said").await?;
        ensure!(said == json!(["Loading the delivery status…", ""]), "{mode:?}: {said}");
        let shifts = stage.page.run("return shifts").await?;
        ensure!(shifts == json!([]), "{mode:?}: what moved (node, top before, after, score): {shifts}");
        stage.api.report("TAG", json!({"id": "9", "status": "delivered"})).await?;
        stage.page.comes_true("the host hears of the change", "told.length > 1").await?;
        let told = stage.page.run("return told").await?;
        ensure!(told[0][0] == "ready" && told[0][1]["status"] == "out_for_delivery", "{mode:?}: {told}");
        ensure!(told[1][0] == "status-change" && told[1][1]["status"] == "delivered", "{mode:?}: {told}");
        ensure!(told[1][1]["before"] == "out_for_delivery", "{mode:?}: {told}");
        stage.says(mode, "elivered").await?;
        // What the widget says of it has its own room; of shadow roots' content no node is told.
        let shifts = stage.page.run("return shifts.filter(([node]) => node)").await?;
        ensure!(shifts == json!([]), "{mode:?}: what moved in the host by an event: {shifts}");
        stage.nothing_leaked(mode).await?;
        if mode == Mode::Frame {
            let frame =
                "const frame = document.querySelector('doorstep-tracker').shadowRoot.querySelector('iframe');
                try { return [frame.contentDocument, frame.contentWindow.document.title] }
                catch (refused) { return refused.name }";
            ensure!(stage.page.run(frame).await? == "SecurityError", "the host looks into the frame");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strict_policy_that_lets_webassembly_run() -> Result<()> {
    let stage = Stage::set().await?;
    let us = stage.origin();
    for mode in Mode::ALL {
        let policy = match mode {
            Mode::Frame => {
                format!("default-src 'none'; style-src {OWN}; script-src {us} {OWN}; frame-src {us}")
            }
            Mode::Inline => format!(
                "default-src 'none'; style-src {OWN}; script-src {us} {OWN} 'wasm-unsafe-eval'; connect-src {us}"
            ),
        };
        let headers = [("content-security-policy", policy.as_str())];
        let _host = stage.open(&headers, "", &stage.tag(mode)).await?;
        stage.shown(mode, 1).await?;
        stage.says(mode, UNDER_WAY).await?;
        stage.nothing_leaked(mode).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strict_policy_that_lets_no_webassembly_run_has_a_frame() -> Result<()> {
    let stage = Stage::set().await?;
    let us = stage.origin();
    // What is refused is reported once, by the try; in a frame nothing is tried.
    for (mode, refused) in [(Mode::Frame, &[][..]), (Mode::Inline, &["eval"])] {
        let policy = format!(
            "default-src 'none'; style-src {OWN}; script-src {us} {OWN}; connect-src {us}; frame-src {us}"
        );
        let headers = [("content-security-policy", policy.as_str())];
        let _host = stage.open(&headers, "", &(stage.tag(mode) + &stage.tag(mode))).await?;
        stage.page.run("document.querySelectorAll('doorstep-tracker')[1].scrollIntoView()").await?;
        stage.shown(Mode::Frame, 2).await?;
        stage.says(Mode::Frame, UNDER_WAY).await?;
        stage.unchanged(mode, &["listening"], refused).await?;
    }
    // Nor where the module is let run and may ask nobody.
    let policy = format!(
        "default-src 'none'; style-src {OWN}; script-src {us} {OWN} 'wasm-unsafe-eval'; frame-src {us}"
    );
    let headers = [("content-security-policy", policy.as_str())];
    let _host = stage.open(&headers, "", &stage.tag(Mode::Inline)).await?;
    stage.shown(Mode::Frame, 1).await?;
    stage.says(Mode::Frame, UNDER_WAY).await
}

#[tokio::test(flavor = "multi_thread")]
async fn trusted_types_are_not_needed() -> Result<()> {
    let stage = Stage::set().await?;
    let us = stage.origin();
    let policy = format!(
        "script-src {us} {OWN} 'wasm-unsafe-eval'; require-trusted-types-for 'script'; trusted-types 'none'"
    );
    for mode in Mode::ALL {
        let headers = [("content-security-policy", policy.as_str())];
        let _host = stage.open(&headers, "", &stage.tag(mode)).await?;
        stage.shown(mode, 1).await?;
        stage.says(mode, UNDER_WAY).await?;
        stage.nothing_leaked(mode).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_isolated_page_stays_isolated() -> Result<()> {
    let stage = Stage::set().await?;
    let headers =
        [("cross-origin-embedder-policy", "require-corp"), ("cross-origin-opener-policy", "same-origin")];
    for mode in Mode::ALL {
        let _host = stage.open(&headers, "", &stage.tag(mode)).await?;
        stage.shown(mode, 1).await?;
        stage.says(mode, UNDER_WAY).await?;
        ensure!(stage.page.run("return crossOriginIsolated").await? == true, "{mode:?}");
        stage.nothing_leaked(mode).await?;
    }
    Ok(())
}

/// Every computed style of what stands in `ROOT`.
const STYLES: &str = "return Object.fromEntries([...ROOT.querySelectorAll('*')].map((element, number) => {
        const style = getComputedStyle(element);
        // Properties that name no style of ours, and heights of what tells the time.
        const names = [...style].filter((name) => !/^--|^(block-size|height|perspective-origin|transform-origin)$/.test(name));
        return [number + ' ' + element.localName + '.' + element.className,
            Object.fromEntries(names.map((name) => [name, style.getPropertyValue(name)]))];
    }))";

/// What the tag shows, style by style.
async fn styles(stage: &Stage, mode: Mode) -> Result<Value> {
    match mode {
        Mode::Inline => {
            let root = "document.querySelector('doorstep-tracker').shadowRoot.querySelector('.root')";
            stage.page.run(&STYLES.replace("ROOT", root)).await
        }
        Mode::Frame => {
            stage.look_in().await?;
            let styles = stage.page.run(&STYLES.replace("ROOT", "document.body")).await?;
            stage.look_out().await?;
            Ok(styles)
        }
    }
}

/// How large the tag's box is in the host, and whether it can be seen.
const BOX: &str = "const box = document.querySelector('doorstep-tracker').shadowRoot.querySelector('iframe, .root');
    const { width, height } = box.getBoundingClientRect();
    return [Math.round(width), height > 300, getComputedStyle(box).visibility, getComputedStyle(box).opacity]";

#[tokio::test(flavor = "multi_thread")]
async fn hostile_styles_change_nothing_in_it() -> Result<()> {
    let stage = Stage::set().await?;
    for mode in Mode::ALL {
        let mut plain: Option<(Value, Value)> = None;
        for style in [
            "",
            "* { all: unset !important; display: block !important }",
            "*, *::before, *::after { margin: 0 !important; padding: 0 !important; border: 0 !important;
               box-sizing: content-box !important; font: 40px/3 fantasy !important; color: red !important;
               letter-spacing: 1em !important; text-transform: uppercase !important; text-align: right !important;
               white-space: pre !important; text-indent: 4em !important; max-height: 10px !important;
               word-spacing: 2em !important; cursor: wait !important; list-style: square !important;
               --ink: red !important; --ground: red !important; --rem: 3px !important }
             html { font-size: 62.5% !important } ::part(x) { color: red }",
        ] {
            let style = format!("<style>{style} body {{ margin: 0 !important }} style, script, title {{ display: none !important }}</style>");
            let _host = stage.open(&[], &style, &stage.tag(mode)).await?;
            stage.shown(mode, 1).await?;
            stage.says(mode, UNDER_WAY).await?;
            let seen = (styles(&stage, mode).await?, stage.page.run(BOX).await?);
            match &plain {
                None => {
                    let elements = seen.0.as_object().map_or(0, serde_json::Map::len);
                    ensure!(elements >= 40, "{mode:?}: {elements}");
                    plain = Some(seen);
                }
                Some(plain) => {
                    ensure!(plain.1 == seen.1, "{mode:?}: {style}: {} -> {}", plain.1, seen.1);
                    let changed = differences(&plain.0, &seen.0);
                    ensure!(changed.is_empty(), "{mode:?}: {style}: {changed:#?}");
                }
            }
            stage.nothing_leaked(mode).await?;
        }
    }
    Ok(())
}

/// The first styles that are not the same.
fn differences(one: &Value, other: &Value) -> Vec<String> {
    let (Some(one), Some(other)) = (one.as_object(), other.as_object()) else {
        return vec!["no styles".into()];
    };
    let names: Vec<_> = one.keys().filter(|name| !other.contains_key(*name)).cloned().collect();
    let styles = one.iter().flat_map(|(element, styles)| {
        let styles = styles.as_object().into_iter().flatten();
        styles.filter_map(move |(property, value)| {
            let now = other.get(element)?.get(property)?;
            (now != value).then(|| format!("{element} {property}: {value} -> {now}"))
        })
    });
    names.into_iter().chain(styles).take(20).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_read_from_the_right() -> Result<()> {
    let stage = Stage::set().await?;
    for mode in Mode::ALL {
        // The page's language is the tag's, and its direction with it; another one turns it round again.
        for (more, direction) in [("", "rtl"), ("locale=de", "ltr")] {
            let tag = stage.tag_with(mode, more);
            let _host = stage.open_as("<html lang=ar dir=rtl>", &[], "", &tag).await?;
            stage.shown(mode, 1).await?;
            let first = match mode {
                Mode::Frame => {
                    stage.look_in().await?;
                    stage.page.shows("#doorstep", "data-live", "live").await?;
                    stage
                        .page
                        .run("return getComputedStyle(document.getElementById('doorstep')).direction")
                        .await?
                }
                Mode::Inline => {
                    let place =
                        "document.querySelector('doorstep-tracker').shadowRoot.getElementById('doorstep')";
                    stage.page.comes_true("it is live", &format!("{place}?.dataset.live === 'live'")).await?;
                    stage
                        .page
                        .run(&format!("return getComputedStyle({place}.querySelector('.bar')).direction"))
                        .await?
                }
            };
            if mode == Mode::Frame {
                stage.look_out().await?;
            }
            ensure!(first == direction, "{mode:?} {more}: {first}");
            stage.nothing_leaked(mode).await?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn several_stand_on_one_page_each_in_its_language() -> Result<()> {
    let stage = Stage::set().await?;
    let [frame, inline] = Mode::ALL;
    let tags = [(inline, "locale=en"), (inline, "locale=de"), (inline, "locale=ar"), (frame, "locale=fr")];
    let body: String =
        tags.iter().map(|(mode, locale)| stage.tag_with(*mode, &format!("{locale} height=200"))).collect();
    let _host = stage.open(&[], "", &body).await?;
    stage.shown(inline, 3).await?;
    stage.shown(frame, 1).await?;
    let sentences = || async {
        stage
            .page
            .run(
                "return [...document.querySelectorAll('doorstep-tracker')]
            .map((tag) => tag.shadowRoot.querySelector('[data-part=sentence]')?.innerText)",
            )
            .await
    };
    stage.says(inline, UNDER_WAY).await?;
    let first = sentences().await?;
    ensure!(first[0] != first[1] && first[1] != first[2] && first[3].is_null(), "{first}");
    // A change is said by each in its own language, though all are one module.
    stage.api.report("TAG", json!({"id": "9", "status": "delivered"})).await?;
    stage.says(inline, "elivered").await?;
    let all = "[...document.querySelectorAll('[mode=inline]')].every((tag) => tag.shadowRoot.querySelector('article').dataset.tone === 'good')";
    stage.page.comes_true("all have heard", all).await?;
    let then = sentences().await?;
    ensure!(then[0] != then[1] && then[1] != then[2] && then[2] != then[0] && then[2] != first[2], "{then}");
    stage.nothing_leaked(inline).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_moves_and_removes_it() -> Result<()> {
    let stage = Stage::set().await?;
    for mode in Mode::ALL {
        let body = format!("<main>{}</main><aside></aside>", stage.tag(mode));
        let _host = stage.open(&[], "<script nonce=own>window.tag = null</script>", &body).await?;
        stage.page.run("window.tag = document.querySelector('doorstep-tracker')").await?;
        stage.shown(mode, 1).await?;
        for step in [
            "document.querySelector('aside').append(tag)",
            "document.querySelector('main').append(tag); document.querySelector('aside').append(tag)",
            "tag.remove(); document.querySelector('main').append(tag)",
        ] {
            stage.page.run(step).await?;
            stage.shown(mode, 1).await?;
            stage.says(mode, UNDER_WAY).await?;
            let views = "return tag.shadowRoot.querySelectorAll('iframe, .root').length";
            ensure!(stage.page.run(views).await? == 1, "{mode:?} after {step}");
        }
        // Gone when it stands, before anything of it is on its way, and while it is.
        for (gone, after) in [
            ("", 0),
            ("document.querySelector('main').append(tag)", 0),
            ("document.querySelector('main').append(tag)", 30),
        ] {
            stage.page.run(gone).await?;
            tokio::time::sleep(Duration::from_millis(after)).await;
            stage.page.run("tag.remove()").await?;
            // What was on its way when it went must not come after.
            tokio::time::sleep(Duration::from_millis(300)).await;
            let left = "return tag.shadowRoot.querySelectorAll('iframe, .root').length";
            ensure!(stage.page.run(left).await? == 0, "{mode:?}: it stands still");
            stage.nothing_left(mode).await?;
        }
    }
    // Nor does the server tell anybody any more. It counts every half minute, which is as long as patience is.
    let nobody = || async {
        let counted = stage.server.metrics().await?;
        Ok(counted.lines().any(|line| line == "doorstep_hub_viewers 0").then_some(()))
    };
    match harness::eventually("nobody watches", nobody).await {
        Err(_) => harness::eventually("nobody watches", nobody).await,
        counted => counted,
    }
}
