//! How the page is looked at: colours and sizes that Chromium can pretend to have.

use anyhow::Result;
use harness::browser::Browser;
use serde_json::json;

/// What the viewer's system asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colours {
    Light,
    Dark,
    Forced,
}

impl Colours {
    pub(super) const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::Forced];
}

/// Makes the window that size, in those colours.
pub(super) async fn appear(page: &Browser, width: u32, height: u64, colours: Colours) -> Result<()> {
    let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
    page.devtools("Emulation.setDeviceMetricsOverride", metrics).await?;
    let scheme = if colours == Colours::Light { "light" } else { "dark" };
    let forced = if colours == Colours::Forced { "active" } else { "none" };
    let features = json!([
        {"name": "prefers-color-scheme", "value": scheme},
        {"name": "forced-colors", "value": forced},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]);
    page.devtools("Emulation.setEmulatedMedia", json!({"features": features})).await?;
    Ok(())
}
