//! Draws every scene for `cargo xtask gallery`, which names the folder in `DOORSTEP_GALLERY` and the language
//! in `DOORSTEP_LANGUAGE`.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use harness::browser::Browser;
use serde_json::json;

use super::look::{Colours, appear};
use crate::scenes::{self, Looker};

struct Painter {
    folder: PathBuf,
    language: String,
    colours: &'static [Colours],
}

impl Looker for Painter {
    async fn look(&mut self, page: &Browser, scene: &str) -> Result<()> {
        // As on phones, where they lie over the page.
        page.devtools("Emulation.setScrollbarsHidden", json!({"hidden": true})).await?;
        for width in [360, 1280] {
            for &colours in self.colours {
                appear(page, width, 640, colours).await?;
                let height = page.run("return Math.ceil(document.documentElement.scrollHeight)").await?;
                appear(page, width, height.as_u64().context("a page has a height")?.max(640), colours)
                    .await?;
                let picture = page.session().screenshot().await?;
                let colours = format!("{colours:?}").to_lowercase();
                let name = format!("{}.{scene}.{width}.{colours}.png", self.language);
                std::fs::write(self.folder.join(name), picture)?;
            }
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "cargo xtask gallery"]
async fn draw() -> Result<()> {
    let folder =
        PathBuf::from(std::env::var_os("DOORSTEP_GALLERY").context("DOORSTEP_GALLERY names no folder")?);
    let language = std::env::var("DOORSTEP_LANGUAGE").unwrap_or_else(|_| "en".to_owned());
    std::fs::create_dir_all(&folder)?;
    // Browsers of their own: Chromium keeps painting the forced ground when colours are forced no longer.
    for colours in [&[Colours::Light, Colours::Dark][..], &[Colours::Forced]] {
        let mut painter = Painter { folder: folder.clone(), language: language.clone(), colours };
        scenes::public(&language, &mut painter).await?;
        scenes::editing(&language, &mut painter).await?;
        scenes::receiving(&language, &mut painter).await?;
    }
    Ok(())
}
