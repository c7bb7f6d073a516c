//! What bars people from the page: axe-core over every scene in every language, in light, dark and forced colours,
//! on the narrowest screen (which is also a wide one at 400 %) and a wide one. In each look, nothing scrolls
//! sideways, and nothing moves for who asks for less motion.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use harness::browser::Browser;
use serde_json::json;

use super::axe::Axe;
use super::look::{Colours, appear};
use crate::scenes::{self, Looker};

/// More than any scene has at once, and less than there is of any other mistake.
const MOST_TOLD: usize = 40;

/// Collects what is found in each scene.
struct Auditor {
    axe: Axe,
    found: Vec<String>,
    looks: u32,
    took: Duration,
}

impl Auditor {
    fn new() -> Result<Self> {
        Ok(Self { axe: Axe::read()?, found: Vec::new(), looks: 0, took: Duration::ZERO })
    }

    fn verdict(mut self, language: &str) -> Result<()> {
        eprintln!("{language}: {} looks in {:?}", self.looks, self.took);
        ensure!(self.looks >= 6 * 21, "only {} looks", self.looks);
        let count = self.found.len();
        self.found.truncate(MOST_TOLD);
        ensure!(count == 0, "{language}: {count} in {} looks:\n{}", self.looks, self.found.join("\n"));
        Ok(())
    }

    async fn note(&mut self, page: &Browser, width: u32, at: &str) -> Result<()> {
        let seen = page
            .run(
                "return [document.documentElement.scrollWidth,
                    document.getAnimations().filter((one) => one.playState === 'running').length]",
            )
            .await?;
        if seen[0].as_u64().is_none_or(|scroll| scroll > u64::from(width)) {
            self.found.push(format!("{at}: scrolls sideways, {}", seen[0]));
        }
        if seen[1] != json!(0) {
            self.found.push(format!("{at}: moves all the same, {}", seen[1]));
        }
        let found = self.axe.finds(page).await?;
        self.found.extend(found.into_iter().map(|one| format!("{at}: {one}")));
        self.looks += 1;
        Ok(())
    }
}

impl Looker for Auditor {
    async fn look(&mut self, page: &Browser, scene: &str) -> Result<()> {
        let since = Instant::now();
        for width in [320, 1280] {
            for colours in Colours::ALL {
                appear(page, width, 800, colours).await?;
                self.note(page, width, &format!("{scene} {width} {colours:?}")).await?;
            }
        }
        self.took += since.elapsed();
        Ok(())
    }
}

async fn bars_nobody(language: &str) -> Result<()> {
    let mut auditor = Auditor::new()?;
    scenes::public(language, &mut auditor).await?;
    scenes::editing(language, &mut auditor).await?;
    scenes::receiving(language, &mut auditor).await?;
    auditor.verdict(language)
}

/// A test a language, so that a run says which one bars people.
macro_rules! languages {
    ($($test:ident: $tag:literal),+ $(,)?) => { $(
        #[tokio::test(flavor = "multi_thread")]
        async fn $test() -> Result<()> {
            bars_nobody($tag).await
        }
    )+ };
}

languages! {
    nothing_bars_anybody_in_english: "en-GB",
    nothing_bars_anybody_in_american_english: "en-US",
    nothing_bars_anybody_in_spanish: "es",
    nothing_bars_anybody_in_mexican_spanish: "es-MX",
    nothing_bars_anybody_in_portuguese: "pt-BR",
    nothing_bars_anybody_in_french: "fr",
    nothing_bars_anybody_in_german: "de",
    nothing_bars_anybody_in_arabic: "ar",
}
