//! How the demo's tenant shows itself around its samples: as an invented market, so that a shop's looks can be
//! seen. What somebody has decided for that tenant before stays.

use anyhow::Context as _;
use bytes::Bytes;

use crate::access::{Brand, LogoPicture};
use crate::identity::TenantId;
use crate::state::AppState;

const LOGO: &[u8] = include_bytes!("brand/logo.png");

/// Gives the tenant its looks, where it has none.
pub(super) async fn give(state: &AppState, tenant: TenantId) -> anyhow::Result<()> {
    let mut settings = state.store.settings(tenant).await?;
    if settings.brand.is_some() {
        return Ok(());
    }
    settings.brand = Some(Brand {
        name: doorstep_model::text::Label::parse("Northgate Market")?,
        accent: Some("#7a3b12".parse()?),
        accent_dark: Some("#f0b27f".parse()?),
        support: Some("mailto:help@northgate.example".parse()?),
    });
    let logo = LogoPicture::read("image/png", Bytes::from_static(LOGO)).context("the demo's logo is none")?;
    state.store.keep_logo(tenant, Some(logo)).await?;
    state.store.save_settings(tenant, settings).await?;
    Ok(())
}
